//! `exclusiveMinimum: 5` is `minimum: 5` with `exclusiveMinimum: true` in 3.0.

use crate::finding::Findings;
use crate::source::{Node, Value};
use crate::walk::{Kind, rewrite};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Schema {
            bound(node, "minimum", "exclusiveMinimum", |exclusive, other| {
                exclusive >= other
            });
            bound(node, "maximum", "exclusiveMaximum", |exclusive, other| {
                exclusive <= other
            });
        }
    });
}

/// The tighter of the two stays.
fn bound(schema: &mut Node, plain: &str, exclusive: &str, is_tighter: fn(f64, f64) -> bool) {
    let number = |node: &Node| match &node.value {
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    let Some(limit) = schema.get(exclusive).and_then(number) else {
        return;
    };
    let Some(bound) = schema.remove(exclusive) else {
        return;
    };
    let span = bound.span;
    let other = schema.get(plain).and_then(number);
    if other.is_none_or(|other| is_tighter(limit, other)) {
        schema.set(plain, bound);
        schema.set(exclusive, Node::new(true, span));
    }
}
