//! # What
//! Nothing stands beside a `$ref`.
//! # Why
//! Readers of 3.0 ignore it (`OpenAPI` 3.0.3, section 4.7.23): a `nullable: true`
//! there has no effect.
//! # Drawbacks
//! A description beside a `$ref` does no harm, but is not shown either.
//! # Wrong
//! `{$ref: '#/components/schemas/Team', nullable: true}`
//! # Right
//! `{$ref: '#/components/schemas/Team'}`, and `nullable: true` in `Team`

use super::{Context, Findings, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "ref-siblings",
    severity: Severity::Warning,
    summary: "nothing stands beside a `$ref`",
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
