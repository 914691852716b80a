//! # What
//! Every operation says what it answers when the request is wrong: a 4XX, or `default`.
//! # Why
//! An answer that the contract does not name is one that the client cannot read: callers
//! get a status and bytes instead of a type.
//! # Wrong
//! `responses: {'200': …}`
//! # Right
//! `responses: {'200': …, '400': …}`

use super::{Context, Findings, Kind, Rule, Severity, title};

pub(super) const RULE: Rule = Rule {
    name: "error-response",
    severity: Severity::Warning,
    summary: "every operation says what it answers when the request is wrong",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.own(Kind::Operation) {
        let Some(responses) = site.node.get("responses") else {
            continue;
        };
        let names_one = |status: &str| status.starts_with('4') || status == "default";
        if !responses.entries().any(|(status, _)| names_one(status)) {
            out.push(
                RULE.finding(
                    format!(
                        "{} names no answer to a wrong request",
                        title(&site.pointer)
                    ),
                    site.node.key_span("responses"),
                )
                .help("add a `'4XX'` or a `default` with the type of errors"),
            );
        }
    }
}
