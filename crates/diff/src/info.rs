//! What a document says of itself.

use super::annotations;
use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::kind::{Kind, Presence};
use super::matched::{self, Entries, Sides};
use super::side::Sited;

/// Keys of the document that have a module of their own.
const KNOWN: [&str; 9] = [
    "components",
    "info",
    "openapi",
    "paths",
    "security",
    "servers",
    "tags",
    "webhooks",
    "x-rate-limit",
];

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.document(), comparison.new.document());
    annotations::compare(comparison, &old, &new, &KNOWN);
    annotations::compare_malformed(comparison, &old, &new);
    match (old.get("info"), new.get("info")) {
        (Some(old), Some(new)) => {
            annotations::compare(comparison, &old, &new, &["version"]);
            let versions = (old.get("version"), new.get("version"));
            emit(
                comparison,
                Kind::VersionChanged,
                versions,
                Effect::documentation(),
            );
        }
        infos => emit(
            comparison,
            annotations::words("info"),
            infos,
            Effect::documentation(),
        ),
    }
    let text = "the document speaks another version of OpenAPI; what it says is compared";
    let effect = Effect::always(Verdict::Compatible, text);
    let versions = (old.get("openapi"), new.get("openapi"));
    emit(comparison, Kind::DialectChanged, versions, effect);
    tags(comparison, &old, &new);
    rate_limit(comparison, &old, &new);
}

fn emit<'a>(
    comparison: &mut Comparison<'a>,
    kind: Kind,
    (old, new): (Option<Sited<'a>>, Option<Sited<'a>>),
    effect: Effect,
) {
    if annotations::differs(old.as_ref(), new.as_ref()) {
        comparison.emit(Draft::new(kind, effect).sides(old, new));
    }
}

/// Tags by name: groups for readers.
fn tags<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let by_name = |document: &Sited<'a>| -> Entries<'a> {
        let tags = document.items("tags").into_iter();
        tags.map(|tag| (tag.text("name").unwrap_or_default(), tag))
            .collect()
    };
    for (name, sides) in matched::by_name(by_name(old), by_name(new)) {
        let draft = |presence| {
            let name = name.to_owned();
            Draft::new(Kind::TagChanged { name, presence }, Effect::documentation())
        };
        match sides {
            Sides::Both(old, new) => annotations::compare(comparison, &old, &new, &["name"]),
            Sides::Old(tag) => comparison.emit(draft(Presence::Removed).old(&tag)),
            Sides::New(tag) => comparison.emit(draft(Presence::Added).new_at(&tag)),
        }
    }
}

/// `x-rate-limit`, which the generator and the SDK read.
fn rate_limit<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let key = "x-rate-limit";
    let sites = (old.get(key), new.get(key));
    let rate = |site: &Option<Sited<'a>>| {
        let number = |key| site.as_ref()?.node.get(key)?.to_json().as_f64();
        Some(number("requests")? / number("seconds")?)
    };
    let (verdict, text) = match (rate(&sites.0), rate(&sites.1)) {
        (Some(old), Some(new)) if new >= old => {
            (Verdict::Compatible, "clients may call at least as often")
        }
        (_, None) => (Verdict::Compatible, "the contract states no limit any more"),
        _ => (
            Verdict::Risky,
            "old clients that call as often as they could get 429 for it",
        ),
    };
    if !annotations::differs(sites.0.as_ref(), sites.1.as_ref()) {
        return;
    }
    let effect = Effect::always(verdict, text);
    let draft = Draft::new(Kind::RateLimitChanged, effect);
    comparison.emit(draft.sides(sites.0, sites.1));
}
