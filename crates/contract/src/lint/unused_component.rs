#![doc = include_str!("unused_component.md")]

use std::collections::HashSet;

use super::{Context, Findings, Node, Rule, Severity, join};

pub(super) const RULE: Rule = Rule {
    name: "unused-component",
    severity: Severity::Warning,
    summary: "every component is referred to",
    explanation: include_str!("unused_component.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let used: HashSet<_> = context
        .references()
        .map(|(_, reference)| reference)
        .collect();
    let mapped: HashSet<_> = mapped(context).collect();
    let components = context.root.get("components");
    for (section, entry) in components.into_iter().flat_map(Node::entries) {
        // Security schemes are used by name.
        if section == "securitySchemes" || section.starts_with("x-") {
            continue;
        }
        for (name, component) in entry.node.entries() {
            let reference = join(&format!("#/components/{section}"), name);
            let within = format!("{reference}/");
            let is_used = used.contains(reference.as_str())
                || extends_discriminated(context, &component.node)
                || mapped.contains(reference.as_str())
                || mapped.contains(name)
                || used.iter().any(|used| used.starts_with(&within));
            if !is_used {
                out.push(
                    RULE.finding(format!("nothing refers to `{name}`"), component.key)
                        .help("remove it, or use it"),
                );
            }
        }
    }
}

/// Whether a schema is one of the kinds of another, which names them by its
/// discriminator and needs no `$ref` to them (`OpenAPI` 3.0.3, section 4.7.25).
fn extends_discriminated<'a>(context: &Context<'a>, schema: &'a Node) -> bool {
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    parts
        .filter_map(|part| context.resolve(part))
        .any(|part| part.get("discriminator").is_some())
}

/// What the mappings of discriminators name.
fn mapped<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a str> {
    let sites = context.sites.iter();
    let mappings = sites.filter_map(|site| site.node.get("discriminator")?.get("mapping"));
    mappings
        .flat_map(Node::entries)
        .filter_map(|(_, entry)| entry.node.as_str())
}
