//! Says what else an object may have, where it has properties and may have any other: the
//! generator keeps what is described, and would lose what is only allowed. Where a document does
//! not say it, others are not kept.

use super::Pass;
use contract::source::{Node, Object};
use contract::walk::{Kind, rewrite};

const KEY: &str = "additionalProperties";

pub(super) fn pass(pass: Pass<'_>) {
    rewrite(pass.document, &mut |kind, schema| {
        let listed = schema.get("properties").map(Node::entries);
        let has_some = listed.is_some_and(|mut listed| listed.next().is_some());
        if kind == Kind::Schema && has_some && schema.get(KEY).is_some_and(Node::is_true) {
            let span = schema.key_span(KEY);
            schema.set(KEY, Node::new(Object::new(), span));
        }
    });
}
