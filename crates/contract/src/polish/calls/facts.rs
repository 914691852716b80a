//! What the contract says of an operation and generated code states.

use openapiv3::StatusCode;
use proc_macro2::TokenStream;
use quote::quote;

use super::answer::{Answers, Span, pattern};
use crate::operation::{IDEMPOTENT, NOT_PROCESSED, is_idempotent};
use crate::polish::operations::{Contract, Operation};

/// The constant that the transport is given.
pub(super) fn constant(
    operation: &Operation<'_>,
    contract: &Contract<'_>,
    answers: &Answers,
) -> TokenStream {
    let id = operation.id();
    let path = operation.path;
    let stated = operation.says.extensions.get(IDEMPOTENT);
    let stated = stated.and_then(|value| value.as_bool());
    let idempotent = stated.unwrap_or_else(|| is_idempotent(operation.method));
    let not_processed = match not_processed(operation, contract) {
        Some(pattern) => quote!(|status| matches!(status, #pattern)),
        None => quote!(|_| false),
    };
    let streamed = answers.is_streamed();
    quote! {
        const OPERATION: Operation = Operation {
            id: #id,
            path: #path,
            idempotent: #idempotent,
            not_processed: #not_processed,
            streamed: #streamed,
        };
    }
}

/// A pattern of the statuses that say that nothing was processed. As everywhere, what is
/// said of an exact code counts before what is said of its range.
fn not_processed(operation: &Operation<'_>, contract: &Contract<'_>) -> Option<TokenStream> {
    let responses = operation.says.responses.responses.iter();
    let stated = responses.filter_map(|(status, response)| {
        let response = contract.response(response)?;
        Some((status, response.extensions.get(NOT_PROCESSED)?.as_bool()?))
    });
    let stated: Vec<_> = stated.collect();
    let says = |status: u16| {
        let of = |wanted: StatusCode| {
            let mut stated = stated.iter().filter(|(status, _)| **status == wanted);
            stated.next().map(|(_, safe)| *safe)
        };
        // RFC 6585, section 4: 429 means just that, unless the contract says otherwise.
        of(StatusCode::Code(status))
            .or_else(|| of(StatusCode::Range(status / 100)))
            .unwrap_or(status == 429)
    };
    let mut spans: Vec<Span> = Vec::new();
    for status in (100..600).filter(|status| says(*status)) {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == status => *last = status,
            _ => spans.push((status, status)),
        }
    }
    let patterns: Vec<_> = spans.into_iter().map(pattern).collect();
    (!patterns.is_empty()).then(|| quote!(#(#patterns)|*))
}
