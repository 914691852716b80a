//! What the contract says of an operation and generated code states.

use openapiv3::{OpenAPI, Operation, Parameter, StatusCode};
use proc_macro2::TokenStream;
use quote::quote;

use crate::normalise::bodies::{MEDIA_TYPE, OPTIONAL};
use crate::normalise::parameters::{STYLE, variables};
use crate::normalise::responses::ACCEPT;
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
    /// What the client takes for an answer, where it is not just JSON.
    pub(super) accept: Option<String>,
    /// Of the parameters that are not written in the usual style.
    pub(super) styles: Styles,
}

/// Styles by the names of parameters on the wire.
#[derive(Default)]
pub(super) struct Styles {
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    path: Vec<(String, String)>,
}

/// What of a request's body progenitor does not know.
#[derive(Default)]
pub(super) struct Body {
    /// Whether the caller may leave it out.
    pub(super) is_optional: bool,
    /// The media type, where it is not the one that progenitor sends.
    pub(super) media_type: Option<String>,
    /// How the properties of a form are written, where the document says so.
    pub(super) styles: Vec<(String, String)>,
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
            accept: accept(operation),
            styles: styles(spec, operation),
        }
    }

    /// The variables of the path, in order, with the styles of those that have one.
    pub(super) fn variables(&self) -> Vec<(&str, Option<&str>)> {
        let variables = variables(&self.path);
        let styled = |name: &str| {
            let mut styles = self.styles.path.iter();
            styles.find(|(styled, _)| styled == name)
        };
        variables
            .map(|name| (name, styled(name).map(|(_, style)| style.as_str())))
            .collect()
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

fn accept(operation: &Operation) -> Option<String> {
    let accept = operation.extensions.get(ACCEPT)?.as_str()?;
    // What cannot stand in a header would fail every call.
    let fits = accept.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    fits.then(|| accept.to_owned())
}

fn styles(spec: &OpenAPI, operation: &Operation) -> Styles {
    let mut styles = Styles::default();
    let parameters = operation.parameters.iter();
    for parameter in parameters.filter_map(|parameter| parameter.as_item()) {
        let data = parameter.parameter_data_ref();
        let Some(style) = data.extensions.get(STYLE).and_then(|style| style.as_str()) else {
            continue;
        };
        let name = restore(spec).remove(&data.name);
        let name = name.unwrap_or_else(|| data.name.clone());
        let of_place = match parameter {
            Parameter::Query { .. } => &mut styles.query,
            Parameter::Path { .. } => &mut styles.path,
            Parameter::Header { .. } | Parameter::Cookie { .. } => &mut styles.headers,
        };
        of_place.push((name, style.to_owned()));
    }
    styles
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
    let styled = body.extensions.get(STYLE).and_then(|s| s.as_object());
    let styled = styled.into_iter().flatten();
    let styled =
        styled.filter_map(|(name, style)| Some((name.clone(), style.as_str()?.to_owned())));
    Body {
        is_optional: body.extensions.contains_key(OPTIONAL),
        media_type: media_type.map(str::to_owned),
        styles: styled.collect(),
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
