//! What only one side sends is required of that side only (`OpenAPI` 3.0.3, section
//! 4.7.24.2), and one type serves both: a required property that is read-only may be missing
//! from a schema that requests have, and one that is write-only from one that responses have.
//! Lost: that the other side requires it.

use std::collections::{BTreeMap, BTreeSet};

use super::Pass;
use super::inheritance::component;
use contract::source::{Node, Span};
use contract::walk::{Kind, join, parts, rewrite, rewrite_from};
use contract::{Finding, Severity};

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let root = document.clone();
    let mut lost: BTreeMap<&str, Span> = BTreeMap::new();
    for (holder, mark) in [
        (Kind::RequestBody, "readOnly"),
        (Kind::Response, "writeOnly"),
    ] {
        let mut relax = |schema: &mut Node| relax(schema, mark, &root, &mut lost);
        let mut open = Vec::new();
        rewrite(document, &mut |kind, node| {
            if kind == holder {
                open.extend(schemas(node, kind, &mut relax));
            }
        });
        follow(document, open, &mut relax);
    }
    for (mark, span) in lost {
        let message =
            format!("`required` of what is `{mark}` is not kept where both sides have it");
        let help = "a schema of its own for requests would keep it; nothing to do";
        pass.findings
            .push(Finding::new("not-kept", Severity::Note, message, span).help(help));
    }
}

/// Changes the schemas in an object; gives the components that they refer to.
fn schemas(node: &mut Node, kind: Kind, change: &mut dyn FnMut(&mut Node)) -> Vec<String> {
    let mut names = Vec::new();
    rewrite_from(node, kind, &mut |kind, node| {
        if kind == Kind::Schema {
            change(node);
            names.extend(name(node));
        }
    });
    names
}

/// Changes the schemas of components, and of those that they lead to.
fn follow(document: &mut Node, mut open: Vec<String>, change: &mut dyn FnMut(&mut Node)) {
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        let schema = document.pointer_mut(&join("/components/schemas", &name));
        if let Some(schema) = schema.filter(|_| seen.insert(name)) {
            open.extend(schemas(schema, Kind::Schema, change));
        }
    }
}

/// The component that a schema refers to.
fn name(schema: &Node) -> Option<String> {
    component(schema.get("$ref")?.as_str()?)
}

fn relax<'a>(schema: &mut Node, mark: &'a str, root: &Node, lost: &mut BTreeMap<&'a str, Span>) {
    // What a property refers to may say it, too.
    let says = |property: &Node| {
        let mut all = std::iter::once(property).chain(parts(root, property));
        all.any(|part| part.get(mark).is_some_and(Node::is_true))
    };
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let marked = properties.filter(|(_, entry)| says(&entry.node));
    let marked: Vec<String> = marked.map(|(name, _)| name.to_owned()).collect();
    let required = schema.get_mut("required").and_then(Node::as_array_mut);
    if let Some(required) = required.filter(|_| !marked.is_empty()) {
        required.retain(|name| {
            let stays = !marked.iter().any(|marked| name.as_str() == Some(marked));
            if !stays {
                lost.entry(mark).or_insert(name.span);
            }
            stays
        });
        if required.is_empty() {
            schema.remove("required");
        }
    }
}
