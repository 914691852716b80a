//! Gives a form of several parts a schema whose files are texts, which the generator makes a type
//! of; the polish makes files of them, by [`PARTS`]. A form that has alternatives, or no properties,
//! stays one that the caller fills.

use std::collections::{BTreeMap, BTreeSet};

use contract::form::Part;
use contract::source::{Node, Object};
use contract::walk::{parts, required, resolve};

/// What each property of a form is as a part of it.
pub(crate) const PARTS: &str = "x-parts";

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
    let part = Part::of(root, property, said);
    if let (true, Some(schema)) = (part.is_file, resolve(root, property)) {
        let (span, words) = (property.span, without_type(schema));
        *property = match schema.get("type").and_then(Node::as_str) {
            Some("array") => {
                let mut list = words;
                list.set("type", Node::new("array", span));
                list.set("items", text(Node::new(Object::new(), span)));
                list
            }
            _ => text(words),
        };
    }
    part
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
