//! Marks structs with named fields and enums `#[non_exhaustive]`: a property or
//! value that the contract gains must not break the callers' code.

use syn::{Fields, Item, parse_quote};

pub(super) fn pass(types: &mut [Item]) {
    for item in types {
        match item {
            Item::Struct(item) if matches!(item.fields, Fields::Named(_)) => {
                item.attrs.push(parse_quote!(#[non_exhaustive]));
            }
            Item::Enum(item) => item.attrs.push(parse_quote!(#[non_exhaustive])),
            _ => {}
        }
    }
}
