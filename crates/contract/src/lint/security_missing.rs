#![doc = include_str!("security_missing.md")]

use super::{Context, Findings, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "security-missing",
    severity: Severity::Warning,
    summary: "every operation says who may call it",
    explanation: include_str!("security_missing.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let operations = context.api.operations.iter();
    for operation in operations.filter(|operation| operation.security.is_none()) {
        let message = format!("`{}` does not say who may call it", operation.title());
        out.push(
            RULE.finding(message, operation.origin.span)
                .help("add `security` at the top or here; `security: []` lets anybody"),
        );
    }
}
