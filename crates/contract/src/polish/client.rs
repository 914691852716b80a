//! Leaves one constructor to the client, the one that cannot panic, and imports
//! only what is used.

use proc_macro2::TokenTree;
use quote::ToTokens as _;
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
    let uses = |item: &Item| matches!(item, Item::Use(_));
    let rest = file.items.iter().filter(|item| !uses(item));
    let tokens: proc_macro2::TokenStream = rest.map(|item| item.to_token_stream()).collect();
    for item in &mut file.items {
        let Item::Use(item) = item else { continue };
        if !matches!(item.vis, syn::Visibility::Inherited) {
            continue;
        }
        item.attrs.retain(|attribute| !allows_unused(attribute));
        retain(&mut item.tree, &|name| {
            let needed = TRAITS.iter().find(|(imported, _)| name == *imported);
            mentions(tokens.clone(), needed.map_or(name, |(_, method)| method))
        });
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

fn mentions(tokens: proc_macro2::TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

fn allows_unused(attribute: &Attribute) -> bool {
    attribute.path().is_ident("allow")
        && attribute
            .to_token_stream()
            .to_string()
            .contains("unused_imports")
}
