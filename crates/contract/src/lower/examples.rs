//! The first of a schema's `examples` is its `example`.

use crate::finding::Findings;
use crate::source::Node;
use crate::walk::{Kind, rewrite};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        if let Some(mut examples) = node.remove("examples")
            && node.get("example").is_none()
            && let Some(first) = examples.as_array_mut().filter(|list| !list.is_empty())
        {
            node.set("example", first.remove(0));
        }
        if node.get("$ref").is_some() {
            node.remove("example");
        }
    });
}
