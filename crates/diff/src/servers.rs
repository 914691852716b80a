//! Where the API answers (`OpenAPI` 3.0.3, section 4.7.5).

use super::annotations;
use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::kind::Kind;
use super::matched::{self, Entries, Sides};
use super::side::Sited;
use contract::source::Node;

pub(super) fn compare_document(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.document(), comparison.new.document());
    compare(comparison, &old, &new);
}

/// The address of a server; a slash at its end says nothing.
fn url<'a>(server: &Sited<'a>) -> &'a str {
    server.text("url").unwrap_or_default().trim_end_matches('/')
}

/// What makes two addresses the same: the case of scheme and host has no meaning (RFC
/// 3986, section 6.2.2.1), that of a variable's name has.
fn address(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let parts = host.split_inclusive(['{', '}']);
    let host: String = parts
        .map(|part| match part.ends_with('}') {
            true => part.to_owned(),
            false => part.to_ascii_lowercase(),
        })
        .collect();
    format!("{}://{host}{path}", scheme.to_ascii_lowercase())
}

/// An operation's own servers take the place of its path's, and those of the
/// document's.
pub(super) fn compare_operation<'a>(
    comparison: &mut Comparison<'a>,
    old: (&Sited<'a>, Option<&Sited<'a>>),
    new: (&Sited<'a>, Option<&Sited<'a>>),
) {
    let holder = |side: Sited<'a>, (operation, item): (&Sited<'a>, Option<&Sited<'a>>)| {
        let own = [Some(operation), item].into_iter().flatten();
        let mut own = own.filter(|holder| holder.node.get("servers").is_some());
        own.next().cloned().unwrap_or(side)
    };
    let documents = (comparison.old.document(), comparison.new.document());
    let holders = (
        holder(documents.0.clone(), old),
        holder(documents.1.clone(), new),
    );
    // What all operations share is compared once.
    if holders.0.id() != documents.0.id() || holders.1.id() != documents.1.id() {
        compare(comparison, &holders.0, &holders.1);
    }
}

/// The servers of a document, path or operation, by URL.
fn compare<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let by_url = |holder: &Sited<'a>| -> Entries<'a> {
        let servers = holder.items("servers").into_iter();
        servers.map(|server| (url(&server), server)).collect()
    };
    let (before, after) = (by_url(old), by_url(new));
    first(comparison, &before, &after);
    let now: Vec<String> = after.iter().map(|(url, _)| address(url)).collect();
    for (url, sides) in matched::by_key(before, after, address) {
        match sides {
            Sides::Both(old, new) => same_url(comparison, &old, &new),
            Sides::Old(server) => {
                let effect = removed(url, &now);
                let url = url.to_owned();
                comparison.emit(Draft::new(Kind::ServerRemoved { url }, effect).old(&server));
            }
            Sides::New(server) => {
                let text = "the old addresses are not affected";
                let effect = Effect::always(Verdict::Compatible, text);
                let url = url.to_owned();
                comparison.emit(Draft::new(Kind::ServerAdded { url }, effect).new_at(&server));
            }
        }
    }
}

fn removed(url: &str, now: &[String]) -> Effect {
    let url = address(url);
    let secure = url.replacen("http://", "https://", 1);
    let (verdict, text) = if now.contains(&url) {
        (Verdict::Compatible, "another entry has the same address")
    } else if now.is_empty() {
        (
            Verdict::Risky,
            "the contract no longer says where the API answers",
        )
    } else if now.contains(&secure) {
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
    Effect::always(verdict, text)
}

/// Another first server, where both sides know both.
fn first<'a>(comparison: &mut Comparison<'a>, before: &Entries<'a>, after: &Entries<'a>) {
    let (Some((old_url, old)), Some((new_url, new))) = (before.first(), after.first()) else {
        return;
    };
    let knows = |servers: &Entries<'a>, url: &str| {
        servers
            .iter()
            .any(|(other, _)| address(other) == address(url))
    };
    if address(old_url) != address(new_url) && knows(after, old_url) && knows(before, new_url) {
        let text = "the first server is the one that generated clients call";
        let effect = Effect::always(Verdict::Risky, text);
        let url = (*new_url).to_owned();
        comparison.emit(Draft::new(Kind::FirstServerChanged { url }, effect).both(old, new));
    }
}

fn same_url<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    variables(comparison, old, new);
    if old.text("url") != new.text("url") {
        let effect = Effect::always(Verdict::Compatible, "it is the same address");
        let draft = Draft::new(Kind::ServerRestated, effect);
        comparison.emit(draft.both(old, new));
    }
    annotations::compare(comparison, old, new, &["url", "variables"]);
}

/// What stands in braces in the address.
fn variables<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let values = |variable: &Sited<'a>| {
        let items = variable.node.get("enum").into_iter().flat_map(Node::items);
        let mut values: Vec<_> = items.filter_map(Node::as_str).collect();
        values.sort_unstable();
        values
    };
    for (name, sides) in matched::by_name(old.entries("variables"), new.entries("variables")) {
        let (old, new) = match sides {
            Sides::Both(old, new) => {
                annotations::compare(comparison, &old, &new, &["default", "enum"]);
                if old.text("default") == new.text("default") && values(&old) == values(&new) {
                    continue;
                }
                (Some(old), Some(new))
            }
            Sides::Old(old) => (Some(old), None),
            Sides::New(new) => (None, Some(new)),
        };
        let text = "old clients build the address with the old variables";
        let effect = Effect::always(Verdict::Risky, text);
        let name = name.to_owned();
        let draft = Draft::new(Kind::ServerVariableChanged { name }, effect);
        comparison.emit(draft.sides(old, new));
    }
}
