#![doc = include_str!("path_form.md")]

use super::{Context, Findings, Node, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    name: "path-form",
    severity: Severity::Warning,
    summary: "paths end in no slash and hold no query",
    explanation: include_str!("path_form.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    let paths = context
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries);
    for (path, entry) in paths.filter(|(path, _)| path.starts_with('/')) {
        if let Some((before, _)) = path.split_once(['?', '#']) {
            let message = format!("the path `{path}` holds a query or a fragment");
            let help = format!("write `{before}`, and parameters `in: query`");
            out.push(RULE.finding(message, entry.key).help(help));
        } else if path.len() > 1 && path.ends_with('/') {
            let message = format!("the path `{path}` ends in a slash");
            let help = format!(
                "write `{}`, if the server takes it",
                path.trim_end_matches('/')
            );
            out.push(RULE.finding(message, entry.key).help(help));
        }
    }
}
