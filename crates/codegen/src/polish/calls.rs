//! Writes each method anew from what the contract says of its operation: it hands the request
//! to the transport, which repeats, limits and explains. progenitor would send it once, with
//! a header that no contract names. Its signature stays: it knows the types.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{File, ImplItemFn, parse_quote};

use super::methods;
use super::operations::Contract;
use argument::{Argument, arguments};
use body::Body;
use contract::operation::Operation;
use response::Responses;

pub(super) mod argument;
mod body;
mod facts;
mod request;
mod response;
mod signature;
mod url;

/// # Errors
/// When the generator wrote a method that is no operation's, or not all that its operation
/// needs.
pub(super) fn pass(file: &mut File, contract: &Contract<'_>) -> Result<(), String> {
    for function in methods(file) {
        let name = &function.sig.ident;
        let operation = contract
            .operation(function)
            .ok_or_else(|| format!("the method `{name}` is no operation's"))?;
        rewrite(function, operation, contract).ok_or_else(|| {
            let title = operation.title();
            format!("the method for `{title}` has other arguments than it")
        })?;
    }
    Ok(())
}

fn rewrite(
    function: &mut ImplItemFn,
    operation: &Operation,
    contract: &Contract<'_>,
) -> Option<()> {
    let arguments = arguments(operation, contract, &function.sig)?;
    let body = Body::of(operation, &function.sig);
    let responses = Responses::of(operation, contract);
    let local = Local::beside(&arguments);
    let Local {
        request, response, ..
    } = &local;
    let constant = facts::constant(operation, contract, &responses, &function.sig);
    let statements = request::statements(operation, &arguments, body.as_ref(), &responses, &local);
    let arms = responses.arms(response);
    function.block = parse_quote!({
        #constant
        #statements
        let #response = self.transport.send(&OPERATION, #request).await?;
        match #response.status() { #arms }
    });
    signature::rewrite(function, body.as_ref());
    Some(())
}

/// The variables of a method, which have other names than its arguments.
struct Local {
    url: Ident,
    request: Ident,
    response: Ident,
}

impl Local {
    fn beside(arguments: &[Argument]) -> Self {
        let free = |name: &str| {
            let mut name = format_ident!("{name}");
            while arguments.iter().any(|argument| argument.ident == name) {
                name = format_ident!("_{name}");
            }
            name
        };
        Self {
            url: free("url"),
            request: free("request"),
            response: free("response"),
        }
    }
}

/// A call in a chain: `.header(a, b)`.
fn call(method: &str, arguments: &TokenStream) -> TokenStream {
    let method = format_ident!("{method}");
    quote!(.#method(#arguments))
}
