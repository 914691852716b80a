//! Keeps apart the types that the generator would give one name: components whose names
//! differ in signs or case, and a schema inside of another that would be called like a
//! component. Lost: `title`s inside of schemas, of which the generator makes names.

use std::collections::{BTreeMap, HashSet};

use super::{Pass, references};
use crate::identifier::type_name;
use contract::source::{Node, Object};
use contract::walk::{Kind, join, rewrite, set_component};

/// Names that generated code needs for itself.
const TAKEN: [&str; 11] = [
    "Error", "Self", "Default", "Debug", "Clone", "Builder", "String", "Ok", "Err", "Some", "None",
];

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
    components(document, &mut taken);
    let names: Vec<String> = schemas(document).map(|(name, _)| name.to_owned()).collect();
    let mut lifted = Vec::new();
    for name in names {
        let at = join("/components/schemas", &name);
        if let Some(schema) = document.pointer_mut(&at) {
            schema.remove("title");
            inside(schema, &type_name(&name), &mut taken, &mut lifted);
        }
    }
    operations(document, &mut taken, &mut lifted);
    for (name, schema) in lifted {
        set_component(document, &name, schema);
    }
}

/// What stands in an operation gets a name after it.
fn operations(document: &mut Node, taken: &mut HashSet<String>, lifted: &mut Vec<(String, Node)>) {
    rewrite(document, &mut |kind, node| {
        if kind != Kind::Operation {
            return;
        }
        let id = node.get("operationId").and_then(Node::as_str);
        let id = type_name(id.unwrap_or_default());
        let parameters = node.get_mut("parameters").and_then(Node::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = parameter.get("name").and_then(Node::as_str);
            let name = type_name(&format!("{id}-{}", name.unwrap_or_default()));
            if let Some(schema) = parameter.get_mut("schema") {
                named(schema, &name, taken, lifted);
            }
        }
        if let Some(body) = node.get_mut("requestBody") {
            contents(body, &format!("{id}Body"), taken, lifted);
        }
        let responses = node.get_mut("responses").and_then(Node::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            contents(&mut response.node, &format!("{id}Response"), taken, lifted);
        }
    });
}

fn contents(
    holder: &mut Node,
    name: &str,
    taken: &mut HashSet<String>,
    lifted: &mut Vec<(String, Node)>,
) {
    let content = holder.get_mut("content").and_then(Node::as_object_mut);
    for (_, media_type) in content.into_iter().flatten() {
        if let Some(schema) = media_type.node.get_mut("schema") {
            named(schema, name, taken, lifted);
        }
    }
}

fn schemas(document: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let entries = schemas.into_iter().flat_map(Node::entries);
    entries.map(|(name, entry)| (name, &entry.node))
}

/// Components that would be one type get numbers.
fn components(document: &mut Node, taken: &mut HashSet<String>) {
    let mut renamed = BTreeMap::new();
    let names: Vec<String> = schemas(document).map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let own = type_name(&name);
        // `+1` would be `plus1`.
        let is_type = !own.starts_with(|c: char| c.is_ascii_lowercase());
        if is_type && taken.insert(own.clone()) {
            continue;
        }
        let free = references::free(&type_name(&own), taken);
        renamed.insert(
            format!("#{}", join("/components/schemas", &name)),
            (name, free),
        );
    }
    if renamed.is_empty() {
        return;
    }
    let schemas = document
        .get_mut("components")
        .and_then(|c| c.get_mut("schemas"));
    if let Some(schemas) = schemas {
        for (name, free) in renamed.values() {
            if let Some(schema) = schemas.remove(name) {
                schemas.set(free, schema);
            }
        }
    }
    rewrite(document, &mut |kind, node| {
        let reference = node
            .get("$ref")
            .and_then(Node::as_str)
            .filter(|_| kind == Kind::Schema);
        if let Some((_, free)) = reference.and_then(|reference| renamed.get(reference)) {
            let span = node.span.first_line();
            node.set("$ref", references::to(free, span));
        }
    });
}

/// Visits what would get a name after `parent`.
fn inside(
    schema: &mut Node,
    parent: &str,
    taken: &mut HashSet<String>,
    lifted: &mut Vec<(String, Node)>,
) {
    let properties = schema.get_mut("properties").and_then(Node::as_object_mut);
    for (name, entry) in properties.into_iter().flatten() {
        entry.node.remove("title");
        if !references::is_with_words(&entry.node) {
            let name = type_name(&format!("{parent}-{name}"));
            named(&mut entry.node, &name, taken, lifted);
        }
    }
    for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
        if let Some(inner) = schema
            .get_mut(key)
            .filter(|inner| !references::is_with_words(inner))
        {
            named(inner, &format!("{parent}{suffix}"), taken, lifted);
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let branches = schema.get_mut(key).and_then(Node::as_array_mut);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            branch.remove("title");
            match key {
                // They become part of the type around them.
                "allOf" => inside(branch, parent, taken, lifted),
                _ => named(branch, &format!("{parent}Variant{index}"), taken, lifted),
            }
        }
    }
}

fn named(
    schema: &mut Node,
    name: &str,
    taken: &mut HashSet<String>,
    lifted: &mut Vec<(String, Node)>,
) {
    schema.remove("title");
    if schema.get("$ref").is_some() {
        return;
    }
    let is_type = [
        "properties",
        "enum",
        "allOf",
        "anyOf",
        "oneOf",
        "pattern",
        "minLength",
        "maxLength",
    ]
    .iter()
    .any(|key| schema.get(key).is_some());
    if !is_type || taken.insert(name.to_owned()) {
        return inside(schema, name, taken, lifted);
    }
    let free = references::free(name, taken);
    let span = schema.span.first_line();
    let is_nullable = schema
        .remove("nullable")
        .is_some_and(|nullable| nullable.is_true());
    let mut own = std::mem::replace(schema, Node::new(Object::new(), span));
    inside(&mut own, &free, taken, lifted);
    lifted.push((free.clone(), own));
    schema.set("$ref", references::to(&free, span));
    if is_nullable {
        let target = schema.take();
        *schema = Node::new(Object::new(), span);
        schema.set("allOf", Node::new(vec![target], span));
        schema.set("nullable", Node::new(true, span));
    }
}
