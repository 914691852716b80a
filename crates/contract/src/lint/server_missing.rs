#![doc = include_str!("server_missing.md")]

use super::{Context, Findings, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "server-missing",
    severity: Severity::Warning,
    summary: "`servers` names where the API is",
    explanation: include_str!("server_missing.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let servers = context.root.get("servers");
    if servers.is_none_or(|servers| servers.items().next().is_none()) {
        let span = match servers {
            Some(_) => context.root.key_span("servers"),
            None => context.root.key_span("openapi"),
        };
        let first = servers.map_or("is missing", |_: &Node| "is empty");
        out.push(
            RULE.finding(
                format!("`servers` {first}: callers must know the address"),
                span,
            )
            .help("add `servers: [{url: https://…}]`"),
        );
    }
}
