//! Makes the contract's words good Rust documentation: `///` lines, no accidental
//! tests, links or HTML, and a line for what the contract leaves without words.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    Attribute, Expr, ExprLit, Field, File, ImplItem, Item, Lit, Meta, Variant, Visibility,
    parse_quote,
};

use super::operations::Contract;
use super::{REQUESTS, methods, request, wire_name};

mod markdown;
mod method;

pub(super) use markdown::span as code;

pub(super) fn pass(file: &mut File, contract: &Contract<'_>) {
    let summaries = summaries(file);
    items(&mut file.items, &summaries);
    let client = file.items.iter_mut().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Client" => Some(&mut item.attrs),
        _ => None,
    });
    if let Some(attributes) = client {
        write(attributes, &client_lines(contract));
    }
    for function in methods(file) {
        if let Some(operation) = contract.operation(&function.sig.ident.to_string()) {
            let lines = method::lines(operation, &function.sig);
            write(&mut function.attrs, &lines);
        }
    }
}

/// What is said of the client.
fn client_lines(contract: &Contract<'_>) -> Vec<String> {
    let info = &contract.api.info;
    let texts = [
        format!("Client for {}", info.title),
        info.description.clone().unwrap_or_default(),
        info.terms_of_service.clone().unwrap_or_default(),
        format!("Version: {}", info.version),
    ];
    let blocks = texts.map(|text| markdown::lines(&text));
    let blocks: Vec<_> = blocks
        .into_iter()
        .filter(|block| !block.is_empty())
        .collect();
    blocks.join(&String::new())
}

/// The first line of each type's words, for properties that only refer to it.
type Summaries = HashMap<String, String>;

fn items(list: &mut [Item], summaries: &Summaries) {
    for item in list {
        match item {
            Item::Struct(item) => {
                rewrite(&mut item.attrs);
                for f in &mut item.fields {
                    let is_public = matches!(f.vis, Visibility::Public(_));
                    field(f, is_public, summaries);
                }
            }
            Item::Enum(item) => {
                rewrite(&mut item.attrs);
                for alternative in &mut item.variants {
                    variant(alternative);
                    let fields = alternative.fields.iter_mut();
                    fields.for_each(|f| field(f, true, summaries));
                }
            }
            Item::Impl(item) => {
                for member in &mut item.items {
                    match member {
                        // What calls an operation is described by it.
                        ImplItem::Fn(function) if request(&function.sig).is_none() => {
                            rewrite(&mut function.attrs);
                        }
                        _ => {}
                    }
                }
            }
            // What it says was made safe where it was written.
            Item::Mod(item) if item.ident == REQUESTS => {}
            Item::Mod(item) => {
                rewrite(&mut item.attrs);
                if let Some((_, inner)) = &mut item.content {
                    items(inner, summaries);
                }
            }
            Item::Fn(item) => rewrite(&mut item.attrs),
            Item::Type(item) => rewrite(&mut item.attrs),
            _ => {}
        }
    }
}

/// Makes the words safe.
fn rewrite(attributes: &mut Vec<Attribute>) {
    let words: Vec<_> = attributes.iter().filter_map(text).collect();
    if !words.is_empty() {
        write(attributes, &markdown::lines(&words.join("\n")));
    }
}

/// A contract's words as documentation.
pub(super) fn documentation(words: &str) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    write(&mut attributes, &markdown::lines(words));
    attributes
}

/// Puts a block below what is said already.
pub(super) fn append(attributes: &mut Vec<Attribute>, lines: &[String]) {
    let mut all: Vec<String> = attributes.iter().filter_map(text).collect();
    if !lines.is_empty() {
        all.push(String::new());
        all.extend_from_slice(lines);
        write(attributes, &all);
    }
}

/// Puts words first, a line to an attribute, in the place of others.
fn write(attributes: &mut Vec<Attribute>, lines: &[String]) {
    attributes.retain(|attribute| text(attribute).is_none());
    let lines = lines.iter().map(|line| {
        let line = match line.is_empty() {
            true => String::new(),
            false => format!(" {line}"),
        };
        parse_quote!(#[doc = #line])
    });
    let lines: Vec<Attribute> = lines.collect();
    attributes.splice(0..0, lines);
}

fn field(field: &mut Field, is_public: bool, summaries: &Summaries) {
    if let Some(ident) = &field.ident
        && is_public
        && undocumented(&field.attrs)
    {
        let name = wire_name(&field.attrs, ident);
        let doc = match summaries.get(&last_name(field.ty.to_token_stream())) {
            Some(summary) => summary.clone(),
            None => format!("The property {}.", code(&name)),
        };
        field.attrs.insert(0, parse_quote!(#[doc = #doc]));
    }
    rewrite(&mut field.attrs);
}

fn variant(variant: &mut Variant) {
    if undocumented(&variant.attrs) {
        let name = wire_name(&variant.attrs, &variant.ident);
        let doc = match variant.fields.is_empty() {
            true => code(&name),
            false => format!("The alternative {}.", code(&name)),
        };
        variant.attrs.insert(0, parse_quote!(#[doc = #doc]));
    }
    rewrite(&mut variant.attrs);
}

/// The first line of the words on each type, if it has any of its own.
fn summaries(file: &File) -> Summaries {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let items = types.map(|(_, items)| items.as_slice()).unwrap_or_default();
    let summary = |item: &Item| {
        let (ident, attributes) = match item {
            Item::Struct(item) => (&item.ident, &item.attrs),
            Item::Enum(item) => (&item.ident, &item.attrs),
            _ => return None,
        };
        let words = attributes.iter().find_map(text)?;
        let first = words.lines().next()?.to_owned();
        // Without words of its own a type is documented by its name.
        (first != format!("`{ident}`")).then(|| (ident.to_string(), first))
    };
    items.iter().filter_map(summary).collect()
}

/// The last name in a type: `Source` of `Option<Source>`. Empty when it is the end
/// of a path, which names no type of the contract.
fn last_name(ty: TokenStream) -> String {
    let mut last = String::new();
    let mut in_path = false;
    for token in ty {
        match &token {
            TokenTree::Ident(_) if in_path => last.clear(),
            TokenTree::Ident(ident) => last = ident.to_string(),
            _ => {}
        }
        in_path = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
    }
    last
}

fn undocumented(attributes: &[Attribute]) -> bool {
    attributes.iter().all(|attribute| text(attribute).is_none())
}

/// The words of a doc attribute.
fn text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return None;
    };
    let value = || {
        let text = text.value();
        text.strip_prefix(' ').map(str::to_owned).unwrap_or(text)
    };
    meta.path.is_ident("doc").then(value)
}
