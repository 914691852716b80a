//! What only one side sends is required of that side only (`OpenAPI` 3.0.3, section
//! 4.7.24.2), and one type serves both: a required property that is read-only may be missing
//! from a schema that requests have, and one that is write-only from one that answers have.
//! Lost: that the other side requires it.

use std::collections::{BTreeMap, BTreeSet};

use super::Pass;
use super::inheritance::component;
use crate::finding::{Finding, Severity};
use crate::source::{Node, Span};
use crate::walk::{Kind, join, rewrite, rewrite_from};

pub(super) fn pass(pass: Pass<'_>) {
    let mut lost: BTreeMap<&str, Span> = BTreeMap::new();
    for (holder, mark) in [
        (Kind::RequestBody, "readOnly"),
        (Kind::Response, "writeOnly"),
    ] {
        let mut open = Vec::new();
        rewrite(pass.document, &mut |kind, node| {
            if kind == holder {
                rewrite_from(node, kind, &mut |kind, node| {
                    if kind == Kind::Schema {
                        relax(node, mark, &mut lost);
                        open.extend(name(node));
                    }
                });
            }
        });
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        while let Some(name_of) = open.pop() {
            let Some(schema) = pass
                .document
                .pointer_mut(&join("/components/schemas", &name_of))
            else {
                continue;
            };
            rewrite_from(schema, Kind::Schema, &mut |kind, node| {
                if kind == Kind::Schema {
                    relax(node, mark, &mut lost);
                    open.extend(name(node).filter(|name| seen.insert(name.clone())));
                }
            });
        }
    }
    for (mark, span) in lost {
        let message =
            format!("`required` of what is `{mark}` is not kept where both sides have it");
        let help = "a schema of its own for requests would keep it; nothing to do";
        pass.findings
            .push(Finding::new("not-kept", Severity::Note, message, span).help(help));
    }
}

/// The component that a schema refers to.
fn name(schema: &Node) -> Option<String> {
    component(schema.get("$ref")?.as_str()?)
}

fn relax<'a>(schema: &mut Node, mark: &'a str, lost: &mut BTreeMap<&'a str, Span>) {
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let marked = properties.filter(|(_, entry)| entry.node.get(mark).is_some_and(Node::is_true));
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
