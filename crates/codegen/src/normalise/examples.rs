//! Keeps of examples what shows how an operation is called: one value for each parameter and each
//! body of a request, from the schema where there is none beside it. The generator is not shown
//! them; the documentation of methods is made of them.

use std::collections::HashSet;

use contract::source::{Node, Object, Value};
use contract::walk::{Kind, parts, required, resolve, rewrite};

use super::Pass;

/// The key under which the value stands.
const EXAMPLE: &str = "example";

pub(super) fn pass(pass: Pass<'_>) {
    keep(pass.document, pass.checked.document().root());
}

/// Keeps the examples of a document that is, so far, as it was written.
pub(crate) fn keep(document: &mut Node, root: &Node) {
    rewrite(document, &mut |kind, node| match kind {
        Kind::Parameter => {
            let is_required = node.get("required").is_some_and(Node::is_true);
            let is_path = node.get("in").and_then(Node::as_str) == Some("path");
            put(node, is_required || is_path, root);
        }
        Kind::RequestBody => {
            let content = node.get_mut("content").and_then(Node::as_object_mut);
            for (_, entry) in content.into_iter().flatten() {
                put(&mut entry.node, true, root);
            }
        }
        _ => {}
    });
}

/// Puts the one value in the place of all others; what is required takes any that is said to be
/// possible, the rest only one that is given as an example.
fn put(holder: &mut Node, is_required: bool, root: &Node) {
    if holder.get("$ref").is_some() {
        return;
    }
    let schema = || resolve(root, holder.get("schema")?);
    let value = given(holder, root, &mut { MOST }).or_else(|| match is_required {
        true => Sample { root, left: MOST }.of(schema()?),
        false => given(schema()?, root, &mut { MOST }),
    });
    holder.remove("examples");
    holder.remove(EXAMPLE);
    if let Some(value) = value {
        holder.set(EXAMPLE, value);
    }
}

/// The first example that somebody would read: of a parameter or a body by name, of a schema in a
/// list.
fn given(holder: &Node, root: &Node, left: &mut usize) -> Option<Node> {
    let only = holder.get(EXAMPLE);
    let first = only.or_else(|| {
        let examples = holder.get("examples")?;
        match examples.as_array() {
            Some(list) => list.first(),
            None => examples.entries().find_map(|(_, entry)| {
                let example = resolve(root, &entry.node)?;
                example.get("value").or_else(|| example.get("dataValue"))
            }),
        }
    });
    first.filter(|value| is_short(value, left)).cloned()
}

/// So many values, and so many schemas, are looked at for one example: more would be more than
/// anybody reads.
const MOST: usize = 200;

/// Whether a value has no more values in it than are left.
fn is_short(value: &Node, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else {
        return false;
    };
    *left = rest;
    let mut within = value
        .items()
        .chain(value.entries().map(|(_, entry)| &entry.node));
    within.all(|one| is_short(one, left))
}

/// A value that a document says a schema may have, if it says enough for one.
struct Sample<'a> {
    root: &'a Node,
    /// How many more schemas may be looked at.
    left: usize,
}

impl<'a> Sample<'a> {
    fn of(&mut self, schema: &'a Node) -> Option<Node> {
        self.left = self.left.checked_sub(1)?;
        let schema = resolve(self.root, schema)?;
        let values = schema.get("enum").and_then(Node::as_array);
        let first =
            values.and_then(|values| values.iter().find(|one| !matches!(one.value, Value::Null)));
        given(schema, self.root, &mut self.left)
            .or_else(|| schema.get("const").cloned())
            .or_else(|| first.cloned())
            .or_else(|| schema.get("default").cloned())
            .or_else(|| self.object(schema))
            .or_else(|| self.list(schema))
            .or_else(|| self.choice(schema))
    }

    /// An object of what is required, and of what has an example.
    fn object(&mut self, schema: &'a Node) -> Option<Node> {
        let parts = parts(self.root, schema);
        self.left = self.left.checked_sub(parts.len())?;
        let required: HashSet<&str> = parts.iter().flat_map(|part| required(part)).collect();
        let mut value = Node::new(Object::new(), schema.span);
        let properties = parts.iter().filter_map(|part| part.get("properties"));
        for (name, entry) in properties.flat_map(Node::entries) {
            self.left = self.left.checked_sub(1)?;
            let property = resolve(self.root, &entry.node)?;
            let is_required = required.contains(name);
            let one = match property.get("readOnly").is_some_and(Node::is_true) {
                true => None,
                false if is_required => Some(self.of(property)?),
                false => given(property, self.root, &mut self.left),
            };
            if let Some(one) = one {
                value.set(name, one);
            }
        }
        let is_empty = value.entries().next().is_none();
        (!is_empty).then_some(value)
    }

    fn list(&mut self, schema: &'a Node) -> Option<Node> {
        let item = self.of(schema.get("items")?)?;
        Some(Node::new(vec![item], schema.span))
    }

    fn choice(&mut self, schema: &'a Node) -> Option<Node> {
        let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
        self.of(choices.as_array()?.first()?)
    }
}
