//! Reads the values that are one of several things, and say with no property which, by the runtime:
//! where nothing fits exactly, it finds what is clearly meant. serde's own reader cannot, which
//! keeps what it has read in a form of its own.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use syn::{Fields, Ident, Item, ItemEnum, Path, Type, Variant, parse_quote};

use super::open_enum::unknown;
use super::{impl_target, serde_argument, types, without};

pub(super) fn pass(file: &mut syn::File, runtime: &Path) {
    let Some(types) = types(file) else { return };
    let written: BTreeSet<Ident> = types.iter().filter_map(written).cloned().collect();
    let items = std::mem::take(types).into_iter();
    *types = items
        .flat_map(|mut item| {
            let read = match &mut item {
                Item::Enum(item) => reader(item, &written, runtime),
                _ => None,
            };
            std::iter::once(item).chain(read)
        })
        .collect();
}

/// The type that a `Display` is of: texts and numbers, which say what they are as they stand.
fn written(item: &Item) -> Option<&Ident> {
    let Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let is_display = path.segments.last()?.ident == "Display";
    is_display.then(|| impl_target(item)).flatten()
}

fn reader(item: &mut ItemEnum, written: &BTreeSet<Ident>, runtime: &Path) -> Option<Item> {
    serde_argument(&item.attrs, "untagged")?;
    let alternatives: Option<Vec<Ident>> = item
        .variants
        .iter()
        .map(|variant| match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(variant.ident.clone()),
            _ => None,
        })
        .collect();
    let (alternatives, name) = (alternatives?, &item.ident);
    let is_open = !written.contains(name) && !item.variants.iter().any(takes_any);
    let unknown = is_open.then(|| unknown(alternatives.iter()));
    let (last, rest) = alternatives.split_last()?;
    let (function, otherwise) = match &unknown {
        Some(unknown) => (format_ident!("read_or"), quote!(Self::#unknown,)),
        None => (format_ident!("read"), quote!()),
    };
    let reader = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                #runtime::choice::#function(deserializer, #otherwise |given| {
                    #(given.read(Self::#rest)?;)*
                    given.read(Self::#last)
                })
            }
        }
    };
    without(&mut item.attrs, "derive", "Deserialize");
    item.variants.extend(unknown.map(variant));
    Some(reader)
}

/// Whether an alternative is any value.
fn takes_any(variant: &Variant) -> bool {
    let any: Type = parse_quote!(::serde_json::Value);
    variant.fields.iter().any(|field| field.ty == any)
}

fn variant(unknown: Ident) -> Variant {
    parse_quote! {
        /// What fits none of these, as it stands on the wire.
        #unknown(::serde_json::Value)
    }
}
