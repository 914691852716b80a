//! The statements that build a request.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::argument::Argument;
use super::body::Body;
use super::response::Responses;
use super::{Local, call, url};
use contract::operation::{Location, Operation};

/// From the address to the body; what may be left out is added where it is there.
pub(super) fn statements(
    operation: &Operation,
    arguments: &[Argument],
    body: Option<&Body>,
    responses: &Responses,
    local: &Local,
) -> TokenStream {
    let Local { url, request, .. } = local;
    let address = url::statements(&operation.path, arguments, url);
    let start = start(&operation.method, url);
    let accept = responses
        .accept
        .as_ref()
        .map(|accept| call("header", &quote!(ACCEPT, HeaderValue::from_static(#accept))));
    let query = arguments.iter().filter_map(url::query);
    let query = query.map(|query| call("query", &query));
    let is_header = |a: &&Argument| matches!(a.location, Location::Header | Location::Cookie);
    let (optional, required): (Vec<_>, Vec<_>) = arguments
        .iter()
        .filter(is_header)
        .partition(|a| a.is_optional);
    let headers = required.iter().map(|a| header(a, &a.ident));
    let (later, now): (Option<&Body>, Option<&Body>) = match body {
        Some(body) if body.is_optional => (Some(body), None),
        other => (None, other),
    };
    let now = now.map(Body::calls);
    let mutable = (!optional.is_empty() || later.is_some()).then(|| quote!(mut));
    let optional = optional.iter().map(|argument| {
        let ident = &argument.ident;
        let header = header(argument, &format_ident!("value"));
        quote! {
            if let Some(value) = #ident {
                #request = #request #header;
            }
        }
    });
    let later = later.map(|body| {
        let calls = body.calls();
        quote! {
            if let Some(body) = body {
                #request = #request #calls;
            }
        }
    });
    quote! {
        #address
        let #mutable #request = #start #accept #(#query)* #(#headers)* #now;
        #(#optional)*
        #later
    }
}

fn start(method: &str, url: &Ident) -> TokenStream {
    // reqwest has no method of its own for these.
    if ["OPTIONS", "TRACE"].contains(&method) {
        let method = format_ident!("{method}");
        return quote!(self.transport.client().request(::reqwest::Method::#method, #url));
    }
    let method = format_ident!("{}", method.to_ascii_lowercase());
    quote!(self.transport.client().#method(#url))
}

/// The call that sets the header of a parameter.
fn header(argument: &Argument, value: &Ident) -> TokenStream {
    let written = argument.written(value);
    let name = &argument.name;
    match argument.location {
        Location::Cookie => {
            let format = format!("{}={{}}", name.replace('{', "{{").replace('}', "}}"));
            call("header", &quote!(COOKIE, format!(#format, #written)))
        }
        _ => call("header", &quote!(#name, #written)),
    }
}
