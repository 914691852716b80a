//! # What
//! Status codes are in quotes.
//! # Why
//! A bare `200` is a number to YAML, and keys are text (`OpenAPI` 3.0.3, section
//! 4.7.16): strict readers refuse the document.
//! # Wrong
//! `200: {description: …}`
//! # Right
//! `'200': {description: …}`

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "status-code",
    severity: Severity::Warning,
    summary: "status codes are in quotes",
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Operation) {
        for (code, entry) in site
            .node
            .get("responses")
            .into_iter()
            .flat_map(Node::entries)
        {
            if !entry.key_is_text {
                out.push(
                    RULE.finding(
                        format!("the status code `{code}` is a number to YAML"),
                        entry.key,
                    )
                    .help(format!("write `'{code}'`")),
                );
            }
        }
    }
}
