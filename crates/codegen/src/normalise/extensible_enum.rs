//! `x-extensible-enum` becomes an `enum` with one value more, which tells the polish that
//! the set is open.
//!
//! The generator knows only closed sets: as an `enum` an unknown value would fail
//! the whole response, as bare text the known values would have no names. Nothing
//! is lost but what the lint has warned of: a list that is none of texts, or beside `enum`.

use super::Pass;
use contract::source::Node;
use contract::walk::{Kind, rewrite};

pub(super) const KEY: &str = "x-extensible-enum";

pub(super) fn pass(pass: Pass<'_>) {
    let open = pass.stand_ins.open();
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema
            && let Some(mut values) = node.remove(KEY)
            && is_open_set(node, &values)
        {
            let span = values.span;
            if let Some(values) = values.as_array_mut() {
                values.push(Node::new(open.as_str(), span));
            }
            node.set("enum", values);
        }
    });
}

fn is_open_set(schema: &Node, values: &Node) -> bool {
    let is_text = schema.get("type").and_then(Node::as_str) == Some("string");
    let is_list = values.items().next().is_some() && values.items().all(|v| v.as_str().is_some());
    is_text && is_list && schema.get("enum").is_none()
}
