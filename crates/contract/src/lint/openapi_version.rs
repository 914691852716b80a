#![doc = include_str!("openapi_version.md")]

use super::{Context, Findings, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "openapi-version",
    severity: Severity::Error,
    summary: "the document is OpenAPI 3.0 or 3.1",
    explanation: include_str!("openapi_version.md"),
    check,
};

/// Whether rules know the version of a document.
pub(super) fn is_known(root: &Node) -> bool {
    let version = root.get("openapi").and_then(Node::as_str);
    version.is_some_and(|version| version.starts_with("3.0."))
}

fn check(context: &Context<'_>, out: &mut Findings) {
    let root = context.root;
    if let Some(version) = root.get("openapi").and_then(Node::as_str) {
        if !version.starts_with("3.0.") {
            let message = format!("`openapi` is `{version}`; expected 3.0.x, or 3.1.x");
            let span = root.get("openapi").map_or(root.span, |node| node.span);
            out.push(
                RULE.finding(message, span)
                    .help("write the document as OpenAPI 3.0.3 or 3.1.0"),
            );
        }
    } else if root.get("swagger").is_some() {
        out.push(
            RULE.finding(
                "this is a Swagger 2.0 document; expected OpenAPI 3.0.x",
                root.key_span("swagger"),
            )
            .help("convert it, for instance with `npx swagger2openapi`"),
        );
    } else if root.as_object().is_none() {
        out.push(
            RULE.finding("the document is not a mapping", root.span.first_line())
                .help("begin with `openapi: 3.0.3`"),
        );
    } else if root.get("openapi").is_none() {
        out.push(
            RULE.finding("`openapi` is missing", root.span.first_line())
                .help("begin with `openapi: 3.0.3`"),
        );
    } else {
        out.push(
            RULE.finding("`openapi` is not text", root.key_span("openapi"))
                .help("write `openapi: 3.0.3`"),
        );
    }
}
