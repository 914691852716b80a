#![doc = include_str!("security_undeclared.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "security-undeclared",
    severity: Severity::Warning,
    summary: "every security scheme that is asked for is declared",
    explanation: include_str!("security_undeclared.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let schemes = context.root.pointer("/components/securitySchemes");
    let operations = context.of(Kind::Operation).map(|site| site.node);
    for holder in std::iter::once(context.root).chain(operations) {
        for requirement in holder.get("security").into_iter().flat_map(Node::items) {
            for (name, entry) in requirement.entries() {
                if schemes.is_some_and(|schemes| schemes.get(name).is_some()) {
                    continue;
                }
                out.push(
                    RULE.finding(
                        format!("the security scheme `{name}` is not declared"),
                        entry.key,
                    )
                    .help("declare it in `components.securitySchemes`, or correct the name"),
                );
            }
        }
    }
}
