//! Makes forms of several parts of what the generator takes for objects in JSON: files are files, and
//! the whole is sent part by part.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Ident, Item, ItemStruct, Path, Type, parse_quote};

use super::explicit::is_left_out;
use super::shape::Shape;
use super::{serde_argument, wire_name, without};
use contract::form::Part;

/// What the properties of each form are, by the name of its type.
pub(super) type Forms = BTreeMap<Ident, BTreeMap<String, Part>>;

/// Gives fields that are files the type of those.
pub(super) fn files(types: &mut [Item], forms: &Forms, runtime: &Path) {
    for item in types {
        let Item::Struct(item) = item else { continue };
        let Some(parts) = forms.get(&item.ident) else {
            continue;
        };
        for field in &mut item.fields {
            if part(field, parts).is_some_and(|part| part.is_file) {
                let file: Type = parse_quote!(#runtime::File);
                field.ty = match Shape::of(&field.ty) {
                    Shape::List(_) => parse_quote!(::std::vec::Vec<#file>),
                    Shape::Optional(_) => parse_quote!(::std::option::Option<#file>),
                    _ => file,
                };
            }
        }
    }
}

/// Takes away what serde would need, and says how the form is sent.
pub(super) fn parts(types: &mut Vec<Item>, forms: &Forms, runtime: &Path) {
    let items = std::mem::take(types).into_iter();
    *types = items
        .flat_map(|mut item| {
            let sent = match &mut item {
                Item::Struct(item) => forms.get(&item.ident).map(|parts| {
                    let sent = sent(item, parts, runtime);
                    without_serde(item);
                    sent
                }),
                _ => None,
            };
            std::iter::once(item).chain(sent)
        })
        .collect();
}

fn sent(item: &ItemStruct, parts: &BTreeMap<String, Part>, runtime: &Path) -> Item {
    let added = item.fields.iter().map(|field| added(field, parts));
    let name = &item.ident;
    parse_quote! {
        impl From<#name> for #runtime::Parts {
            fn from(form: #name) -> Self {
                Self::new() #(#added)*
            }
        }
    }
}

fn without_serde(item: &mut ItemStruct) {
    for field in &mut item.fields {
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
    }
    for derived in ["Deserialize", "Serialize"] {
        without(&mut item.attrs, "derive", derived);
    }
    let is_about_json = |path: &Path| path.is_ident("serde") || path.is_ident("cfg_attr");
    item.attrs
        .retain(|attribute| !is_about_json(attribute.path()));
}

fn part<'a>(field: &Field, parts: &'a BTreeMap<String, Part>) -> Option<&'a Part> {
    parts.get(&wire_name(&field.attrs, field.ident.as_ref()?))
}

/// How a field is added to the form.
fn added(field: &Field, parts: &BTreeMap<String, Part>) -> TokenStream {
    let Some(ident) = &field.ident else {
        return TokenStream::new();
    };
    if serde_argument(&field.attrs, "flatten").is_some() {
        return TokenStream::new();
    }
    let name = wire_name(&field.attrs, ident);
    let known = part(field, parts);
    let media_type = match known.and_then(|part| part.media_type.as_deref()) {
        Some(media_type) => quote!(::std::option::Option::Some(#media_type)),
        None => quote!(::std::option::Option::None),
    };
    match (known.is_some_and(|part| part.is_file), Shape::of(&field.ty)) {
        (false, Shape::Optional(_) | Shape::List(_) | Shape::Map(_) | Shape::Object)
            if is_left_out(field) =>
        {
            quote!(.optional(#name, &form.#ident, #media_type))
        }
        (false, _) => quote!(.value(#name, &form.#ident, #media_type)),
        (true, Shape::List(_) | Shape::Optional(_)) => {
            quote!(.files(#name, form.#ident, #media_type))
        }
        (true, _) => quote!(.files(#name, [form.#ident], #media_type)),
    }
}
