//! Values of a contract as expressions in Rust, as a caller writes them: by the constructors,
//! setters and conversions that the generated types have. What has no expression has none, and
//! nothing is made up.

use std::collections::{BTreeSet, HashMap};

use prettyplease::unparse;
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use serde_json::{Map, Value};
use syn::{
    Field, Fields, File, Ident, Item, ItemEnum, ItemStruct, Signature, Type, TypeParamBound,
    Variant, Visibility, parse_quote,
};

use super::json::Values;
use super::number::{NUMBERS, number};
use super::parsed::parsed;
use super::types::Types;
use super::{arguments_of, lent};
use crate::normalise::discriminators::Tag;
use crate::polish::constructor::is_optional;
use crate::polish::explicit::null;
use crate::polish::shape::arguments;
use crate::polish::{mentions, names, serde_argument, wire_name};

/// So many values are looked at for one argument: alternatives of alternatives are tried, and a choice
/// without end is given up.
const STEPS: usize = 500;

/// So many names a constructor may take to be shown without values.
const MOST: usize = 6;

/// Names that an example needs with the meaning that they have everywhere.
const PRELUDE: [&str; 6] = ["Box", "Err", "None", "Ok", "Result", "Some"];

/// Writes values, and remembers which of the contract's types they name.
pub(super) struct Expressions<'a> {
    types: &'a Types<'a>,
    named: Vec<Ident>,
    json: Values,
    /// Whether the type at hand is written among the contract's.
    is_inside: bool,
    /// How many more values may be looked at for the argument at hand: alternatives are tried.
    left: usize,
    /// How many lines an argument may have.
    longest: usize,
    /// The path to the client's crate.
    path: &'a syn::Path,
}

impl<'a> Expressions<'a> {
    pub(super) fn new(types: &'a Types<'a>, longest: usize, path: &'a syn::Path) -> Self {
        Self {
            types,
            named: Vec::new(),
            json: Values::default(),
            is_inside: false,
            left: 0,
            longest,
            path,
        }
    }

    /// The types that were named, in the order of the alphabet, and the values of any JSON.
    pub(super) fn finish(mut self) -> (Vec<Ident>, Values) {
        self.named.sort();
        self.named.dedup();
        (self.named, self.json)
    }

    /// What is given for an argument of this type; what is lent, as what it is.
    pub(super) fn argument(&mut self, ty: &Type, value: &Value) -> Option<TokenStream> {
        self.left = STEPS;
        let mark = self.named.len();
        let made = match lent(ty).filter(|ty| !is_str(ty)) {
            Some(ty) => self.exact(ty, value),
            None => self.accepted(ty, value),
        };
        let made = made.filter(|made| self.is_short(made));
        if made.is_none() {
            self.named.truncate(mark);
        }
        made
    }

