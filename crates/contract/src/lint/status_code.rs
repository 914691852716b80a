#![doc = include_str!("status_code.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "status-code",
    severity: Severity::Warning,
    summary: "status codes are in quotes",
    explanation: include_str!("status_code.md"),
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
