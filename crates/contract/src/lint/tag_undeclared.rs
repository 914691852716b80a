#![doc = include_str!("tag_undeclared.md")]

use std::collections::HashSet;

use super::{Context, Findings, Rule, Severity, join};

pub(super) const RULE: Rule = Rule {
    name: "tag-undeclared",
    severity: Severity::Warning,
    summary: "the tags of operations are declared in `tags`",
    explanation: include_str!("tag_undeclared.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let declared: HashSet<&str> = context
        .api
        .tags
        .iter()
        .map(|tag| tag.name.as_str())
        .collect();
    for operation in context.api.all() {
        for (index, name) in operation.tags.iter().enumerate() {
            if !declared.contains(name.as_str()) {
                let tags = join(&operation.origin.pointer, "tags");
                let span = context.root.locate(&format!("{tags}/{index}"));
                out.push(
                    RULE.finding(format!("the tag `{name}` is not declared"), span)
                        .help(format!("add `- name: {name}` to `tags`")),
                );
            }
        }
    }
}
