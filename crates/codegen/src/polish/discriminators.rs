//! Makes an enum of the type that stands for a choice with a discriminator: it is read by
//! what the discriminator says, and what the contract does not name is kept as it is.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Fields, Ident, Item, ItemStruct, Path, Type, parse_quote};

use super::docs::code;
use super::open_enum::unknown;
use super::operations::Contract;
use super::{impl_target, names, renamed};
use crate::normalise::discriminators::{Tag, variant};
use crate::normalise::stand_ins::Meaning;

/// The alternatives of choices with what tells each, by the name of the type.
pub(super) type Told = HashMap<Ident, Vec<(Ident, Tag)>>;

pub(super) fn pass(types: &mut Vec<Item>, contract: &Contract<'_>) -> Told {
    let mut choices: HashMap<Ident, Vec<Variant>> = HashMap::new();
    for item in types.iter() {
        if let Item::Struct(item) = item
            && let Some(variants) = variants(item, contract)
        {
            choices.insert(item.ident.clone(), variants);
        }
    }
    if choices.is_empty() {
        return Told::new();
    }
    let runtime = contract.runtime.path_in_module();
    let items = std::mem::take(types).into_iter();
    *types = items
        .flat_map(|item| match &item {
            Item::Impl(of) if is_of(of, &choices) => Vec::new(),
            Item::Struct(choice) => match choices.get(&choice.ident) {
                Some(variants) => tagged(choice, variants, &runtime),
                None => vec![item],
            },
            _ => vec![item],
        })
        .collect();
    let told = |variant: Variant| (variant.ident, variant.tag);
    let choices = choices.into_iter();
    choices
        .map(|(name, variants)| (name, variants.into_iter().map(told).collect()))
        .collect()
}

/// Whether an `impl` is for one of the types, or converts from it.
fn is_of(item: &syn::ItemImpl, choices: &HashMap<Ident, Vec<Variant>>) -> bool {
    let converts = item.trait_.as_ref().is_some_and(|(path, _)| {
        path.segments.last().is_some_and(|last| {
            let mut from = BTreeSet::new();
            names(last.arguments.to_token_stream(), &mut from);
            last.ident == "From" && from.iter().any(|name| choices.contains_key(name))
        })
    });
    impl_target(item).is_some_and(|target| choices.contains_key(target)) || converts
}

struct Variant {
    ident: Ident,
    tag: Tag,
    ty: Type,
}

/// What the fields stand for, if they stand for alternatives.
fn variants(item: &ItemStruct, contract: &Contract<'_>) -> Option<Vec<Variant>> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let variants = fields.named.iter().map(|field| {
        let stand_in = renamed(&field.attrs)?.value();
        let Some(Meaning::Tag(tag)) = contract.meanings.get(&stand_in) else {
            return None;
        };
        Some(Variant {
            ident: format_ident!("{}", variant(&field.ident.as_ref()?.to_string())),
            tag: tag.clone(),
            ty: field.ty.clone(),
        })
    });
    let variants: Option<Vec<Variant>> = variants.collect();
    variants.filter(|variants| !variants.is_empty())
}

fn tagged(item: &ItemStruct, variants: &[Variant], runtime: &Path) -> Vec<Item> {
    let unknown = unknown(variants.iter().map(|variant| &variant.ident));
    let mut items = vec![
        declaration(item, variants, &unknown),
        reading(item, variants, &unknown, runtime),
        writing(item, variants, &unknown, runtime),
    ];
    items.extend(conversions(item, variants));
    items
}

fn declaration(item: &ItemStruct, variants: &[Variant], unknown: &Ident) -> Item {
    let ItemStruct { attrs, ident, .. } = item;
    let docs = attrs
        .iter()
        .filter(|a: &&Attribute| a.path().is_ident("doc"));
    let named = variants.iter().map(|Variant { ident, tag, ty }| {
        let values = tag.values.iter().map(|value| code(value));
        let values = values.collect::<Vec<_>>().join(" or ");
        let doc = format!(" {} is {values}.", code(&tag.property));
        quote!(#[doc = #doc] #ident(#ty))
    });
    parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        #[cfg_attr(feature = "schemars", schemars(untagged))]
        pub enum #ident {
            #(#named,)*
            /// What the contract does not name, as it stands on the wire.
            #unknown(::serde_json::Value),
        }
    }
}

/// All alternatives are told by one property.
fn property(variants: &[Variant]) -> &str {
    variants.first().map_or("", |variant| &variant.tag.property)
}

fn reading(item: &ItemStruct, variants: &[Variant], unknown: &Ident, runtime: &Path) -> Item {
    let name = &item.ident;
    let property = property(variants);
    let arms = variants
        .iter()
        .map(|Variant { ident, tag, .. }| -> TokenStream {
            let values = &tag.values;
            quote!(Some(#(#values)|*) => tagged.read_or(Self::#ident, Self::#unknown))
        });
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                let tagged = #runtime::tagged::Tagged::read(deserializer, #property)?;
                match tagged.tag() {
                    #(#arms,)*
                    _ => Ok(Self::#unknown(tagged.into_value())),
                }
            }
        }
    }
}

fn writing(item: &ItemStruct, variants: &[Variant], unknown: &Ident, runtime: &Path) -> Item {
    let name = &item.ident;
    let property = property(variants);
    let arms = variants
        .iter()
        .map(|Variant { ident, tag, .. }| -> TokenStream {
            let values = &tag.values;
            quote!(Self::#ident(value) => writer.write(&[#(#values),*], value),)
        });
    parse_quote! {
        impl ::serde::Serialize for #name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: ::serde::Serializer,
            {
                let writer = #runtime::tagged::Writer::new(serializer, #property);
                match self {
                    #(#arms)*
                    Self::#unknown(value) => writer.write(&[], value),
                }
            }
        }
    }
}

/// From the types that stand for one alternative only.
fn conversions(item: &ItemStruct, variants: &[Variant]) -> Vec<Item> {
    let name = &item.ident;
    let mut uses: HashMap<String, usize> = HashMap::new();
    for variant in variants {
        *uses
            .entry(variant.ty.to_token_stream().to_string())
            .or_default() += 1;
    }
    let once = variants
        .iter()
        .filter(|variant| uses.get(&variant.ty.to_token_stream().to_string()) == Some(&1));
    once.map(|Variant { ident, ty, .. }| {
        parse_quote! {
            impl ::std::convert::From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#ident(value)
                }
            }
        }
    })
    .collect()
}
