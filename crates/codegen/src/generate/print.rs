//! The syntax tree as text. The printer knows no rules for what stands in a macro: that of
//! requests is kept as text, and its uses are set here.

use prettyplease::unparse;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{File, Item, ItemStruct, parse_quote};

use crate::polish::{REQUESTS, given};

/// What every type of request has, once.
const REQUEST: &str = include_str!("request.txt");

/// So wide a line may be.
const WIDTH: usize = 89;

/// The file as text, with the macro in front of the module that uses it.
pub(super) fn print(mut file: File) -> String {
    let is_requests = |item: &Item| matches!(item, Item::Mod(module) if module.ident == REQUESTS);
    let Some(place) = file.items.iter().position(is_requests) else {
        return unparse(&file);
    };
    let mut rest: File = parse_quote!();
    rest.items = file.items.split_off(place);
    let uses = rest.items.first_mut().map(number).unwrap_or_default();
    let mut text = format!("{}\n{REQUEST}", unparse(&file));
    let printed = unparse(&rest);
    let mut left = printed.as_str();
    for (number, used) in uses.iter().enumerate() {
        if let Some((before, after)) = left.split_once(&format!("request!({number});")) {
            text.push_str(before);
            text.push_str(used);
            left = after;
        }
    }
    text.push_str(left);
    text
}

/// Gives each use of the macro a number in place of what it is for, and that in order.
fn number(requests: &mut Item) -> Vec<String> {
    let Item::Mod(module) = requests else {
        return Vec::new();
    };
    let mut uses = Vec::new();
    let mut request = None;
    for item in module.content.iter_mut().flat_map(|(_, items)| items) {
        match item {
            Item::Struct(item) => request = Some(item.clone()),
            Item::Macro(item) => {
                let number = Literal::usize_unsuffixed(uses.len());
                item.mac.tokens = quote!(#number);
                uses.extend(request.take().map(|request| used(&request)));
            }
            _ => {}
        }
    }
    uses
}

/// The use of the macro for a type of request.
fn used(request: &ItemStruct) -> String {
    let types = given(request).into_iter().flatten();
    let types = types.map(|ty| printed(ty.to_token_stream()));
    let arguments: Vec<String> = std::iter::once(request.ident.to_string())
        .chain(types)
        .collect();
    let on_a_line = format!("request!({});", arguments.join(", "));
    match on_a_line.len() <= WIDTH - INDENT.len() {
        true => on_a_line,
        false => {
            let arguments = arguments.join(&format!(",\n{INDENT}{INDENT}"));
            format!("request!(\n{INDENT}{INDENT}{arguments}\n{INDENT});")
        }
    }
}

const INDENT: &str = "    ";

/// A type as the printer sets it, in a line.
fn printed(ty: TokenStream) -> String {
    let text = unparse(&parse_quote!(type Given = #ty;));
    let text = text.trim_start_matches("type Given = ");
    let words: Vec<&str> = text
        .trim_end()
        .trim_end_matches(';')
        .split_whitespace()
        .collect();
    words.join(" ")
}
