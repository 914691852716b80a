//! Puts a blank line between items and between methods. The printer prints an
//! empty verbatim item as one.

use proc_macro2::TokenStream;
use syn::{File, ImplItem, Item};

pub(super) fn pass(file: &mut File) {
    items(&mut file.items);
}

fn items(list: &mut Vec<Item>) {
    let is_use = |item: &Item| matches!(item, Item::Use(_));
    for mut item in std::mem::take(list) {
        match &mut item {
            Item::Mod(module) => module
                .content
                .iter_mut()
                .for_each(|(_, inner)| items(inner)),
            Item::Impl(item) => members(&mut item.items),
            _ => {}
        }
        if list
            .last()
            .is_some_and(|last| !(is_use(last) && is_use(&item)))
        {
            list.push(Item::Verbatim(TokenStream::new()));
        }
        list.push(item);
    }
}

fn members(list: &mut Vec<ImplItem>) {
    for member in std::mem::take(list) {
        if !list.is_empty() {
            list.push(ImplItem::Verbatim(TokenStream::new()));
        }
        list.push(member);
    }
}
