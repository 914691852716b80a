#![doc = include_str!("path_parameter.md")]

use super::{Context, Findings, Node, Rule, Severity, join};
use crate::operation::{Location, Operation};
use crate::path::variables;

pub(super) const RULE: Rule = Rule {
    name: "path-parameter",
    severity: Severity::Warning,
    summary: "the variables of a path are its path parameters",
    explanation: include_str!("path_parameter.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for operation in &context.api.operations {
        undeclared(context, operation, out);
    }
    let paths = context
        .root
        .get("paths")
        .into_iter()
        .flat_map(Node::entries);
    for (path, entry) in paths.filter(|(path, _)| path.starts_with('/')) {
        let operations = entry.node.entries().map(|(_, entry)| &entry.node);
        for holder in std::iter::once(&entry.node).chain(operations) {
            unknown(context, path, holder, out);
        }
    }
}

fn undeclared(context: &Context<'_>, operation: &Operation, out: &mut Findings) {
    let Operation { path, method, .. } = operation;
    let parameters = operation.parameters.iter();
    let in_path = parameters.filter(|one| one.location == Location::Path);
    let declared: Vec<&str> = in_path.map(|one| one.name.as_str()).collect();
    let span = context.root.locate(&join("/paths", path));
    for variable in variables(path) {
        if !declared.contains(&variable) {
            let method = method.to_ascii_lowercase();
            let message = format!("`{{{variable}}}` in `{path}` has no parameter in `{method}`");
            let help = format!("declare `name: {variable}`, `in: path`, `required: true`");
            out.push(RULE.finding(message, span).help(help));
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
