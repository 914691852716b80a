//! The methods of a request: a parameter that is optional is given by one.

use proc_macro2::TokenStream;
use quote::quote;

use super::argument::Argument;
use super::body::Body;
use crate::polish::docs::{code, documentation};
use contract::operation::Operation;

pub(super) fn of_argument(argument: &Argument) -> TokenStream {
    let Argument {
        ident, description, ..
    } = argument;
    let docs = match description.trim() {
        "" => documentation(&format!("The parameter {}.", code(&argument.name))),
        words => documentation(words),
    };
    let declared = argument.declared();
    let statements = argument.statements(&quote!(self.request));
    let deprecated = argument.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #(#docs)*
        #deprecated
        pub fn #ident(mut self, #declared) -> Self {
            #statements
            self
        }
    }
}

/// The idempotency key, under the name of its header.
pub(super) fn of_key(name: &str) -> TokenStream {
    let docs = documentation(&format!(
        "The key by which the API knows this call when it comes again, in {}. Unless told, the client \
         makes one for each call and keeps it over repetitions.",
        code(name)
    ));
    quote! {
        #(#docs)*
        pub fn idempotency_key(mut self, key: &str) -> Self {
            self.request.parameter(#name, key);
            self
        }
    }
}

pub(super) fn of_body(body: &Body, operation: &Operation) -> TokenStream {
    let words = operation
        .request
        .as_ref()
        .and_then(|body| body.description.as_deref());
    let docs = documentation(words.unwrap_or("The body of the request."));
    let declared = body.declared(Some(&quote!(super::)));
    let statement = body.statement(&quote!(self.request));
    quote! {
        #(#docs)*
        pub fn body(mut self, #declared) -> Self {
            #statement
            self
        }
    }
}
