//! The arguments of a method that are parameters, and how their values are written.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, GenericArgument, Ident, Pat, PathArguments, Signature, Type};

use crate::identifier;
use crate::normalise::parameters::STYLE;
use crate::normalise::stand_ins::Meaning;
use crate::polish::operations::Contract;
use contract::operation::{Location, Operation, Parameter};

/// A parameter as an argument.
pub(super) struct Argument {
    pub(super) ident: Ident,
    /// The name on the wire.
    pub(super) name: String,
    pub(super) location: Location,
    /// How the value stands there, where that is not as usual.
    pub(super) style: Option<String>,
    pub(super) is_optional: bool,
    /// Whether `to_string` says how the value is written.
    is_scalar: bool,
}

impl Argument {
    /// The value as text for a header or for a cookie.
    pub(super) fn written(&self, value: &Ident) -> TokenStream {
        let explode = self.style.is_some();
        match (self.location, self.is_scalar) {
            (Location::Cookie, true) => quote!(parameter::encode_path(&#value.to_string())),
            (Location::Cookie, false) => quote!(parameter::path(&#value, false)),
            (_, true) => quote!(#value.to_string()),
            (_, false) => quote!(parameter::simple(&#value, #explode)),
        }
    }

    /// The value as a step of the path, for the variable `name`.
    pub(super) fn step(&self, name: &str) -> TokenStream {
        let value = &self.ident;
        let style = self.style.as_deref();
        let explode = style.is_some_and(|style| style.ends_with('*'));
        match style.map(|style| style.trim_end_matches('*')) {
            Some("label") => quote!(parameter::label(&#value, #explode)),
            Some("matrix") => quote!(parameter::matrix(#name, &#value, #explode)),
            _ if self.is_scalar => quote!(parameter::encode_path(&#value.to_string())),
            _ => quote!(parameter::path(&#value, #explode)),
        }
    }
}

/// The parameters of an operation in the order of the method's arguments; nothing when the
/// method lacks one.
pub(super) fn arguments(
    operation: &Operation,
    contract: &Contract<'_>,
    signature: &Signature,
) -> Option<Vec<Argument>> {
    let parameters = operation.parameters.iter();
    let mut left: Vec<(String, &Parameter)> = parameters
        .map(|parameter| (identifier::method(&parameter.name), parameter))
        .collect();
    let mut found = Vec::new();
    for (ident, ty) in typed(signature) {
        let name = ident.to_string();
        if let Some(index) = left.iter().position(|(known, _)| *known == name) {
            let (_, parameter) = left.swap_remove(index);
            found.push(argument(ident, ty, parameter, contract));
        }
    }
    left.is_empty().then_some(found)
}

fn argument(ident: &Ident, ty: &Type, parameter: &Parameter, contract: &Contract<'_>) -> Argument {
    let (name, location) = match contract.meanings.get(&parameter.name) {
        Some(Meaning::Name(name)) => (name, parameter.location),
        Some(Meaning::Cookie(name)) => (name, Location::Cookie),
        _ => (&parameter.name, parameter.location),
    };
    let style = parameter
        .extensions
        .get(STYLE)
        .and_then(|style| style.as_str());
    let value = within_option(ty);
    Argument {
        ident: ident.clone(),
        name: name.clone(),
        location,
        style: style.map(str::to_owned),
        is_optional: value.is_some(),
        is_scalar: is_scalar(value.unwrap_or(ty)),
    }
}

/// The arguments that have names.
pub(in crate::polish) fn typed(signature: &Signature) -> impl Iterator<Item = (&Ident, &Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => Some((&pattern.ident, &*argument.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// Names of types that are written as `to_string` says.
const SCALARS: [&str; 14] = [
    "bool", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "str", "String",
    "Uuid",
];

fn is_scalar(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_scalar(&reference.elem),
        Type::Path(path) => {
            let segments = &path.path.segments;
            // The contract's own types are in `types`.
            let is_own = segments.first().is_some_and(|first| first.ident == "types");
            let is_one = |last: &syn::PathSegment| SCALARS.iter().any(|name| last.ident == name);
            !is_own && segments.last().is_some_and(is_one)
        }
        _ => false,
    }
}

/// What an `Option` holds; nothing for any other type.
fn within_option(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Reference(reference) => return within_option(&reference.elem),
        Type::Path(path) => &path.path,
        _ => return None,
    };
    let is_own = path
        .segments
        .first()
        .is_some_and(|first| first.ident == "types");
    let last = path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(held) if last.ident == "Option" && !is_own => {
            held.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}
