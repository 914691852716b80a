#![doc = include_str!("rate_limit.md")]

use super::{Context, Findings, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "rate-limit",
    severity: Severity::Warning,
    summary: "`x-rate-limit` says how many `requests` in how many `seconds`",
    explanation: include_str!("rate_limit.md"),
    check,
};

const KEY: &str = "x-rate-limit";

fn check(context: &Context<'_>, out: &mut Findings) {
    let Some(limit) = context.root.get(KEY) else {
        return;
    };
    let help = "write `x-rate-limit: {requests: 300, seconds: 1}`";
    for key in ["requests", "seconds"] {
        let number = limit.get(key).map(Node::to_json);
        let fits = |n: u64| (1..=u64::from(u32::MAX)).contains(&n);
        if !number.and_then(|n| n.as_u64()).is_some_and(fits) {
            let message = format!("`{KEY}` lacks a whole number of `{key}` above 0");
            let span = match limit.get(key) {
                Some(node) => node.span,
                None => context.root.key_span(KEY),
            };
            out.push(RULE.finding(message, span).help(help));
        }
    }
    for (key, entry) in limit.entries() {
        if !["requests", "seconds"].contains(&key) {
            let message = format!("`{key}` is not known in `{KEY}`");
            out.push(RULE.finding(message, entry.key).help(help));
        }
    }
}
