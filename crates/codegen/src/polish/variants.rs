//! Names the alternatives of a choice as `normalise/type_names` says. Where the generator made
//! an enum of its own accord they are called after what they hold: a type of the contract, or
//! what JSON has: `Text`, `Number`, `Integer`, `Boolean`, `List`, `Map`, `Other`. Of two with one
//! name the second gets a number, so that names stay when an alternative is added behind them.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident};
use syn::{Fields, Ident, Item, ItemEnum, Type};

use super::impl_target;
use super::operations::Contract;
use super::shape::Shape;

/// What the generator calls an alternative, before its number.
const NUMBERED: &str = "Variant";

/// From the names of an enum's variants to better ones.
type Renamed = HashMap<Ident, Ident>;

pub(super) fn pass(types: &mut [Item], contract: &Contract<'_>) {
    let mut all: HashMap<Ident, Renamed> = HashMap::new();
    for item in types.iter_mut() {
        if let Item::Enum(item) = item
            && let Some(renamed) = known(item, contract).or_else(|| renamed(item))
        {
            for variant in &mut item.variants {
                if let Some(name) = renamed.get(&variant.ident) {
                    variant.ident = name.clone();
                }
            }
            all.insert(item.ident.clone(), renamed);
        }
    }
    if all.is_empty() {
        return;
    }
    for item in types.iter_mut() {
        let Item::Impl(own) = &*item else { continue };
        if let Some(renamed) = impl_target(own).and_then(|target| all.get(target))
            && let Ok(with_names) = syn::parse2(replaced(own.to_token_stream(), renamed))
        {
            *item = with_names;
        }
    }
}

/// The names that the alternatives of a choice were given.
fn known(item: &ItemEnum, contract: &Contract<'_>) -> Option<Renamed> {
    let names = contract.alternatives.get(&item.ident.to_string())?;
    if names.len() != item.variants.len() {
        return None;
    }
    let names = names.iter().map(|name| format_ident!("{name}"));
    let variants = item.variants.iter().map(|variant| variant.ident.clone());
    Some(variants.zip(names).collect())
}

/// The names of an enum that has numbers for names, if what it holds says better ones.
fn renamed(item: &ItemEnum) -> Option<Renamed> {
    let numbers = item.variants.iter().enumerate();
    let mut is_numbered = numbers.map(|(number, variant)| {
        variant.ident == format!("{NUMBERED}{number}") && held(&variant.fields).is_some()
    });
    if item.variants.is_empty() || !is_numbered.all(|it| it) {
        return None;
    }
    let mut taken = HashSet::new();
    let names = item.variants.iter().map(|variant| {
        let name = name(held(&variant.fields)?, &item.ident);
        // What is named after its number has no other name.
        let name = name.unwrap_or_else(|| variant.ident.to_string());
        let name = contract::names::numbered(&name, "", |name| taken.insert(name.to_owned()));
        Some((variant.ident.clone(), format_ident!("{name}")))
    });
    names.collect()
}

fn held(fields: &Fields) -> Option<&Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(&fields.unnamed[0].ty),
        _ => None,
    }
}

/// What a type is, in a word.
fn name(ty: &Type, owner: &Ident) -> Option<String> {
    match Shape::of(ty) {
        Shape::List(inner) => return Some(format!("{}List", name(inner, owner)?)),
        Shape::Map(_) | Shape::Object => return Some("Map".to_owned()),
        Shape::Boxed(inner) | Shape::Optional(inner) => return name(inner, owner),
        _ => {}
    }
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?.ident.to_string();
    Some(match last.as_str() {
        "String" => "Text".to_owned(),
        "f32" | "f64" => "Number".to_owned(),
        "bool" => "Boolean".to_owned(),
        "Value" if path.path.segments.len() > 1 => "Other".to_owned(),
        number if number.starts_with(['i', 'u']) && number[1..].parse::<u8>().is_ok() => {
            "Integer".to_owned()
        }
        // A type that is named after its number, too, or is what several hold in common.
        own if own.starts_with(&format!("{owner}{NUMBERED}")) => return None,
        own => own.to_owned(),
    })
}

/// The tokens with other names after `Self::`: a type may be called like a variant.
fn replaced(tokens: TokenStream, renamed: &Renamed) -> TokenStream {
    let mut before = [false; 3];
    let replaced = tokens.into_iter().map(|token| {
        let is_variant = before == [true; 3];
        let is_colon =
            |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
        before = match &token {
            TokenTree::Ident(ident) => [ident == "Self", false, false],
            colon if is_colon(colon) => [before[0], before[0], before[1]],
            _ => [false; 3],
        };
        match token {
            TokenTree::Group(group) => {
                let inner = replaced(group.stream(), renamed);
                Group::new(group.delimiter(), inner).into()
            }
            TokenTree::Ident(ident) if is_variant => {
                renamed.get(&ident).cloned().unwrap_or(ident).into()
            }
            other => other,
        }
    });
    replaced.collect()
}
