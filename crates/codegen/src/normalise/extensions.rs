//! Takes out extensions that mean something to the generator and nothing to the document's
//! author: pages and sockets of Dropshot, names of Rust types, and what only the passes after
//! this one may say to the polish. Nothing is lost.

use super::Pass;
use super::bodies::{MEDIA_TYPE, OPTIONAL, STYLE};
use super::discriminators::TOLD;
use super::events::EVENTS;
use super::multipart::PARTS;
use super::operation_ids::ID;
use super::responses::{ACCEPT, BY_STATUS, ERROR, STREAM};
use super::stand_ins::STAND_INS;
use super::type_names::{ALTERNATIVES, NULLABLE, READ_ONLY};
use contract::operation::{Api, PAGINATION};
use contract::source::Node;
use contract::walk::rewrite;

const READ: [&str; 14] = [
    // Said in our own words by now.
    "x-dropshot-pagination",
    "x-dropshot-websocket",
    "x-rust-type",
    ACCEPT,
    BY_STATUS,
    ERROR,
    EVENTS,
    ID,
    MEDIA_TYPE,
    OPTIONAL,
    PARTS,
    STREAM,
    STYLE,
    TOLD,
];

pub(super) fn pass(pass: Pass<'_>) {
    paginate(pass.document);
    pass.document.remove(STAND_INS);
    pass.document.remove(ALTERNATIVES);
    pass.document.remove(NULLABLE);
    pass.document.remove(READ_ONLY);
    pass.document.remove(EVENTS);
    rewrite(pass.document, &mut |_, node| {
        READ.iter().for_each(|key| drop(node.remove(key)));
    });
}

/// Says in `x-pagination` how the pages of operations follow one another, however the document does:
/// the parameters may have other names after the passes.
fn paginate(document: &mut Node) {
    for operation in Api::read(document).operations {
        let Some(own) = document.pointer_mut(&operation.origin.pointer) else {
            continue;
        };
        own.remove(PAGINATION);
        if let Some(pagination) = operation.pagination {
            own.set(PAGINATION, pagination.to_json().into());
        }
    }
}
