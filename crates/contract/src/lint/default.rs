#![doc = include_str!("default.md")]

use super::example::value;
use super::{Context, Findings, Kind, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "default",
    severity: Severity::Warning,
    summary: "every `default` is valid against its schema",
    explanation: include_str!("default.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        if let Some(default) = site.node.get("default") {
            value(&RULE, context, &site.pointer, site.direction, default, out);
        }
    }
}
