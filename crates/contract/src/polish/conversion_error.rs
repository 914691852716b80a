//! Drops `types::error` when no type can fail to convert.

use quote::ToTokens as _;
use syn::Item;

pub(super) fn pass(types: &mut Vec<Item>) {
    let is_error = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "error");
    let used = types.iter().filter(|item| !is_error(item)).any(|item| {
        item.to_token_stream()
            .to_string()
            .contains("ConversionError")
    });
    if !used {
        types.retain(|item| !is_error(item));
    }
}
