#![doc = include_str!("pattern.md")]

use std::collections::HashMap;

use super::{Context, Findings, Kind, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "pattern",
    severity: Severity::Warning,
    summary: "every `pattern` is a regular expression",
    explanation: include_str!("pattern.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    // Documents use the same few patterns over and over, and each costs a compiler.
    let mut known = HashMap::new();
    for site in context.of(Kind::Schema) {
        let Some(node) = site.node.get("pattern") else {
            continue;
        };
        let Some(pattern) = node.as_str() else {
            continue;
        };
        let is_pattern = known.entry(pattern).or_insert_with(|| {
            // The judge is the engine that generated code uses, an ECMA-262 one.
            regress::Regex::new(pattern).is_ok()
        });
        if !*is_pattern {
            out.push(
                RULE.finding(
                    format!("`{pattern}` is not a regular expression"),
                    node.span,
                )
                .help("patterns are ECMA-262 regular expressions; look for an unclosed `[` or `(`"),
            );
        }
    }
}
