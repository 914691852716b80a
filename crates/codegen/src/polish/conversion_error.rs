//! Drops `types::error` when no type can fail to convert.

use quote::ToTokens as _;
use syn::{ImplItem, Item};

use super::mentions;

pub(super) fn pass(types: &mut Vec<Item>) {
    if !types.iter().any(can_fail) {
        types.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "error"));
    }
}

/// Whether an `impl` names the error as its own.
fn can_fail(item: &Item) -> bool {
    let Item::Impl(item) = item else { return false };
    item.items.iter().any(|member| match member {
        ImplItem::Type(error) => mentions(error.to_token_stream(), "ConversionError"),
        ImplItem::Fn(function) => {
            mentions(function.sig.output.to_token_stream(), "ConversionError")
        }
        _ => false,
    })
}
