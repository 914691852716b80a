//! What the contract says of an operation and generated code states.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::Call;
use super::response::{Responses, Span, pattern};
use contract::operation::IDEMPOTENCY_KEY;
use contract::operation::{Api, Operation, Server};

/// The constant that the request is made of.
pub(super) fn constant(call: &Call<'_>) -> TokenStream {
    let (operation, responses) = (call.operation, &call.responses);
    let id = call.id();
    let (method, path) = (&operation.method, &operation.path);
    let accept = match &responses.accept {
        Some(accept) => quote!(Some(#accept)),
        None => quote!(None),
    };
    let api = &call.contract.api;
    let security = call.contract.schemes.asked(operation, api);
    let server = match own_server(operation, api) {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let idempotent = operation.idempotent;
    let key = match key(operation) {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    };
    // The statuses that say that nothing was processed.
    let statuses = (100..600).filter(|status| operation.is_not_processed(*status));
    let statuses: Vec<u16> = statuses.collect();
    let not_processed = match patterns(&statuses) {
        Some(pattern) => quote!(|status| matches!(status, #pattern)),
        None => quote!(|_| false),
    };
    let form = form(&statuses, responses, &call.contract.runtime.path());
    let streamed = responses.is_streamed();
    quote! {
        const OPERATION: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            server: #server,
            accept: #accept,
            security: #security,
            idempotent: #idempotent,
            idempotency_key: #key,
            not_processed: #not_processed,
            form: #form,
            streamed: #streamed,
        };
    }
}

/// Where an operation is found, if not where the others are.
fn own_server(operation: &Operation, api: &Api) -> Option<String> {
    let url = |servers: &[Server]| {
        let url = servers.first()?.resolved();
        // A variable that nobody declares has no value.
        let url = Some(url).filter(|url| !url.contains('{'))?;
        Some(url.trim_end_matches('/').to_owned())
    };
    let own = url(&operation.servers)?;
    (url(&api.servers).as_ref() != Some(&own)).then_some(own)
}

/// The header of the idempotency key, if the operation has one.
pub(super) fn key(operation: &Operation) -> Option<&str> {
    operation.extensions.get(IDEMPOTENCY_KEY)?.as_str()
}

/// The forms of those responses that something in front of the API may give in its place, and
/// after it has forwarded the request.
fn form(statuses: &[u16], responses: &Responses, runtime: &Path) -> TokenStream {
    let mut forms = Vec::new();
    for status in statuses.iter().filter(|status| **status >= 500) {
        let Some(form) = responses.form(*status) else {
            continue;
        };
        match forms.iter_mut().find(|(known, _)| *known == form) {
            None => forms.push((form, vec![*status])),
            Some((_, statuses)) => statuses.push(*status),
        }
    }
    let arms = forms.iter().filter_map(|(form, statuses)| {
        let (pattern, form) = (patterns(statuses)?, form.stated(runtime));
        Some(quote!(#pattern => Some(#form),))
    });
    let arms: Vec<_> = arms.collect();
    match arms.is_empty() {
        true => quote!(|_| None),
        false => quote!(|status| match status { #(#arms)* _ => None }),
    }
}

/// A pattern of statuses in order, if there are any.
fn patterns(statuses: &[u16]) -> Option<TokenStream> {
    let mut spans: Vec<Span> = Vec::new();
    for status in statuses {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *status => *last = *status,
            _ => spans.push((*status, *status)),
        }
    }
    let patterns: Vec<_> = spans.into_iter().map(pattern).collect();
    (!patterns.is_empty()).then(|| quote!(#(#patterns)|*))
}
