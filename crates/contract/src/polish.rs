//! From what progenitor writes to what a careful person would have written.
//! Works on the syntax tree, never on text. One pass is one file.

use syn::{File, Item, ItemMod};

use crate::source::Node;

mod api_version;
mod client;
mod contract_constants;
mod conversion_error;
mod defaults;
mod docs;
mod non_exhaustive;
mod one_or_array;
mod open_enum;
mod paths;
mod request;
mod schemars;
mod spacing;
mod status_arms;

/// Improves the generated file, which knows nothing of `root`'s extensions yet.
pub(crate) fn polish(file: &mut File, root: &Node) {
    api_version::pass(file);
    status_arms::pass(file);
    client::pass(file);
    if let Some(types) = types(file) {
        one_or_array::pass(types);
        open_enum::pass(types);
        conversion_error::pass(types);
        defaults::pass(types);
    }
    docs::pass(file);
    request::pass(file);
    if let Some(types) = types(file) {
        non_exhaustive::pass(types);
        schemars::pass(types);
    }
    contract_constants::pass(file, root);
    paths::pass(file);
    spacing::pass(file);
}

/// The items of `mod types`.
fn types(file: &mut File) -> Option<&mut Vec<Item>> {
    file.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) if ident == "types" => Some(items),
        _ => None,
    })
}

/// The name of the type that an `impl` is for, when it is a plain one.
pub(crate) fn impl_target(item: &syn::ItemImpl) -> Option<&syn::Ident> {
    match &*item.self_ty {
        syn::Type::Path(path) => path.path.get_ident(),
        _ => None,
    }
}
