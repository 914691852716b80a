//! What one document says, and what is wrong with it.
#![allow(clippy::unwrap_used)]

mod lenient;
mod lint;
mod operations;
#[path = "../../../../tests/pin.rs"]
mod pin;
mod texts;
