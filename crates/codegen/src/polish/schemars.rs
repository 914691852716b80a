//! Lets every type derive `schemars::JsonSchema` when the crate's feature
//! `schemars` is on.

use syn::{Attribute, Item, parse_quote};

pub(super) fn pass(types: &mut [Item]) {
    for attributes in super::attributes(types) {
        let after = attributes.iter().rposition(is_derive).map_or(0, |i| i + 1);
        let derive = parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]);
        attributes.insert(after, derive);
    }
}

fn is_derive(attribute: &Attribute) -> bool {
    attribute.path().is_ident("derive")
}
