#![doc = include_str!("security_missing.md")]

use super::{Context, Findings, Kind, Rule, Severity, title};

pub(super) const RULE: Rule = Rule {
    name: "security-missing",
    severity: Severity::Warning,
    summary: "every operation says who may call it",
    explanation: include_str!("security_missing.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    if context.root.get("security").is_some() {
        return;
    }
    for site in context.own(Kind::Operation) {
        if site.node.get("security").is_none() {
            out.push(
                RULE.finding(
                    format!("{} does not say who may call it", title(&site.pointer)),
                    context.root.locate(&site.pointer),
                )
                .help("add `security` at the top or here; `security: []` lets anybody"),
            );
        }
    }
}
