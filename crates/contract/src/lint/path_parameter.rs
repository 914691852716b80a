#![doc = include_str!("path_parameter.md")]

use super::{Context, Findings, METHODS, Node, Rule, Severity, Span};
use crate::path::variables;

pub(super) const RULE: Rule = Rule {
    name: "path-parameter",
    severity: Severity::Warning,
    summary: "the variables of a path are its path parameters",
    explanation: include_str!("path_parameter.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for (path, entry) in context
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries)
    {
        if !path.starts_with('/') {
            continue;
        }
        for (method, operation) in entry.node.entries() {
            if !METHODS.contains(&method) {
                continue;
            }
            let declared = declared(context, &[&entry.node, &operation.node]);
            undeclared(path, entry.key, method, &declared, out);
        }
        for node in std::iter::once(&entry.node).chain(entry.node.entries().map(|(_, e)| &e.node)) {
            unknown(context, path, node, out);
        }
    }
}

/// The names of the path parameters that path item and operation declare.
fn declared<'a>(context: &Context<'a>, holders: &[&'a Node]) -> Vec<&'a str> {
    let lists = holders.iter().filter_map(|holder| holder.get("parameters"));
    lists
        .flat_map(Node::items)
        .filter_map(|parameter| context.resolve(parameter))
        .filter(|parameter| parameter.get("in").and_then(Node::as_str) == Some("path"))
        .filter_map(|parameter| parameter.get("name")?.as_str())
        .collect()
}

fn undeclared(path: &str, span: Span, method: &str, declared: &[&str], out: &mut Findings) {
    for variable in variables(path) {
        if !declared.contains(&variable) {
            let message = format!("`{{{variable}}}` in `{path}` has no parameter in `{method}`");
            out.push(RULE.finding(message, span).help(format!(
                "declare `name: {variable}`, `in: path`, `required: true`"
            )));
        }
    }
}

fn unknown<'a>(context: &Context<'a>, path: &str, holder: &'a Node, out: &mut Findings) {
    let variables: Vec<_> = variables(path).collect();
    for parameter in holder.get("parameters").into_iter().flat_map(Node::items) {
        let Some(target) = context.resolve(parameter) else {
            continue;
        };
        let name = target.get("name").and_then(Node::as_str).unwrap_or("?");
        let is_path = target.get("in").and_then(Node::as_str) == Some("path");
        if is_path && !variables.contains(&name) {
            let message = format!("the path parameter `{name}` is not in `{path}`");
            out.push(
                RULE.finding(message, parameter.span.first_line())
                    .help(format!(
                        "write `{{{name}}}` in the path, or remove the parameter"
                    )),
            );
        }
    }
}
