//! What changed between two documents, and what it means on the wire.
//!
//! The comparison reads raw trees, so it takes what the gate would refuse and
//! sees what a typed model forgets. Both documents are walked together from their
//! operations, references followed, so that moving a schema between inline and
//! `$ref` is no change. Two objects are compared once however many operations
//! reach them: a change stands at its root cause, with who uses it.
//!
//! What a change means follows from the direction in which the value travels.
//! Callbacks and webhooks turn it round, and `not` turns more into less.
#![warn(missing_docs)]

mod annotations;
mod change;
mod comparison;
mod components;
mod content;
mod equal;
mod fingerprint;
mod finish;
mod info;
mod kind;
mod lifecycle;
mod matched;
mod operation;
mod parameter;
mod paths;
mod reasons;
mod reference;
mod rename;
mod repetition;
mod response;
mod schema;
mod security;
mod servers;
mod side;
mod subject;
mod title;
mod uses;

pub use change::{Change, Flow, Place, Reason, Rename, Use, Verdict};
pub use kind::{Additional, Branch, Credentials, Kind, Presence};
pub use lifecycle::day;
pub use subject::{name, operation};

use contract::Document;

use comparison::Comparison;
use side::Side;

/// What each kind of change means: a book of sections by [`Kind::id`]
/// ([`contract::explanation`]).
pub const KINDS: &str = include_str!("kinds.md");

/// Every change between two documents, the worst first. Nothing when they say the
/// same, in whatever order and format. `today`, as `2026-11-21`, decides whether a
/// removal was announced for later (`x-sunset`).
///
/// ```
/// use contract::{Document, Source};
///
/// let document = |maximum: &str| {
///     let text = format!(
///         "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /pets:\n    get:\n      \
///          parameters:\n      - {{name: limit, in: query, schema: {{type: integer, maximum: {maximum}}}}}\n      \
///          responses: {{'204': {{description: Done}}}}"
///     );
///     Document::parse(Source::new("api.yaml", text))
/// };
/// let changes = diff::diff(&document("100"), &document("50"), "2026-11-21");
/// assert_eq!(
///     changes[0].title,
///     "query parameter `limit` of `GET /pets`: `maximum` fell from 100 to 50"
/// );
/// assert_eq!(changes[0].verdict, diff::Verdict::Breaking);
/// ```
#[must_use]
pub fn diff(old: &Document, new: &Document, today: &str) -> Vec<Change> {
    let name = new.source().name();
    let sides = (Side::new(old.root()), Side::new(new.root()));
    let mut comparison = Comparison::new(sides.0, sides.1, today);
    info::compare(&mut comparison);
    servers::compare_document(&mut comparison);
    paths::compare(&mut comparison);
    components::compare(&mut comparison);
    comparison.run();
    components::compare_unused(&mut comparison);
    comparison.run();
    let mut changes = finish::finish(comparison, name);
    for change in &mut changes {
        for (place, document) in [(&mut change.old, old), (&mut change.new, new)] {
            if place.span.file > 0 {
                place.file = Some(document.source().of(place.span).name().to_owned());
            }
        }
    }
    changes
}
