//! Reads the values that are one of several things, and say with no property which, by the runtime:
//! where nothing fits exactly, it finds what is clearly meant. serde's own reader cannot, which
//! keeps what it has read in a form of its own.

use syn::{Fields, Ident, Item, ItemEnum, Path, parse_quote};

use super::{serde_argument, types, without};

pub(super) fn pass(file: &mut syn::File, runtime: &Path) {
    let Some(types) = types(file) else { return };
    let items = std::mem::take(types).into_iter();
    *types = items
        .flat_map(|mut item| {
            let read = match &mut item {
                Item::Enum(item) => reader(item, runtime),
                _ => None,
            };
            std::iter::once(item).chain(read)
        })
        .collect();
}

fn reader(item: &mut ItemEnum, runtime: &Path) -> Option<Item> {
    serde_argument(&item.attrs, "untagged")?;
    let alternatives: Option<Vec<&Ident>> = item
        .variants
        .iter()
        .map(|variant| match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(&variant.ident),
            _ => None,
        })
        .collect();
    let (alternatives, name) = (alternatives?, &item.ident);
    let (last, rest) = alternatives.split_last()?;
    let reader = parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                #runtime::choice::read(deserializer, |given| {
                    #(given.read(Self::#rest)?;)*
                    given.read(Self::#last)
                })
            }
        }
    };
    without(&mut item.attrs, "derive", "Deserialize");
    Some(reader)
}
