#![doc = include_str!("success_response.md")]

use super::{Context, Findings, Kind, Rule, Severity, title};

pub(super) const RULE: Rule = Rule {
    name: "success-response",
    severity: Severity::Warning,
    summary: "every operation says what it answers when all is well",
    explanation: include_str!("success_response.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.own(Kind::Operation) {
        let Some(responses) = site.node.get("responses") else {
            continue;
        };
        let names_one = |status: &str| status.starts_with(['1', '2', '3']) || status == "default";
        if !responses.entries().any(|(status, _)| names_one(status)) {
            out.push(
                RULE.finding(
                    format!("{} has no response but errors", title(&site.pointer)),
                    site.node.key_span("responses"),
                )
                .help("add the status that it answers with when all is well"),
            );
        }
    }
}
