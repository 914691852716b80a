#![doc = include_str!("discriminator.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity, join, nearest, pointer};

pub(super) const RULE: Rule = Rule {
    name: "discriminator",
    severity: Severity::Warning,
    summary: "what the mapping of a discriminator names is there",
    explanation: include_str!("discriminator.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let schemas = context.root.pointer("/components/schemas");
    for site in context.of(Kind::Schema) {
        let mapping = site
            .node
            .get("discriminator")
            .and_then(|d| d.get("mapping"));
        for (value, entry) in mapping.into_iter().flat_map(Node::entries) {
            let Some(target) = entry.node.as_str() else {
                continue;
            };
            let at = match target.starts_with('#') {
                true => pointer(target),
                false => Some(join("/components/schemas", target)),
            };
            // A file of its own was read into the components, or refused by its own rule.
            if at.is_some_and(|at| context.root.pointer(&at).is_some())
                || target.contains('/') && !target.starts_with('#')
            {
                continue;
            }
            let names = schemas.into_iter().flat_map(Node::entries);
            let names = names.map(|(name, _)| name);
            let name = target.rsplit('/').next().unwrap_or_default();
            let help = match nearest(name, names) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "declare it in `components.schemas`, or remove the value".to_owned(),
            };
            let message = format!("`{value}` leads to `{target}`, which names nothing");
            out.push(RULE.finding(message, entry.node.span).help(help));
        }
    }
}
