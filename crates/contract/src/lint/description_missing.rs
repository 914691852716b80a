#![doc = include_str!("description_missing.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "description-missing",
    severity: Severity::Note,
    summary: "the API, its operations and their parameters are described",
    explanation: include_str!("description_missing.md"),
    check,
};

fn is_described(node: &Node) -> bool {
    let says = |key: &str| {
        let words = node.get(key).and_then(Node::as_str);
        words.is_some_and(|words| !words.trim().is_empty())
    };
    says("description") || says("summary")
}

fn check(context: &Context<'_>, out: &mut Findings) {
    if let Some(info) = context.root.get("info")
        && !is_described(info)
    {
        let span = context.root.key_span("info");
        let finding = RULE.finding("the API has no description", span);
        out.push(finding.help("add `description` to `info`"));
    }
    for operation in &context.api.operations {
        let texts = [&operation.summary, &operation.description];
        let mut texts = texts.into_iter().flatten();
        if texts.all(|text| text.trim().is_empty()) {
            let title = operation.title();
            let message = format!("`{title}` has no summary and no description");
            let finding = RULE.finding(message, operation.origin.span);
            out.push(finding.help("add a `summary`: what a caller gets from it"));
        }
    }
    for site in context.own(Kind::Parameter) {
        let name = site.node.get("name").and_then(Node::as_str);
        if let Some(name) = name
            && !is_described(site.node)
        {
            let message = format!("the parameter `{name}` has no description");
            let finding = RULE.finding(message, site.node.span.first_line());
            out.push(finding.help("add a `description`: what it does, its units, its limits"));
        }
    }
}
