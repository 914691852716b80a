//! A review as a person or a program reads it.

mod block;
mod changelog;
mod escape;
mod github;
mod markdown;
mod summary;
mod terminal;

pub use changelog::changelog;
pub use github::github;
pub use markdown::markdown;
pub use terminal::terminal;

use std::io::{self, Write};

use crate::Review;

/// A review for programs; `schemars` describes it.
///
/// # Errors
/// When the writer fails.
pub fn json(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, review)?;
    writeln!(out)
}
