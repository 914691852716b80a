//! States the invariant where progenitor unwraps, in the functions of `defaults`
//! and in the patterns of text: gate and generator have checked both.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Item;

use super::mentions;

pub(super) fn pass(types: &mut [Item]) {
    for item in types {
        if !may_unwrap(item) {
            continue;
        }
        let tokens = item.to_token_stream();
        if mentions(tokens.clone(), "unwrap")
            && let Ok(stated) = syn::parse2(expect(tokens))
        {
            *item = stated;
        }
    }
}

fn may_unwrap(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.ident == "defaults",
        Item::Impl(item) => item
            .trait_
            .as_ref()
            .is_some_and(|(path, _)| path.segments.last().is_some_and(|s| s.ident == "FromStr")),
        _ => false,
    }
}

/// `unwrap()` becomes `expect("…")`, at any depth.
fn expect(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "unwrap" => {
                // The empty parentheses of the call.
                tokens.next();
                out.extend(quote!(expect("checked when this was generated")));
            }
            TokenTree::Group(group) => {
                let inner = expect(group.stream());
                out.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            other => out.extend([other]),
        }
    }
    out
}
