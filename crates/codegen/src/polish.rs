//! From what progenitor writes to what a careful person would have written.
//! Works on the syntax tree, never on text. One pass is one file.
//!
//! Passes walk the few shapes that progenitor writes by hand. syn's visitors are
//! generic: each one compiles the whole tree anew, which the tool's cold build
//! feels. Only `paths` must look everywhere.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, File, Ident, ImplItem, ImplItemFn, Item, ItemMod, ItemStruct, LitStr, Meta,
    ReturnType, Signature, Token, Type, parse_quote,
};

use contract::source::Node;

mod additional;
mod bounds;
mod boxes;
mod builder;
mod by_status;
mod calls;
mod choices;
mod client;
mod constructor;
mod contract_constants;
mod conversion_error;
mod defaults;
mod derives;
mod discriminators;
mod docs;
mod events;
mod example;
mod expectations;
mod explicit;
mod forms;
mod headers;
mod non_exhaustive;
mod null;
mod one_or_array;
mod open_enum;
mod operations;
mod pages;
mod paths;
mod patterns;
mod schemars;
mod security;
mod servers;
mod shape;
mod spacing;
mod texts;
mod variants;

use crate::generate::{Asked, Home, Reads};
use discriminators::Told;
pub use events::WEBHOOKS;
pub use explicit::NULL;
use forms::Forms;
use open_enum::Listed;
use operations::Contract;
pub(crate) use servers::named;

/// Improves the generated file by what the document says that it was made of.
///
/// # Errors
/// When the file is not what progenitor is known to write.
pub(crate) fn polish(file: &mut File, root: &Node, home: &Home) -> Result<(), String> {
    let (contract, known, forms) = reshape(file, root, home, &docs::pass)?;
    example::pass(file, &contract, &known, home);
    if let Some(types) = types(file) {
        forms::parts(types, &forms, &home.runtime.path_in_module());
    }
    contract_constants::pass(file, &contract.api);
    paths::pass(file);
    spacing::pass(file);
    Ok(())
}

/// How the operations of the generated file are called.
///
/// # Errors
/// As [`polish`].
pub(crate) fn shown_calls(
    file: &mut File,
    root: &Node,
    home: &Home,
    asked: &Asked,
) -> Result<Vec<crate::Call>, String> {
    // Nobody reads what is written of items that are not printed.
    let (contract, known, _) = reshape(file, root, home, &|_, _| {})?;
    Ok(example::calls(file, &contract, &known, home, asked))
}

/// Gives items the shape that callers see; `document` writes what is said of them.
fn reshape<'a>(
    file: &mut File,
    root: &'a Node,
    home: &'a Home,
    document: &dyn Fn(&mut File, &Contract<'_>),
) -> Result<(Contract<'a>, Known, Forms), String> {
    let contract = Contract::new(root, home);
    let forms = calls::pass(file, &contract)?;
    one_or_array::pass(file);
    let mut known = Known::default();
    let runtime = home.runtime.path_in_module();
    if let Some(types) = types(file) {
        forms::files(types, &forms, &runtime);
        boxes::pass(types);
        by_status::pass(types, &contract);
        known.told = discriminators::pass(types, &contract);
        known.listed = open_enum::pass(types, &contract);
        variants::pass(types, &contract);
    }
    texts::pass(file);
    if home.reads == Reads::Leniently {
        bounds::pass(file, &runtime);
        choices::pass(file, &runtime);
    }
    if let Some(types) = types(file) {
        conversion_error::pass(types);
        null::pass(types, &contract, &forms);
        additional::pass(types);
        expectations::pass(types);
        patterns::pass(types);
        defaults::pass(types);
    }
    pages::pass(file, &contract);
    document(file, &contract);
    events::pass(file, &contract);
    headers::pass(file, root, &contract);
    client::pass(file, &contract, &forms);
    constructor::pass(file, &contract, &forms);
    if let Some(types) = types(file) {
        derives::pass(types);
        non_exhaustive::pass(types);
        schemars::pass(types, &contract);
    }
    if let Some(types) = types(file) {
        distinct(types)?;
    }
    Ok((contract, known, forms))
}

/// What passes know of enums that the enums do not say of themselves.
#[derive(Default)]
struct Known {
    listed: Listed,
    told: Told,
}

/// # Errors
/// When two types have one name, which would not compile.
fn distinct(types: &[Item]) -> Result<(), String> {
    let mut seen = HashSet::new();
    for name in type_names(types) {
        if !seen.insert(name) {
            return Err(format!("two types would be called `{name}`"));
        }
    }
    Ok(())
}

