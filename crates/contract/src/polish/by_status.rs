//! Makes an enum of the type that stands for all answers of an operation, a variant for
//! each status.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Attribute, Fields, Item, ItemStruct, parse_quote};

use super::calls::answer::variant;
use super::impl_target;
use crate::normalise::responses::{BYTES, NOTHING};

pub(super) fn pass(types: &mut Vec<Item>) {
    let mut names = Vec::new();
    for item in types.iter_mut() {
        if let Item::Struct(answer) = item
            && stands_for_statuses(answer)
        {
            names.push(answer.ident.clone());
            *item = Item::Enum(parse_quote_enum(answer));
        }
    }
    // They are read by status, never as a whole.
    types.retain(|item| match item {
        Item::Impl(item) => {
            !impl_target(item).is_some_and(|target| names.contains(target))
                && !names
                    .iter()
                    .any(|name| super::mentions(item.to_token_stream(), &name.to_string()))
        }
        _ => true,
    });
}

fn stands_for_statuses(item: &ItemStruct) -> bool {
    let name = |field: &syn::Field| {
        field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let mut fields = item.fields.iter();
    item.fields.len() > 1
        && fields.all(|field| {
            let name = name(field);
            let status = name.strip_prefix("status_").unwrap_or_default();
            let digits = status.split('_').next().unwrap_or_default();
            digits.len() == 3 && digits.starts_with(|c: char| c.is_ascii_digit())
        })
}

fn parse_quote_enum(item: &ItemStruct) -> syn::ItemEnum {
    let ItemStruct { attrs, ident, .. } = item;
    let docs: Vec<&Attribute> = attrs.iter().filter(|a| a.path().is_ident("doc")).collect();
    let Fields::Named(fields) = &item.fields else {
        return parse_quote!(enum #ident {});
    };
    let variants = fields.named.iter().map(|field| -> TokenStream {
        let name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let variant = variant(&name);
        let status = variant.to_string().replace("Status", "");
        let doc = format!(" Answered with {status}.");
        let ty = &field.ty;
        if name.ends_with(NOTHING) {
            quote!(#[doc = #doc] #variant)
        } else if name.ends_with(BYTES) {
            quote!(#[doc = #doc] #variant(::std::vec::Vec<u8>))
        } else {
            quote!(#[doc = #doc] #variant(#ty))
        }
    });
    parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub enum #ident { #(#variants),* }
    }
}
