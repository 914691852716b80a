//! All contract tooling: read an `OpenAPI` document, check it, generate a client
//! from it.
//!
//! Data flows one way: [`Source`] → [`Document`] → [`lint::gate`] → [`Checked`]
//! → [`generate`](generate::generate). The crate never prints, never exits and
//! writes no file; [`report`] writes to the writer that it is given.
//!
//! ```
//! use contract::{Document, Severity, Source, lint};
//!
//! let source = Source::new("api.yaml", "openapi: 3.0.3\ninfo: {title: T}\npaths: {}");
//! let rejected = lint::gate(Document::parse(source)).unwrap_err();
//! let mut errors = rejected.findings.iter().filter(|f| f.severity == Severity::Error);
//! assert_eq!(errors.next().unwrap().message, "`info` lacks `version`");
//! ```
#![warn(missing_docs)]

mod bundle;
pub mod diff;
mod document;
mod effort;
pub mod finding;
#[cfg(feature = "generate")]
pub mod generate;
#[cfg(feature = "generate")]
mod identifier;
pub mod inert;
pub mod lint;
mod lower;
#[cfg(feature = "generate")]
mod normalise;
pub mod operation;
#[cfg(feature = "generate")]
pub mod outline;
#[cfg(feature = "generate")]
mod polish;
pub mod report;
#[cfg(feature = "generate")]
pub mod review;
pub mod schema;
pub mod source;
#[cfg(feature = "generate")]
pub mod surface;
mod walk;

pub use document::{Checked, Document, Rejected};
pub use finding::{Finding, Findings, Severity};
#[cfg(feature = "generate")]
pub use identifier::is_keyword;
pub use source::{ReadError, Source};
