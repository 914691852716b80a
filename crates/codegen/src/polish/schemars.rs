//! Lets every type that is read or written as a whole derive `schemars::JsonSchema` when the
//! crate's feature `schemars` is on.

use syn::{Attribute, Item, parse_quote};

use super::operations::Contract;

pub(super) fn pass(types: &mut [Item], contract: &Contract<'_>) {
    for item in types {
        let (name, attributes) = match item {
            Item::Struct(item) => (&item.ident, &mut item.attrs),
            Item::Enum(item) => (&item.ident, &mut item.attrs),
            _ => continue,
        };
        if contract.by_status.contains_key(&name.to_string()) {
            continue;
        }
        let after = attributes.iter().rposition(is_derive).map_or(0, |i| i + 1);
        let derive = parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]);
        attributes.insert(after, derive);
    }
}

fn is_derive(attribute: &Attribute) -> bool {
    attribute.path().is_ident("derive")
}
