//! # What
//! An array says what it holds.
//! # Why
//! `items` must be present when the type is `array` (`OpenAPI` 3.0.3, section
//! 4.7.24).
//! # Wrong
//! `type: array`
//! # Right
//! `type: array`, `items: {type: string}`

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "array-items",
    severity: Severity::Warning,
    summary: "an array says what it holds",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        let is_array = site.node.get("type").and_then(Node::as_str) == Some("array");
        if is_array && site.node.get("items").is_none() {
            out.push(
                RULE.finding("an array without `items`", site.node.key_span("type"))
                    .help("add `items`; `items: {}` if it holds anything"),
            );
        }
    }
}
