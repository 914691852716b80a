#![doc = include_str!("example_property.md")]

use std::collections::HashSet;

use super::example::examples;
use super::{Context, Findings, Node, Rule, Severity, cyclic_ref, nearest};

pub(super) const RULE: Rule = Rule {
    name: "example-property",
    severity: Severity::Warning,
    summary: "examples hold no properties that their schema does not name",
    explanation: include_str!("example_property.md"),
    check,
};

/// So deep values are looked into.
pub(super) const DEPTH: usize = 32;

fn check(context: &Context<'_>, out: &mut Findings) {
    // A schema that consists of itself has no end.
    if out
        .iter()
        .any(|finding| finding.rule == cyclic_ref::RULE.name)
    {
        return;
    }
    for example in examples(context) {
        if let Some(schema) = context.root.pointer(&example.schema) {
            value(context, &[schema], example.node, DEPTH, out);
        }
    }
}

/// Compares a value with the schemas that it may be held against.
fn value(
    context: &Context<'_>,
    schemas: &[&Node],
    example: &Node,
    depth: usize,
    out: &mut Findings,
) {
    if depth == 0 {
        return;
    }
    let (mut parts, mut seen) = (Vec::new(), HashSet::new());
    for schema in schemas {
        // What cannot be followed says nothing.
        if !flatten(context, schema, &mut parts, &mut seen, DEPTH) {
            return;
        }
    }
    let within = |key: &str| -> Vec<&Node> { parts.iter().filter_map(|p| p.get(key)).collect() };
    let items = within("items");
    for item in example.items().filter(|_| !items.is_empty()) {
        value(context, &items, item, depth - 1, out);
    }
    let properties = within("properties");
    if properties.is_empty() || parts.iter().any(|part| is_open(part)) {
        return;
    }
    for (name, entry) in example.entries() {
        let named: Vec<&Node> = properties.iter().filter_map(|p| p.get(name)).collect();
        if !named.is_empty() {
            value(context, &named, &entry.node, depth - 1, out);
        } else if !name.starts_with("x-") {
            let known = properties.iter().flat_map(|p| p.entries());
            let help = match nearest(name, known.map(|(name, _)| name)) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("add `{name}` to the schema, or remove it here"),
            };
            let message = format!("`{name}` is in the example but not in its schema");
            out.push(RULE.finding(message, entry.key).help(help));
        }
    }
}

/// Whether a schema says that it takes any property, or names none of those that it takes.
pub(super) fn is_open(part: &Node) -> bool {
    if let Some(additional) = part.get("additionalProperties") {
        return additional.is_true() || additional.as_object().is_some();
    }
    let says = ["properties", "allOf", "anyOf", "oneOf", "required", "enum"];
    let is_object = part
        .get("type")
        .is_none_or(|ty| ty.as_str() == Some("object"));
    is_object && says.iter().all(|key| part.get(key).is_none())
}

/// A schema with what it is made of, each once; false when something cannot be followed.
pub(super) fn flatten<'a>(
    context: &Context<'a>,
    schema: &'a Node,
    parts: &mut Vec<&'a Node>,
    seen: &mut HashSet<*const Node>,
    depth: usize,
) -> bool {
    let Some(schema) = context.resolve(schema).filter(|_| depth > 0) else {
        return false;
    };
    if !seen.insert(schema) {
        return true;
    }
    parts.push(schema);
    ["allOf", "anyOf", "oneOf"].iter().all(|key| {
        let branches = schema.get(key).into_iter().flat_map(Node::items);
        branches
            .into_iter()
            .all(|branch| flatten(context, branch, parts, seen, depth - 1))
    })
}
