//! Bodies: their media types, and what each holds (`OpenAPI` 3.0.3, sections 4.7.13
//! and 4.7.14).

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::equal;
use super::kind::{Kind, Presence};
use super::matched::{self, Sides};
use super::side::Sited;
use super::{annotations, response};

/// Who writes a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    Client,
    Server,
}

pub(super) fn compare_body<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let draft = match (old.flag("required"), new.flag("required")) {
        (false, true) => {
            let effect = Effect::demands("the server may refuse old clients that send none");
            Some(Draft::new(Kind::BodyBecameRequired, effect))
        }
        (true, false) => {
            let effect = Effect::waives("old clients that wait for one may get none");
            Some(Draft::new(Kind::BodyBecameOptional, effect))
        }
        _ => None,
    };
    if let Some(draft) = draft {
        comparison.emit(draft.both(old, new));
    }
    compare(comparison, old, new, Sender::Client);
    annotations::compare(comparison, old, new, &["content", "required"]);
}

/// The media types of an object that has `content`.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
    sender: Sender,
) {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    let both = (old.entries("content"), new.entries("content"));
    for (name, sides) in matched::by_key(both.0, both.1, normal) {
        match sides {
            Sides::Both(old, new) => comparison.pair(Role::MediaType, &old, &new),
            Sides::Old(site) => removed.push((name, site)),
            Sides::New(site) => added.push((name, site)),
        }
    }
    exchanged(comparison, &mut removed, &mut added, sender);
    for (name, site) in removed {
        if let Some(range) = cover(name, new) {
            let effect = Effect::always(Verdict::Compatible, "what covers it stays");
            let name = name.to_owned();
            comparison.emit(Draft::new(Kind::MediaTypeRemoved { name }, effect).old(&site));
            comparison.pair(Role::MediaType, &site, &range);
            continue;
        }
        let effect = Effect::by_flow(
            (
                Verdict::Breaking,
                "the server may refuse old clients that send it",
            ),
            (
                Verdict::Breaking,
                "old clients that ask for it no longer get it",
            ),
        );
        let name = name.to_owned();
        comparison.emit(Draft::new(Kind::MediaTypeRemoved { name }, effect).old(&site));
    }
    for (name, site) in added {
        if let Some(range) = cover(name, old) {
            comparison.pair(Role::MediaType, &range, &site);
        }
        let effect = Effect::by_flow(
            (Verdict::Compatible, "the server still takes what it took"),
            (
                Verdict::Compatible,
                "clients that ask for what they know still get it",
            ),
        );
        let name = name.to_owned();
        comparison.emit(Draft::new(Kind::MediaTypeAdded { name }, effect).new_at(&site));
    }
}

/// The media range that speaks for a media type which is not listed: `text/*` before
/// `*/*` (RFC 9110, section 12.5.1).
fn cover<'a>(name: &str, holder: &Sited<'a>) -> Option<Sited<'a>> {
    let name = essence(name);
    let (kind, _) = name.split_once('/')?;
    let entries = holder.entries("content");
    let ranges = [format!("{kind}/*"), "*/*".to_owned()];
    ranges
        .into_iter()
        .filter(|range| *range != name)
        .find_map(|range| {
            let found = entries.iter().find(|(other, _)| essence(other) == range);
            found.map(|(_, site)| site.clone())
        })
}

fn is_range(name: &str) -> bool {
    essence(name).ends_with("/*")
}

/// A media type without its parameters.
fn essence(name: &str) -> String {
    let essence = name.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// A media type that took the place of another with the same schema.
fn exchanged<'a>(
    comparison: &mut Comparison<'a>,
    removed: &mut Vec<(&'a str, Sited<'a>)>,
    added: &mut Vec<(&'a str, Sited<'a>)>,
    sender: Sender,
) {
    let ([(from, old)], [(to, new)]) = (removed.as_slice(), added.as_slice()) else {
        return;
    };
    if is_range(from) || is_range(to) {
        return;
    }
    let same = comparison.limit.is_none()
        && match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => {
                equal::schemas((comparison.old, &old), (comparison.new, &new))
            }
            (None, None) => true,
            _ => false,
        };
    if !same {
        return;
    }
    let (old, new) = (old.clone(), new.clone());
    let effect = match specialises(from, to) {
        true if sender == Sender::Server => Effect::always(
            Verdict::Risky,
            "old clients that insist on the old name do not get it; a generated one reads the \
             body whatever its name",
        ),
        _ => Effect::always(
            Verdict::Breaking,
            "the other end may insist on the old name",
        ),
    };
    let kind = Kind::MediaTypeChanged {
        from: (*from).to_owned(),
        to: (*to).to_owned(),
    };
    comparison.emit(Draft::new(kind, effect).both(&old, &new));
    comparison.pair(Role::MediaType, &old, &new);
    removed.clear();
    added.clear();
}

