//! Takes `nullable` from a component and puts it where the component is used: the generator
//! would give the component and what it may hold one name. Nothing is lost.

use std::collections::HashSet;

use super::Pass;
use contract::source::{Node, Object};
use contract::walk::{Kind, join, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let mut nullable = HashSet::new();
    let schemas = pass
        .document
        .get_mut("components")
        .and_then(|c| c.get_mut("schemas"));
    for (name, entry) in schemas.and_then(Node::as_object_mut).into_iter().flatten() {
        if entry.node.get("nullable").is_some_and(Node::is_true) {
            entry.node.remove("nullable");
            nullable.insert(format!("#{}", join("/components/schemas", name)));
        }
    }
    if nullable.is_empty() {
        return;
    }
    rewrite(pass.document, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        if let Some(properties) = node.get_mut("properties").and_then(Node::as_object_mut) {
            properties
                .values_mut()
                .for_each(|entry| mark(&mut entry.node, &nullable));
        }
        for key in ["items", "additionalProperties"] {
            node.get_mut(key)
                .into_iter()
                .for_each(|inner| mark(inner, &nullable));
        }
    });
}

fn mark(schema: &mut Node, nullable: &HashSet<String>) {
    let reference = schema.get("$ref").and_then(Node::as_str);
    if !reference.is_some_and(|reference| nullable.contains(reference)) {
        return;
    }
    let span = schema.span;
    let target = schema.take();
    *schema = Node::new(Object::new(), span);
    schema.set("allOf", Node::new(vec![target], span));
    schema.set("nullable", Node::new(true, span));
}
