//! The parameters of an operation, as arguments or as methods of its request.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Signature, Type, parse_quote};

use super::signature::typed;
use crate::identifier;
use crate::normalise::parameters::STYLE;
use crate::normalise::stand_ins::Meaning;
use crate::polish::operations::Contract;
use crate::polish::shape::{Shape, accepted, arguments as within, convert};
use contract::operation::{Location, Operation, Parameter};
use contract::path::variables;

/// A parameter as an argument.
pub(super) struct Argument {
    pub(super) ident: Ident,
    /// The name on the wire.
    pub(super) name: String,
    pub(super) description: String,
    pub(super) deprecated: bool,
    pub(super) is_optional: bool,
    location: Location,
    /// How the value stands there, where that is not as usual.
    style: Option<String>,
    /// What the value is.
    ty: Type,
    /// Whether `to_string` says how the value is written.
    is_scalar: bool,
}

/// The parameters of an operation: those of the path in its order, then the others in that of
/// the document, in which optional ones change nothing. Nothing when the method lacks one.
pub(super) fn arguments(
    operation: &Operation,
    contract: &Contract<'_>,
    signature: &Signature,
) -> Option<Vec<Argument>> {
    let typed: Vec<_> = typed(signature).collect();
    let mut found = Vec::new();
    for parameter in &operation.parameters {
        let name = identifier::method(&parameter.name);
        let (ident, ty) = typed.iter().find(|(ident, _)| **ident == name)?;
        found.push(argument(ident, ty, parameter, contract));
    }
    let steps: Vec<_> = variables(&operation.path).collect();
    let step = |argument: &Argument| match argument.location {
        Location::Path => steps.iter().position(|name| *name == argument.name),
        _ => None,
    };
    found.sort_by_key(|argument| step(argument).unwrap_or(usize::MAX));
    Some(found)
}

fn argument(ident: &Ident, ty: &Type, parameter: &Parameter, contract: &Contract<'_>) -> Argument {
    let (name, location) = match contract.meanings.get(&parameter.name) {
        Some(Meaning::Name(name)) => (name, parameter.location),
        Some(Meaning::Cookie(name)) => (name, Location::Cookie),
        _ => (&parameter.name, parameter.location),
    };
    let style = parameter.extensions.get(STYLE);
    let style = style.and_then(|style| style.as_str());
    let within = within_option(ty);
    let (ty, is_optional) = (value(within.unwrap_or(ty)), within.is_some());
    Argument {
        ident: ident.clone(),
        name: name.clone(),
        description: parameter.description.clone().unwrap_or_default(),
        deprecated: parameter.deprecated,
        is_optional,
        location,
        style: style.map(str::to_owned),
        is_scalar: is_scalar(&ty),
        ty,
    }
}

/// What an `Option` holds; nothing for any other type.
fn within_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let segments = &path.path.segments;
    // The contract's own types are in `types`.
    let is_own = segments.first().is_some_and(|first| first.ident == "types");
    let is_option = segments.last().is_some_and(|last| last.ident == "Option");
    let held = within(ty).first().copied();
    held.filter(|_| is_option && !is_own)
}

/// What is lent, as it is when it is given.
fn value(ty: &Type) -> Type {
    match ty {
        Type::Reference(reference) => value(&reference.elem),
        Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
        other => other.clone(),
    }
}

impl Argument {
    fn is_text(&self) -> bool {
        matches!(Shape::of(&self.ty), Shape::Text)
    }

    /// Whether the caller lends it: a text that is required.
    fn is_lent(&self) -> bool {
        self.is_text() && !self.is_optional
    }

    /// The argument with its type.
    pub(super) fn declared(&self) -> TokenStream {
        let ident = &self.ident;
        match self.is_lent() {
            true => quote!(#ident: &str),
            false => {
                let ty = accepted(&self.ty);
                quote!(#ident: #ty)
            }
        }
    }

    /// What tells a request of it.
    pub(super) fn statements(&self, request: &TokenStream) -> TokenStream {
        let Self {
            ident, name, ty, ..
        } = self;
        let converted = convert(ty, quote!(#ident));
        let is_as_given = self.is_lent() || *ident == converted.to_string();
        let converted = (!is_as_given).then(|| quote!(let #ident: #ty = #converted;));
        let lent = match self.is_lent() {
            true => quote!(#ident),
            false => quote!(&#ident),
        };
        let told = match (self.location, self.style.as_deref()) {
            (Location::Path, _) => {
                let step = self.step(&lent);
                quote!(#request.variable(#name, #step))
            }
            (Location::Cookie, _) => {
                let written = match self.is_scalar {
                    true => self.encoded(&lent),
                    false => quote!(parameter::path(#lent, false)),
                };
                quote!(#request.cookie(#name, #written))
            }
            (Location::Header, style) => {
                let explode = style.is_some();
                let written = match (self.is_text(), self.is_scalar) {
                    (true, _) => lent,
                    (false, true) => quote!(&#ident.to_string()),
                    (false, false) => quote!(&parameter::simple(#lent, #explode)),
                };
                quote!(#request.parameter(#name, #written))
            }
            (_, None) => quote!(#request.query(#name, #lent)),
            (_, Some(DEEP)) => quote!(#request.deep_query(#name, #lent)),
            (_, Some(separator)) => quote!(#request.joined_query(#name, #lent, #separator)),
        };
        quote!(#converted #told;)
    }

    /// The value as a step of the path.
    fn step(&self, lent: &TokenStream) -> TokenStream {
        let name = &self.name;
        let style = self.style.as_deref();
        let explode = style.is_some_and(|style| style.ends_with('*'));
        match style.map(|style| style.trim_end_matches('*')) {
            Some("label") => quote!(parameter::label(#lent, #explode)),
            Some("matrix") => quote!(parameter::matrix(#name, #lent, #explode)),
            _ if self.is_scalar => self.encoded(lent),
            _ => quote!(parameter::path(#lent, #explode)),
        }
    }

    fn encoded(&self, lent: &TokenStream) -> TokenStream {
        let ident = &self.ident;
        match self.is_text() {
            true => quote!(parameter::encode_path(#lent)),
            false => quote!(parameter::encode_path(&#ident.to_string())),
        }
    }
}

/// The style of a parameter of the query that is an object, with a name for each property.
const DEEP: &str = "deepObject";

/// Names of types that are written as `to_string` says.
const SCALARS: [&str; 13] = [
    "bool", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "String", "Uuid",
];

fn is_scalar(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let segments = &path.path.segments;
    // The contract's own types are in `types`.
    let is_own = segments.first().is_some_and(|first| first.ident == "types");
    let is_one = |last: &syn::PathSegment| SCALARS.iter().any(|name| last.ident == name);
    !is_own && segments.last().is_some_and(is_one) && within(ty).is_empty()
}
