#![doc = include_str!("operation_id_duplicate.md")]

use std::collections::HashMap;

use heck::ToSnakeCase as _;

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "operation-id-duplicate",
    severity: Severity::Warning,
    summary: "no two operations have the same `operationId`",
    explanation: include_str!("operation_id_duplicate.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let mut seen = HashMap::new();
    for site in context.of(Kind::Operation) {
        let Some(node) = site.node.get("operationId") else {
            continue;
        };
        let Some(id) = node.as_str() else { continue };
        if let Some(first) = seen.insert(id.to_snake_case(), node) {
            let other = Node::as_str(first).unwrap_or_default();
            let message = if other == id {
                format!("the operationId `{id}` stands twice")
            } else {
                format!("the operationIds `{other}` and `{id}` make the same method name")
            };
            out.push(
                RULE.finding(message, node.span)
                    .related(first.span, "first here")
                    .help("name one of the operations differently"),
            );
        }
    }
}
