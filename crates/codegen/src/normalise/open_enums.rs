//! Opens the lists of texts that responses have: a value that the contract gains must not fail
//! the whole response of clients that were generated before. What is only sent stays closed, and
//! so does what stands in a choice that nothing but its values tells apart. Whoever reads strictly
//! has a list of one value closed. Nothing is lost.

use std::collections::BTreeSet;

use super::Pass;
use super::events::EVENTS;
use super::inheritance::component;
use crate::generate::Reads;
use contract::source::{Node, Value};
use contract::walk::{Kind, join, operations_mut, required, rewrite_from};

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let lists = Lists {
        open: pass.stand_ins.open(),
        shortest: match pass.reads {
            Reads::Leniently => 1,
            Reads::Strictly => 2,
        },
    };
    let mut reached = Reached::default();
    response_schemas(document, &mut |schema| reached.schema(schema, false));
    let schemas = document.pointer("/components/schemas").into_iter();
    for (name, schema) in schemas.flat_map(Node::entries) {
        // What the API sends is read as its responses are.
        if schema.node.get(EVENTS).is_some() && reached.open.insert(name.to_owned()) {
            reached.next.push((name.to_owned(), false));
        }
    }
    reached.follow(document);
    response_schemas(document, &mut |schema| lists.open(schema, false));
    for name in reached.open.union(&reached.closed) {
        if let Some(schema) = document.pointer_mut(&join("/components/schemas", name)) {
            lists.open(schema, reached.closed.contains(name));
        }
    }
}

/// The schemas of all responses.
fn response_schemas(document: &mut Node, schema: &mut dyn FnMut(&mut Node)) {
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in operations_mut(&mut item.node) {
            let responses = operation.node.get_mut("responses");
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

/// Components that responses lead to.
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
        for (name, entry) in properties.flat_map(Node::entries) {
            self.schema(
                &entry.node,
                in_choice && required(schema).any(|one| one == name),
            );
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

/// The lists of texts that are opened.
struct Lists {
    /// The value that stands for all others.
    open: String,
    /// How many values one has at the least.
    shortest: usize,
}

impl Lists {
    /// Opens those in a schema, up to references.
    fn open(&self, schema: &mut Node, in_choice: bool) {
        if !in_choice && self.is_one(schema) {
            let span = schema.key_span("enum");
            if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
                values.push(Node::new(self.open.as_str(), span));
            }
            schema.set("type", Node::new("string", span));
        }
        let required: Vec<String> = required(schema).map(str::to_owned).collect();
        let properties = schema.get_mut("properties").and_then(Node::as_object_mut);
        for (name, entry) in properties.into_iter().flatten() {
            self.open(&mut entry.node, in_choice && required.contains(name));
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get_mut(key) {
                self.open(inner, in_choice);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let in_choice = in_choice || is_choice(schema, key);
            let branches = schema.get_mut(key).and_then(Node::as_array_mut);
            for branch in branches.into_iter().flatten() {
                self.open(branch, in_choice);
            }
        }
    }

    /// Whether a schema lists texts and says nothing of others.
    fn is_one(&self, schema: &Node) -> bool {
        let values = schema.get("enum").into_iter().flat_map(Node::items);
        let texts: Vec<Option<&str>> = values
            .filter(|value| !matches!(value.value, Value::Null))
            .map(Node::as_str)
            .collect();
        let is_text = schema
            .get("type")
            .is_none_or(|ty| ty.as_str() == Some("string"));
        let is_closed = !texts.contains(&Some(&self.open)) && !texts.contains(&None);
        is_text && is_closed && texts.len() >= self.shortest
    }
}
