//! Responses (`OpenAPI` 3.0.3, sections 4.7.16 to 4.7.20), with what they lead to:
//! links, and the calls that the server makes in turn.

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::content::{self, Sender};
use super::kind::Kind;
use super::matched::{self, Entries, Sides};
use super::side::Sited;
use super::{annotations, repetition};
use contract::operation::NOT_PROCESSED;

/// The responses of an operation, by status.
pub(super) fn compare_all<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let statuses = |operation: &Sited<'a>| -> Entries<'a> {
        let entries = operation.entries("responses").into_iter();
        entries
            .filter(|(name, _)| !name.starts_with("x-"))
            .collect()
    };
    let (before, after) = (statuses(old), statuses(new));
    if let (Some(old), Some(new)) = (old.get("responses"), new.get("responses")) {
        annotations::compare_extensions(comparison, &old, &new);
    }
    for (status, sides) in matched::by_key(before.clone(), after.clone(), str::to_ascii_uppercase) {
        match sides {
            Sides::Both(old, new) => comparison.pair_flipped(Role::Response, &old, &new),
            Sides::Old(site) => {
                let cover = cover(status, &site, &after);
                let effect = removed(status, cover.is_some(), &after);
                comparison.emit(Draft::new(Kind::StatusRemoved, effect).old(&site));
                if let Some(cover) = cover {
                    comparison.pair_flipped(Role::Response, &site, cover);
                }
            }
            Sides::New(site) => {
                let cover = cover(status, &site, &before);
                let effect = added(status, cover.is_some());
                comparison.emit(Draft::new(Kind::StatusAdded, effect).new_at(&site));
                if let Some(cover) = cover {
                    comparison.pair_flipped(Role::Response, cover, &site);
                }
            }
        }
    }
}

/// What describes a response that is not listed: its range, as `2XX`, or `default`, which
/// tells of errors only for certain, and of nothing where either has no body (`OpenAPI`
/// 3.0.3, section 4.7.16).
fn cover<'a, 'b>(status: &str, site: &Sited<'a>, by: &'b Entries<'a>) -> Option<&'b Sited<'a>> {
    let find = |cover: &str| {
        let found = by.iter().find(|(name, _)| name.eq_ignore_ascii_case(cover));
        found.map(|(_, site)| site)
    };
    let has_body = |site: &Sited<'a>| {
        ["$ref", "content"]
            .iter()
            .any(|key| site.get(key).is_some())
    };
    let range = range(status)?;
    let is_range = status.eq_ignore_ascii_case(&range);
    let default = || {
        let is_told = status.starts_with(['4', '5']) && has_body(site);
        find("default").filter(|default| is_told && has_body(default))
    };
    let around = (!is_range).then(|| find(&range)).flatten();
    around.or_else(default)
}

/// The range of a status or range: `2XX` of `201`.
fn range(status: &str) -> Option<String> {
    let class = status.get(..1).filter(|class| *class != "d")?;
    Some(format!("{class}XX"))
}

/// Whether a range is spoken for by statuses that are listed.
fn is_listed(status: &str, by: &Entries<'_>) -> bool {
    let Some(range) = range(status).filter(|range| status.eq_ignore_ascii_case(range)) else {
        return false;
    };
    let is_in = |name: &str| self::range(name).as_ref() == Some(&range);
    by.iter().any(|(name, _)| is_in(name))
}

/// A response that is gone. In a callback the client gives it.
fn removed(status: &str, is_covered: bool, now: &Entries<'_>) -> Effect {
    if is_covered {
        return Effect::always(Verdict::Compatible, "what covers it stays");
    }
    if is_listed(status, now) {
        return Effect::by_caller(
            (Verdict::Compatible, "its remaining responses are listed"),
            (
                Verdict::Risky,
                "the server may not know what old clients answer",
            ),
        );
    }
    match status.as_bytes().first() {
        Some(b'1'..=b'3') => Effect::by_caller(
            (
                Verdict::Breaking,
                "old clients that wait for this success no longer get it",
            ),
            (
                Verdict::Breaking,
                "the server may take old clients that answer so for failed",
            ),
        ),
        Some(b'd') => Effect::always(
            Verdict::Risky,
            "the contract no longer says what other responses look like",
        ),
        _ => Effect::always(
            Verdict::Compatible,
            "who knows the error just never sees it",
        ),
    }
}

fn added(status: &str, is_covered: bool) -> Effect {
    if is_covered {
        return Effect::always(Verdict::Compatible, "what covers it was known");
    }
    match status.as_bytes().first() {
        Some(b'1'..=b'3') => Effect::by_caller(
            (
                Verdict::Risky,
                "old clients that know the other successes only take it for a failure, generated \
                 ones included",
            ),
            (Verdict::Compatible, "old clients need not answer so"),
        ),
        _ => Effect::always(
            Verdict::Compatible,
            "an error is an error to old clients; they do not know this one's body",
        ),
    }
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    headers(comparison, old, new);
    content::compare(comparison, old, new, Sender::Server);
    links(comparison, old, new);
    repetition::compare_response(comparison, old, new);
    let known = ["content", "headers", "links", NOT_PROCESSED];
    annotations::compare(comparison, old, new, &known);
}

