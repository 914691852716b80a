//! Takes out functions for default values that nothing calls.

use quote::ToTokens as _;
use syn::Item;

pub(super) fn pass(types: &mut Vec<Item>) {
    let is_defaults = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "defaults");
    let Some(place) = types.iter().position(is_defaults) else {
        return;
    };
    let Item::Mod(mut module) = types.remove(place) else {
        return;
    };
    // They are called by name in `#[serde(default = "…")]`.
    let mut text = String::new();
    for item in types.iter() {
        text.push_str(&item.to_token_stream().to_string());
    }
    if let Some((_, functions)) = &mut module.content {
        functions.retain(|item| match item {
            Item::Fn(function) => text.contains(&function.sig.ident.to_string()),
            _ => true,
        });
        if functions.is_empty() {
            return;
        }
    }
    types.insert(place, Item::Mod(module));
}
