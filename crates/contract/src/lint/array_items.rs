#![doc = include_str!("array_items.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "array-items",
    severity: Severity::Warning,
    summary: "an array says what it holds",
    explanation: include_str!("array_items.md"),
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
