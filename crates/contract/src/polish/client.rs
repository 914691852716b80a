//! Leaves one constructor to the client, the one that cannot panic, and imports
//! only what is used.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, File, ImplItem, Item, UseTree};

use super::impl_target;

pub(super) fn pass(file: &mut File) {
    // `new` unwraps, and fixes timeouts that are the caller's to choose;
    // `prelude` holds one name.
    for item in &mut file.items {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && impl_target(item).is_some_and(|target| target == "Client")
        {
            item.items
                .retain(|member| !matches!(member, ImplItem::Fn(f) if f.sig.ident == "new"));
        }
    }
    file.items
        .retain(|item| !matches!(item, Item::Mod(module) if module.ident == "prelude"));
    imports(file);
}

/// Extension traits and the method that each is imported for.
const TRAITS: [(&str, &str); 1] = [("RequestBuilderExt", "form_urlencoded")];

fn imports(file: &mut File) {
    // `mod types` imports for itself.
    let rest = file
        .items
        .iter()
        .filter(|i| !matches!(i, Item::Use(_) | Item::Mod(_)));
    let mut used = HashSet::new();
    names(rest.map(ToTokens::to_token_stream).collect(), &mut used);
    for item in &mut file.items {
        let Item::Use(item) = item else { continue };
        if !matches!(item.vis, syn::Visibility::Inherited) {
            continue;
        }
        item.attrs.retain(|attribute| !allows_unused(attribute));
        retain(&mut item.tree, &|name| {
            let needed = TRAITS.iter().find(|(imported, _)| name == *imported);
            used.contains(needed.map_or(name, |(_, method)| method))
        });
    }
}

/// Every name in the tokens, those in macros included.
fn names(tokens: TokenStream, out: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(out.insert(ident.to_string())),
            TokenTree::Group(group) => names(group.stream(), out),
            _ => {}
        }
    }
}

fn retain(tree: &mut UseTree, used: &dyn Fn(&str) -> bool) {
    match tree {
        UseTree::Path(path) => retain(&mut path.tree, used),
        UseTree::Group(group) => {
            let kept = group.items.iter().filter(|tree| match tree {
                UseTree::Name(name) => used(&name.ident.to_string()),
                _ => true,
            });
            group.items = kept.cloned().collect();
        }
        _ => {}
    }
}

fn allows_unused(attribute: &Attribute) -> bool {
    attribute.path().is_ident("allow")
        && attribute
            .to_token_stream()
            .to_string()
            .contains("unused_imports")
}
