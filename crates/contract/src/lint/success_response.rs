#![doc = include_str!("success_response.md")]

use super::{Context, Findings, Rule, Severity};
use crate::operation::Response;

pub(super) const RULE: Rule = Rule {
    name: "success-response",
    severity: Severity::Warning,
    summary: "every operation says what it answers when all is well",
    explanation: include_str!("success_response.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let operations = context.api.operations.iter();
    for operation in operations.filter(|operation| !operation.responses.is_empty()) {
        let is_success = |response: &Response| match response.status.codes() {
            Some((first, _)) => first < 400,
            None => true,
        };
        if !operation.responses.iter().any(is_success) {
            let message = format!("`{}` has no response but errors", operation.title());
            let span = context.key_of(operation, "responses");
            out.push(
                RULE.finding(message, span)
                    .help("add the status that it answers with when all is well"),
            );
        }
    }
}
