//! Writes out how a type is sent: with what holds nothing where the caller says so (`null` where the
//! contract takes it, empty lists and maps), and without what only the API gives. Fields stay what
//! they are, whether a type is sent or read and whether a property may be null, so that a contract
//! which allows more breaks nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Expr, Field, Fields, Ident, ImplItem, Item, ItemImpl, ItemStruct, Path, Stmt, parse_quote,
};

use super::additional::is_additional;
use super::docs::code;
use super::operations::Contract;
use super::shape::Shape;
use super::{impl_target, serde_argument, wire_name, without};

/// Properties of which something is known, by the name of the type.
pub(super) type Properties = BTreeMap<String, BTreeSet<String>>;

/// What a type has that is sent although it holds nothing, or not sent.
pub(super) struct Explicit {
    /// The field that knows it.
    pub(super) field: Ident,
    /// Fields that may be null on the wire.
    nullable: Vec<Ident>,
    /// Fields of lists and maps.
    collections: Vec<Ident>,
    /// Fields that are not sent.
    read_only: Vec<Ident>,
}

impl Explicit {
    pub(super) fn of(item: &ItemStruct, contract: &Contract<'_>) -> Option<Self> {
        let Fields::Named(fields) = &item.fields else {
            return None;
        };
        let none = BTreeSet::new();
        let ty = item.ident.to_string();
        let names = contract.nullable.get(&ty).unwrap_or(&none);
        let given = contract.read_only.get(&ty).unwrap_or(&none);
        let optional = fields.named.iter().filter(|field| is_left_out(field));
        let named = optional.filter_map(|field| Some((field, field.ident.clone()?)));
        let (mut nullable, mut collections) = (Vec::new(), Vec::new());
        let mut read_only = Vec::new();
        for (field, ident) in named {
            if given.contains(&wire_name(&field.attrs, &ident)) {
                read_only.push(ident);
                continue;
            }
            match Shape::of(&field.ty) {
                Shape::Optional(_) if names.contains(&wire_name(&field.attrs, &ident)) => {
                    nullable.push(ident);
                }
                Shape::List(_) | Shape::Map(_) | Shape::Object => collections.push(ident),
                _ => {}
            }
        }
        let is_whole = |field: &Field| {
            is_additional(field) || serde_argument(&field.attrs, "flatten").is_none()
        };
        let has_some = [&nullable, &collections, &read_only]
            .iter()
            .any(|all| !all.is_empty());
        if !has_some || !fields.named.iter().all(is_whole) {
            return None;
        }
        let is_taken = |name: &Ident| {
            let mut fields = fields.named.iter();
            fields.any(|field| field.ident.as_ref() == Some(name))
        };
        let mut field = format_ident!("explicit");
        while is_taken(&field) {
            field = format_ident!("{field}_");
        }
        Some(Self {
            field,
            nullable,
            collections,
            read_only,
        })
    }

    /// Whether a field is not the caller's to set.
    pub(super) fn is_read_only(&self, field: &Field) -> bool {
        field
            .ident
            .as_ref()
            .is_some_and(|ident| self.read_only.contains(ident))
    }

    /// What a setter does beside setting the field.
    pub(super) fn statement(&self, field: &Field) -> Option<TokenStream> {
        let ident = field.ident.as_ref()?;
        let (explicit, name) = (&self.field, wire_name(&field.attrs, ident));
        let is_collection = self.collections.contains(ident);
        is_collection.then(|| quote!(self.#explicit.set(#name, &self.#ident);))
    }

    fn insert(&self, field: &Field, ident: &Ident) -> TokenStream {
        let (explicit, name) = (&self.field, wire_name(&field.attrs, ident));
        quote!(self.#explicit.insert(#name);)
    }

    /// The method that sends a field as `null`.
    pub(super) fn null(&self, field: &Field, taken: &BTreeSet<Ident>) -> Option<TokenStream> {
        let ident = field.ident.as_ref()?;
        if !self.nullable.contains(ident) {
            return None;
        }
        let mut name = null(ident);
        while taken.contains(&name) {
            name = format_ident!("set_{name}");
        }
        let wire = code(&wire_name(&field.attrs, ident));
        let doc = format!(" {wire} is sent as `null`: left out, it may mean something else.");
        let insert = self.insert(field, ident);
        Some(quote! {
            #[doc = #doc]
            #[must_use]
            pub fn #name(mut self) -> Self {
                self.#ident = ::std::option::Option::None;
                #insert
                self
            }
        })
    }

    /// Adds the field, and writes by hand what serde would derive.
    pub(super) fn add(&self, item: &mut ItemStruct, runtime: &Path) -> Option<ItemImpl> {
        let Self { field, .. } = self;
        let Fields::Named(fields) = &mut item.fields else {
            return None;
        };
        let entries = fields.named.iter().filter_map(|field| self.entry(field));
        let entries: Vec<_> = entries.collect();
        for field in &mut fields.named {
            without(&mut field.attrs, "serde", CONDITION);
        }
        fields.named.push(parse_quote! {
            /// What is sent although it holds nothing.
            #[serde(skip)]
            #field: #runtime::Explicit
        });
        without(&mut item.attrs, "derive", "Serialize");
        let name = &item.ident;
        Some(parse_quote! {
            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::std::result::Result<S::Ok, S::Error> {
                    let mut object = #runtime::Object::new(serializer, &self.#field)?;
                    #(#entries)*
                    object.end()
                }
            }
        })
    }

    /// How a field is written.
    fn entry(&self, field: &Field) -> Option<TokenStream> {
        let ident = field.ident.as_ref()?;
        if serde_argument(&field.attrs, "flatten").is_some() {
            return Some(quote!(object.others(&self.#ident)?;));
        }
        let name = wire_name(&field.attrs, ident);
        Some(match is_left_out(field) {
            true if self.is_read_only(field) => quote!(object.read_only(#name, &self.#ident)?;),
            true => quote!(object.optional(#name, &self.#ident)?;),
            false => quote!(object.required(#name, &self.#ident)?;),
        })
    }
}

/// Gives the fields that types got, by their names, a value where the generator says what a type is
/// by default.
pub(super) fn complete(types: &mut [Item], added: &HashMap<Ident, Ident>) {
    for item in types {
        let Item::Impl(item) = item else { continue };
        let last = item
            .trait_
            .as_ref()
            .and_then(|(path, _)| path.segments.last());
        if last.is_none_or(|last| last.ident != "Default") {
            continue;
        }
        let Some(field) = impl_target(item).and_then(|target| added.get(target)) else {
            continue;
        };
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member
                && let Some(Stmt::Expr(Expr::Struct(made), None)) = function.block.stmts.last_mut()
            {
                made.fields
                    .push(parse_quote!(#field: ::std::default::Default::default()));
            }
        }
    }
}

/// The method that sends a field as `null`: `type_null` for `type_`.
pub(super) fn null(field: &Ident) -> Ident {
    let name = field.to_string();
    let name = name.trim_start_matches("r#").trim_end_matches('_');
    format_ident!("{name}{NULL}")
}

/// Ends the name of a method that sends a property as `null`.
pub const NULL: &str = "_null";

/// What derived code asks before it writes a field.
const CONDITION: &str = "skip_serializing_if";

/// Whether a field is not sent while it holds nothing.
pub(super) fn is_left_out(field: &Field) -> bool {
    serde_argument(&field.attrs, CONDITION).is_some()
        && serde_argument(&field.attrs, "flatten").is_none()
}
