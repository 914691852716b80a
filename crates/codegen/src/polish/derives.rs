//! Writes a list of derives that needs a line for each as two lists: what serde and readers
//! need, and how values compare.

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Path, Token, parse_quote};

/// How values compare.
const COMPARE: [&str; 5] = ["Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

pub(super) fn pass(types: &mut [Item]) {
    for attributes in super::attributes(types) {
        let all = std::mem::take(attributes).into_iter();
        *attributes = all.flat_map(split).collect();
    }
}

fn split(attribute: Attribute) -> Vec<Attribute> {
    let derived = match attribute.path().is_ident("derive") {
        true => attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated),
        false => return vec![attribute],
    };
    let Ok(derived) = derived else {
        return vec![attribute];
    };
    let is_about = |path: &Path| COMPARE.iter().any(|name| path.is_ident(name));
    let (compare, rest): (Vec<Path>, Vec<Path>) = derived.into_iter().partition(is_about);
    match compare.len() == COMPARE.len() && !rest.is_empty() {
        true => vec![
            parse_quote!(#[derive(#(#rest),*)]),
            parse_quote!(#[derive(#(#compare),*)]),
        ],
        false => vec![attribute],
    }
}
