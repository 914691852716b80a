//! A review as a person or a program reads it.

mod block;
mod changelog;
mod github;
mod markdown;
mod outputs;
mod sarif;
mod summary;
mod terminal;

pub use changelog::changelog;
pub use github::github;
pub use markdown::markdown;
pub use outputs::outputs;
pub use sarif::sarif;
pub use terminal::terminal;

use std::io::{self, Write};

use crate::Review;

/// What a reader is told to do next, in the words of the tool that they use.
#[derive(Clone, Debug)]
pub struct Hints {
    /// How the commands are called: `cargo sdk`.
    pub command: String,
    /// The list of approvals.
    pub approvals: String,
    /// The folder of snapshots, where the outline of a client is pinned.
    pub snapshots: Option<String>,
}

/// A review for programs; `schemars` describes it.
///
/// # Errors
/// When the writer fails.
pub fn json(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, review)?;
    writeln!(out)
}
