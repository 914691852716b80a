//! One `OpenAPI` document: read it, check it, and say what is wrong with it.
//!
//! Data flows one way: [`Source`] → [`Document`] → [`lint::gate`] → [`Checked`]. The crate
//! never prints, never exits and writes no file; [`report`] writes to the writer that it is
//! given.
//!
//! ```
//! use contract::{Document, Severity, Source, lint};
//!
//! let source = Source::new("api.yaml", "openapi: 3.0.3\npaths: {}");
//! let rejected = lint::gate(Document::parse(source)).unwrap_err();
//! let mut errors = rejected.findings.iter().filter(|f| f.severity == Severity::Error);
//! assert_eq!(errors.next().unwrap().message, "the document lacks `info`");
//! ```
#![warn(missing_docs)]

mod bundle;
mod document;
mod effort;
pub mod explanation;
pub mod form;
pub mod lenient;
pub mod lint;
mod lower;
pub mod names;
pub mod operation;
mod partial;
pub mod path;
pub mod schema;
pub mod walk;

pub use document::{Checked, Document, Rejected};
pub use source::{self, Finding, Findings, ReadError, Severity, Source};
pub use source::{escape, finding, inert, report};
