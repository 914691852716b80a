//! Answers (`OpenAPI` 3.0.3, sections 4.7.16 to 4.7.20), with what they lead to:
//! links, and the calls that the server makes in turn.

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Kind};
use super::content::{self, Sender};
use super::rest;
use super::side::Sited;

/// The answers of an operation, by status.
pub(super) fn compare_all<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let is_status = |(name, _): &(&str, Sited<'a>)| !name.starts_with("x-");
    let of = |operation: &Sited<'a>| -> Vec<(&'a str, Sited<'a>)> {
        let entries = operation.entries("responses").into_iter();
        entries.filter(is_status).collect()
    };
    let (before, after) = (of(old), of(new));
    let find = |list: &[(&'a str, Sited<'a>)], status: &str| {
        let found = list
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(status));
        found.map(|(_, site)| site.clone())
    };
    for (status, site) in &before {
        match find(&after, status) {
            Some(other) => comparison.pair_flipped(Kind::Response, site, &other),
            None => {
                let draft = Draft::new("status-removed", "was removed", removed(status));
                comparison.emit(draft.old(site));
            }
        }
    }
    for (status, site) in &after {
        if find(&before, status).is_none() {
            let draft = Draft::new("status-added", "is new", added(status));
            comparison.emit(draft.new_at(site));
        }
    }
    if let (Some(old), Some(new)) = (old.get("responses"), new.get("responses")) {
        let statuses: Vec<&str> = before.iter().chain(&after).map(|(name, _)| *name).collect();
        rest::compare(comparison, &old, &new, &statuses);
    }
}

fn removed(status: &str) -> Effect {
    match status.as_bytes().first() {
        Some(b'1'..=b'3') => Effect::always(
            Verdict::Breaking,
            "old clients that wait for this success no longer get it",
        ),
        Some(b'd') => Effect::always(
            Verdict::Risky,
            "the contract no longer says what other answers look like",
        ),
        _ => Effect::always(
            Verdict::Compatible,
            "clients that know the error just never see it",
        ),
    }
}

fn added(status: &str) -> Effect {
    match status.as_bytes().first() {
        Some(b'1'..=b'3') => Effect::always(
            Verdict::Risky,
            "old clients that know the other successes only take it for a failure, generated ones \
             included",
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
    rest::compare(comparison, old, new, &["content", "headers", "links"]);
}

/// Headers by name, which is not case-sensitive (RFC 9110, section 5.1).
fn headers<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let (before, after) = (old.entries("headers"), new.entries("headers"));
    let find = |list: &[(&'a str, Sited<'a>)], name: &str| {
        let found = list
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, site)| site.clone())
    };
    for (name, site) in &before {
        if let Some(other) = find(&after, name) {
            comparison.pair(Kind::Header, site, &other);
            continue;
        }
        let effect = match comparison.old.follow(site).flag("required") {
            true => Effect::always(
                Verdict::Breaking,
                "old clients that rely on it do not find it",
            ),
            false => Effect::always(
                Verdict::Risky,
                "old clients that use it do not find it; a generated one does not look",
            ),
        };
        comparison.emit(Draft::new("header-removed", "was removed", effect).old(site));
    }
    for (name, site) in &after {
        if find(&before, name).is_none() {
            let text = "clients skip headers that they do not know";
            let effect = Effect::always(Verdict::Compatible, text);
            comparison.emit(Draft::new("header-added", "is new", effect).new_at(site));
        }
    }
}

/// Links by name: hints where to go next.
fn links<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let (before, after) = (old.entries("links"), new.entries("links"));
    for (name, site) in &before {
        let Some((_, other)) = after.iter().find(|(other, _)| other == name) else {
            let text = "clients that follow it no longer find it; a generated one does not follow";
            let effect = Effect::always(Verdict::Risky, text);
            comparison.emit(Draft::new("link-removed", "was removed", effect).old(site));
            continue;
        };
        rest::compare_siblings(comparison, site, other);
        let (old, new) = (comparison.old.follow(site), comparison.new.follow(other));
        comparison.reached.insert(old.id(), new.id());
        let verbs = [
            "operationId",
            "operationRef",
            "parameters",
            "requestBody",
            "server",
        ];
        for key in verbs {
            if let Some(verb) = rest::verb(old.get(key).as_ref(), new.get(key).as_ref()) {
                let text = "clients that follow it go elsewhere; a generated one does not follow";
                let effect = Effect::always(Verdict::Risky, text);
                let draft = Draft::new("link-changed", format!("`{key}` {verb}"), effect);
                comparison.emit(draft.sides(old.get(key), new.get(key)));
            }
        }
        rest::compare(comparison, &old, &new, &verbs);
    }
    for (name, site) in &after {
        if !before.iter().any(|(other, _)| other == name) {
            let text = "clients need not follow it";
            let effect = Effect::always(Verdict::Compatible, text);
            comparison.emit(Draft::new("link-added", "is new", effect).new_at(site));
        }
    }
}

/// The callbacks of an operation, by name.
pub(super) fn compare_callbacks<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let (before, after) = (old.entries("callbacks"), new.entries("callbacks"));
    for (name, site) in &before {
        match after.iter().find(|(other, _)| other == name) {
            Some((_, other)) => comparison.pair_flipped(Kind::Callback, site, other),
            None => {
                let text = "clients that wait for the call no longer get it";
                let effect = Effect::always(Verdict::Breaking, text);
                comparison.emit(Draft::new("callback-removed", "was removed", effect).old(site));
            }
        }
    }
    for (name, site) in &after {
        if !before.iter().any(|(other, _)| other == name) {
            let text = "clients that do not ask for the call do not get it";
            let effect = Effect::always(Verdict::Compatible, text);
            comparison.emit(Draft::new("callback-added", "is new", effect).new_at(site));
        }
    }
}

/// One callback: where the server calls, and what it does there.
pub(super) fn compare_callback<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let of = |callback: &Sited<'a>| -> Vec<(&'a str, Sited<'a>)> {
        let entries = callback.own_entries().into_iter();
        entries
            .filter(|(name, _)| !name.starts_with("x-"))
            .collect()
    };
    let (before, after) = (of(old), of(new));
    if let ([(from, old)], [(to, new)]) = (before.as_slice(), after.as_slice())
        && from != to
    {
        let text = "the server calls another address than clients wait at";
        let effect = Effect::always(Verdict::Breaking, text);
        let predicate = format!("is called at `{to}` instead of `{from}`");
        comparison.emit(Draft::new("callback-moved", predicate, effect).both(old, new));
        comparison.pair(Kind::PathItem, old, new);
        return;
    }
    for (expression, site) in &before {
        match after.iter().find(|(other, _)| other == expression) {
            Some((_, other)) => comparison.pair(Kind::PathItem, site, other),
            None => {
                let text = "clients that wait for the call no longer get it";
                let effect = Effect::always(Verdict::Breaking, text);
                comparison.emit(Draft::new("callback-removed", "was removed", effect).old(site));
            }
        }
    }
    for (expression, site) in &after {
        if !before.iter().any(|(other, _)| other == expression) {
            let text = "clients that do not ask for the call do not get it";
            let effect = Effect::always(Verdict::Compatible, text);
            comparison.emit(Draft::new("callback-added", "is new", effect).new_at(site));
        }
    }
    let known: Vec<&str> = before.iter().chain(&after).map(|(name, _)| *name).collect();
    rest::compare(comparison, old, new, &known);
}
