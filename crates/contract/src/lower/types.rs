//! Types: a list of them, `null` among them, `null` as an alternative, and `const`.

use crate::finding::Findings;
use crate::source::{Node, Object, Value};
use crate::walk::{Kind, TYPED, rewrite};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Schema && node.get("$ref").is_none() {
            constant(node);
            type_list(node);
            for key in ["anyOf", "oneOf"] {
                null_branch(node, key);
            }
            null_in_enum(node);
        }
    });
}

fn constant(schema: &mut Node) {
    let Some(value) = schema.remove("const") else {
        return;
    };
    let span = value.span;
    if schema.get("type").is_none() {
        let name = match &value.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        schema.set("type", Node::new(name, span));
    }
    schema.set("enum", Node::new(vec![value], span));
}

fn type_list(schema: &mut Node) {
    let Some(types) = schema.get("type") else {
        return;
    };
    let span = types.span;
    let names: Vec<String> = match types.as_str() {
        Some(name) => vec![name.to_owned()],
        None => types
            .items()
            .filter_map(Node::as_str)
            .map(str::to_owned)
            .collect(),
    };
    let is_null = |name: &String| name == "null";
    if names.iter().any(is_null) {
        schema.set("nullable", Node::new(true, span));
    }
    let names: Vec<_> = names.into_iter().filter(|name| !is_null(name)).collect();
    match names.as_slice() {
        // Nothing but null: 3.0 has no such type, so anything, with null among it.
        [] => drop(schema.remove("type")),
        [one] => schema.set("type", Node::new(one.as_str(), span)),
        several => {
            schema.remove("type");
            // An enumeration says it better.
            if schema.get("enum").is_none() {
                let branches = several.iter().map(|name| of_type(schema, name));
                let branches: Vec<Node> = branches.collect();
                let about = TYPED.iter().flat_map(|(_, keys)| *keys);
                for key in about.chain(&["format"]) {
                    schema.remove(key);
                }
                let key = match schema.get("anyOf") {
                    None => "anyOf",
                    Some(_) => "oneOf",
                };
                schema.set(key, Node::new(branches, span));
            }
        }
    }
}

/// A schema of one type, with what the schema of several says about it.
fn of_type(schema: &Node, name: &str) -> Node {
    let mut one = Node::new(Object::new(), schema.span.first_line());
    one.set("type", Node::new(name, schema.span.first_line()));
    let about = match name {
        "integer" => "number",
        other => other,
    };
    let keys = TYPED
        .iter()
        .filter(|(of, _)| *of == about)
        .flat_map(|(_, keys)| *keys);
    let format = (name == "string").then_some(&"format");
    for key in keys.chain(format) {
        if let Some(value) = schema.get(key) {
            one.set(key, value.clone());
        }
    }
    if name == "array" && one.get("items").is_none() {
        one.set("items", Node::new(Object::new(), schema.span.first_line()));
    }
    one
}

/// `anyOf: [X, {type: 'null'}]` is a nullable X.
fn null_branch(schema: &mut Node, key: &str) {
    let is_null = |branch: &Node| {
        let kind = branch.get("type");
        let is = |value: &Node| value.as_str() == Some("null");
        let is_nothing = |value: &Node| matches!(value.value, Value::Null);
        let listed = branch.get("enum").and_then(Node::as_array);
        kind.is_some_and(is)
            || branch.get("const").is_some_and(is_nothing)
            || listed.is_some_and(|values| !values.is_empty() && values.iter().all(is_nothing))
    };
    let Some(branches) = schema.get_mut(key).and_then(Node::as_array_mut) else {
        return;
    };
    let before = branches.len();
    branches.retain(|branch| !is_null(branch));
    if branches.len() == before {
        return;
    }
    let only = (branches.len() == 1).then(|| branches.remove(0));
    let is_empty = branches.is_empty();
    let span = schema.key_span(key);
    schema.set("nullable", Node::new(true, span));
    if is_empty {
        schema.remove(key);
    }
    if let Some(only) = only {
        merge(schema, only);
    }
}

/// The only alternative that is left is the schema itself.
fn merge(schema: &mut Node, only: Node) {
    let mergeable = only.get("$ref").is_none()
        && only
            .entries()
            .all(|(key, _)| schema.get(key).is_none() || is_words(key));
    if !mergeable {
        let span = only.span;
        let mut all = vec![only];
        if let Some(mut others) = schema.remove("allOf") {
            all.append(others.as_array_mut().unwrap_or(&mut Vec::new()));
        }
        return schema.set("allOf", Node::new(all, span));
    }
    let Value::Object(object) = only.value else {
        return;
    };
    for (key, entry) in object {
        if schema.get(&key).is_none() {
            schema.set(&key, entry.node);
        }
    }
}

fn is_words(key: &str) -> bool {
    ["title", "description", "example", "examples", "default"].contains(&key)
}

/// A null among the values of an enumeration without a type.
fn null_in_enum(schema: &mut Node) {
    let Some(values) = schema.get("enum") else {
        return;
    };
    let span = values.span;
    if values
        .items()
        .any(|value| matches!(value.value, Value::Null))
    {
        schema.set("nullable", Node::new(true, span));
    }
}
