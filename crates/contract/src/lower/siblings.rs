//! What stands beside a `$ref` counts in 3.1. It joins the reference in an `allOf`. Words go
//! where the generator has no place for them, which it has for those of a property. Lost, with a
//! note: defaults and directions of anything else.

use std::collections::BTreeMap;

use super::note;
use crate::finding::{Findings, elsewhere};
use crate::schema::keyword::{Role, role};
use crate::source::{Node, Object, Span};
use crate::walk::{DEFINITIONS, Kind, rewrite};

/// Annotations that mean something to machines.
const MEANT: [&str; 4] = ["default", "deprecated", "readOnly", "writeOnly"];
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
        for word in MEANT.into_iter().filter(|word| node.get(word).is_some()) {
            lost.entry(word).or_insert((node.key_span(word), 0)).1 += 1;
        }
        if let Some(schema) = node.as_object_mut() {
            schema.retain(|key, _| role(key) != Some(Role::Annotation));
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
            || role(key) == Some(Role::Core)
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
