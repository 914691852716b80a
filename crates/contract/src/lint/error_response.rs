#![doc = include_str!("error_response.md")]

use super::{Context, Findings, Kind, Rule, Severity, title};

pub(super) const RULE: Rule = Rule {
    name: "error-response",
    severity: Severity::Warning,
    summary: "every operation says what it answers when the request is wrong",
    explanation: include_str!("error_response.md"),
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
                        "{} has no response to a wrong request",
                        title(&site.pointer)
                    ),
                    site.node.key_span("responses"),
                )
                .help("add a `'4XX'` or a `default` with the type of errors"),
            );
        }
    }
}
