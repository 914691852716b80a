//! Takes out functions for default values that nothing calls.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{Field, Ident, Item, ItemImpl, Path};

use super::{names, serde_argument};

pub(super) fn pass(types: &mut Vec<Item>) {
    let is_defaults = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "defaults");
    let Some(place) = types.iter().position(is_defaults) else {
        return;
    };
    let Item::Mod(mut module) = types.remove(place) else {
        return;
    };
    let called = called(types);
    if let Some((_, functions)) = &mut module.content {
        functions.retain(|item| match item {
            Item::Fn(function) => called.contains(&function.sig.ident),
            _ => true,
        });
        if functions.is_empty() {
            return;
        }
    }
    types.insert(place, Item::Mod(module));
}

/// Whether an `impl` says what a value is by default.
fn is_default(item: &ItemImpl) -> bool {
    let path = item.trait_.as_ref().map(|(path, _)| path);
    path.is_some_and(|path| path.segments.last().is_some_and(|s| s.ident == "Default"))
}

/// Every name in an `impl` of `Default`, and the functions that `#[serde(default = "…")]` calls.
fn called(types: &[Item]) -> BTreeSet<Ident> {
    let mut called = BTreeSet::new();
    for item in types {
        let fields: Vec<&Field> = match item {
            Item::Struct(item) => item.fields.iter().collect(),
            Item::Enum(item) => item.variants.iter().flat_map(|v| &v.fields).collect(),
            Item::Impl(item) if is_default(item) => {
                names(item.to_token_stream(), &mut called);
                continue;
            }
            _ => continue,
        };
        let paths = fields.into_iter().filter_map(|field| {
            let path = serde_argument(&field.attrs, "default")??;
            let path: Path = path.parse().ok()?;
            Some(path.segments.last()?.ident.clone())
        });
        called.extend(paths);
    }
    called
}
