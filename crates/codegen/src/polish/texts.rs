//! Closed sets of texts say each text once, where serde reads it: what prints and what parses one
//! asks serde, and what parses under another name goes, as `parse` is there. Nobody parses or
//! prints the only text of a set, but in an address.

use std::collections::{BTreeSet, HashMap};

use quote::ToTokens as _;
use syn::{Attribute, Fields, File, Ident, Item, ItemEnum, ItemImpl, ItemMod, parse_quote};

use super::{calls, impl_target, names, serde_argument, types};

pub(super) fn pass(file: &mut File) {
    let mut sent = BTreeSet::new();
    names(calls(file), &mut sent);
    let Some(types) = types(file) else { return };
    let sets: HashMap<Ident, usize> = types
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_set(item) => Some((item.ident.clone(), item.variants.len())),
            _ => None,
        })
        .collect();
    let parsed = parsed(types);
    types.retain(|item| match item {
        Item::Impl(item) => {
            let is_only = |name: &&Ident| sets.get(*name) == Some(&1);
            let only = impl_target(item).filter(is_only);
            !is_from_text(item)
                && !only.is_some_and(|name| match trait_name(item).as_deref() {
                    Some("FromStr") => !parsed.contains(name),
                    Some("Display") => !sent.contains(name) && !parsed.contains(name),
                    _ => false,
                })
        }
        _ => true,
    });
    let mut any = false;
    for item in types.iter_mut() {
        let Item::Impl(own) = item else { continue };
        if !impl_target(own).is_some_and(|target| sets.contains_key(target)) {
            continue;
        }
        match trait_name(own).as_deref() {
            Some("Display") => *own = display(own),
            Some("FromStr") => {
                *own = from_str(own);
                any = true;
            }
            _ => {}
        }
    }
    for item in types.iter_mut() {
        match item {
            Item::Mod(module) if module.ident == "error" && any => reader(module),
            _ => {}
        }
    }
}

/// The types in enums that may be parsed or printed by way of them.
fn parsed(types: &[Item]) -> BTreeSet<Ident> {
    let mut held = BTreeSet::new();
    for item in types {
        if let Item::Enum(item) = item {
            let fields = item.variants.iter().flat_map(|variant| &variant.fields);
            fields.for_each(|field| names(field.ty.to_token_stream(), &mut held));
        }
    }
    held
}

/// Whether serde reads and writes nothing but the names of variants.
fn is_set(item: &ItemEnum) -> bool {
    let is_named = |attribute: &Attribute| !attribute.path().is_ident("serde");
    let is_alone = item
        .variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit));
    is_alone
        && item.attrs.iter().all(is_named)
        && !item
            .variants
            .iter()
            .any(|variant| serde_argument(&variant.attrs, "other").is_some())
}

/// The name of the trait.
fn trait_name(item: &ItemImpl) -> Option<String> {
    let (path, _) = item.trait_.as_ref()?;
    Some(path.segments.last()?.ident.to_string())
}

/// Whether it tries to make a value of text.
fn is_from_text(item: &ItemImpl) -> bool {
    let Some((path, _)) = &item.trait_ else {
        return false;
    };
    path.segments.last().is_some_and(|last| {
        let mut from = BTreeSet::new();
        names(last.arguments.to_token_stream(), &mut from);
        let is_text = |name: &Ident| name == "str" || name == "String";
        last.ident == "TryFrom" && from.iter().any(is_text)
    })
}

fn display(item: &ItemImpl) -> ItemImpl {
    let name = &item.self_ty;
    parse_quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::serde::Serialize::serialize(self, f)
            }
        }
    }
}

fn from_str(item: &ItemImpl) -> ItemImpl {
    let name = &item.self_ty;
    parse_quote! {
        impl ::std::str::FromStr for #name {
            type Err = error::ConversionError;

            fn from_str(value: &str) -> ::std::result::Result<Self, error::ConversionError> {
                error::read(value)
            }
        }
    }
}

/// What reads a text as serde does.
fn reader(module: &mut ItemMod) {
    if let Some((_, items)) = &mut module.content {
        items.push(parse_quote! {
            /// The value that a text is for serde.
            pub(super) fn read<'de, T: ::serde::Deserialize<'de>>(
                text: &'de str,
            ) -> ::std::result::Result<T, ConversionError> {
                let text = ::serde::de::value::BorrowedStrDeserializer::new(text);
                let error = |_: ::serde::de::value::Error| "invalid value".into();
                T::deserialize(text).map_err(error)
            }
        });
    }
}
