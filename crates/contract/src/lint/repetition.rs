#![doc = include_str!("repetition.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};
use crate::operation::{IDEMPOTENT, NOT_PROCESSED};

pub(super) const RULE: Rule = Rule {
    name: "repetition",
    severity: Severity::Error,
    summary: "`x-idempotent` and `x-not-processed` are true or false, the latter of an error",
    explanation: include_str!("repetition.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for (kind, key) in [
        (Kind::Operation, IDEMPOTENT),
        (Kind::Response, NOT_PROCESSED),
    ] {
        for site in context.of(kind) {
            if let Some(value) = site.node.get(key)
                && value.to_json().as_bool().is_none()
            {
                let message = format!("`{key}` is neither true nor false");
                let help = format!("write `{key}: true`, or leave it out");
                out.push(RULE.finding(message, value.span).help(help));
            }
        }
    }
    for operation in context.of(Kind::Operation) {
        let responses = operation.node.get("responses").into_iter();
        for (status, entry) in responses.flat_map(Node::entries) {
            let response = context.resolve(&entry.node);
            let says_so = response.is_some_and(|r| r.get(NOT_PROCESSED).is_some_and(Node::is_true));
            if says_so && !status.starts_with(['4', '5']) {
                let message = format!("the response `{status}` cannot be `{NOT_PROCESSED}`");
                let help = "say it of a status that begins with 4 or 5, such as 429 or 503";
                out.push(RULE.finding(message, entry.key).help(help));
            }
        }
    }
}
