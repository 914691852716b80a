//! What the sandbox answers.
#![allow(clippy::unwrap_used)]

mod answers;
mod http;
#[path = "../../../../tests/pin.rs"]
mod pin;
