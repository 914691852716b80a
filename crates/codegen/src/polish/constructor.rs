//! Gives the types that a caller sends a constructor that takes what is required
//! and a setter for each field that is not.
//!
//! A missing required field does not compile; an optional field that the contract
//! gains breaks nobody, because `#[non_exhaustive]` leaves no other way to build
//! the type. Plain functions cost no macro and read as what they are.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{
    Field, Fields, File, FnArg, Ident, ImplItem, Item, ItemImpl, ItemStruct, Path, Signature, Type,
    parse_quote,
};

use super::additional::is_additional;
use super::explicit::{self, Explicit};
use super::forms::Forms;
use super::operations::Contract;
use super::shape::{Shape, accepted, convert};
use super::{REQUESTS, methods, names, serde_argument, types};

pub(super) fn pass(file: &mut File, contract: &Contract<'_>, forms: &Forms) {
    let mut sent = BTreeSet::new();
    let methods = methods(file).map(|function| function.sig.clone());
    let methods: Vec<_> = methods.collect();
    for signature in methods.iter().chain(setters(file)) {
        let arguments = signature.inputs.iter().filter_map(argument);
        arguments.for_each(|ty| names(ty.to_token_stream(), &mut sent));
    }
    let Some(types) = types(file) else { return };
    reach(types, &mut sent);
    let items = std::mem::take(types).into_iter();
    let mut added = HashMap::new();
    *types = items
        .flat_map(|mut item| {
            let impls = match &mut item {
                Item::Struct(item) if sent.contains(&item.ident) => {
                    let is_form = forms.contains_key(&item.ident);
                    let explicit = Explicit::of(item, contract).filter(|_| !is_form);
                    let builder = builder(item, explicit.as_ref());
                    let runtime = contract.runtime.path_in_module();
                    let written = explicit.and_then(|explicit| {
                        let written = explicit.add(item, &runtime)?;
                        added.insert(item.ident.clone(), explicit.field);
                        Some(written)
                    });
                    [builder, written]
                }
                _ => [None, None],
            };
            let impls = impls.into_iter().flatten().map(Item::Impl);
            std::iter::once(item).chain(impls)
        })
        .collect();
    explicit::complete(types, &added);
}

/// The methods of requests.
fn setters(file: &File) -> impl Iterator<Item = &Signature> {
    let requests = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == REQUESTS => module.content.as_ref(),
        _ => None,
    });
    let members = requests
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            Item::Impl(item) => Some(&item.items),
            _ => None,
        });
    members.flatten().filter_map(|member| match member {
        ImplItem::Fn(function) => Some(&function.sig),
        _ => None,
    })
}

/// The type of an argument that has a name.
fn argument(argument: &FnArg) -> Option<&Type> {
    match argument {
        FnArg::Typed(argument) => Some(&argument.ty),
        FnArg::Receiver(_) => None,
    }
}

/// Adds what the types hold, directly and through others.
fn reach(types: &[Item], sent: &mut BTreeSet<Ident>) {
    let by_name: HashMap<&Ident, &Item> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(own) => Some((&own.ident, item)),
            Item::Enum(own) => Some((&own.ident, item)),
            _ => None,
        })
        .collect();
    let mut open: Vec<Ident> = sent.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let fields: Vec<&Field> = match by_name.get(&name) {
            Some(Item::Struct(item)) => item.fields.iter().collect(),
            Some(Item::Enum(item)) => item.variants.iter().flat_map(|v| &v.fields).collect(),
            _ => continue,
        };
        let mut held = BTreeSet::new();
        for field in fields {
            names(field.ty.to_token_stream(), &mut held);
        }
        open.extend(held.into_iter().filter(|name| sent.insert(name.clone())));
    }
}

fn builder(item: &ItemStruct, explicit: Option<&Explicit>) -> Option<ItemImpl> {
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
    let taken: BTreeSet<_> = fields
        .named
        .iter()
        .filter_map(|f| f.ident.clone())
        .collect();
    let is_given = |field: &&&Field| explicit.is_none_or(|explicit| !explicit.is_read_only(field));
    let setters = optional.iter().filter(is_given).flat_map(|field| {
        let null = explicit.and_then(|explicit| explicit.null(field, &taken));
        setter(field, explicit, &taken).into_iter().chain(null)
    });
    let known = explicit.map(|explicit| {
        let field = &explicit.field;
        quote!(#field: ::std::default::Default::default(),)
    });
    let doc = match optional.is_empty() {
        true => " Every field is required.".to_owned(),
        false => " With what is required; the rest is left out until it is set.".to_owned(),
    };
    Some(parse_quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#given,)* #(#left_out,)* #known }
            }
            #(#setters)*
        }
    })
}

fn setter(
    field: &Field,
    explicit: Option<&Explicit>,
    taken: &BTreeSet<Ident>,
) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    // `new` is the constructor.
    let mut name = ident.clone();
    while name == "new" || (name != *ident && taken.contains(&name)) {
        name = format_ident!("set_{name}");
    }
    let docs = field.attrs.iter().filter(|a| a.path().is_ident("doc"));
    let (inner, is_option) = match Shape::of(&field.ty) {
        Shape::Optional(inner) => (inner, true),
        _ => (&field.ty, false),
    };
    let accepted = accepted(inner);
    let value = convert(inner, quote!(#ident));
    let value = if is_option {
        quote!(::std::option::Option::Some(#value))
    } else {
        value
    };
    let also = explicit.and_then(|explicit| explicit.statement(field));
    Some(quote! {
        #(#docs)*
        #[must_use]
        pub fn #name(mut self, #ident: #accepted) -> Self {
            self.#ident = #value;
            #also
            self
        }
    })
}

/// Whether a caller may leave a field out.
pub(super) fn is_optional(field: &Field) -> bool {
    matches!(Shape::of(&field.ty), Shape::Optional(_))
        || serde_argument(&field.attrs, "default").is_some()
        || is_additional(field)
}

/// The value of a field that was left out.
fn default(field: &Field) -> TokenStream {
    let function = serde_argument(&field.attrs, "default").flatten();
    if let Some(function) = function.and_then(|name| name.parse::<Path>().ok()) {
        return quote!(#function());
    }
    match Shape::of(&field.ty) {
        Shape::Optional(_) => quote!(::std::option::Option::None),
        Shape::List(_) => quote!(::std::vec::Vec::new()),
        Shape::Map(_) => quote!(::std::collections::BTreeMap::new()),
        Shape::Object => quote!(::serde_json::Map::new()),
        Shape::Text => quote!(::std::string::String::new()),
        Shape::Boxed(_) | Shape::File | Shape::Other => quote!(::std::default::Default::default()),
    }
}
