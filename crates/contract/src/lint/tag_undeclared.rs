#![doc = include_str!("tag_undeclared.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "tag-undeclared",
    severity: Severity::Warning,
    summary: "the tags of operations are declared in `tags`",
    explanation: include_str!("tag_undeclared.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let tags = context.root.get("tags").into_iter().flat_map(Node::items);
    let declared: Vec<_> = tags.filter_map(|tag| tag.get("name")?.as_str()).collect();
    for site in context.of(Kind::Operation) {
        for tag in site.node.get("tags").into_iter().flat_map(Node::items) {
            let Some(name) = tag.as_str() else { continue };
            if !declared.contains(&name) {
                out.push(
                    RULE.finding(format!("the tag `{name}` is not declared"), tag.span)
                        .help(format!("add `- name: {name}` to `tags`")),
                );
            }
        }
    }
}
