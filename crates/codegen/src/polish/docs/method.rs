//! What is said of a method: the operation's words, what is sent, and the responses that it
//! fails with. Each of the contract's texts is made safe by itself, so that none can swallow
//! what follows it.

use syn::{FnArg, Pat, Signature};

use super::markdown;
use crate::identifier;
use contract::operation::Operation;

pub(super) fn lines(operation: &Operation, signature: &Signature) -> Vec<String> {
    let summary = operation.summary.as_deref().unwrap_or_default();
    let description = operation.description.as_deref().unwrap_or_default();
    let sends = format!(
        "Sends a `{}` request to {}",
        operation.method,
        markdown::span(&operation.path)
    );
    let mut blocks = vec![
        markdown::lines(summary.trim_end_matches(['.', ','])),
        markdown::lines(description),
        vec![sends],
        arguments(operation, signature),
    ];
    let errors = errors(operation);
    if !errors.is_empty() {
        blocks.extend([vec!["# Errors".to_owned()], errors]);
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join(&String::new())
}

/// What the contract says of the arguments, once it says anything of one.
fn arguments(operation: &Operation, signature: &Signature) -> Vec<String> {
    let parameters = operation.parameters.iter();
    let described: Vec<(String, &str)> = parameters
        .filter_map(|one| Some((identifier::method(&one.name), one.description.as_deref()?)))
        .chain(body(operation))
        .collect();
    if described.is_empty() {
        return Vec::new();
    }
    let mut list = "Arguments:".to_owned();
    let names = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    for name in names {
        let words = described.iter().find(|(known, _)| *known == name);
        list.push_str(&item(
            &format!("`{name}`"),
            words.map_or("", |(_, words)| words),
        ));
    }
    markdown::lines(&list)
}

fn body(operation: &Operation) -> Option<(String, &str)> {
    let body = operation.request.as_ref()?;
    Some(("body".to_owned(), body.description.as_deref()?))
}

/// The responses that are errors.
fn errors(operation: &Operation) -> Vec<String> {
    let responses = operation.responses.iter();
    let errors = responses.filter_map(|response| {
        let (first, _) = response.status.codes()?;
        let words = response.description.as_deref().unwrap_or_default().trim();
        let line = words.lines().next().unwrap_or_default();
        (first / 100 != 2).then(|| item(&response.status.to_string(), line))
    });
    markdown::lines(&errors.collect::<String>())
}

/// An item of a list, with words that may have several lines: all are below its mark, so that
/// what they begin ends with them.
fn item(name: &str, words: &str) -> String {
    match markdown::clean(words.trim()).replace('\n', "\n  ") {
        empty if empty.is_empty() => format!("\n- {name}"),
        words => format!("\n- {name}: {words}"),
    }
}
