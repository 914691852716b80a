#![doc = include_str!("operation_id_missing.md")]

use super::{Context, Findings, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "operation-id-missing",
    severity: Severity::Warning,
    summary: "every operation has an `operationId`",
    explanation: include_str!("operation_id_missing.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    // What the API calls by itself makes no method.
    let operations = context.api.operations.iter();
    for operation in operations.filter(|operation| operation.id.is_none()) {
        let message = format!("`{}` has no `operationId`", operation.title());
        out.push(
            RULE.finding(message, operation.origin.span)
                .help("add one; it becomes the name of the client's method"),
        );
    }
}
