#![doc = include_str!("extensible_enum.md")]

use std::collections::HashSet;

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "extensible-enum",
    severity: Severity::Warning,
    summary: "`x-extensible-enum` lists text, beside `type: string` and without `enum`",
    explanation: include_str!("extensible_enum.md"),
    check,
};

const KEY: &str = "x-extensible-enum";

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        let Some(values) = site.node.get(KEY) else {
            continue;
        };
        let key = site.node.key_span(KEY);
        if site.node.get("type").and_then(Node::as_str) != Some("string") {
            out.push(
                RULE.finding(format!("`{KEY}` needs `type: string`"), key)
                    .help("add `type: string`, or use `enum`"),
            );
        }
        if site.node.get("enum").is_some() {
            out.push(
                RULE.finding(format!("`{KEY}` beside `enum`"), key)
                    .help("keep one: `enum` closes the set, the extension leaves it open"),
            );
        }
        let texts: Vec<_> = values.items().map(Node::as_str).collect();
        let unique = texts.iter().collect::<HashSet<_>>().len() == texts.len();
        if texts.is_empty() || texts.contains(&None) || !unique {
            out.push(
                RULE.finding(format!("`{KEY}` is not a list of different texts"), key)
                    .help("list each known value once, in quotes if it looks like a number"),
            );
        }
    }
}
