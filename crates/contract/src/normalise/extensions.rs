//! Takes out extensions that mean something to the generator and nothing to the document's
//! author: pages and sockets of Dropshot, and names of Rust types. Nothing is lost.

use super::Pass;
use crate::walk::{Kind, rewrite};

const READ: [&str; 3] = [
    "x-dropshot-pagination",
    "x-dropshot-websocket",
    "x-rust-type",
];

pub(super) fn pass(pass: Pass<'_>) {
    rewrite(pass.document, &mut |kind, node| {
        if matches!(kind, Kind::Operation | Kind::Schema) {
            READ.iter().for_each(|key| drop(node.remove(key)));
        }
    });
}
