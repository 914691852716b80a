//! Brings `OpenAPI` 3.1 down to 3.0, which everything behind the gate reads. Each step is
//! one file. What stands in the result keeps the place that it had in the document; what
//! 3.0 cannot say, a note says.

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Span};

mod anchors;
mod booleans;
mod bounds;
mod definitions;
mod encodings;
mod examples;
mod keywords;
mod siblings;
mod top;
mod types;

/// Every step, in order.
const STEPS: &[fn(&mut Node, &mut Findings)] = &[
    top::step,
    siblings::step,
    anchors::step,
    definitions::step,
    booleans::step,
    types::step,
    bounds::step,
    examples::step,
    encodings::step,
    keywords::step,
];

/// The versions that are brought down. What 3.2 has beyond 3.1 is told by the rules.
pub(crate) fn is_newer(root: &Node) -> bool {
    let version = root.get("openapi").and_then(Node::as_str);
    version.is_some_and(is_newer_version)
}

/// The same of what a document says under `openapi`.
pub(crate) fn is_newer_version(version: &str) -> bool {
    version.starts_with("3.1.") || version.starts_with("3.2.")
}

/// Lets references name places where they name anchors, and nothing else.
pub(crate) fn name_places(root: &mut Node) {
    anchors::step(root, &mut Findings::new());
}

/// The document in the words of 3.0.
pub(crate) fn lower(mut root: Node, findings: &mut Findings) -> Node {
    for step in STEPS {
        step(&mut root, findings);
    }
    root
}

/// Brings keywords of 3.1 down in a document that says that it is of 3.0.
pub(crate) fn schemas(root: &mut Node, findings: &mut Findings) {
    let steps: &[fn(&mut Node, &mut Findings)] = &[
        anchors::step,
        definitions::step,
        types::step,
        bounds::step,
        examples::step,
        encodings::step,
        keywords::step,
    ];
    for step in steps {
        step(root, findings);
    }
}

fn note(message: impl Into<String>, span: Span, help: &str) -> Finding {
    Finding::new("openapi-3.1", Severity::Note, message, span).help(help)
}
