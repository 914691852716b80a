//! What stands beside a `$ref` counts in 3.1. It joins the reference in an `allOf`. Words go
//! where the generator has no place for them, which it has for those of a property. Lost, with a
//! note: defaults and directions of anything else.

use std::collections::BTreeMap;

use super::note;
use crate::finding::{Findings, elsewhere};
use crate::source::{Node, Object, Span};
use crate::walk::{DEFINITIONS, Kind, rewrite};

/// What demands nothing of values.
const WORDS: [&str; 8] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];
/// Those of them that mean something to machines.
const MEANT: [&str; 4] = ["default", "deprecated", "readOnly", "writeOnly"];
/// What only says how the schema is to be read.
const READINGS: [&str; 6] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
];

pub(super) fn step(root: &mut Node, findings: &mut Findings) {
    let mut lost: BTreeMap<&str, (Span, usize)> = BTreeMap::new();
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        // Before they are visited themselves, as what has no reference any more.
        let properties = node.get_mut("properties").and_then(Node::as_object_mut);
        properties
            .into_iter()
            .flatten()
            .for_each(|(_, entry)| join(&mut entry.node));
        if !is_reference(node) {
            return;
        }
        for word in WORDS {
            let span = node.key_span(word);
            if node.remove(word).is_some() && MEANT.contains(&word) {
                lost.entry(word).or_insert((span, 0)).1 += 1;
            }
        }
        join(node);
    });
    for (word, (span, count)) in lost {
        let places = elsewhere(count);
        let message = format!("`{word}` beside a `$ref` is not kept{places}");
        let help = "nothing to do; beside the `$ref` of a property it would be";
        findings.push(note(message, span, help));
    }
}

fn is_reference(schema: &Node) -> bool {
    schema.get("$ref").is_some() || schema.get("$dynamicRef").is_some()
}

/// The reference and what stands beside it, as parts of one schema.
fn join(schema: &mut Node) {
    let says_nothing = |key: &str| {
        key == "$ref"
            || key == "$dynamicRef"
            || key.starts_with("x-")
            || READINGS.contains(&key)
            || DEFINITIONS.contains(&key)
    };
    if !is_reference(schema) || schema.entries().all(|(key, _)| says_nothing(key)) {
        return;
    }
    let span = schema.span.first_line();
    let mut all = Vec::new();
    for key in ["$ref", "$dynamicRef"] {
        if let Some(reference) = schema.remove(key) {
            let mut target = Node::new(Object::new(), reference.span);
            target.set(key, reference);
            all.push(target);
        }
    }
    if let Some(mut others) = schema.remove("allOf") {
        all.append(others.as_array_mut().unwrap_or(&mut Vec::new()));
    }
    schema.set("allOf", Node::new(all, span));
}
