//! Makes choices that the generator can read. Texts to choose from are one list of texts,
//! open where any text will do. `anyOf` becomes `oneOf` unless all alternatives are objects:
//! the generator reads all of them from one object, which nothing else fits in. The first
//! alternative that fits is taken, so that what takes less comes first: what requires more,
//! whole numbers before numbers, formats before any text. Lost: that a value may be several
//! alternatives at once.

use std::collections::{HashMap, HashSet};

use super::discriminators::TOLD;
use super::{DEPTH, Pass};
use contract::source::{Node, Object, Value};
use contract::walk::{Kind, parts, required, resolve, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let root = pass.document.clone();
    let open = pass.stand_ins.open();
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema && (node.get("anyOf").is_some() || node.get("oneOf").is_some()) {
            list(node, &root, &open);
            numbers(node, &root);
            one_of(node, &root);
            order(node, &root);
        }
    });
}

/// Texts to choose from.
#[derive(Default)]
struct Texts {
    listed: Vec<Node>,
    /// Whether any other will do.
    is_open: bool,
    /// Each schema is added once.
    seen: HashSet<*const Node>,
}

impl Texts {
    /// False when a schema says more of a text than its values, or is none.
    fn add(&mut self, schema: &Node, root: &Node, depth: usize) -> bool {
        let Some(schema) = resolve(root, schema).filter(|_| depth > 0) else {
            return false;
        };
        if !self.seen.insert(schema) {
            return true;
        }
        let says = |key: &str| schema.get(key).is_some();
        let demands = [
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "allOf",
            "nullable",
        ];
        if demands.into_iter().any(says) {
            return false;
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = schema.get(key) {
                return branches
                    .items()
                    .all(|branch| self.add(branch, root, depth - 1));
            }
        }
        let is_text = schema.get("type").and_then(Node::as_str) == Some("string");
        match schema.get("enum") {
            Some(values) => {
                let mut items = values.items();
                self.listed.extend(values.items().cloned());
                items.all(|value| value.as_str().is_some())
            }
            None => {
                self.is_open |= is_text;
                is_text
            }
        }
    }
}

fn list(schema: &mut Node, root: &Node, open: &str) {
    let Some(key) = ["anyOf", "oneOf"]
        .into_iter()
        .find(|key| schema.get(key).is_some())
    else {
        return;
    };
    let mut texts = Texts::default();
    let branches: Vec<&Node> = schema.get(key).into_iter().flat_map(Node::items).collect();
    let span = schema.key_span(key);
    let are_texts = branches.iter().all(|branch| texts.add(branch, root, DEPTH));
    if !are_texts || schema.get("properties").is_some() {
        return;
    }
    let mut seen = HashSet::new();
    let mut listed = texts.listed;
    listed.retain(|value| seen.insert(value.as_str().map(str::to_owned)));
    schema.remove(key);
    schema.set("type", Node::new("string", span));
    if !listed.is_empty() {
        if texts.is_open {
            listed.push(Node::new(open, span));
        }
        schema.set("enum", Node::new(listed, span));
    }
}

/// Whole numbers to choose from, each an alternative with a title, are one list of them.
fn numbers(schema: &mut Node, root: &Node) {
    for key in ["anyOf", "oneOf"] {
        let span = schema.key_span(key);
        let branches = schema.get(key).into_iter().flat_map(Node::items);
        let values: Option<Vec<Node>> = branches.map(|branch| number(branch, root)).collect();
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            schema.remove(key);
            schema.set("type", Node::new("integer", span));
            schema.set("enum", Node::new(values, span));
        }
    }
}

/// The only whole number that a schema lets be.
fn number(branch: &Node, root: &Node) -> Option<Node> {
    let schema = resolve(root, branch)?;
    let mut values = schema.get("enum")?.items();
    let only = values.next().filter(|_| values.next().is_none())?;
    let is_whole = matches!(&only.value, Value::Number(number) if number.is_i64());
    is_whole.then(|| only.clone())
}

fn one_of(schema: &mut Node, root: &Node) {
    let Some(branches) = schema.get("anyOf") else {
        return;
    };
    if branches
        .items()
        .all(|branch| is_object(branch, root, DEPTH, &mut HashMap::new()))
    {
        return;
    }
    // In its place, for the order of the document.
    if let Some(object) = schema.as_object_mut() {
        let entries = std::mem::take(object).into_iter();
        let renamed = entries.map(|(key, entry)| match key.as_str() {
            "anyOf" => ("oneOf".to_owned(), entry),
            _ => (key, entry),
        });
        *object = renamed.collect::<Object>();
    }
}

/// Whether only objects fit; each schema is asked once.
fn is_object<'a>(
    schema: &'a Node,
    root: &'a Node,
    depth: usize,
    known: &mut HashMap<*const Node, bool>,
) -> bool {
    let Some(schema) = resolve(root, schema).filter(|_| depth > 0) else {
        return false;
    };
    if let Some(known) = known.get(&std::ptr::from_ref(schema)) {
        return *known;
    }
    known.insert(schema, false);
    let mut is = |branch| is_object(branch, root, depth - 1, known);
    let is_object = match schema.get("type").and_then(Node::as_str) {
        Some(ty) => ty == "object",
        None if schema.get("properties").is_some() => true,
        None => match (
            schema.get("allOf"),
            schema.get("oneOf").or(schema.get("anyOf")),
        ) {
            (Some(parts), _) => parts.items().any(&mut is),
            (None, Some(branches)) => branches.items().all(&mut is),
            (None, None) => false,
        },
    };
    known.insert(schema, is_object);
    is_object
}

fn order(schema: &mut Node, root: &Node) {
    for key in ["anyOf", "oneOf"] {
        let branches = schema.get_mut(key).and_then(Node::as_array_mut);
        if let Some(branches) = branches {
            branches.sort_by_key(|branch| takes(branch, root));
        }
    }
}

/// How much an alternative takes beside others of its kind: less than others comes first.
fn takes(branch: &Node, root: &Node) -> i64 {
    let Some(schema) = resolve(root, branch) else {
        return 0;
    };
    if schema.get(TOLD).is_some() {
        return i64::MAX;
    }
    let says = |key: &str| schema.get(key).is_some();
    match schema.get("type").and_then(Node::as_str) {
        Some("number") => 1,
        Some("string") => i64::from(!(says("format") || says("pattern") || says("enum"))),
        // What requires more takes less.
        _ => {
            let required = parts(root, schema).into_iter().flat_map(required);
            -i64::try_from(required.count()).unwrap_or_default()
        }
    }
}