/// Type and subtype are not case-sensitive, and parameters have no order (RFC 9110,
/// section 8.3.1).
fn normal(name: &str) -> String {
    let mut parts: Vec<String> = name
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase())
        .collect();
    parts[1..].sort();
    parts.join(";")
}

/// Whether whoever reads `from` can read `to`: the same syntax under a narrower name.
fn specialises(from: &str, to: &str) -> bool {
    let (from, to) = (essence(from), essence(to));
    let subtype = |name: &str| name.split_once('/').map(|(_, subtype)| subtype.to_owned());
    let (Some(old), Some(new)) = (subtype(&from), subtype(&to)) else {
        return false;
    };
    from == to
        || new
            .strip_suffix(&old)
            .is_some_and(|rest| rest.ends_with('+'))
}

/// What says what a body is.
const SCHEMAS: [&str; 2] = ["schema", "itemSchema"];

pub(super) fn compare_media_type<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    // Of the whole, and of each where it is one value after another (OpenAPI 3.2.0, section 4.14.2).
    for key in SCHEMAS {
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => {
                comparison.pair(Role::SCHEMA, &old, &new);
            }
            (None, Some(schema)) => {
                let effect = match schema.node.entries().next() {
                    Some(_) => Effect::narrows(),
                    None => Effect::always(Verdict::Compatible, "it takes anything"),
                };
                let draft = Draft::new(Kind::SchemaAdded, effect);
                comparison.emit(draft.old(old).new_at(&schema));
            }
            (Some(schema), None) => {
                let effect = Effect::widens(super::change::Reader::Checks);
                let draft = Draft::new(Kind::SchemaRemoved, effect);
                comparison.emit(draft.old(&schema).new_at(new));
            }
            (None, None) => {}
        }
    }
    parts(comparison, old, new);
    examples(comparison, old, new);
    annotations::compare(
        comparison,
        old,
        new,
        &["encoding", "examples", SCHEMAS[0], SCHEMAS[1]],
    );
}

/// How the parts of a form are written (`OpenAPI` 3.0.3, section 4.7.15), by name.
fn parts<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    const WRITTEN: [&str; 4] = ["allowReserved", "contentType", "explode", "style"];
    for (name, sides) in matched::by_name(old.entries("encoding"), new.entries("encoding")) {
        let draft = || {
            let text = "the parts of the body are written another way, which the other end does \
                        not expect";
            let part = name.to_owned();
            let effect = Effect::always(Verdict::Breaking, text);
            Draft::new(Kind::PartsChanged { part }, effect)
        };
        let (old, new) = match sides {
            Sides::Both(old, new) => (old, new),
            Sides::Old(site) => {
                comparison.emit(draft().old(&site));
                continue;
            }
            Sides::New(site) => {
                comparison.emit(draft().new_at(&site));
                continue;
            }
        };
        for key in WRITTEN {
            let sites = (old.get(key), new.get(key));
            if annotations::differs(sites.0.as_ref(), sites.1.as_ref()) {
                comparison.emit(draft().sides(sites.0, sites.1));
            }
        }
        response::headers(comparison, &old, &new);
        annotations::compare(
            comparison,
            &old,
            &new,
            &[&WRITTEN[..], &["headers"]].concat(),
        );
    }
}

/// Examples by name, so that one that changed is one change.
fn examples<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    for (name, sides) in matched::by_name(old.entries("examples"), new.entries("examples")) {
        let draft = |presence| {
            let name = name.to_owned();
            Draft::new(
                Kind::ExampleChanged { name, presence },
                Effect::documentation(),
            )
        };
        match sides {
            Sides::Old(site) => comparison.emit(draft(Presence::Removed).old(&site)),
            Sides::New(site) => comparison.emit(draft(Presence::Added).new_at(&site)),
            Sides::Both(old, new) => {
                annotations::compare_siblings(comparison, &old, &new);
                let (one, two) = (comparison.old.follow(&old), comparison.new.follow(&new));
                comparison.reached.insert(one.id(), two.id());
                if !one.node.same(two.node) {
                    comparison.emit(draft(Presence::Kept).both(&old, &new));
                }
            }
        }
    }
}
