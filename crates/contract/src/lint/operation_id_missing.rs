#![doc = include_str!("operation_id_missing.md")]

use super::{Context, Findings, Kind, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "operation-id-missing",
    severity: Severity::Warning,
    summary: "every operation has an `operationId`",
    explanation: include_str!("operation_id_missing.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Operation) {
        // What the API calls back makes no method.
        if site.node.get("operationId").is_none() && !site.in_callback {
            let method = site.pointer.rsplit('/').next().unwrap_or_default();
            out.push(
                RULE.finding(
                    format!("`{method}` has no `operationId`"),
                    context.root.locate(&site.pointer),
                )
                .help("add one; it becomes the name of the client's method"),
            );
        }
    }
}
