//! A PATCH changes what it names (RFC 5789, section 2): the default of a property would be sent,
//! and change what nobody named. A schema with defaults that something else has, too, gets a
//! second one for PATCH, without them. Lost: the defaults of what only a PATCH has.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::inheritance::component;
use super::{Pass, references};
use crate::identifier::type_name;
use contract::finding::{Finding, Severity, elsewhere};
use contract::source::{Node, Span};
use contract::walk::{Kind, join, rewrite_from, set_component, sites_from};

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let mut bodies = Vec::new();
    each_body(document, &mut |body| bodies.push(body.take()));
    if bodies.is_empty() {
        return;
    }
    let graph = Graph::of(document);
    let of_bodies = bodies
        .iter()
        .flat_map(|body| named(body, Kind::RequestBody));
    let changed = graph.with_defaults(graph.reached(of_bodies.collect()));
    let paths = document.get("paths").into_iter().flat_map(Node::entries);
    let of_rest = paths.flat_map(|(_, item)| named(&item.node, Kind::PathItem));
    let shared = graph.reached(of_rest.collect());

    let mut taken: HashSet<String> = graph.to.keys().map(|name| type_name(name)).collect();
    let mut copies = BTreeMap::new();
    for name in changed.intersection(&shared) {
        let free = references::free(&format!("{}Patch", type_name(name)), &mut taken);
        copies.insert(name.clone(), free);
    }
    let mut lost = Vec::new();
    for name in &changed {
        let at = join("/components/schemas", name);
        let Some(mut schema) = document.pointer(&at).cloned() else {
            continue;
        };
        let defaults = without_defaults(&mut schema, Kind::Schema, &copies);
        if !copies.contains_key(name) {
            lost.extend(defaults);
        }
        set_component(document, copies.get(name).unwrap_or(name), schema);
    }
    let mut bodies = bodies.into_iter();
    each_body(document, &mut |place| {
        if let Some(mut body) = bodies.next() {
            lost.extend(without_defaults(&mut body, Kind::RequestBody, &copies));
            *place = body;
        }
    });
    if let Some(span) = lost.first() {
        let places = elsewhere(lost.len());
        let message = format!("a default that a PATCH would send is not kept{places}");
        let note = Finding::new("not-kept", Severity::Note, message, *span);
        let help = "nothing to do; what nobody names is not changed";
        pass.findings.push(note.help(help));
    }
    if let Some((name, free)) = copies.first_key_value() {
        let places = elsewhere(copies.len());
        let message = format!("a PATCH takes `{free}`: `{name}` without defaults{places}");
        let span = document.locate(&join("/components/schemas", name));
        let note = Finding::new("patch", Severity::Note, message, span);
        let help = "nothing to do; a default would be sent, and change what nobody named";
        pass.findings.push(note.help(help));
    }
}

/// The bodies of all PATCHes.
fn each_body(document: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        let patch = item.node.get_mut("patch");
        if let Some(body) = patch.and_then(|patch| patch.get_mut("requestBody")) {
            visit(body);
        }
    }
}

/// The components that an object and what it holds refer to.
fn named(node: &Node, kind: Kind) -> Vec<String> {
    let sites = sites_from(node, kind).into_iter();
    let references = sites.filter_map(|site| site.node.get("$ref")?.as_str());
    references.filter_map(component).collect()
}

/// Which components lead to which, and which have properties with defaults.
struct Graph {
    to: BTreeMap<String, Vec<String>>,
    have_defaults: BTreeSet<String>,
}

impl Graph {
    fn of(document: &Node) -> Self {
        let (mut to, mut have_defaults) = (BTreeMap::new(), BTreeSet::new());
        let schemas = document.get("components").and_then(|c| c.get("schemas"));
        for (name, entry) in schemas.into_iter().flat_map(Node::entries) {
            to.insert(name.to_owned(), named(&entry.node, Kind::Schema));
            let sites = sites_from(&entry.node, Kind::Schema);
            if sites.iter().any(|site| has_defaults(site.node)) {
                have_defaults.insert(name.to_owned());
            }
        }
        Self { to, have_defaults }
    }

    /// The components that some lead to, and those.
    fn reached(&self, mut open: Vec<String>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(next) = self.to.get(&name)
                && reached.insert(name)
            {
                open.extend(next.iter().cloned());
            }
        }
        reached
    }

    /// Those that have defaults or lead to such.
    fn with_defaults(&self, among: BTreeSet<String>) -> BTreeSet<String> {
        let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in &among {
            for next in self.to.get(name).into_iter().flatten() {
                from.entry(next).or_default().push(name);
            }
        }
        let mut open: Vec<&str> = among
            .intersection(&self.have_defaults)
            .map(String::as_str)
            .collect();
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            if found.insert(name.to_owned()) {
                open.extend(from.get(name).into_iter().flatten());
            }
        }
        found
    }
}

fn has_defaults(schema: &Node) -> bool {
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    properties
        .into_iter()
        .any(|(_, entry)| entry.node.get("default").is_some())
}

/// Takes the defaults of properties out, and leads to the schemas that have none; gives where
/// they stood.
fn without_defaults(node: &mut Node, kind: Kind, copies: &BTreeMap<String, String>) -> Vec<Span> {
    let mut lost = Vec::new();
    rewrite_from(node, kind, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        let properties = node.get_mut("properties").and_then(Node::as_object_mut);
        for (_, entry) in properties.into_iter().flatten() {
            let span = entry.node.key_span("default");
            lost.extend(entry.node.remove("default").map(|_| span));
        }
        let name = node.get("$ref").and_then(Node::as_str).and_then(component);
        if let Some(copy) = name.and_then(|name| copies.get(&name)) {
            let span = node.span.first_line();
            node.set("$ref", references::to(copy, span));
        }
    });
    lost
}
