#![doc = include_str!("tag_duplicate.md")]

use std::collections::HashMap;

use super::{Context, Findings, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "tag-duplicate",
    severity: Severity::Warning,
    summary: "no tag is declared twice",
    explanation: include_str!("tag_duplicate.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let mut seen = HashMap::new();
    for tag in context.root.get("tags").into_iter().flat_map(Node::items) {
        let Some(node) = tag.get("name") else {
            continue;
        };
        let Some(name) = node.as_str() else { continue };
        if let Some(first) = seen.insert(name, node.span) {
            out.push(
                RULE.finding(format!("the tag `{name}` is declared twice"), node.span)
                    .related(first, "first here")
                    .help("remove one"),
            );
        }
    }
}