/// What the types are called.
fn type_names(types: &[Item]) -> impl Iterator<Item = &Ident> {
    types.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    })
}

/// The items of `mod types`.
fn types(file: &mut File) -> Option<&mut Vec<Item>> {
    file.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) if ident == "types" => Some(items),
        _ => None,
    })
}

/// The attributes of each struct and enum.
fn attributes(types: &mut [Item]) -> impl Iterator<Item = &mut Vec<Attribute>> {
    types.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => Some(&mut item.attrs),
        Item::Enum(item) => Some(&mut item.attrs),
        _ => None,
    })
}

/// Whether the name stands anywhere in the tokens, macros and attributes included.
fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

/// Every name in the tokens.
pub(crate) fn names(tokens: TokenStream, out: &mut BTreeSet<Ident>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(out.insert(ident)),
            TokenTree::Group(group) => names(group.stream(), out),
            _ => {}
        }
    }
}

/// The methods of the client that call an operation.
fn methods(file: &mut File) -> impl Iterator<Item = &mut ImplItemFn> {
    let impls = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(&mut item.items),
        _ => None,
    });
    impls.flatten().filter_map(|member| match member {
        ImplItem::Fn(function) if request(&function.sig).is_some() => Some(function),
        _ => None,
    })
}

/// The type of request that a method of the client gives, if it calls an operation.
pub(crate) fn request(signature: &Signature) -> Option<&Ident> {
    let ReturnType::Type(_, given) = &signature.output else {
        return None;
    };
    let Type::Path(path) = &**given else {
        return None;
    };
    let segments: Vec<_> = path.path.segments.iter().collect();
    match segments.as_slice() {
        [module, name] if module.ident == REQUESTS => Some(&name.ident),
        _ => None,
    }
}

/// What awaiting a request gives: the type of a success, and that of an error.
pub(crate) fn given(request: &ItemStruct) -> Option<[&Type; 2]> {
    let field = request.fields.iter().next()?;
    shape::arguments(&field.ty).try_into().ok()
}

/// The module with a type of request for each operation.
pub(crate) const REQUESTS: &str = "requests";

/// What the calls of operations name: the methods of the client without their bodies, and the
/// types of requests.
fn calls(file: &mut File) -> TokenStream {
    let mut named: TokenStream = methods(file)
        .map(|function| function.sig.to_token_stream())
        .collect();
    let requests = file.items.iter().filter(|item| is_module(item, REQUESTS));
    named.extend(requests.map(ToTokens::to_token_stream));
    named
}

fn is_module(item: &Item, name: &str) -> bool {
    matches!(item, Item::Mod(module) if module.ident == name)
}

/// The name of the type that an `impl` is for, when it is a plain one.
pub(crate) fn impl_target(item: &syn::ItemImpl) -> Option<&Ident> {
    match &*item.self_ty {
        Type::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// The argument `name` of `#[serde(…)]`: whether it stands there, and its value.
fn serde_argument(attributes: &[Attribute], name: &str) -> Option<Option<LitStr>> {
    let mut found = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // An argument of another shape is none of ours, and ends the search.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = match meta.input.peek(Token![=]) {
                true => Some(meta.value()?.parse()?),
                false => None,
            };
            if meta.path.is_ident(name) {
                found = Some(value);
            }
            Ok(())
        });
    }
    found
}

/// Takes an argument out of the attributes of a name.
fn without(attributes: &mut Vec<Attribute>, name: &str, argument: &str) {
    let is_it = |meta: &Meta| {
        let last = meta.path().segments.last();
        last.is_some_and(|last| last.ident == argument)
    };
    attributes.retain_mut(|attribute| {
        let all = Punctuated::<Meta, Token![,]>::parse_terminated;
        let arguments = attribute
            .path()
            .is_ident(name)
            .then(|| attribute.parse_args_with(all));
        let Some(Ok(arguments)) = arguments else {
            return true;
        };
        let kept: Vec<Meta> = arguments.into_iter().filter(|meta| !is_it(meta)).collect();
        let path = attribute.path();
        *attribute = parse_quote!(#[#path(#(#kept),*)]);
        !kept.is_empty()
    });
}

/// What `#[serde(rename = "…")]` says.
fn renamed(attributes: &[Attribute]) -> Option<LitStr> {
    serde_argument(attributes, "rename").flatten()
}

/// The name of a field or variant on the wire.
fn wire_name(attributes: &[Attribute], ident: &Ident) -> String {
    renamed(attributes).map_or_else(|| ident.to_string(), |name| name.value())
}
