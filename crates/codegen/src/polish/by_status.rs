//! Makes an enum of the type that stands for all responses of an operation, a variant for
//! each status.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Fields, Ident, Item, ItemStruct, Type, parse_quote};

use super::operations::Contract;
use super::{names, wire_name};
use crate::identifier;
use crate::normalise::responses::{Body, ByStatus};

pub(super) fn pass(types: &mut Vec<Item>, contract: &Contract<'_>) {
    let statuses = |item: &Item| match item {
        Item::Struct(item) => contract.by_status.get(&item.ident.to_string()),
        _ => None,
    };
    let marked = types.iter().filter(|item| statuses(item).is_some());
    let marked: BTreeSet<Ident> = marked.filter_map(own_name).collect();
    if marked.is_empty() {
        return;
    }
    // They are read by status, never as a whole.
    types.retain(|item| match item {
        Item::Impl(item) => {
            let mut mentioned = BTreeSet::new();
            names(item.self_ty.to_token_stream(), &mut mentioned);
            let path = item.trait_.as_ref().map(|(path, _)| path.to_token_stream());
            names(path.into_iter().collect(), &mut mentioned);
            mentioned.is_disjoint(&marked)
        }
        _ => true,
    });
    let items = std::mem::take(types).into_iter();
    *types = items
        .flat_map(|item| match (&item, statuses(&item)) {
            (Item::Struct(responses), Some(statuses)) => by_status(responses, statuses),
            _ => vec![item],
        })
        .collect();
}

fn own_name(item: &Item) -> Option<Ident> {
    match item {
        Item::Struct(item) => Some(item.ident.clone()),
        _ => None,
    }
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

/// The enum, and what errors have beside it.
fn by_status(item: &ItemStruct, statuses: &BTreeMap<String, ByStatus>) -> Vec<Item> {
    let ItemStruct { attrs, ident, .. } = item;
    let docs = attrs.iter().filter(|a| a.path().is_ident("doc"));
    let docs: Vec<&Attribute> = docs.collect();
    // One without a property is no struct of fields.
    let fields = match &item.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        _ => Vec::new(),
    };
    let responses = fields.into_iter().filter_map(|field| {
        let one = statuses.get(&wire_name(&field.attrs, field.ident.as_ref()?))?;
        Some((one, &field.ty))
    });
    let responses: Vec<(&ByStatus, &Type)> = responses.collect();
    let variants = responses.iter().map(|(one, ty)| {
        let variant = variant(one);
        let doc = format!(" Answered with {}.", status(one));
        match one.body {
            Body::Nothing => quote!(#[doc = #doc] #variant),
            Body::Bytes => quote!(#[doc = #doc] #variant(::std::vec::Vec<u8>)),
            Body::Json => quote!(#[doc = #doc] #variant(#ty)),
        }
    });
    let all = parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub enum #ident { #(#variants),* }
    };
    let is_error = responses.iter().any(|(one, _)| one.statuses.0 >= 400);
    let bodies = is_error.then(|| bodies(ident, &responses)).flatten();
    std::iter::once(all).chain(bodies).collect()
}

/// A method for each type of the contract's that an error holds: most hold one, and who asks by
/// it is not concerned by a status that joins.
fn bodies(name: &Ident, responses: &[(&ByStatus, &Type)]) -> Option<Item> {
    let held = responses.iter().filter_map(|(one, ty)| match ty {
        Type::Path(path) if one.body == Body::Json => Some((variant(one), path.path.get_ident()?)),
        _ => None,
    });
    let held: Vec<(Ident, &Ident)> = held.collect();
    let mut types: Vec<&Ident> = Vec::new();
    for (_, ty) in &held {
        if !types.contains(ty) {
            types.push(ty);
        }
    }
    let methods = types.into_iter().map(|ty| {
        let method = format_ident!("{}", identifier::method(&ty.to_string()));
        let doc = format!(" The `{ty}`, whichever status it came with.");
        let own = held.iter().filter(|(_, known)| *known == ty);
        let own: Vec<_> = own
            .map(|(variant, _)| quote!(Self::#variant(body)))
            .collect();
        let other =
            (own.len() < responses.len()).then(|| quote!(_ => ::std::option::Option::None,));
        quote! {
            #[doc = #doc]
            #[must_use]
            pub fn #method(&self) -> ::std::option::Option<&#ty> {
                match self {
                    #(#own)|* => ::std::option::Option::Some(body),
                    #other
                }
            }
        }
    });
    let methods: Vec<_> = methods.collect();
    (!methods.is_empty()).then(|| parse_quote!(impl #name { #(#methods)* }))
}
