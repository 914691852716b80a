//! Makes an enum of the type that stands for all responses of an operation, a variant for
//! each status.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Fields, Ident, Item, ItemEnum, ItemStruct, parse_quote};

use super::operations::Contract;
use super::{names, wire_name};
use crate::normalise::responses::{Body, ByStatus};

pub(super) fn pass(types: &mut Vec<Item>, contract: &Contract<'_>) {
    let mut by_status_names = BTreeSet::new();
    for item in types.iter_mut() {
        if let Item::Struct(responses) = item
            && let Some(statuses) = contract.by_status.get(&responses.ident.to_string())
        {
            by_status_names.insert(responses.ident.clone());
            *item = Item::Enum(by_status(responses, statuses));
        }
    }
    if by_status_names.is_empty() {
        return;
    }
    // They are read by status, never as a whole.
    types.retain(|item| match item {
        Item::Impl(item) => {
            let mut mentioned = BTreeSet::new();
            names(item.self_ty.to_token_stream(), &mut mentioned);
            let path = item.trait_.as_ref().map(|(path, _)| path.to_token_stream());
            names(path.into_iter().collect(), &mut mentioned);
            mentioned.is_disjoint(&by_status_names)
        }
        _ => true,
    });
}

/// The variant for a status, or for a range of them.
pub(super) fn variant(one: &ByStatus) -> Ident {
    format_ident!("Status{}", status(one))
}

fn status(one: &ByStatus) -> String {
    match one.statuses {
        (first, last) if first == last => first.to_string(),
        (first, _) => format!("{}XX", first / 100),
    }
}

fn by_status(item: &ItemStruct, statuses: &BTreeMap<String, ByStatus>) -> ItemEnum {
    let ItemStruct { attrs, ident, .. } = item;
    let docs: Vec<&Attribute> = attrs.iter().filter(|a| a.path().is_ident("doc")).collect();
    let Fields::Named(fields) = &item.fields else {
        return parse_quote!(enum #ident {});
    };
    let variants = fields
        .named
        .iter()
        .filter_map(|field| -> Option<TokenStream> {
            let one = statuses.get(&wire_name(&field.attrs, field.ident.as_ref()?))?;
            let variant = variant(one);
            let doc = format!(" Answered with {}.", status(one));
            let ty = &field.ty;
            Some(match one.body {
                Body::Nothing => quote!(#[doc = #doc] #variant),
                Body::Bytes => quote!(#[doc = #doc] #variant(::std::vec::Vec<u8>)),
                Body::Json => quote!(#[doc = #doc] #variant(#ty)),
            })
        });
    parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub enum #ident { #(#variants),* }
    }
}
