//! Reads the headers of responses that the contract documents: a type for each operation, which is
//! made of headers as they came, so that a header that is documented later changes no other type.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use super::docs::{code, documentation};
use super::operations::Contract;
use super::{REQUESTS, is_module, methods, request};
use crate::identifier;
use contract::operation::{Header, Operation};
use contract::source::Node;
use contract::walk::resolve;

pub(super) fn pass(file: &mut File, root: &Node, contract: &Contract<'_>) {
    let called = methods(file).filter_map(|function| {
        let method = function.sig.ident.to_string();
        let operation = contract.operation(&method)?;
        Some((method, request(&function.sig)?.clone(), operation))
    });
    let called: Vec<_> = called.collect();
    let items = called.iter().filter_map(|(method, name, operation)| {
        let accessors = accessors(operation, root);
        let doc = format!(" Those of [`{method}`](super::Client::{method}).");
        (!accessors.is_empty()).then(|| {
            quote! {
                #[doc = #doc]
                #[derive(Clone, Copy, Debug)]
                pub struct #name<'a>(&'a ::reqwest::header::HeaderMap);

                impl<'a> From<&'a ::reqwest::header::HeaderMap> for #name<'a> {
                    fn from(headers: &'a ::reqwest::header::HeaderMap) -> Self {
                        Self(headers)
                    }
                }

                impl<'a> #name<'a> {
                    #(#accessors)*
                }
            }
        })
    });
    let items: Vec<_> = items.collect();
    let place = file.items.iter().position(|item| is_module(item, REQUESTS));
    if let (false, Some(place)) = (items.is_empty(), place) {
        let module: Item = parse_quote! {
            /// The headers of responses that the contract documents, read from those that came:
            /// `response.headers().into()`.
            #[allow(clippy::all)]
            pub mod headers {
                #(#items)*
            }
        };
        file.items.insert(place + 1, module);
    }
}

/// A method for each header that an operation documents, whatever the status.
fn accessors(operation: &Operation, root: &Node) -> Vec<TokenStream> {
    let mut headers: BTreeMap<String, &Header> = BTreeMap::new();
    for header in operation
        .responses
        .iter()
        .flat_map(|response| &response.headers)
    {
        // Each response says what its body is (`OpenAPI` 3.0.3, section 4.7.17).
        if !header.name.eq_ignore_ascii_case("content-type") {
            let method = identifier::method(&identifier::plain(&header.name));
            headers.entry(method).or_insert(header);
        }
    }
    let accessors = headers.into_iter().map(|(method, header)| {
        let (name, method) = (&header.name, format_ident!("{method}"));
        let docs = match header.description.as_deref().map(str::trim) {
            None | Some("") => documentation(&format!("The header {}.", code(name))),
            Some(words) => documentation(words),
        };
        match parsed(header, root) {
            Some(ty) => quote! {
                #(#docs)*
                #[must_use]
                pub fn #method(&self) -> ::std::option::Option<#ty> {
                    self.0.get(#name)?.to_str().ok()?.trim().parse().ok()
                }
            },
            None => quote! {
                #(#docs)*
                #[must_use]
                pub fn #method(&self) -> ::std::option::Option<&'a str> {
                    self.0.get(#name)?.to_str().ok()
                }
            },
        }
    });
    accessors.collect()
}

/// What a header that is no text is parsed to.
fn parsed(header: &Header, root: &Node) -> Option<TokenStream> {
    let schema = root.pointer(&header.schema.as_ref()?.origin.pointer)?;
    match resolve(root, schema)?.get("type")?.as_str()? {
        "integer" => Some(quote!(i64)),
        "number" => Some(quote!(f64)),
        "boolean" => Some(quote!(bool)),
        _ => None,
    }
}
