//! Opens the lists of texts that answers have: a value that the contract gains must not fail
//! the whole answer of clients that were generated before. What is only sent stays closed, and
//! so does what stands in a choice that nothing but its values tells apart, or a list of one.
//! Nothing is lost.

use std::collections::BTreeSet;

use super::Pass;
use super::extensible_enum::OPEN;
use super::inheritance::component;
use crate::source::Node;
use crate::walk::{Kind, METHODS, join, rewrite_from};

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let mut reached = Reached::default();
    answers(document, &mut |schema| reached.schema(schema, false));
    reached.follow(document);
    answers(document, &mut open);
    for name in reached.open.difference(&reached.closed) {
        if let Some(schema) = document.pointer_mut(&join("/components/schemas", name)) {
            open(schema);
        }
    }
}

/// The schemas of all answers.
fn answers(document: &mut Node, schema: &mut dyn FnMut(&mut Node)) {
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (method, operation) in item.node.as_object_mut().into_iter().flatten() {
            let responses = operation.node.get_mut("responses");
            let responses = responses.filter(|_| METHODS.contains(&method.as_str()));
            let responses = responses.and_then(Node::as_object_mut);
            for (_, response) in responses.into_iter().flatten() {
                rewrite_from(&mut response.node, Kind::Response, &mut |kind, node| {
                    if kind == Kind::MediaType
                        && let Some(inner) = node.get_mut("schema")
                    {
                        schema(inner);
                    }
                });
            }
        }
    }
}

/// Components that answers lead to.
#[derive(Default)]
struct Reached {
    open: BTreeSet<String>,
    /// Through a choice that nothing but values tells apart.
    closed: BTreeSet<String>,
    /// Those that are not yet gone through.
    next: Vec<(String, bool)>,
}

impl Reached {
    fn follow(&mut self, document: &Node) {
        while let Some((name, in_choice)) = self.next.pop() {
            if let Some(schema) = document.pointer(&join("/components/schemas", &name)) {
                self.schema(schema, in_choice);
            }
        }
    }

    fn schema(&mut self, schema: &Node, in_choice: bool) {
        let reference = schema.get("$ref").and_then(Node::as_str);
        if let Some(name) = reference.and_then(component) {
            let known = match in_choice {
                true => &mut self.closed,
                false => &mut self.open,
            };
            if known.insert(name.clone()) {
                self.next.push((name, in_choice));
            }
        }
        let properties = schema.get("properties").into_iter();
        for (_, entry) in properties.flat_map(Node::entries) {
            self.schema(&entry.node, in_choice);
        }
        for key in ["items", "additionalProperties"] {
            schema
                .get(key)
                .into_iter()
                .for_each(|inner| self.schema(inner, in_choice));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let branches = schema.get(key).into_iter().flat_map(Node::items);
            let in_choice = in_choice || is_choice(schema, key);
            branches.for_each(|branch| self.schema(branch, in_choice));
        }
    }
}

fn is_choice(schema: &Node, key: &str) -> bool {
    key != "allOf" && schema.get(key).is_some_and(|all| all.items().count() > 1)
}

/// Opens the lists in a schema, up to choices and references.
fn open(schema: &mut Node) {
    if schema.get("type").and_then(Node::as_str) == Some("string")
        && let Some(values) = schema.get_mut("enum")
    {
        let span = values.span;
        if values
            .items()
            .filter(|value| value.as_str().is_some())
            .count()
            > 1
            && let Some(values) = values.as_array_mut()
        {
            values.push(Node::new(OPEN, span));
        }
    }
    let properties = schema.get_mut("properties").and_then(Node::as_object_mut);
    for (_, entry) in properties.into_iter().flatten() {
        open(&mut entry.node);
    }
    for key in ["items", "additionalProperties"] {
        schema.get_mut(key).into_iter().for_each(open);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        if !is_choice(schema, key) {
            let branches = schema.get_mut(key).and_then(Node::as_array_mut);
            branches.into_iter().flatten().for_each(open);
        }
    }
}
