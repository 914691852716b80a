//! `x-extensible-enum` becomes an `enum` with one value more, [`OPEN`], which
//! tells the polish that the set is open.
//!
//! The generator knows only closed sets: as an `enum` an unknown value would fail
//! the whole answer, as bare text the known values would have no names. Nothing
//! is lost.

use super::Pass;
use crate::source::Node;
use crate::walk::{Kind, rewrite};

const KEY: &str = "x-extensible-enum";

/// The value that stands for every value that the contract does not list.
pub(crate) const OPEN: &str = "x-extensible-enum";

pub(super) fn pass(pass: Pass<'_>) {
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema
            && let Some(mut values) = node.remove(KEY)
        {
            let span = values.span;
            if let Some(values) = values.as_array_mut() {
                values.push(Node::new(OPEN, span));
            }
            node.set("enum", values);
        }
    });
}