/// Headers by name, which is not case-sensitive (RFC 9110, section 5.1).
pub(super) fn headers<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let both = (old.entries("headers"), new.entries("headers"));
    for (_, sides) in matched::by_key(both.0, both.1, str::to_ascii_lowercase) {
        let draft = match sides {
            Sides::Both(old, new) => {
                comparison.pair(Role::Header, &old, &new);
                continue;
            }
            Sides::Old(site) => {
                let (verdict, text) = match comparison.old.follow(&site).flag("required") {
                    true => (
                        Verdict::Breaking,
                        "old clients that rely on it do not find it",
                    ),
                    false => (
                        Verdict::Risky,
                        "old clients that use it do not find it; a generated one does not look",
                    ),
                };
                let effect = Effect::always(verdict, text);
                Draft::new(Kind::HeaderRemoved, effect).old(&site)
            }
            Sides::New(site) => {
                let text = "clients skip headers that they do not know";
                let effect = Effect::always(Verdict::Compatible, text);
                Draft::new(Kind::HeaderAdded, effect).new_at(&site)
            }
        };
        comparison.emit(draft);
    }
}

/// Links by name: hints where to go next.
fn links<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    for (_, sides) in matched::by_name(old.entries("links"), new.entries("links")) {
        let draft = match sides {
            Sides::Both(old, new) => {
                link(comparison, &old, &new);
                continue;
            }
            Sides::Old(site) => {
                let text =
                    "clients that follow it no longer find it; a generated one does not follow";
                let effect = Effect::always(Verdict::Risky, text);
                Draft::new(Kind::LinkRemoved, effect).old(&site)
            }
            Sides::New(site) => {
                let effect = Effect::always(Verdict::Compatible, "clients need not follow it");
                Draft::new(Kind::LinkAdded, effect).new_at(&site)
            }
        };
        comparison.emit(draft);
    }
}

fn link<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    const LEADS: [&str; 5] = [
        "operationId",
        "operationRef",
        "parameters",
        "requestBody",
        "server",
    ];
    annotations::compare_siblings(comparison, old, new);
    let (old, new) = (comparison.old.follow(old), comparison.new.follow(new));
    comparison.reached.insert(old.id(), new.id());
    for key in LEADS {
        if annotations::differs(old.get(key).as_ref(), new.get(key).as_ref()) {
            let text = "clients that follow it go elsewhere; a generated one does not follow";
            let effect = Effect::always(Verdict::Risky, text);
            let name = key.to_owned();
            let draft = Draft::new(Kind::LinkChanged { key: name }, effect);
            comparison.emit(draft.sides(old.get(key), new.get(key)));
        }
    }
    annotations::compare(comparison, &old, &new, &LEADS);
}

/// The callbacks of an operation, by name.
pub(super) fn compare_callbacks<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    for (_, sides) in matched::by_name(old.entries("callbacks"), new.entries("callbacks")) {
        match sides {
            Sides::Both(old, new) => comparison.pair_flipped(Role::Callback, &old, &new),
            Sides::Old(site) => comparison.emit(call_removed(&site)),
            Sides::New(site) => comparison.emit(call_added(&site)),
        }
    }
}

pub(super) fn call_removed<'a>(site: &Sited<'a>) -> Draft<'a> {
    let text = "clients that wait for the call no longer get it";
    let effect = Effect::always(Verdict::Breaking, text);
    Draft::new(Kind::CallbackRemoved, effect).old(site)
}

pub(super) fn call_added<'a>(site: &Sited<'a>) -> Draft<'a> {
    let text = "clients that do not ask for the call do not get it";
    let effect = Effect::always(Verdict::Compatible, text);
    Draft::new(Kind::CallbackAdded, effect).new_at(site)
}

/// One callback: where the server calls, and what it does there.
pub(super) fn compare_callback<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let addresses = |callback: &Sited<'a>| -> Entries<'a> {
        let entries = callback.own_entries().into_iter();
        entries
            .filter(|(name, _)| !name.starts_with("x-") && *name != "$ref")
            .collect()
    };
    annotations::compare_extensions(comparison, old, new);
    annotations::keyword(comparison, "$ref", old.get("$ref"), new.get("$ref"));
    let (before, after) = (addresses(old), addresses(new));
    if let ([(from, old)], [(to, new)]) = (before.as_slice(), after.as_slice())
        && from != to
    {
        let text = "the server calls another address than clients wait at";
        let effect = Effect::always(Verdict::Breaking, text);
        let kind = Kind::CallbackMoved {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        };
        comparison.emit(Draft::new(kind, effect).both(old, new));
        return comparison.pair(Role::PathItem, old, new);
    }
    for (_, sides) in matched::by_name(before, after) {
        match sides {
            Sides::Both(old, new) => comparison.pair(Role::PathItem, &old, &new),
            Sides::Old(site) => comparison.emit(call_removed(&site)),
            Sides::New(site) => comparison.emit(call_added(&site)),
        }
    }
}
