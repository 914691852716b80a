//! Reads every number with a point as the precision that JSON's have: 99.99 is no `f32`, and would
//! be written as 99.98999786376953 by whoever takes it for one. Nothing is lost.

use contract::source::Node;
use contract::walk::{Kind, rewrite};

use super::Pass;

pub(super) fn pass(pass: Pass<'_>) {
    rewrite(pass.document, &mut |kind, node| {
        let is_float = node.get("format").and_then(Node::as_str) == Some("float");
        if kind == Kind::Schema && is_float {
            node.remove("format");
        }
    });
}
