//! Makes the contract's words good Rust documentation: `///` lines, no accidental
//! tests, links or HTML, and a line for what the contract leaves without words.

use std::collections::HashMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, Field, File, Item, Lit, Meta, Variant, parse_quote};

mod markdown;

pub(super) fn pass(file: &mut File) {
    let mut docs = Docs {
        types: summaries(file),
    };
    docs.visit_file_mut(file);
}

struct Docs {
    /// The first line of each type's words, for properties that only refer to it.
    types: HashMap<String, String>,
}

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let words: Vec<_> = attributes.iter().filter_map(text).collect();
        if words.is_empty() {
            return;
        }
        attributes.retain(|attribute| text(attribute).is_none());
        let lines = markdown::lines(&words.join("\n"));
        let lines = lines.into_iter().map(|line| {
            let line = match line.is_empty() {
                true => line,
                false => format!(" {line}"),
            };
            parse_quote!(#[doc = #line])
        });
        let lines: Vec<Attribute> = lines.collect();
        attributes.splice(0..0, lines);
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        if let Some(ident) = &field.ident
            && matches!(field.vis, syn::Visibility::Public(_))
            && undocumented(&field.attrs)
        {
            let ident = ident.to_string();
            let name = renamed(&field.attrs).unwrap_or(ident);
            let doc = match self.types.get(&last_name(&field.ty)) {
                Some(summary) => summary.clone(),
                None => format!("The property `{name}`."),
            };
            field.attrs.insert(0, parse_quote!(#[doc = #doc]));
        }
        visit_mut::visit_field_mut(self, field);
    }

    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        if undocumented(&variant.attrs) {
            let name = renamed(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
            let doc = match variant.fields.is_empty() {
                true => format!("`{name}`"),
                false => format!("The alternative `{name}`."),
            };
            variant.attrs.insert(0, parse_quote!(#[doc = #doc]));
        }
        visit_mut::visit_variant_mut(self, variant);
    }
}

/// The first line of the words on each type, if it has any of its own.
fn summaries(file: &File) -> HashMap<String, String> {
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

/// The last name in a type: `Source` of `Option<Source>`.
fn last_name(ty: &syn::Type) -> String {
    struct Last(String);
    impl syn::visit::Visit<'_> for Last {
        fn visit_path_segment(&mut self, segment: &syn::PathSegment) {
            self.0 = segment.ident.to_string();
            syn::visit::visit_path_segment(self, segment);
        }
    }
    let mut last = Last(String::new());
    syn::visit::Visit::visit_type(&mut last, ty);
    last.0
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

/// The value of `#[serde(rename = "…")]`.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // Other arguments are none of our business, but must be read over.
        let _ = attribute.parse_nested_meta(|meta| {
            let value: Option<Lit> = match meta.input.peek(syn::Token![=]) {
                true => Some(meta.value()?.parse()?),
                false => None,
            };
            if let (true, Some(Lit::Str(text))) = (meta.path.is_ident("rename"), value) {
                found = Some(text.value());
            }
            Ok(())
        });
    }
    found
}
