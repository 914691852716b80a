#![doc = include_str!("required_property.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity, nearest};

pub(super) const RULE: Rule = Rule {
    name: "required-property",
    severity: Severity::Warning,
    summary: "what `required` lists are properties of the schema",
    explanation: include_str!("required_property.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for site in context.of(Kind::Schema) {
        let Some(properties) = site.node.get("properties") else {
            continue;
        };
        let mut composed = ["allOf", "anyOf", "oneOf"].iter();
        if composed.any(|key| site.node.get(key).is_some()) || site.in_composition {
            continue;
        }
        for item in site.node.get("required").into_iter().flat_map(Node::items) {
            let Some(name) = item.as_str() else { continue };
            if properties.get(name).is_some() {
                continue;
            }
            let close = nearest(name, properties.entries().map(|(key, _)| key));
            let help = match close {
                Some(key) => format!("did you mean `{key}`?"),
                None => format!("add `{name}` to `properties`, or remove it here"),
            };
            out.push(
                RULE.finding(
                    format!("`{name}` is required but not a property"),
                    item.span,
                )
                .help(help),
            );
        }
    }
}
