use std::io;

use contract::report::Found;
use contract::{ReadError, Severity, inert};

/// Why there is no server of a contract.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The contract cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The contract has errors: each is told with its place.
    #[error("the contract has errors: {}", first(.0))]
    Contract(Found),
    /// The members to begin with do not fit, or stand in a file that is no YAML.
    #[error("what to begin with does not fit: {}", first(.0))]
    Seed(Found),
    /// The members to begin with do not fit.
    #[error("what to begin with does not fit: {0}")]
    Members(String),
    /// There is no way to the API that requests are to be passed on to.
    #[error("{0}")]
    Proxy(String),
    /// The port cannot be bound, or the file of the state not be used.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The first error, where it is, and how many there are.
fn first(found: &Found) -> String {
    let errors = found.findings.iter();
    let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
    let first = errors.next().map(|finding| {
        let span = finding.span;
        let name = found.source.of(span).name();
        let place = format!("{}:{}:{}", inert::line(name), span.line, span.column);
        format!("{place}: {}", finding.message)
    });
    match (first, errors.count()) {
        (None, _) => String::new(),
        (Some(first), 0) => first,
        (Some(first), more) => format!("{first}; and {more} more"),
    }
}
