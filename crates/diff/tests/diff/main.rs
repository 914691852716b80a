//! What changed between two documents.
#![allow(clippy::unwrap_used)]

mod edits;
#[path = "../../../../tests/pin.rs"]
mod pin;
mod properties;
