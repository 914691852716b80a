//! Calls what else an object may have as OpenAPI does. It may be nothing: who makes an object need
//! not name it.

use std::collections::HashSet;

use quote::{ToTokens as _, format_ident};
use syn::{Attribute, Field, Fields, FieldsNamed, Item, parse_quote};

use super::constructor::is_optional;
use super::shape::Shape;
use super::{mentions, renamed, serde_argument, without};

/// The generator's name for it.
const EXTRA: &str = "extra";

pub(super) fn pass(types: &mut [Item]) {
    for item in types {
        let Item::Struct(item) = item else { continue };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        name(fields);
        let fields = &fields.named;
        let has_default = |field: &Field| {
            let function = serde_argument(&field.attrs, "default").flatten();
            is_optional(field) && function.is_none()
        };
        if fields.iter().any(is_additional) && fields.iter().all(has_default) {
            derive_default(&mut item.attrs);
        }
    }
}

/// Gives the field its name, and that of the generator back to a property that is called so.
fn name(fields: &mut FieldsNamed) {
    let Some(place) = fields.named.iter().position(is_additional) else {
        return;
    };
    let taken: HashSet<String> = fields
        .named
        .iter()
        .filter_map(|field| Some(field.ident.as_ref()?.to_string()))
        .collect();
    let mut own = "additional_properties".to_owned();
    while taken.contains(&own) {
        own.push('_');
    }
    for (index, field) in fields.named.iter_mut().enumerate() {
        if index == place {
            field.ident = Some(format_ident!("{own}"));
            field
                .attrs
                .retain(|attribute| !attribute.path().is_ident("doc"));
            let doc = " What the contract does not list.";
            field.attrs.insert(0, parse_quote!(#[doc = #doc]));
        } else if renamed(&field.attrs).is_some_and(|name| name.value() == EXTRA) {
            field.ident = Some(format_ident!("{EXTRA}"));
            without(&mut field.attrs, "serde", "rename");
        }
    }
}

/// Whether a field has the properties that the contract does not list.
pub(super) fn is_additional(field: &Field) -> bool {
    let is_map = matches!(Shape::of(&field.ty), Shape::Map(_) | Shape::Object);
    is_map && serde_argument(&field.attrs, "flatten").is_some()
}

/// As the generator does where every property may be left out.
fn derive_default(attributes: &mut [Attribute]) {
    let mut derives = attributes
        .iter_mut()
        .filter(|one| one.path().is_ident("derive"));
    let Some(derive) = derives.next() else { return };
    let Ok(list) = derive.meta.require_list() else {
        return;
    };
    let all = list.tokens.clone();
    if !mentions(all.to_token_stream(), "Default") {
        *derive = parse_quote!(#[derive(#all, Default)]);
    }
}
