//! Lists in the documentation of a method the answers that it fails with, in the
//! contract's words.

use openapiv3::{OpenAPI, Operation, StatusCode};
use syn::{File, parse_quote};

use super::methods;
use super::operations::{Operations, follow};

pub(super) fn pass(file: &mut File, spec: &OpenAPI) {
    let operations = Operations::of(spec);
    for function in methods(file) {
        let Some((.., operation)) = operations.find(function) else {
            continue;
        };
        let lines = lines(spec, operation);
        if lines.is_empty() {
            continue;
        }
        let section = format!("# Errors\n\n{}", lines.concat());
        function.attrs.push(parse_quote!(#[doc = #section]));
    }
}

fn lines(spec: &OpenAPI, operation: &Operation) -> Vec<String> {
    let responses = &operation.responses;
    let by_status = responses.responses.iter().filter_map(|(status, response)| {
        let name = match status {
            StatusCode::Code(code) => code.to_string(),
            StatusCode::Range(range) => format!("{range}XX"),
        };
        let is_success = name.starts_with('2');
        (!is_success).then(|| Some((name, follow(spec, response)?)))?
    });
    let default = responses.default.iter().filter_map(|response| {
        let name = "any other".to_owned();
        Some((name, follow(spec, response)?))
    });
    let lines = by_status.chain(default).map(|(name, response)| {
        let words = response.description.trim().lines().next();
        match words.unwrap_or_default() {
            "" => format!("- {name}\n"),
            words => format!("- {name}: {words}\n"),
        }
    });
    lines.collect()
}
