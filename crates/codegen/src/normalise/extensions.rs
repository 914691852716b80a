//! Takes out extensions that mean something to the generator and nothing to the document's
//! author: pages and sockets of Dropshot, names of Rust types, and what only the passes after
//! this one may say to the polish. Nothing is lost.

use super::Pass;
use super::bodies::{MEDIA_TYPE, OPTIONAL};
use super::discriminators::TOLD;
use super::operation_ids::ID;
use super::parameters::STYLE;
use super::responses::{ACCEPT, BY_STATUS, ERROR};
use super::stand_ins::STAND_INS;
use super::type_names::ALTERNATIVES;
use contract::walk::rewrite;

const READ: [&str; 11] = [
    "x-dropshot-pagination",
    "x-dropshot-websocket",
    "x-rust-type",
    ACCEPT,
    BY_STATUS,
    ERROR,
    ID,
    MEDIA_TYPE,
    OPTIONAL,
    STYLE,
    TOLD,
];

pub(super) fn pass(pass: Pass<'_>) {
    pass.document.remove(STAND_INS);
    pass.document.remove(ALTERNATIVES);
    rewrite(pass.document, &mut |_, node| {
        READ.iter().for_each(|key| drop(node.remove(key)));
    });
}
