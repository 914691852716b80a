#![doc = include_str!("error_response.md")]

use super::{Context, Findings, Rule, Severity};
use crate::operation::Response;

pub(super) const RULE: Rule = Rule {
    name: "error-response",
    severity: Severity::Warning,
    summary: "every operation says what it answers when the request is wrong",
    explanation: include_str!("error_response.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let operations = context.api.operations.iter();
    for operation in operations.filter(|operation| !operation.responses.is_empty()) {
        let is_refusal = |response: &Response| match response.status.codes() {
            Some((first, _)) => first / 100 == 4,
            None => true,
        };
        if !operation.responses.iter().any(is_refusal) {
            let message = format!("`{}` has no response to a wrong request", operation.title());
            let span = context.key_of(operation, "responses");
            out.push(
                RULE.finding(message, span)
                    .help("add a `'4XX'` or a `default` with the type of errors"),
            );
        }
    }
}
