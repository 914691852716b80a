//! What the sandbox answers.
#![allow(clippy::unwrap_used)]

mod account;
mod answers;
#[path = "../../../sandbox/tests/sandbox/http.rs"]
mod http;
#[path = "../../../../tests/pin.rs"]
mod pin;
