//! The addresses of the contract, each under a name: a constant, or a function of its variables. They
//! are named after the address, and not after what is said of it: words change, names stay.

use std::collections::HashSet;

use heck::ToShoutySnakeCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::docs::{code, documentation};
use crate::generate::Runtime;
use crate::identifier;
use contract::names::numbered;
use contract::operation::{Api, Server, Variable};
use contract::path::variables;

/// The module of servers, where there is more to choose than [`BASE_URL`] says.
pub(super) fn module(api: &Api, runtime: &Runtime) -> Option<Item> {
    let mut taken = HashSet::new();
    let items = named(&api.servers).into_iter();
    let items: Vec<_> = items
        .map(|server| item(server, runtime, &mut taken))
        .collect();
    (!items.is_empty()).then(|| {
        parse_quote! {
            /// Where the API is found, for [`Builder::base_url`].
            #[allow(clippy::all)]
            pub mod servers {
                #(#items)*
            }
        }
    })
}

/// Those that have a name of their own.
pub(crate) fn named(servers: &[Server]) -> Vec<&Server> {
    let has_variables = servers.iter().any(|server| !server.variables.is_empty());
    match servers.len() > 1 || has_variables {
        true => servers
            .iter()
            .filter(|server| is_absolute(server))
            .collect(),
        false => Vec::new(),
    }
}

fn is_absolute(server: &Server) -> bool {
    let url = server.resolved();
    (url.starts_with("https://") || url.starts_with("http://")) && !url.contains('{')
}

fn item(server: &Server, runtime: &Runtime, taken: &mut HashSet<String>) -> TokenStream {
    let runtime = runtime.path_in_module();
    let url = server.url.trim_end_matches('/');
    let words = url.split_once("://").map_or(url, |(_, address)| address);
    let named = variables(url).collect::<HashSet<_>>();
    let used = server
        .variables
        .iter()
        .filter(|one| named.contains(one.name.as_str()));
    let used: Vec<&Variable> = used.collect();
    let mut lines = vec![format!("{}.", code(url))];
    lines.extend(server.description.clone());
    if used.is_empty() {
        let name = numbered(&constant(words), "_", |name| taken.insert(name.to_owned()));
        let name = format_ident!("{name}");
        let docs = documentation(&lines.join("\n\n"));
        return quote! {
            #(#docs)*
            pub const #name: &str = #url;
        };
    }
    let name = identifier::method(&identifier::plain(words));
    let name = numbered(&name, "_", |name| taken.insert(name.to_owned()));
    let name = format_ident!("{name}");
    let mut idents = HashSet::new();
    let arguments = used.iter().map(|variable| {
        let ident = identifier::method(&identifier::plain(&variable.name));
        let ident = numbered(&ident, "_", |name| idents.insert(name.to_owned()));
        (format_ident!("{ident}"), *variable)
    });
    let arguments: Vec<_> = arguments.collect();
    lines.extend(
        arguments
            .iter()
            .map(|(ident, variable)| told(&ident.to_string(), variable)),
    );
    let docs = documentation(&lines.join("\n\n"));
    let declared = arguments.iter().map(|(ident, _)| quote!(#ident: &str));
    let given = arguments.iter().map(|(ident, variable)| {
        let (name, values) = (&variable.name, &variable.values);
        quote!((#name, #ident, &[#(#values),*]))
    });
    quote! {
        #(#docs)*
        ///
        /// # Errors
        /// When a value is none of those, or would make another address of it.
        pub fn #name(#(#declared),*) -> Result<String, super::BuildError> {
            #runtime::server(#url, &[#(#given),*])
        }
    }
}

fn constant(words: &str) -> String {
    let name = words.to_shouty_snake_case();
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_"),
        false => format!(
            "SERVER_{}",
            name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        ),
    }
}

/// What is said of a variable.
fn told(ident: &str, variable: &Variable) -> String {
    let mut text = format!("{}: ", code(ident));
    if !variable.values.is_empty() {
        let values: Vec<_> = variable.values.iter().map(|value| code(value)).collect();
        text.push_str(&format!("one of {}; ", values.join(", ")));
    }
    text.push_str(&format!(
        "{} where nobody chooses.",
        code(&variable.default)
    ));
    if let Some(description) = &variable.description {
        text.push_str(&format!(" {description}"));
    }
    text
}
