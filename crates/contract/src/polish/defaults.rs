//! States the invariant on which the functions in `defaults` rely, where progenitor
//! unwraps: the gate and the generator have checked every default.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Item;

pub(super) fn pass(types: &mut [Item]) {
    for item in types {
        if let Item::Mod(module) = &*item
            && module.ident == "defaults"
            && let Ok(stated) = syn::parse2(expect(module.to_token_stream()))
        {
            *item = Item::Mod(stated);
        }
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
                out.extend(quote!(expect("the contract's default fits its type")));
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
