//! What the contract says of an operation and generated code states.

use openapiv3::{OpenAPI, Operation, StatusCode};
use proc_macro2::TokenStream;
use quote::quote;

use crate::normalise::bodies::{MEDIA_TYPE, OPTIONAL};
use crate::normalise::parameters::STYLE;
use crate::normalise::wire_names::restore;
use crate::operation::{IDEMPOTENT, NOT_PROCESSED, is_idempotent};
use crate::polish::operations::follow;
use crate::polish::status_arms;

pub(super) struct Facts {
    id: String,
    path: String,
    idempotent: bool,
    /// A pattern of statuses, if there are any.
    not_processed: Option<TokenStream>,
    pub(super) body: Body,
    /// Parameters of the query that are not written in the usual style, by their names on
    /// the wire.
    pub(super) styles: Vec<(String, String)>,
}

/// What of a request's body progenitor does not know.
#[derive(Default)]
pub(super) struct Body {
    /// Whether the caller may leave it out.
    pub(super) is_optional: bool,
    /// The media type, where it is not the one that progenitor sends.
    pub(super) media_type: Option<String>,
}

impl Facts {
    pub(super) fn of(spec: &OpenAPI, path: &str, method: &str, operation: &Operation) -> Self {
        let stated = operation.extensions.get(IDEMPOTENT);
        let stated = stated.and_then(|value| value.as_bool());
        Self {
            id: operation.operation_id.clone().unwrap_or_default(),
            path: path.to_owned(),
            idempotent: stated.unwrap_or_else(|| is_idempotent(method)),
            not_processed: not_processed(spec, operation),
            body: body(operation),
            styles: styles(spec, operation),
        }
    }

    pub(super) fn constant(&self, streamed: bool) -> TokenStream {
        let Facts {
            id,
            path,
            idempotent,
            not_processed,
            ..
        } = self;
        let not_processed = match not_processed {
            Some(pattern) => quote!(|status| matches!(status, #pattern)),
            None => quote!(|_| false),
        };
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
}

fn styles(spec: &OpenAPI, operation: &Operation) -> Vec<(String, String)> {
    let parameters = operation
        .parameters
        .iter()
        .filter_map(|parameter| parameter.as_item());
    let styled = parameters.filter_map(|parameter| {
        let data = parameter.parameter_data_ref();
        let style = data.extensions.get(STYLE)?.as_str()?;
        Some((data.name.clone(), style.to_owned()))
    });
    let mut styled: Vec<_> = styled.collect();
    if !styled.is_empty() {
        let names = restore(spec);
        for (name, _) in &mut styled {
            if let Some(wire) = names.get(name) {
                name.clone_from(wire);
            }
        }
    }
    styled
}

fn body(operation: &Operation) -> Body {
    let body = operation
        .request_body
        .as_ref()
        .and_then(|body| body.as_item());
    let Some(body) = body else {
        return Body::default();
    };
    let media_type = body
        .extensions
        .get(MEDIA_TYPE)
        .and_then(|name| name.as_str());
    // What cannot stand in a header would fail every call.
    let media_type =
        media_type.filter(|name| name.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
    Body {
        is_optional: body.extensions.contains_key(OPTIONAL),
        media_type: media_type.map(str::to_owned),
    }
}

/// A pattern of the statuses that say that nothing was processed. As everywhere, what is
/// said of an exact code counts before what is said of its range.
fn not_processed(spec: &OpenAPI, operation: &Operation) -> Option<TokenStream> {
    let responses = operation.responses.responses.iter();
    let stated = responses.filter_map(|(status, response)| {
        let response = follow(spec, response)?;
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
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for status in (100..600).filter(|status| says(*status)) {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == status => *last = status,
            _ => spans.push((status, status)),
        }
    }
    let patterns = spans.into_iter().map(status_arms::pattern);
    let patterns: Vec<_> = patterns.collect();
    (!patterns.is_empty()).then(|| quote!(#(#patterns)|*))
}
