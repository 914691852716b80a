//! Keywords of JSON Schema that 3.0 does not have. What they demand of values is lost; a
//! note tells where first and how often.

use std::collections::BTreeMap;

use super::note;
use crate::finding::{Findings, elsewhere};
use crate::schema::keyword::{Role, is_old, newer};
use crate::source::{Node, Object, Span, Value};
use crate::walk::{Kind, rewrite};

pub(super) fn step(root: &mut Node, findings: &mut Findings) {
    let mut lost: BTreeMap<&str, (Span, usize)> = BTreeMap::new();
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        newer(Role::Core).for_each(|key| drop(node.remove(key)));
        others(node);
        for key in newer(Role::Constraint) {
            let span = node.key_span(key);
            if let Some(value) = node.remove(key) {
                lost.entry(key).or_insert((span, 0)).1 += 1;
                instead(node, key, &value);
            }
        }
        // Any keyword may stand in a schema of 3.1; nobody reads those that it does not know.
        if let Some(schema) = node
            .as_object_mut()
            .filter(|schema| !schema.contains_key("$ref"))
        {
            schema.retain(|key, _| is_old(key) || key.starts_with("x-"));
        }
        if node.get("type").and_then(Node::as_str) == Some("array") && node.get("items").is_none() {
            node.set("items", Node::new(Object::new(), node.span.first_line()));
        }
    });
    for (key, (span, count)) in lost {
        let places = elsewhere(count);
        let message = match key {
            "patternProperties" => format!("any name may have what `{key}` says of some{places}"),
            _ => format!("`{key}` is not kept{places}"),
        };
        let help = "generated types take more values than the document; nothing to do";
        findings.push(note(message, span, help));
    }
}

/// What properties may hold that have no name of their own: generated maps have one type for all
/// of them, which takes what any name may have.
fn others(schema: &mut Node) {
    // What other schemas name is no other property to `unevaluatedProperties`, and would be one
    // to `additionalProperties`.
    let composes = ["allOf", "anyOf", "oneOf", "if", "dependentSchemas"];
    let is_alone = !composes.iter().any(|key| schema.get(key).is_some());
    let unevaluated = schema.get("unevaluatedProperties").filter(|_| is_alone);
    let rest = schema.get("additionalProperties").or(unevaluated).cloned();
    let Some(patterns) = schema.get("patternProperties") else {
        if let Some(rest) = rest.filter(|rest| rest.as_object().is_some()) {
            schema.set("additionalProperties", rest);
        }
        return;
    };
    let span = patterns.span;
    let all = patterns.entries().map(|(_, entry)| entry.node.clone());
    // Where nothing is said of the rest, it may be anything.
    let rest = rest.unwrap_or_else(|| Node::new(true, span));
    let mut distinct: Vec<Node> = Vec::new();
    for one in all.chain([rest]) {
        if !matches!(one.value, Value::Bool(false))
            && !distinct.iter().any(|known| known.same(&one))
        {
            distinct.push(one);
        }
    }
    let is_anything = |one: &Node| one.as_object().is_none_or(Object::is_empty);
    let others = match distinct.as_slice() {
        [] => Node::new(false, span),
        all if all.iter().any(is_anything) => Node::new(Object::new(), span),
        [only] => only.clone(),
        _ => {
            let mut choice = Node::new(Object::new(), span);
            choice.set("anyOf", Node::new(distinct, span));
            choice
        }
    };
    schema.set("additionalProperties", others);
}

/// What comes closest and takes no value less.
fn instead(schema: &mut Node, key: &str, value: &Node) {
    if key == "prefixItems" {
        schema.set("items", Node::new(Object::new(), value.span));
    }
}
