//! Opens the enums that a [pass before the generator](crate::normalise) marked: an unknown
//! value is read into `Unknown` and written back as it was.

use std::collections::{BTreeSet, HashMap};

use quote::{ToTokens as _, format_ident, quote};
use syn::{Ident, Item, ItemEnum, LitStr, Variant, parse_quote};

use super::docs::code;
use super::operations::Contract;
use super::{impl_target, mentions, renamed, wire_name};
use crate::normalise::stand_ins::Meaning;

/// The variants of open sets with the texts that they stand for, by the name of the type.
pub(super) type Listed = HashMap<Ident, Vec<(Ident, LitStr)>>;

pub(super) fn pass(types: &mut Vec<Item>, contract: &Contract<'_>) -> Listed {
    let is_open = |variant: &Variant| {
        let value = renamed(&variant.attrs);
        value.is_some_and(|value| contract.meanings.get(&value.value()) == Some(&Meaning::Open))
    };
    let marked = |item: &Item| match item {
        Item::Enum(item) if item.variants.iter().any(is_open) => Some(item.ident.clone()),
        _ => None,
    };
    let names: BTreeSet<Ident> = types.iter().filter_map(marked).collect();
    let mut listed = Listed::new();
    if names.is_empty() {
        return listed;
    }
    allow_parsing(types);
    let items = std::mem::take(types).into_iter();
    *types = items
        .filter(|item| !is_replaced(item, &names))
        .flat_map(|mut item| {
            let impls = match &mut item {
                Item::Enum(opened) if names.contains(&opened.ident) => {
                    let (impls, known) = open(opened, &is_open);
                    listed.insert(opened.ident.clone(), known);
                    impls
                }
                _ => Vec::new(),
            };
            std::iter::once(item).chain(impls)
        })
        .collect();
    listed
}

/// Whether an item is an `impl` for a type that an open set has in another form.
fn is_replaced(item: &Item, names: &BTreeSet<Ident>) -> bool {
    let Item::Impl(item) = item else { return false };
    let last = item
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    impl_target(item).is_some_and(|target| names.contains(target))
        && last.is_none_or(|last| last.ident != "Default")
}

/// An enum that holds an open one tries to parse each alternative in turn, and an
/// open one cannot fail.
fn allow_parsing(types: &mut [Item]) {
    for item in types {
        let Item::Impl(item) = item else { continue };
        let is_from_str = item
            .trait_
            .as_ref()
            .is_some_and(|(path, _)| path.segments.last().is_some_and(|s| s.ident == "FromStr"));
        if is_from_str && mentions(item.to_token_stream(), "parse") {
            item.attrs
                .push(parse_quote!(#[allow(irrefutable_let_patterns)]));
        }
    }
}

/// Opens a set: what it does, and the variants that it has in common with the contract.
fn open(
    item: &mut ItemEnum,
    is_open: &dyn Fn(&Variant) -> bool,
) -> (Vec<Item>, Vec<(Ident, LitStr)>) {
    let known = item.variants.iter().filter(|variant| !is_open(variant));
    let known: Vec<(Ident, LitStr)> = known
        .map(|Variant { ident, attrs, .. }| {
            let wire = LitStr::new(&wire_name(attrs, ident), ident.span());
            (ident.clone(), wire)
        })
        .collect();
    let unknown = unknown(known.iter().map(|(ident, _)| ident));
    let variants = known.iter().map(|(ident, wire)| {
        let doc = code(&wire.value());
        quote!(#[doc = #doc] #ident)
    });
    let attributes = item.attrs.iter().filter(|a| !a.path().is_ident("derive"));
    let name = &item.ident;
    let opened: ItemEnum = parse_quote! {
        #(#attributes)*
        #[derive(
            ::serde::Deserialize, ::serde::Serialize,
            Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd,
        )]
        #[serde(from = "::std::string::String", into = "::std::string::String")]
        pub enum #name {
            #(#variants,)*
            /// A value that the contract does not list, as it stands on the wire.
            #unknown(::std::string::String),
        }
    };
    let impls = impls(name, &unknown, &known);
    *item = opened;
    (impls, known)
}

/// A name for what the contract does not list, other than those that it lists.
pub(super) fn unknown<'a>(known: impl Iterator<Item = &'a Ident> + Clone) -> Ident {
    ["Unknown", "Unlisted", "NotListed"]
        .into_iter()
        .map(|name| format_ident!("{name}"))
        .find(|name| known.clone().all(|ident| ident != name))
        .unwrap_or_else(|| format_ident!("Unknown_"))
}

fn impls(name: &Ident, unknown: &Ident, known: &[(Ident, LitStr)]) -> Vec<Item> {
    let (idents, wires): (Vec<_>, Vec<_>) = known.iter().cloned().unzip();
    // Of lists that contradict one another nothing is left but what they do not list.
    let (of_text, to_text) = match known {
        [] => (quote!(Self::#unknown(value.to_owned())), quote!()),
        _ => (
            quote!(match value {
                #(#wires => Self::#idents,)*
                other => Self::#unknown(other.to_owned()),
            }),
            quote!(known => known.as_str().to_owned(),),
        ),
    };
    vec![
        parse_quote! {
            impl #name {
                /// The value as it stands on the wire.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#idents => #wires,)*
                        Self::#unknown(value) => value,
                    }
                }
            }
        },
        parse_quote! {
            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        },
        parse_quote! {
            impl ::std::str::FromStr for #name {
                type Err = ::std::convert::Infallible;

                fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                    Ok(value.into())
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    #of_text
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    value.as_str().into()
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<#name> for ::std::string::String {
                fn from(value: #name) -> Self {
                    match value {
                        #name::#unknown(value) => value,
                        #to_text
                    }
                }
            }
        },
    ]
}
