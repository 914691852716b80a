//! What is rewritten wherever it stands, in macros too.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

/// `self.client` and `self.baseurl` are the transport's, inside macros too.
pub(super) fn fields(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    let mut odd_method = None;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner = fields(group.stream());
                let inner = match odd_method.take() {
                    Some(method) => quote!(#method, #inner),
                    None => inner,
                };
                out.push(Group::new(group.delimiter(), inner).into());
            }
            TokenTree::Ident(field) if is_field(&out) && field == "client" => {
                out.extend(quote!(transport.client()));
            }
            TokenTree::Ident(field) if is_field(&out) && field == "baseurl" => {
                out.extend(quote!(transport.base_url()));
            }
            // reqwest has no method of its own for these.
            TokenTree::Ident(method)
                if (method == "options" || method == "trace") && is_after_client(&out) =>
            {
                let name = method.to_string().to_uppercase();
                let name = proc_macro2::Ident::new(&name, method.span());
                out.extend(quote!(request));
                odd_method = Some(quote!(::reqwest::Method::#name));
            }
            // By its module, which no argument can hide.
            TokenTree::Ident(name) if name == "encode_path" && !is_path(&out) => {
                out.extend(quote!(parameter::encode_path));
            }
            // They are imported.
            TokenTree::Ident(name) if IMPORTED.iter().any(|imported| name == imported) => {
                without_path(&mut out);
                out.push(name.into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// What progenitor writes with its path.
const IMPORTED: [&str; 5] = [
    "QueryParam",
    "ACCEPT",
    "CONTENT_TYPE",
    "COOKIE",
    "HeaderValue",
];

/// Takes `::a::b::` from the end.
fn without_path(out: &mut Vec<TokenTree>) {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ':');
    while out.last().is_some_and(is_colon) {
        out.truncate(out.len().saturating_sub(2));
        if matches!(out.last(), Some(TokenTree::Ident(_))) {
            out.pop();
        }
    }
}

/// Whether `::` stands before.
fn is_path(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Punct(colon)) if colon.as_char() == ':')
}

/// Whether `client().` stands before.
fn is_after_client(before: &[TokenTree]) -> bool {
    match before {
        [
            ..,
            TokenTree::Ident(client),
            TokenTree::Group(_),
            TokenTree::Punct(dot),
        ] => client == "client" && dot.as_char() == '.',
        _ => false,
    }
}

/// Whether `self.` stands before.
fn is_field(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(this), TokenTree::Punct(dot)] => {
            this == "self" && dot.as_char() == '.'
        }
        _ => false,
    }
}
