//! Puts a blank line between items and between methods. The printer prints an
//! empty verbatim item as one.

use proc_macro2::TokenStream;
use syn::visit_mut::{self, VisitMut};
use syn::{File, ImplItem, Item, ItemImpl, ItemMod};

pub(super) fn pass(file: &mut File) {
    items(&mut file.items);
    Spacing.visit_file_mut(file);
}

struct Spacing;

impl VisitMut for Spacing {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if let Some((_, content)) = &mut module.content {
            items(content);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let blank = || ImplItem::Verbatim(TokenStream::new());
        let members = std::mem::take(&mut item.items);
        for (index, member) in members.into_iter().enumerate() {
            let follows_type = matches!(item.items.last(), Some(ImplItem::Type(_)));
            if index > 0 && !follows_type {
                item.items.push(blank());
            }
            item.items.push(member);
        }
        visit_mut::visit_item_impl_mut(self, item);
    }
}

fn items(list: &mut Vec<Item>) {
    let is_use = |item: &Item| matches!(item, Item::Use(_));
    for item in std::mem::take(list) {
        if list
            .last()
            .is_some_and(|last| !(is_use(last) && is_use(&item)))
        {
            list.push(Item::Verbatim(TokenStream::new()));
        }
        list.push(item);
    }
}
