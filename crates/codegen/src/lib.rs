//! From a checked document to the source of a client: normalise, progenitor, polish, print.
//!
//! Nothing outside of this crate knows the generator or the syntax tree of Rust.
//! [`outline`] and [`surface`] read generated code for those who compare it.
#![warn(missing_docs)]

mod generate;
mod identifier;
mod normalise;
pub mod outline;
mod polish;
pub mod surface;
pub mod texts;

pub use generate::{
    Asked, Call, Dependencies, Generated, Given, Home, Reads, Runtime, answer, calls, calls_behind,
    generate, generate_at, generate_behind,
};
pub use identifier::is_keyword;

/// What notes mean: a book of sections ([`contract::explanation`]).
pub const NOTES: &str = include_str!("notes.md");
