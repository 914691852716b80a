//! Gives a form of several parts a schema whose files are texts, which the generator makes a type
//! of; the polish makes files of them, by [`PARTS`]. A form that has alternatives, or no properties,
//! stays one that the caller fills.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use contract::source::{Node, Object};
use contract::walk::{parts, required, resolve};

/// What each property of a form is as a part of it.
pub(crate) const PARTS: &str = "x-parts";

/// How a property is sent as a part of a form, or as several if it is a list.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Part {
    pub(crate) is_file: bool,
    /// What the contract says that it is.
    pub(crate) media_type: Option<String>,
}

/// The schema of a form, and what its properties are.
pub(super) fn form(media_type: &Node, root: &Node) -> Option<(Node, Node)> {
    let schema = media_type.get("schema")?;
    let all = parts(root, schema);
    let is_choice = |part: &&Node| ["oneOf", "anyOf"].iter().any(|key| part.get(key).is_some());
    if all.iter().any(is_choice) {
        return None;
    }
    let span = schema.span;
    let (mut properties, mut known) = (Node::new(Object::new(), span), BTreeMap::new());
    let mut needed = BTreeSet::new();
    for part in &all {
        needed.extend(required(part));
        let own = part.get("properties").into_iter().flat_map(Node::entries);
        for (name, entry) in own {
            let encoding = media_type.get("encoding").and_then(|all| all.get(name));
            let mut property = entry.node.clone();
            let part = of(&mut property, encoding, root);
            properties.set(name, property);
            known.insert(name.to_owned(), part);
        }
    }
    if known.is_empty() {
        return None;
    }
    needed.retain(|name| known.contains_key(*name));
    let mut form = Node::new(Object::new(), span);
    form.set("type", Node::new("object", span));
    let described = all.iter().rev().find_map(|part| part.get("description"));
    if let Some(description) = described {
        form.set("description", description.clone());
    }
    if !needed.is_empty() {
        let needed: Vec<Node> = needed
            .into_iter()
            .map(|name| Node::new(name, span))
            .collect();
        form.set("required", Node::new(needed, span));
    }
    form.set("properties", properties);
    // Names and texts only, so it cannot fail.
    let known = serde_json::to_value(known).unwrap_or_default();
    Some((form, Node::from(known)))
}

/// What a property is. A file becomes text.
fn of(property: &mut Node, encoding: Option<&Node>, root: &Node) -> Part {
    let said = encoding.and_then(|encoding| encoding.get("contentType")?.as_str());
    // Of several, the caller says which.
    let media_type = said.filter(|said| !said.contains([',', '*']));
    let is_text = |said: &str| said.contains("json") || said.starts_with("text/");
    let is_bytes = said.is_some_and(|said| !said.split(',').any(|one| is_text(one.trim())));
    let is_file = match resolve(root, property) {
        Some(schema) if is(schema, "array") => {
            let items = schema.get("items").and_then(|items| resolve(root, items));
            let is_file = items.is_some_and(|items| is_file(items, is_bytes));
            if is_file {
                let span = property.span;
                let mut list = without_type(schema);
                list.set("type", Node::new("array", span));
                list.set("items", text(Node::new(Object::new(), span)));
                *property = list;
            }
            is_file
        }
        Some(schema) => {
            let is_file = is_file(schema, is_bytes);
            if is_file {
                *property = text(without_type(schema));
            }
            is_file
        }
        None => false,
    };
    Part {
        is_file,
        media_type: media_type.map(str::to_owned),
    }
}

/// Whether a value of a schema is a file: bytes, or what has no type, which is sent as such
/// (`OpenAPI` 3.1.0, section 4.8.14.4).
fn is_file(schema: &Node, is_bytes: bool) -> bool {
    let format = schema.get("format").and_then(Node::as_str);
    match schema.get("type").and_then(Node::as_str) {
        Some("string") => format == Some("binary") || is_bytes && format != Some("byte"),
        Some("file") => true,
        None => is_bytes || format == Some("binary"),
        Some(_) => false,
    }
}

fn is(schema: &Node, name: &str) -> bool {
    schema.get("type").and_then(Node::as_str) == Some(name)
}

/// The words of a schema.
fn without_type(schema: &Node) -> Node {
    let mut words = Node::new(Object::new(), schema.span);
    for key in ["description", "deprecated"] {
        if let Some(value) = schema.get(key) {
            words.set(key, value.clone());
        }
    }
    words
}

fn text(mut words: Node) -> Node {
    let span = words.span;
    words.set("type", Node::new("string", span));
    words
}
