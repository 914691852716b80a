//! Bounds, lengths and patterns are checked where a caller makes a value, and not where a response
//! is read: a server that answers with a text too short, or with a property more, has answered, and
//! perhaps created something. In a choice that only values tell apart they tell, where they can.

use std::collections::{BTreeSet, HashMap};

use quote::ToTokens as _;
use syn::{Attribute, Fields, File, Ident, Item, ItemStruct, Path, parse_quote};

use super::shape::Shape;
use super::{impl_target, names, serde_argument, types, without};

pub(super) fn pass(file: &mut File, runtime: &Path) {
    let Some(types) = types(file) else { return };
    let told = told_apart(types);
    for item in types.iter_mut() {
        if let Item::Struct(item) = item
            && !told.contains(&item.ident)
        {
            without(&mut item.attrs, "serde", "deny_unknown_fields");
        }
    }
    let is_read = |item: &Item| is_reading(item).is_some_and(|name| !told.contains(name));
    let read: BTreeSet<Ident> = types
        .iter()
        .filter(|item| is_read(item))
        .filter_map(|item| is_reading(item).cloned())
        .collect();
    let read: BTreeSet<Ident> = types
        .iter_mut()
        .filter_map(|item| match item {
            Item::Struct(item) if read.contains(&item.ident) && is_around(item) => {
                derive(&mut item.attrs);
                Some(item.ident.clone())
            }
            _ => None,
        })
        .collect();
    types.retain(|item| !is_reading(item).is_some_and(|name| read.contains(name)));
    let texts = types.iter().filter_map(text_around).cloned().collect();
    tell(types, &texts, runtime);
}

/// The name of a type around a text.
fn text_around(item: &Item) -> Option<&Ident> {
    let Item::Struct(item) = item else {
        return None;
    };
    let field = item.fields.iter().next().filter(|_| is_around(item))?;
    matches!(Shape::of(&field.ty), Shape::Text).then_some(&item.ident)
}

/// Lets the texts of choices that are still checked be so only where that tells.
fn tell(types: &mut [Item], texts: &BTreeSet<Ident>, runtime: &Path) {
    for item in types {
        if let Some(name) = is_reading(item).filter(|name| texts.contains(*name)) {
            *item = parse_quote! {
                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
                    where
                        D: ::serde::Deserializer<'de>,
                    {
                        #runtime::choice::text(deserializer, Self)
                    }
                }
            };
        }
    }
}

/// Derives how it is read, in front of what is derived already.
fn derive(attributes: &mut Vec<Attribute>) {
    let derives = attributes
        .iter_mut()
        .find(|one| one.path().is_ident("derive"));
    match derives.and_then(|it| Some((it.meta.require_list().ok()?.tokens.clone(), it))) {
        Some((all, it)) => *it = parse_quote!(#[derive(::serde::Deserialize, #all)]),
        None => attributes.push(parse_quote!(#[derive(::serde::Deserialize)])),
    }
}

/// The type that an `impl` says how to read.
fn is_reading(item: &Item) -> Option<&Ident> {
    let Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let is_it = path.segments.last()?.ident == "Deserialize";
    impl_target(item).filter(|_| is_it)
}

/// Whether it is a type around another, and is written as that.
fn is_around(item: &ItemStruct) -> bool {
    matches!(&item.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1)
        && serde_argument(&item.attrs, "transparent").is_some()
}

/// The types in choices that their values tell apart, and what those hold.
pub(super) fn told_apart(types: &[Item]) -> BTreeSet<Ident> {
    let mut held: HashMap<&Ident, BTreeSet<Ident>> = HashMap::new();
    let mut next = BTreeSet::new();
    for item in types {
        let (name, fields): (_, Vec<_>) = match item {
            Item::Struct(item) => (&item.ident, item.fields.iter().collect()),
            Item::Enum(item) => (
                &item.ident,
                item.variants.iter().flat_map(|one| &one.fields).collect(),
            ),
            _ => continue,
        };
        let mut within = BTreeSet::new();
        for field in fields {
            names(field.ty.to_token_stream(), &mut within);
        }
        if let Item::Enum(item) = item
            && serde_argument(&item.attrs, "untagged").is_some()
        {
            next.extend(within.clone());
        }
        held.insert(name, within);
    }
    let mut told = BTreeSet::new();
    while let Some(name) = next.pop_first() {
        next.extend(
            held.get(&name)
                .into_iter()
                .flatten()
                .filter(|one| !told.contains(*one))
                .cloned(),
        );
        told.insert(name);
    }
    told
}
