//! Writes what calls an operation from what the contract says of it: a method of the client
//! that takes what is required, and a type of request that takes the rest and is awaited. The
//! generator sends by itself, once, with a header that no contract names; of what it writes
//! only the signatures are read, for the types of arguments and of the success.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, File, ImplItemFn, Item, ItemMod, Type, parse_quote};

use super::forms::Forms;
use super::operations::{Contract, id};
use crate::identifier::type_name;
use argument::Argument;
use body::Body;
use contract::names::numbered;
use contract::operation::Operation;
use response::Responses;

mod argument;
mod body;
mod facts;
mod response;
mod setter;
mod signature;

/// Names that requests may not have: what the module of requests says by them is Rust's own.
const TAKEN: [&str; 17] = [
    "Clone",
    "Debug",
    "Duration",
    "Err",
    "From",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Some",
    "String",
    "ToString",
    "Vec",
];

/// Gives the types that are forms of several parts.
///
/// # Errors
/// When the generator wrote a method that is no operation's, or not all that its operation
/// needs.
pub(super) fn pass(file: &mut File, contract: &Contract<'_>) -> Result<Forms, String> {
    let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
    let (mut requests, mut forms) = (Vec::new(), Forms::new());
    for function in signature::methods(file) {
        let method = function.sig.ident.to_string();
        let operation = contract
            .operation(&method)
            .ok_or_else(|| format!("the method `{method}` is no operation's"))?;
        let name = numbered(&type_name(&method), "", |name| {
            taken.insert(name.to_owned())
        });
        let call = Call::of(function, operation, contract, &name).ok_or_else(|| {
            let title = operation.title();
            format!("the method for `{title}` has other arguments than it")
        })?;
        forms.extend(call.body.as_ref().and_then(Body::parts));
        requests.extend(call.request());
        *function = call.method(&function.attrs);
    }
    let place = file
        .items
        .iter()
        .position(|item| matches!(item, Item::Mod(module) if module.ident == "types"));
    if !requests.is_empty() {
        let place = place.map_or(0, |place| place + 1);
        file.items.insert(place, module(requests));
    }
    Ok(forms)
}

/// A type for each operation, which the macro in front of the module completes.
fn module(requests: Vec<Item>) -> Item {
    let mut module: ItemMod = parse_quote! {
        /// A type for each operation: a call that is sent when it is awaited.
        #[allow(clippy::all)]
        pub mod requests {
            use super::types;
        }
    };
    if let Some((_, items)) = &mut module.content {
        items.extend(requests);
    }
    Item::Mod(module)
}

/// An operation as it is called.
struct Call<'a> {
    operation: &'a Operation,
    contract: &'a Contract<'a>,
    method: Ident,
    /// The type of its request.
    name: Ident,
    /// In the order in which they are given.
    arguments: Vec<Argument>,
    body: Option<Body>,
    responses: Responses,
    success: Type,
    error: Ident,
}

impl<'a> Call<'a> {
    fn of(
        function: &ImplItemFn,
        operation: &'a Operation,
        contract: &'a Contract<'a>,
        name: &str,
    ) -> Option<Self> {
        let responses = Responses::of(operation, contract);
        Some(Self {
            operation,
            contract,
            method: function.sig.ident.clone(),
            name: format_ident!("{name}"),
            arguments: argument::arguments(operation, contract, &function.sig)?,
            body: Body::of(operation, &function.sig),
            success: responses.success(signature::success(&function.sig)?),
            responses,
            error: contract.error(operation)?,
        })
    }

    /// The method of the client, which has what is required.
    fn method(&self, attributes: &[Attribute]) -> ImplItemFn {
        let Self { method, name, .. } = self;
        let required = self.arguments.iter().filter(|one| !one.is_optional);
        let body = self.body.iter().filter(|body| !body.is_optional);
        let arguments = required.clone().map(Argument::declared);
        let arguments = arguments.chain(body.clone().map(|body| body.declared(None)));
        let request = self.local("request");
        let statements = required.map(|one| one.statements(&quote!(#request)));
        let statements = statements.chain(body.map(|body| body.statement(&quote!(#request))));
        let statements: Vec<_> = statements.collect();
        let mutable = (!statements.is_empty()).then(|| quote!(mut));
        let field = match request == "request" {
            true => quote!(request),
            false => quote!(request: #request),
        };
        let constant = facts::constant(self);
        let arms = self.responses.arms();
        parse_quote! {
            #(#attributes)*
            pub fn #method(&self #(, #arguments)*) -> requests::#name {
                #constant
                let #mutable #request = Request::new(
                    &self.transport,
                    &OPERATION,
                    |response| match response.status() { #arms },
                );
                #(#statements)*
                requests::#name { #field }
            }
        }
    }

    /// A variable of the method, which has another name than its arguments.
    fn local(&self, name: &str) -> Ident {
        let mut name = format_ident!("{name}");
        let is_taken = |name: &Ident| {
            let mut arguments = self.arguments.iter();
            arguments.any(|one| one.ident == *name && !one.is_optional)
        };
        while is_taken(&name) {
            name = format_ident!("_{name}");
        }
        name
    }

    /// The type of the request, with a method for each parameter that is optional.
    fn request(&self) -> Vec<Item> {
        let Self {
            name,
            success,
            error,
            ..
        } = self;
        let doc = format!(" A call of [`{0}`](super::Client::{0}).", self.method);
        let optional = self.arguments.iter().filter(|one| one.is_optional);
        let body = self.body.iter().filter(|body| body.is_optional);
        let setters: Vec<TokenStream> = optional
            .map(setter::of_argument)
            .chain(body.map(|body| setter::of_body(body, self.operation)))
            .chain(facts::key(self.operation).map(setter::of_key))
            .collect();
        let mut items: Vec<Item> = vec![parse_quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "a request is sent when it is awaited"]
            pub struct #name {
                pub(super) request: super::Request<#success, types::#error>,
            }
        }];
        if !setters.is_empty() {
            items.push(parse_quote!(impl #name { #(#setters)* }));
        }
        // The types are set where it is printed.
        items.push(parse_quote!(request!(#name);));
        items
    }

    fn id(&self) -> &str {
        id(self.operation)
    }
}
