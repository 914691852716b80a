use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Path, PathArguments, Type};

/// What a field holds, as far as a caller should notice. progenitor writes these
/// types with their full paths, so a contract's own `String` is another type.
pub(super) enum Shape<'a> {
    Text,
    List(&'a Type),
    /// A map from text.
    Map(&'a Type),
    /// A map from text to any JSON.
    Object,
    Optional(&'a Type),
    /// The runtime's own.
    File,
    Boxed(&'a Type),
    Other,
}

impl<'a> Shape<'a> {
    pub(super) fn of(ty: &'a Type) -> Self {
        let arguments = arguments(ty);
        if is_file(ty) {
            return Self::File;
        }
        match (full_path(ty).as_deref(), arguments.as_slice()) {
            (Some("std::string::String"), []) => Self::Text,
            (Some("std::vec::Vec"), [item]) => Self::List(item),
            (Some("std::option::Option"), [inner]) => Self::Optional(inner),
            (Some("std::boxed::Box"), [inner]) => Self::Boxed(inner),
            (Some("std::collections::BTreeMap"), [key, value])
                if matches!(Self::of(key), Self::Text) =>
            {
                Self::Map(value)
            }
            (Some("serde_json::Map"), _) => Self::Object,
            _ => Self::Other,
        }
    }
}

/// What a function takes for a value of this type.
pub(super) fn accepted(ty: &Type) -> TokenStream {
    match Shape::of(ty) {
        Shape::Text => quote!(impl ::std::convert::Into<::std::string::String>),
        Shape::List(item) => {
            let item = accepted(item);
            quote!(impl ::std::iter::IntoIterator<Item = #item>)
        }
        Shape::Map(value) => {
            let value = accepted(value);
            let key = quote!(impl ::std::convert::Into<::std::string::String>);
            quote!(impl ::std::iter::IntoIterator<Item = (#key, #value)>)
        }
        Shape::Object => {
            let key = quote!(impl ::std::convert::Into<::std::string::String>);
            let value = quote!(impl ::std::convert::Into<::serde_json::Value>);
            quote!(impl ::std::iter::IntoIterator<Item = (#key, #value)>)
        }
        Shape::File => quote!(impl ::std::convert::Into<#ty>),
        Shape::Boxed(inner) => accepted(inner),
        Shape::Optional(_) | Shape::Other => quote!(#ty),
    }
}

/// From what a function takes to the value.
pub(super) fn convert(ty: &Type, value: TokenStream) -> TokenStream {
    match Shape::of(ty) {
        Shape::Text | Shape::File => quote!(#value.into()),
        Shape::List(item) => match Shape::of(item) {
            Shape::Text | Shape::File => {
                quote!(#value.into_iter().map(::std::convert::Into::into).collect())
            }
            Shape::Optional(_) | Shape::Other => quote!(#value.into_iter().collect()),
            Shape::List(_) | Shape::Map(_) | Shape::Object | Shape::Boxed(_) => {
                let item = convert(item, quote!(item));
                quote!(#value.into_iter().map(|item| #item).collect())
            }
        },
        Shape::Map(held) => {
            let held = convert(held, quote!(value));
            quote!(#value.into_iter().map(|(key, value)| (key.into(), #held)).collect())
        }
        Shape::Object => {
            quote!(#value.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
        }
        Shape::Boxed(inner) => {
            let inner = convert(inner, value);
            quote!(::std::boxed::Box::new(#inner))
        }
        Shape::Optional(_) | Shape::Other => value,
    }
}

/// Whether it is the file of the runtime: contracts' types stand by their names alone.
fn is_file(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let segments = &path.path.segments;
    let is_last = segments.last().is_some_and(|last| last.ident == "File");
    is_last && segments.len() > 1
}

/// The names of a path that begins with `::`.
fn full_path(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.leading_colon?;
    let names = path.path.segments.iter().map(|s| s.ident.to_string());
    Some(names.collect::<Vec<_>>().join("::"))
}

/// The types in the angle brackets of another.
pub(super) fn arguments(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Path(path) => arguments_of_path(&path.path),
        _ => Vec::new(),
    }
}

/// The types in the angle brackets of a type or a trait.
pub(super) fn arguments_of_path(path: &Path) -> Vec<&Type> {
    let arguments = path.segments.last().map(|last| &last.arguments);
    let Some(PathArguments::AngleBracketed(arguments)) = arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