    /// A value of a type with its constructor, for which names stand: those are given as the
    /// arguments that they would be, each with its type.
    pub(super) fn outline(
        &mut self,
        ty: &Type,
        beside: &Signature,
    ) -> Option<(TokenStream, Vec<TokenStream>)> {
        let ty = lent(ty).unwrap_or(ty);
        let Item::Struct(item) = self.types.own(ty, false)? else {
            return None;
        };
        let new = self
            .types
            .method(&item.ident, |method| method.ident == "new")?;
        let arguments: Vec<_> = arguments_of(new).collect();
        let is_taken = |name: &Ident| {
            *name == "client" || arguments_of(beside).any(|(taken, _)| taken == name)
        };
        let is_file = |ty: &Type| mentions(ty.to_token_stream(), "File");
        if arguments.iter().any(|(_, ty)| is_file(ty)) {
            return None;
        }
        if arguments.len() > MOST || arguments.iter().any(|(name, _)| is_taken(name)) {
            return None;
        }
        self.name(&item.ident)?;
        let name = &item.ident;
        let open = arguments.iter().map(|(name, ty)| {
            let ty = self.outside(ty.to_token_stream());
            quote!(#name: #ty)
        });
        let open = open.collect();
        let names = arguments.iter().map(|(name, _)| name);
        Some((quote!(#name::new(#(#names),*)), open))
    }

    /// A type of the module of types as code outside of it names it.
    fn outside(&self, ty: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = ty.into_iter().collect();
        let is = |index: Option<usize>, c: char| {
            let token = index.and_then(|index| tokens.get(index));
            matches!(token, Some(TokenTree::Punct(one)) if one.as_char() == c)
        };
        let outside = tokens.iter().enumerate().map(|(index, token)| match token {
            TokenTree::Group(group) => {
                let inner = self.outside(group.stream());
                Group::new(group.delimiter(), inner).into_token_stream()
            }
            TokenTree::Ident(name)
                if self.types.items.contains_key(name)
                    && !is(index.checked_sub(1), ':')
                    && !is(Some(index + 1), '=') =>
            {
                quote!(types::#name)
            }
            other => other.to_token_stream(),
        });
        outside.collect()
    }

    fn is_short(&self, value: &TokenStream) -> bool {
        let file: File = parse_quote!(const VALUE: () = #value;);
        self.json.set(&unparse(&file)).lines().count() <= self.longest
    }

    /// What a function takes that is lenient in what it takes.
    fn accepted(&mut self, ty: &Type, value: &Value) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        match ty {
            Type::Reference(lent) if is_str(&lent.elem) => text(value),
            Type::Tuple(pair) => {
                let (key, held) = value.as_array()?.split_first()?;
                let mut types = pair.elems.iter();
                let key = self.accepted(types.next()?, key)?;
                let held = self.accepted(types.next()?, held.first()?)?;
                Some(quote!((#key, #held)))
            }
            Type::ImplTrait(bounds) => match bounds.bounds.first()? {
                TypeParamBound::Trait(bound) => self.bound(&bound.path, value),
                _ => None,
            },
            _ => self.exact(ty, value),
        }
    }

    /// `Into<…>` or `IntoIterator<Item = …>`.
    fn bound(&mut self, path: &syn::Path, value: &Value) -> Option<TokenStream> {
        let last = path.segments.last()?;
        let syn::PathArguments::AngleBracketed(within) = &last.arguments else {
            return None;
        };
        match within.args.first()? {
            syn::GenericArgument::Type(ty) => match last_name(ty)?.to_string().as_str() {
                "String" => text(value),
                "File" => self.file(value),
                "Value" => Some(self.json.add(value)),
                _ => None,
            },
            syn::GenericArgument::AssocType(item) => {
                let values: Vec<Value> = match value {
                    Value::Array(items) => items.clone(),
                    Value::Object(entries) => pairs(entries),
                    _ => return None,
                };
                // What is in a list that is empty, nothing tells; and lists differ in their length.
                if values.is_empty() || (values.len() > 1 && has_list(&item.ty)) {
                    return None;
                }
                let items = values.iter().map(|value| self.accepted(&item.ty, value));
                let items: Vec<_> = items.collect::<Option<_>>()?;
                Some(quote!([#(#items),*]))
            }
            _ => None,
        }
    }

    /// A file that is opened, or what it holds.
    fn file(&self, value: &Value) -> Option<TokenStream> {
        let path = self.path;
        match contract::form::file_name(value) {
            Some(name) => Some(quote!(#path::File::open(#name))),
            None => text(value),
        }
    }

    /// A value of exactly this type.
    fn exact(&mut self, ty: &Type, value: &Value) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        let Type::Path(path) = ty else {
            return None;
        };
        if let Some(item) = self.types.own(ty, self.is_inside) {
            // What it holds is named as types among one another name it.
            let outer = std::mem::replace(&mut self.is_inside, true);
            let made = self.own(item, value);
            self.is_inside = outer;
            return made;
        }
        let last = &path.path.segments.last()?.ident;
        let within = arguments(ty);
        match (last.to_string().as_str(), within.as_slice()) {
            ("bool", []) => value.as_bool().map(ToTokens::into_token_stream),
            ("String", []) => text(value).map(|text| quote!(#text.to_owned())),
            ("Value", []) => Some(self.json.add(value)),
            ("Vec", [item]) => {
                let items = value.as_array()?.iter();
                let items: Vec<_> = items
                    .map(|one| self.exact(item, one))
                    .collect::<Option<_>>()?;
                Some(quote!(vec![#(#items),*]))
            }
            ("Option", [inner]) => match value {
                Value::Null => Some(quote!(None)),
                value => self.exact(inner, value).map(|made| quote!(Some(#made))),
            },
            ("Box", [inner]) => self.exact(inner, value).map(|made| quote!(Box::new(#made))),
            ("BTreeMap", [key, held]) => {
                let entries = value.as_object()?.iter().map(|(name, one)| {
                    let key = self.exact(key, &Value::from(name.as_str()))?;
                    let held = self.exact(held, one)?;
                    Some(quote!((#key, #held)))
                });
                let entries: Vec<_> = entries.collect::<Option<_>>()?;
                Some(quote!([#(#entries),*].into()))
            }
            (name, []) if NUMBERS.contains(&name) => number(name, value),
            (name, _) => parsed(name, value.as_str()?),
        }
    }

    /// A value of a type of the contract.
    fn own(&mut self, item: &'a Item, value: &Value) -> Option<TokenStream> {
        match item {
            Item::Type(alias) => self.exact(&alias.ty, value),
            Item::Struct(item) => match &item.fields {
                Fields::Named(_) => self.object(item, value.as_object()?),
                Fields::Unnamed(fields) => {
                    self.wrapped(&item.ident, fields.unnamed.first()?, value)
                }
                Fields::Unit => None,
            },
            Item::Enum(item) => self.choice(item, value),
            _ => None,
        }
    }

    /// Names a type of the contract.
    fn name(&mut self, name: &Ident) -> Option<()> {
        if PRELUDE.iter().any(|taken| name == taken) {
            return None;
        }
        self.named.push(name.clone());
        Some(())
    }

    /// By its constructor, and a setter for each property that may be left out.
    fn object(&mut self, item: &ItemStruct, object: &Map<String, Value>) -> Option<TokenStream> {
        let name = &item.ident;
        let new = self.types.method(name, |method| method.ident == "new")?;
        let on_the_wire = |field: &&Field| serde_argument(&field.attrs, "skip").is_none();
        let fields: HashMap<String, &Field> = item
            .fields
            .iter()
            .filter(on_the_wire)
            .filter_map(|field| {
                let ident = field.ident.as_ref()?;
                Some((wire_name(&field.attrs, ident), field))
            })
            .collect();
        // What the type does not have would be lost.
        if object.keys().any(|key| !fields.contains_key(key)) {
            return None;
        }
        let by_field: HashMap<&Ident, &Value> = object
            .iter()
            .filter_map(|(key, value)| Some((fields.get(key)?.ident.as_ref()?, value)))
            .collect();
        self.name(name)?;
        let required = arguments_of(new).map(|(field, ty)| {
            let value = by_field.get(field)?;
            self.accepted(ty, value)
        });
        let required: Vec<_> = required.collect::<Option<_>>()?;
        let mut made = quote!(#name::new(#(#required),*));
        for (key, value) in object {
            let field = fields.get(key)?;
            let ident = field.ident.as_ref()?;
            if value.is_null() {
                let null = null(ident);
                let null = self.types.method(name, |method| method.ident == null);
                made.extend(
                    null.map(|method| &method.ident)
                        .map(|null| quote!(.#null())),
                );
            }
            if !is_optional(field) || is_nothing(value) {
                continue;
            }
            let setter = self.types.method(name, |method| {
                method.receiver().is_some() && arguments_of(method).any(|(one, _)| one == ident)
            });
            // What only the API gives has none.
            let Some(setter) = setter else { continue };
            let (_, ty) = arguments_of(setter).next()?;
            let value = self.accepted(ty, value)?;
            let setter = &setter.ident;
            made.extend(quote!(.#setter(#value)));
        }
        Some(made)
    }

    /// A type around another.
    fn wrapped(&mut self, name: &Ident, field: &Field, value: &Value) -> Option<TokenStream> {
        if matches!(field.vis, Visibility::Public(_)) {
            let inner = self.exact(&field.ty, value)?;
            self.name(name)?;
            return Some(quote!(#name(#inner)));
        }
        if self.types.has(name, "FromStr", None)
            && let Some(text) = text(value)
        {
            return Some(quote!(#text.parse()?));
        }
        let kind = self.types.tried(name)?;
        let number = number(&kind.to_string(), value)?;
        let number: TokenStream = format!("{number}_{kind}").parse().ok()?;
        self.name(name)?;
        Some(quote!(#name::try_from(#number)?))
    }

    /// One of several.
    fn choice(&mut self, item: &'a ItemEnum, value: &Value) -> Option<TokenStream> {
        let name = &item.ident;
        if let Some(text) = value.as_str() {
            if let Some(variant) = self.types.listed(item, text) {
                self.name(name)?;
                return Some(quote!(#name::#variant));
            }
            // Any other text of an open set.
            if self.types.has(name, "From", Some("str")) {
                return Some(quote!(#text.into()));
            }
        }
        if let Some(alternatives) = self.types.known.told.get(name) {
            return self.told(item, alternatives, value);
        }
        serde_argument(&item.attrs, "untagged")?;
        // The first that fits is what is read.
        let mut variants = item.variants.iter();
        variants.find_map(|variant| {
            let mark = self.named.len();
            let made = self.alternative(name, variant, value);
            if made.is_none() {
                self.named.truncate(mark);
            }
            made
        })
    }

    /// The alternative that a property tells.
    fn told(
        &mut self,
        item: &ItemEnum,
        alternatives: &[(Ident, Tag)],
        value: &Value,
    ) -> Option<TokenStream> {
        let (told, tag) = alternatives.iter().find(|(_, tag)| {
            let says = value.get(&tag.property).and_then(Value::as_str);
            says.is_some_and(|says| tag.values.iter().any(|one| one == says))
        })?;
        let variant = item.variants.iter().find(|one| one.ident == *told)?;
        self.alternative(&item.ident, variant, value).or_else(|| {
            // The alternative need not have the property, which is written beside it.
            let mut rest = value.clone();
            rest.as_object_mut()?.remove(&tag.property);
            self.alternative(&item.ident, variant, &rest)
        })
    }

    fn alternative(
        &mut self,
        name: &Ident,
        variant: &Variant,
        value: &Value,
    ) -> Option<TokenStream> {
        let Fields::Unnamed(fields) = &variant.fields else {
            return None;
        };
        let field = fields
            .unnamed
            .first()
            .filter(|_| fields.unnamed.len() == 1)?;
        let inner = self.exact(&field.ty, value)?;
        self.name(name)?;
        let variant = &variant.ident;
        Some(quote!(#name::#variant(#inner)))
    }
}

/// Whether leaving it out says the same.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// The entries of an object, each with its key in a list.
fn pairs(entries: &Map<String, Value>) -> Vec<Value> {
    let pair =
        |(key, value): (&String, &Value)| Value::from(vec![key.as_str().into(), value.clone()]);
    entries.iter().map(pair).collect()
}

/// Whether values of this type are lists, or have some.
fn has_list(ty: &Type) -> bool {
    let mut within = BTreeSet::new();
    names(ty.to_token_stream(), &mut within);
    within.iter().any(|name| name == "IntoIterator")
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

pub(super) fn last_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}

fn text(value: &Value) -> Option<TokenStream> {
    value.as_str().map(ToTokens::to_token_stream)
}
