//! Where the API answers (`OpenAPI` 3.0.3, section 4.7.5).

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::rest;
use super::side::Sited;
use crate::source::Node;

pub(super) fn compare_document(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.document(), comparison.new.document());
    compare(comparison, &old, &new);
}

/// The servers of a document, path or operation, by URL.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let (before, after) = (old.items("servers"), new.items("servers"));
    let url = |server: &Sited<'a>| server.text("url").unwrap_or_default().trim_end_matches('/');
    let find = |list: &[Sited<'a>], wanted: &Sited<'a>| {
        list.iter()
            .find(|server| url(server) == url(wanted))
            .cloned()
    };
    for server in &before {
        if let Some(other) = find(&after, server) {
            same_url(comparison, server, &other);
            continue;
        }
        let secure = url(server).replacen("http://", "https://", 1);
        let (verdict, text) = if after.is_empty() {
            (
                Verdict::Risky,
                "the contract no longer says where the API answers",
            )
        } else if after.iter().any(|other| url(other) == secure) {
            (
                Verdict::Risky,
                "old clients call without TLS; whether that still answers is not said",
            )
        } else {
            (
                Verdict::Breaking,
                "old clients call an address that the contract no longer knows",
            )
        };
        let predicate = format!("no longer answers at `{}`", url(server));
        let draft = Draft::new("server-removed", predicate, Effect::always(verdict, text));
        comparison.emit(draft.old(server));
    }
    for server in &after {
        if find(&before, server).is_none() {
            let effect = Effect::always(Verdict::Compatible, "the old addresses are not affected");
            let predicate = format!("answers at `{}` too", url(server));
            comparison.emit(Draft::new("server-added", predicate, effect).new_at(server));
        }
    }
    if let (Some(first), Some(now)) = (before.first(), after.first())
        && url(first) != url(now)
        && find(&after, first).is_some()
        && find(&before, now).is_some()
    {
        let text = "the first server is the one that generated clients call";
        let effect = Effect::always(Verdict::Risky, text);
        let predicate = format!("names `{}` first", url(now));
        comparison.emit(Draft::new("first-server-changed", predicate, effect).both(first, now));
    }
}

fn same_url<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    variables(comparison, old, new);
    if old.text("url") != new.text("url") {
        let effect = Effect::always(Verdict::Compatible, "it is the same address");
        let draft = Draft::new("server-restated", "is put another way", effect);
        comparison.emit(draft.both(old, new));
    }
    rest::compare(comparison, old, new, &["url", "variables"]);
}

/// What stands in braces in the address.
fn variables<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let (before, after) = (old.entries("variables"), new.entries("variables"));
    let find = |list: &[(&'a str, Sited<'a>)], name: &str| {
        let found = list.iter().find(|(other, _)| *other == name);
        found.map(|(_, site)| site.clone())
    };
    let values = |variable: &Sited<'a>| {
        let items = variable.node.get("enum").into_iter().flat_map(Node::items);
        let mut values: Vec<_> = items.filter_map(Node::as_str).collect();
        values.sort_unstable();
        values
    };
    for (name, _) in before.iter().chain(&after) {
        let (old, new) = (find(&before, name), find(&after, name));
        if let (Some(old), Some(new)) = (&old, &new) {
            rest::compare(comparison, old, new, &["default", "enum"]);
            if old.text("default") == new.text("default") && values(old) == values(new) {
                continue;
            }
        }
        let text = "old clients build the address with the old variables";
        let effect = Effect::always(Verdict::Risky, text);
        let predicate = format!("`variables`: `{name}` changed");
        let draft = Draft::new("server-variable-changed", predicate, effect);
        comparison.emit(draft.sides(old, new));
    }
}
