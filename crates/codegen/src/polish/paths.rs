//! Writes paths as people do: `Option<String>`, not
//! `::std::option::Option<::std::string::String>`.
//!
//! A name that a generated item takes for itself keeps its full path.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, ExprPath, File, Item, ItemMod, Lit, Meta, Path, Token, TypePath};

/// Names that stand in every module without an import; a longer path stands after
/// the shorter one that begins it.
const PRELUDE: [&[&str]; 15] = [
    &["std", "boxed", "Box"],
    &["std", "clone", "Clone"],
    &["std", "convert", "AsRef"],
    &["std", "convert", "From"],
    &["std", "convert", "Into"],
    &["std", "convert", "TryFrom"],
    &["std", "default", "Default"],
    &["std", "iter", "IntoIterator"],
    &["std", "option", "Option"],
    &["std", "option", "Option", "None"],
    &["std", "option", "Option", "Some"],
    &["std", "result", "Result"],
    &["std", "string", "String"],
    &["std", "string", "ToString"],
    &["std", "vec", "Vec"],
];

pub(super) fn pass(file: &mut File) {
    let taken = names(&file.items);
    Shorten { taken }.visit_file_mut(file);
}

/// The names of the types and modules among the items.
fn names(items: &[Item]) -> BTreeSet<String> {
    let ident = |item: &Item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        Item::Mod(item) => Some(item.ident.to_string()),
        _ => None,
    };
    items.iter().filter_map(ident).collect()
}

struct Shorten {
    /// What the module around takes for itself.
    taken: BTreeSet<String>,
}

impl Shorten {
    fn shorten(&self, path: &mut Path) {
        if path.leading_colon.is_none() {
            // `self::error::E` is `error::E`.
            if path.segments.len() > 1 && path.segments[0].ident == "self" {
                path.segments = path.segments.iter().skip(1).cloned().collect();
            }
            return;
        }
        // The longest prefix that is in the prelude goes but for its last name.
        let begins = |full: &[&str]| {
            full.len() <= path.segments.len()
                && full
                    .iter()
                    .zip(&path.segments)
                    .all(|(name, s)| s.ident == name)
        };
        let prefix = PRELUDE.iter().rev().find(|full| begins(full));
        let last = prefix.and_then(|full| full.last());
        if let (Some(full), Some(last)) = (prefix, last)
            && !self.taken.contains(*last)
        {
            path.segments = path.segments.iter().skip(full.len() - 1).cloned().collect();
            path.leading_colon = None;
        } else if !self.taken.contains(&path.segments[0].ident.to_string()) {
            path.leading_colon = None;
        }
    }

    /// Paths inside `derive(…)` and inside the text of `serde(…)` arguments.
    fn attribute(&self, attribute: &mut Attribute) {
        let Meta::List(list) = &mut attribute.meta else {
            return;
        };
        if list.path.is_ident("derive") {
            type Paths = syn::punctuated::Punctuated<Path, Token![,]>;
            if let Ok(mut paths) = list.parse_args_with(Paths::parse_terminated) {
                paths.iter_mut().for_each(|path| self.shorten(path));
                list.tokens = paths.into_token_stream();
            }
        } else if list.path.is_ident("serde") {
            type Metas = syn::punctuated::Punctuated<Meta, Token![,]>;
            if let Ok(mut metas) = list.parse_args_with(Metas::parse_terminated) {
                metas.iter_mut().for_each(|meta| self.argument(meta));
                list.tokens = metas.into_token_stream();
            }
        }
    }

    fn argument(&self, meta: &mut Meta) {
        if let Meta::NameValue(argument) = meta
            && !argument.path.is_ident("rename")
            && let syn::Expr::Lit(literal) = &mut argument.value
            && let Lit::Str(text) = &literal.lit
            && let Ok(mut path) = text.parse::<Path>()
        {
            self.shorten(&mut path);
            let short = path.to_token_stream().to_string().replace(' ', "");
            literal.lit = Lit::Str(syn::LitStr::new(&short, text.span()));
        }
    }
}

impl VisitMut for Shorten {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        let Some((_, items)) = &module.content else {
            return;
        };
        let outer = std::mem::replace(&mut self.taken, names(items));
        visit_mut::visit_item_mod_mut(self, module);
        self.taken = outer;
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        self.shorten(path);
    }

    // In `<T as Trait>::Name` the position of `as` counts the segments.
    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        match &mut ty.qself {
            Some(qself) => self.visit_type_mut(&mut qself.ty),
            None => visit_mut::visit_type_path_mut(self, ty),
        }
    }

    fn visit_expr_path_mut(&mut self, expr: &mut ExprPath) {
        match &mut expr.qself {
            Some(qself) => self.visit_type_mut(&mut qself.ty),
            None => visit_mut::visit_expr_path_mut(self, expr),
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        self.attribute(attribute);
        visit_mut::visit_attribute_mut(self, attribute);
    }
}
