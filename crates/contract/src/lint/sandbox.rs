#![doc = include_str!("sandbox.md")]

use super::{Context, Finding, Findings, Rule, Severity};
use crate::operation::{Location, Operation, Remembered, SANDBOX, Sandboxed};
use crate::source::tokens;

pub(super) const RULE: Rule = Rule {
    name: "sandbox",
    severity: Severity::Error,
    summary: "what `x-sandbox` says is about the operation",
    explanation: include_str!("sandbox.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for operation in &context.api.operations {
        let wrong = match Sandboxed::read(&operation.extensions) {
            None | Some(Ok(Sandboxed::Forgets)) => continue,
            Some(Ok(Sandboxed::Remembers(remembered))) => wrong(operation, &remembered),
            Some(Err(why)) => vec![why],
        };
        let root = context.root;
        let node = root.pointer(&operation.origin.pointer);
        let span = node.map_or(operation.origin.span, |node| node.key_span(SANDBOX));
        let findings = wrong.into_iter().map(|why| {
            let message = format!("`{SANDBOX}` means nothing: {why}");
            Finding::new(RULE.name, RULE.severity, message, span)
                .help("`explain sandbox` shows what it may say")
        });
        out.extend(findings);
    }
}

/// What is not about the operation.
fn wrong(operation: &Operation, remembered: &Remembered) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(collection) = &remembered.collection {
        if remembered.action.is_none() {
            wrong.push("`collection` needs an `action`, too".to_owned());
        }
        if !collection.starts_with('/') {
            wrong.push(format!(
                "the collection `{collection}` is no path: begin with `/`"
            ));
        }
    }
    if let Some(member) = &remembered.member
        && (tokens(member).is_none() || !member.is_empty() && !member.starts_with('/'))
    {
        wrong.push(format!("`{member}` is no JSON Pointer: begin with `/`"));
    }
    if let Some(name) = &remembered.parameter {
        let is_it = |one: &crate::operation::Parameter| {
            one.name == *name && matches!(one.location, Location::Path | Location::Query)
        };
        if !operation.parameters.iter().any(is_it) {
            let message = format!("the operation has no parameter `{name}` in path or query");
            wrong.push(message);
        }
    }
    wrong
}
