//! Gives the types that a caller sends a constructor that takes what is required
//! and a setter for each field that is not.
//!
//! A missing required field does not compile; an optional field that the contract
//! gains breaks nobody, because `#[non_exhaustive]` leaves no other way to build
//! the type. Plain functions cost no macro and read as what they are.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::{
    Field, Fields, File, FnArg, GenericArgument, Ident, Item, ItemImpl, ItemStruct, Path,
    PathArguments, Type, parse_quote,
};

use super::{methods, serde_argument, types};

pub(super) fn pass(file: &mut File) {
    let mut sent = BTreeSet::new();
    for function in methods(file) {
        let bodies = function.sig.inputs.iter().filter_map(body);
        bodies.for_each(|ty| names(ty.to_token_stream(), &mut sent));
    }
    let Some(types) = types(file) else { return };
    reach(types, &mut sent);
    let mut index = 0;
    while index < types.len() {
        if let Item::Struct(item) = &types[index]
            && sent.contains(&item.ident)
            && let Some(builder) = builder(item)
        {
            types.insert(index + 1, Item::Impl(builder));
        }
        index += 1;
    }
}

/// The type of a `body` argument.
fn body(argument: &FnArg) -> Option<&Type> {
    let FnArg::Typed(argument) = argument else {
        return None;
    };
    match &*argument.pat {
        syn::Pat::Ident(pat) if pat.ident == "body" => Some(&argument.ty),
        _ => None,
    }
}

/// Every name in a type.
fn names(ty: TokenStream, out: &mut BTreeSet<Ident>) {
    for token in ty {
        match token {
            TokenTree::Ident(ident) => drop(out.insert(ident)),
            TokenTree::Group(group) => names(group.stream(), out),
            _ => {}
        }
    }
}

/// Adds what the types hold, until there is nothing new.
fn reach(types: &[Item], sent: &mut BTreeSet<Ident>) {
    loop {
        let before = sent.len();
        for item in types {
            let (ident, fields): (_, Vec<&Field>) = match item {
                Item::Struct(item) => (&item.ident, item.fields.iter().collect()),
                Item::Enum(item) => {
                    let fields = item.variants.iter().flat_map(|v| &v.fields);
                    (&item.ident, fields.collect())
                }
                _ => continue,
            };
            if sent.contains(ident) {
                fields
                    .iter()
                    .for_each(|field| names(field.ty.to_token_stream(), sent));
            }
        }
        if sent.len() == before {
            return;
        }
    }
}

fn builder(item: &ItemStruct) -> Option<ItemImpl> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let name = &item.ident;
    let (optional, required): (Vec<_>, Vec<_>) = fields.named.iter().partition(|f| is_optional(f));
    let arguments = required.iter().map(|field| {
        let ident = &field.ident;
        let accepted = accepted(&field.ty);
        quote!(#ident: #accepted)
    });
    let given = required.iter().map(|field| {
        let ident = &field.ident;
        let value = convert(&field.ty, quote!(#ident));
        // A field that takes its argument as it is reads `name`, not `name: name`.
        match value.to_string() == quote!(#ident).to_string() {
            true => quote!(#ident),
            false => quote!(#ident: #value),
        }
    });
    let left_out = optional.iter().map(|field| {
        let ident = &field.ident;
        let default = default(field);
        quote!(#ident: #default)
    });
    let setters = optional.iter().filter_map(|field| setter(field));
    let doc = match optional.is_empty() {
        true => " Every field is required.".to_owned(),
        false => " With what is required; the rest is left out until it is set.".to_owned(),
    };
    Some(parse_quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#given,)* #(#left_out,)* }
            }
            #(#setters)*
        }
    })
}

fn setter(field: &Field) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    // `new` is taken.
    let name = match ident == "new" {
        true => format_ident!("set_new"),
        false => ident.clone(),
    };
    let docs = field.attrs.iter().filter(|a| a.path().is_ident("doc"));
    let (inner, is_option) = match argument(&field.ty, "Option") {
        Some(inner) => (inner, true),
        None => (&field.ty, false),
    };
    let accepted = accepted(inner);
    let value = convert(inner, quote!(#ident));
    let value = if is_option {
        quote!(Some(#value))
    } else {
        value
    };
    Some(quote! {
        #(#docs)*
        #[must_use]
        pub fn #name(mut self, #ident: #accepted) -> Self {
            self.#ident = #value;
            self
        }
    })
}

/// Whether a caller may leave a field out.
fn is_optional(field: &Field) -> bool {
    argument(&field.ty, "Option").is_some() || serde_argument(&field.attrs, "default").is_some()
}

/// The value of a field that was left out.
fn default(field: &Field) -> TokenStream {
    let function = serde_argument(&field.attrs, "default").flatten();
    if let Some(function) = function.and_then(|name| name.parse::<Path>().ok()) {
        return quote!(#function());
    }
    if argument(&field.ty, "Option").is_some() {
        return quote!(None);
    }
    match last_segment(&field.ty).map(ToString::to_string).as_deref() {
        Some("Vec") => quote!(Vec::new()),
        Some("BTreeMap") => quote!(::std::collections::BTreeMap::new()),
        _ => quote!(Default::default()),
    }
}

/// What a function takes for a field of this type.
fn accepted(ty: &Type) -> TokenStream {
    if is_string(ty) {
        return quote!(impl Into<String>);
    }
    if let Some(item) = argument(ty, "Vec") {
        let item = accepted(item);
        return quote!(impl IntoIterator<Item = #item>);
    }
    if let Some((key, value)) = entry(ty) {
        let (key, value) = (accepted(key), accepted(value));
        return quote!(impl IntoIterator<Item = (#key, #value)>);
    }
    quote!(#ty)
}

/// From what a function takes to what the field holds.
fn convert(ty: &Type, value: TokenStream) -> TokenStream {
    if is_string(ty) {
        return quote!(#value.into());
    }
    if let Some(item) = argument(ty, "Vec") {
        return match convert(item, quote!(item)) {
            same if same.to_string() == "item" => quote!(#value.into_iter().collect()),
            converted if is_string(item) => {
                let _ = converted;
                quote!(#value.into_iter().map(Into::into).collect())
            }
            converted => quote!(#value.into_iter().map(|item| #converted).collect()),
        };
    }
    if let Some((key, held)) = entry(ty) {
        let key = convert(key, quote!(key));
        let held = convert(held, quote!(value));
        return quote!(#value.into_iter().map(|(key, value)| (#key, #held)).collect());
    }
    value
}

fn is_string(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|name| name == "String")
}

/// Key and value of a map with text as keys.
fn entry(ty: &Type) -> Option<(&Type, &Type)> {
    if last_segment(ty)? != "BTreeMap" {
        return None;
    }
    match arguments(ty)?.as_slice() {
        [key, value] if is_string(key) => Some((key, value)),
        _ => None,
    }
}

/// The argument of a generic type of this name.
fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    if last_segment(ty)? != name {
        return None;
    }
    arguments(ty)?.first().copied()
}

fn arguments(ty: &Type) -> Option<Vec<&Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some(types.collect())
}

fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => Some(&path.path.segments.last()?.ident),
        _ => None,
    }
}
