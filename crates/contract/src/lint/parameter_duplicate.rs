#![doc = include_str!("parameter_duplicate.md")]

use std::collections::HashMap;

use super::{Context, Findings, Kind, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "parameter-duplicate",
    severity: Severity::Warning,
    summary: "no list of parameters has the same name and location twice",
    explanation: include_str!("parameter_duplicate.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in &context.sites {
        if !matches!(site.kind, Kind::Operation | Kind::PathItem) {
            continue;
        }
        let mut seen = HashMap::new();
        for item in site
            .node
            .get("parameters")
            .into_iter()
            .flat_map(Node::items)
        {
            let Some(parameter) = context.resolve(item) else {
                continue;
            };
            let text = |key| parameter.get(key).and_then(Node::as_str);
            let (Some(name), Some(location)) = (text("name"), text("in")) else {
                continue;
            };
            if let Some(first) = seen.insert((name, location), item.span) {
                out.push(
                    RULE.finding(
                        format!("the {location} parameter `{name}` stands twice"),
                        item.span.first_line(),
                    )
                    .related(first.first_line(), "first here")
                    .help("remove one"),
                );
            }
        }
    }
}
