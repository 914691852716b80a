//! What is said of a method: the operation's words, what is sent, and the answers that it
//! fails with. Each of the contract's texts is made safe by itself, so that none can swallow
//! what follows it.

use openapiv3::StatusCode;

use syn::Signature;

use super::markdown;
use crate::identifier;
use crate::polish::calls::argument::typed;
use crate::polish::operations::{Contract, Operation};

pub(super) fn lines(
    operation: &Operation<'_>,
    contract: &Contract<'_>,
    signature: &Signature,
) -> Vec<String> {
    let Operation { path, method, says } = operation;
    let summary = says.summary.as_deref().unwrap_or_default();
    let description = says.description.as_deref().unwrap_or_default();
    let sends = format!(
        "Sends a `{}` request to {}",
        method.to_ascii_uppercase(),
        markdown::span(path)
    );
    let mut blocks = vec![
        markdown::lines(summary.trim_end_matches(['.', ','])),
        markdown::lines(description),
        vec![sends],
        arguments(operation, signature),
    ];
    let errors = errors(operation, contract);
    if !errors.is_empty() {
        blocks.extend([vec!["# Errors".to_owned()], errors]);
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join(&String::new())
}

/// What the contract says of the arguments, once it says anything of one.
fn arguments(operation: &Operation<'_>, signature: &Signature) -> Vec<String> {
    let parameters = operation.says.parameters.iter();
    let parameters = parameters.filter_map(|parameter| parameter.as_item());
    let described: Vec<(String, &str)> = parameters
        .map(|parameter| parameter.parameter_data_ref())
        .filter_map(|data| Some((identifier::method(&data.name), data.description.as_deref()?)))
        .chain(body(operation))
        .collect();
    if described.is_empty() {
        return Vec::new();
    }
    let mut list = "Arguments:".to_owned();
    for (ident, _) in typed(signature) {
        let name = ident.to_string();
        let words = described.iter().find(|(known, _)| *known == name);
        list.push_str(&item(
            &format!("`{name}`"),
            words.map_or("", |(_, words)| words),
        ));
    }
    markdown::lines(&list)
}

fn body<'a>(operation: &Operation<'a>) -> Option<(String, &'a str)> {
    let body = operation.says.request_body.as_ref()?.as_item()?;
    Some(("body".to_owned(), body.description.as_deref()?))
}

/// The answers that are errors.
fn errors(operation: &Operation<'_>, contract: &Contract<'_>) -> Vec<String> {
    let responses = &operation.says.responses.responses;
    let errors = responses.iter().filter_map(|(status, response)| {
        let name = match status {
            StatusCode::Code(code) => code.to_string(),
            StatusCode::Range(range) => format!("{range}XX"),
        };
        let words = contract.response(response)?.description.trim();
        let first = words.lines().next().unwrap_or_default();
        (!name.starts_with('2')).then(|| item(&name, first))
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
