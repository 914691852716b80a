#![doc = include_str!("ref_siblings.md")]

use super::{Context, Findings, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "ref-siblings",
    severity: Severity::Warning,
    summary: "nothing stands beside a `$ref`",
    explanation: include_str!("ref_siblings.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for (site, _) in context.references() {
        for (key, entry) in site.node.entries() {
            // Path items may have both (section 4.7.9).
            if key == "$ref" || key.starts_with("x-") || site.kind == super::Kind::PathItem {
                continue;
            }
            out.push(
                RULE.finding(format!("`{key}` beside a `$ref` has no effect"), entry.key)
                    .help("move it to what is referred to, or wrap the `$ref` in `allOf`"),
            );
        }
    }
}
