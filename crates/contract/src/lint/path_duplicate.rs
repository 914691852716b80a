#![doc = include_str!("path_duplicate.md")]

use std::collections::HashMap;

use super::{Context, Findings, Node, Rule, Severity};
use crate::path::shape;

pub(super) const RULE: Rule = Rule {
    name: "path-duplicate",
    severity: Severity::Warning,
    summary: "no two paths differ only in the names of their variables",
    explanation: include_str!("path_duplicate.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let mut seen = HashMap::new();
    for (path, entry) in context
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries)
    {
        if let Some((first, span)) = seen.insert(shape(path), (path, entry.key)) {
            out.push(
                RULE.finding(format!("`{path}` is the same path as `{first}`"), entry.key)
                    .related(span, "first here")
                    .help("put the methods of both under one path"),
            );
        }
    }
}
