//! The parameters of an operation, as arguments or as methods of its request.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Signature, Type, parse_quote};

use super::signature::typed;
use crate::identifier;
use crate::normalise::stand_ins::Meaning;
use crate::polish::operations::Contract;
use crate::polish::shape::{Shape, accepted, arguments as within, convert};
use contract::operation::{Location, Operation, Parameter, Style};
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
    /// How the value stands there.
    style: Style,
    explode: bool,
    allow_reserved: bool,
    /// What it is a document of, if it is one that the client writes.
    document: Option<Document>,
    /// What the value is.
    ty: Type,
    /// Whether `to_string` says how the value is written.
    is_scalar: bool,
}

/// A value that is a document of its own.
#[derive(Clone, Copy, PartialEq)]
enum Document {
    Json,
    Form,
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
    let name = match contract.meanings.get(&parameter.name) {
        Some(Meaning::Name(name)) => name,
        _ => &parameter.name,
    };
    let document = parameter.content.as_ref().and_then(|content| {
        let is_form = content
            .name
            .starts_with("application/x-www-form-urlencoded");
        match parameter.location {
            _ if content.is_json() => Some(Document::Json),
            Location::QueryString if is_form => Some(Document::Form),
            _ => None,
        }
    });
    let within = within_option(ty);
    let (ty, is_optional) = (value(within.unwrap_or(ty)), within.is_some());
    Argument {
        ident: ident.clone(),
        name: name.clone(),
        description: parameter.description.clone().unwrap_or_default(),
        deprecated: parameter.deprecated,
        is_optional,
        location: parameter.location,
        style: parameter.style,
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        document,
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
        let told = match (self.location, self.document) {
            (Location::Path, _) => {
                let step = self.step(&lent);
                quote!(#request.variable(#name, #step))
            }
            (Location::Header, Some(_)) => {
                quote!(#request.parameter(#name, &parameter::ascii_json(#lent)))
            }
            (Location::Header, None) => {
                let explode = self.explode;
                let written = match (self.is_text(), self.is_scalar) {
                    (true, _) => lent,
                    (false, true) => quote!(&#ident.to_string()),
                    (false, false) => quote!(&parameter::simple(#lent, #explode)),
                };
                quote!(#request.parameter(#name, #written))
            }
            (Location::QueryString, document) => {
                let written = match document {
                    Some(Document::Json) => quote!(parameter::encode(&parameter::json(#lent))),
                    Some(Document::Form) => quote!(parameter::form_query(#lent)),
                    None => quote!(parameter::encode(#lent)),
                };
                quote!(#request.query_string(#name, #written))
            }
            (Location::Query, document) => {
                let lent = written(document, lent);
                match self.style() {
                    None => quote!(#request.query(#name, #lent)),
                    Some(style) => quote!(#request.query_in(#style, #name, #lent)),
                }
            }
            (Location::Cookie, document) => {
                let lent = written(document, lent);
                match self.style() {
                    None => quote!(#request.cookie(#name, #lent)),
                    Some(style) => quote!(#request.cookie_in(#style, #name, #lent)),
                }
            }
        };
        quote!(#converted #told;)
    }

    /// The value as a step of the path.
    fn step(&self, lent: &TokenStream) -> TokenStream {
        let (name, explode) = (&self.name, self.explode);
        match self.style {
            _ if self.document.is_some() => {
                quote!(parameter::encode_path(&parameter::json(#lent)))
            }
            Style::Label => quote!(parameter::label(#lent, #explode)),
            Style::Matrix => quote!(parameter::matrix(#name, #lent, #explode)),
            _ if self.is_scalar => self.encoded(lent),
            _ => quote!(parameter::path(#lent, #explode)),
        }
    }

    /// How the value stands in a query or in a cookie, where that is not as usual.
    fn style(&self) -> Option<TokenStream> {
        let separator = match self.style {
            Style::SpaceDelimited => "%20",
            Style::PipeDelimited => "%7C",
            _ => ",",
        };
        let form = match self.style {
            _ if self.document.is_some() || self.is_scalar => None,
            Style::DeepObject => Some(quote!(deep())),
            _ => (!self.explode).then(|| quote!(joined(#separator))),
        };
        let is_reserved = self.allow_reserved && self.location == Location::Query;
        let escape = match self.style {
            Style::Cookie => Some(quote!(.as_is())),
            _ => is_reserved.then(|| quote!(.reserved())),
        };
        let is_usual = form.is_none() && escape.is_none();
        let form = form.unwrap_or_else(|| quote!(exploded()));
        (!is_usual).then(|| quote!(parameter::Style::#form #escape))
    }

    fn encoded(&self, lent: &TokenStream) -> TokenStream {
        let ident = &self.ident;
        match self.is_text() {
            true => quote!(parameter::encode_path(#lent)),
            false => quote!(parameter::encode_path(&#ident.to_string())),
        }
    }
}

/// What stands for a value: itself, or its document.
fn written(document: Option<Document>, lent: TokenStream) -> TokenStream {
    match document {
        Some(_) => quote!(&parameter::json(#lent)),
        None => lent,
    }
}

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
