//! What stands beside a `$ref` counts in 3.1. Words go; the rest joins the reference in an
//! `allOf`.

use crate::finding::Findings;
use crate::source::{Node, Object};
use crate::walk::{Kind, rewrite};

/// Words, and what says nothing about values.
const WORDS: [&str; 8] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema || node.get("$ref").is_none() {
            return;
        }
        for word in WORDS {
            node.remove(word);
        }
        let siblings = node
            .entries()
            .filter(|(key, _)| *key != "$ref" && !key.starts_with("x-"));
        if siblings.count() == 0 {
            return;
        }
        let span = node.span.first_line();
        if let Some(reference) = node.remove("$ref") {
            let mut target = Node::new(Object::new(), reference.span);
            target.set("$ref", reference);
            let mut all = vec![target];
            if let Some(mut others) = node.remove("allOf") {
                all.append(others.as_array_mut().unwrap_or(&mut Vec::new()));
            }
            node.set("allOf", Node::new(all, span));
        }
    });
}
