//! Makes the client one of the runtime's: it holds a transport, and is set up by a
//! builder that knows the contract.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Fields, File, Item, ItemImpl, parse_quote};

use super::forms::Forms;
use super::operations::Contract;
use super::{REQUESTS, builder, impl_target, is_module, request, servers};
use crate::generate::Runtime;

/// What callers of a client meet.
const PUBLIC: [&str; 8] = [
    "BuildError",
    "Error",
    "ErrorKind",
    "RateLimit",
    "Raw",
    "ResponseValue",
    "Retry",
    "Transport",
];

/// What only generated code needs.
const PRIVATE: [&str; 6] = [
    "Operation",
    "Place",
    "Request",
    "Scheme",
    "Sending",
    "parameter",
];

/// What callers of some clients meet.
const OF_SOME: [&str; 17] = [
    "ByteStream",
    "ClientCredentials",
    "Event",
    "Events",
    "File",
    "Items",
    "MergePatch",
    "Pages",
    "Parts",
    "SecretString",
    "SignatureError",
    "StreamError",
    "Token",
    "TokenSource",
    "Values",
    "Verify",
    "WebhookError",
];

/// What goes with others: callers meet it in them.
const WITH: [(&str, &[&str]); 6] = [
    ("ByteStream", &["StreamError"]),
    ("Events", &["Event", "StreamError"]),
    ("Parts", &["File"]),
    ("TokenSource", &["Token"]),
    ("Values", &["StreamError"]),
    ("Verify", &["SignatureError"]),
];

pub(super) fn pass(file: &mut File, contract: &Contract<'_>, forms: &Forms) {
    file.items.retain(|item| !is_progenitor_s(item));
    let place = file
        .items
        .iter()
        .position(|item| matches!(item, Item::Struct(item) if item.ident == "Client"));
    if let Some(place) = place {
        if let Item::Struct(client) = &mut file.items[place] {
            client.fields = Fields::Named(parse_quote!({ transport: Transport }));
            // Its documentation is the contract's, as that of types and methods.
            client.attrs.push(parse_quote!(#[allow(clippy::all)]));
        }
        file.items.splice(place + 1..=place, setup(contract));
    }
    imports(file, contract.runtime, !forms.is_empty());
}

/// Whether the runtime takes the place of an item: the constructors, the traits that
/// hold a hook, and the names that are imported for them.
fn is_progenitor_s(item: &Item) -> bool {
    match item {
        Item::Use(_) => true,
        Item::Mod(module) => module.ident == "prelude",
        Item::Impl(item) => match &item.trait_ {
            Some((path, _)) => path
                .segments
                .last()
                .is_some_and(|s| s.ident == "ClientInfo" || s.ident == "ClientHooks"),
            None => is_constructors(item),
        },
        _ => false,
    }
}

fn is_constructors(item: &ItemImpl) -> bool {
    let is_constructor = |member: &syn::ImplItem| matches!(member, syn::ImplItem::Fn(f) if request(&f.sig).is_none());
    impl_target(item).is_some_and(|target| target == "Client")
        && item.items.iter().any(is_constructor)
}

fn setup(contract: &Contract<'_>) -> Vec<Item> {
    let api = &contract.api;
    let client: [Item; 3] = [
        parse_quote! {
            /// How clients name themselves, unless they are told more.
            const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        },
        parse_quote! {
            impl Client {
                /// The same client with another policy of repetition. Both share
                /// connections and rate limit.
                #[must_use]
                pub fn with_retry(&self, retry: Retry) -> Self {
                    self.transport.with_retry(retry).into()
                }

                /// A call of a path that the contract does not know, with the limits, credentials,
                /// repetitions and errors of all others. The path begins with `/`; what is answered
                /// is read as JSON.
                pub fn raw<T: ::serde::de::DeserializeOwned>(
                    &self,
                    method: &::reqwest::Method,
                    path: &str,
                ) -> Raw<T> {
                    Raw::new(&self.transport, method, path)
                }
            }
        },
        parse_quote! {
            impl From<Transport> for Client {
                fn from(transport: Transport) -> Self {
                    Self { transport }
                }
            }
        },
    ];
    let schemes = contract.schemes.module();
    let builder = builder::items(contract);
    let servers = servers::module(api, contract.runtime);
    servers
        .into_iter()
        .chain(schemes)
        .chain(client)
        .chain(builder)
        .collect()
}

fn imports(file: &mut File, runtime: &Runtime, has_forms: bool) {
    // In front of an import nothing else can have the name.
    let segments = &runtime.path().segments;
    let mut used = HashSet::new();
    if let Some(requests) = requests(file) {
        names(quote!(#(#requests)*), true, &mut used);
        if used.contains("parameter") {
            requests.insert(
                0,
                parse_quote!(
                    use super::parameter;
                ),
            );
        }
        // The macro names it.
        used.insert("Sending".to_owned());
    }
    // `mod types` imports for itself.
    let rest = file.items.iter().filter(|item| !is_module(item, "types"));
    for item in rest {
        let in_module = matches!(item, Item::Mod(_));
        names(item.to_token_stream(), in_module, &mut used);
    }
    if has_forms {
        // Their fields are files.
        used.insert("File".to_owned());
    }
    for (name, with) in WITH {
        if used.contains(name) {
            used.extend(with.iter().map(|name| (*name).to_owned()));
        }
    }
    let used = |names: &[&str]| {
        let names = names.iter().filter(|name| used.contains(**name));
        names
            .map(|name| format_ident!("{name}"))
            .collect::<Vec<_>>()
    };
    let mut public = PUBLIC.map(|name| format_ident!("{name}")).to_vec();
    public.extend(used(&OF_SOME));
    public.sort();
    let mut imports: Vec<Item> = vec![parse_quote!(pub use #segments::{#(#public),*};)];
    imports.push(parse_quote!(use #segments::Builder as Settings;));
    if let [first, rest @ ..] = used(&PRIVATE).as_slice() {
        imports.push(parse_quote!(use #segments::{#first #(, #rest)*};));
    }
    file.items
        .splice(0..0, runtime.declaration().into_iter().chain(imports));
}

/// The items of `mod requests`, if there are any.
fn requests(file: &mut File) -> Option<&mut Vec<Item>> {
    let requests = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == REQUESTS => module.content.as_mut(),
        _ => None,
    });
    requests.map(|(_, items)| items)
}

/// The names that stand for what is imported: first in a path, or in a module after `super`.
fn names(tokens: TokenStream, in_module: bool, out: &mut HashSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon = |index: usize| matches!(tokens.get(index), Some(TokenTree::Punct(one)) if one.as_char() == ':');
    for (index, token) in tokens.iter().enumerate() {
        let before = index
            .checked_sub(3)
            .filter(|at| is_colon(at + 1) && is_colon(at + 2));
        let is_super =
            before.is_some_and(|at| matches!(&tokens[at], TokenTree::Ident(one) if one == "super"));
        let is_first = before.is_none() && !in_module;
        match token {
            // The module, not an argument of that name.
            TokenTree::Ident(name) if name == "parameter" && !is_colon(index + 1) => {}
            TokenTree::Ident(name) if is_first || is_super || name == "parameter" => {
                out.insert(name.to_string());
            }
            TokenTree::Group(group) => names(group.stream(), in_module && !is_super, out),
            _ => {}
        }
    }
}
