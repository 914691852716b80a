//! The public surface of generated code, one readable piece per type and per
//! operation: signatures and fields, no bodies.

use std::collections::HashMap;

use crate::surface::{self, Surface};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{
    Attribute, Expr, ExprMatch, File, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Pat, Stmt,
};

use crate::polish::{REQUESTS, request};

/// One type or operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// `type` or `operation`.
    pub kind: &'static str,
    /// Its Rust name.
    pub name: String,
    /// Its outline.
    pub text: String,
}

/// The outline of generated code, in its order.
///
/// # Errors
/// When the code is not Rust.
pub fn outline(code: &str) -> Result<Vec<Piece>, syn::Error> {
    Ok(pieces(&syn::parse_str(code)?, &print))
}

/// The surface of generated code and its pieces, read at once: their texts only tell whether two
/// are the same.
///
/// # Errors
/// When the code is not Rust.
pub fn compared(code: &str) -> Result<(Surface, Vec<Piece>), syn::Error> {
    let file: File = syn::parse_str(code)?;
    let pieces = pieces(&file, &|tokens| tokens.to_string());
    Ok((surface::of(&file), pieces))
}

/// How the tokens of a piece become its text.
type Print<'a> = &'a dyn Fn(TokenStream) -> String;

fn pieces(file: &File, print: Print<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let requests = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == REQUESTS => module.content.as_ref(),
        _ => None,
    });
    let requests = by_type(requests.flat_map(|(_, items)| items));
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let items = module.content.as_ref().map(|(_, items)| items.as_slice());
                pieces.extend(types(items.unwrap_or_default(), print));
            }
            Item::Impl(item) if item.trait_.is_none() => {
                pieces.extend(operations(item, &requests, print));
            }
            _ => {}
        }
    }
    pieces
}

fn types(items: &[Item], print: Print<'_>) -> Vec<Piece> {
    let mut impls: HashMap<&Ident, Vec<&ItemImpl>> = HashMap::new();
    for item in items {
        if let Item::Impl(item) = item
            && let Some(target) = crate::polish::impl_target(item)
        {
            impls.entry(target).or_default().push(item);
        }
    }
    let mut pieces = Vec::new();
    for item in items {
        let (name, shown) = match item {
            Item::Struct(item) => {
                let mut item = item.clone();
                item.fields
                    .iter_mut()
                    .for_each(|f| keep_serde(&mut f.attrs));
                (item.ident.clone(), Item::Struct(item))
            }
            Item::Enum(item) => {
                let mut item = item.clone();
                item.variants
                    .iter_mut()
                    .for_each(|v| keep_serde(&mut v.attrs));
                (item.ident.clone(), Item::Enum(item))
            }
            _ => continue,
        };
        let mut tokens = without_docs(shown);
        let own = impls.get(&name).into_iter().flatten();
        tokens.extend(own.map(|own| signatures(own)));
        pieces.push(Piece {
            kind: "type",
            name: name.to_string(),
            text: print(tokens),
        });
    }
    pieces
}

fn operations(item: &ItemImpl, requests: &ByType<'_>, print: Print<'_>) -> Vec<Piece> {
    let methods = item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(function) => Some((function, request(&function.sig)?)),
        _ => None,
    });
    methods
        .map(|(method, name)| {
            let documentation = method.attrs.iter().filter(|a| a.path().is_ident("doc"));
            let signature = signature(method);
            let mut tokens = quote!(impl Client { #(#documentation)* #signature });
            let own = requests.get(name).into_iter().flatten();
            tokens.extend(own.map(|item| request_without_bodies(item)));
            let text = print(tokens);
            Piece {
                kind: "operation",
                name: method.sig.ident.to_string(),
                text: format!("{text}\n{}", answers(method)),
            }
        })
        .collect()
}

/// A type and what it can, by its name.
type ByType<'a> = HashMap<&'a Ident, Vec<&'a Item>>;

fn by_type<'a>(items: impl Iterator<Item = &'a Item>) -> ByType<'a> {
    let mut all = ByType::new();
    for item in items {
        let name = match item {
            Item::Struct(own) => Some(&own.ident),
            Item::Impl(own) => crate::polish::impl_target(own),
            _ => None,
        };
        if let Some(name) = name {
            all.entry(name).or_default().push(item);
        }
    }
    all
}

fn request_without_bodies(item: &Item) -> TokenStream {
    match item {
        Item::Impl(item) => {
            let members = item.items.iter().filter_map(|member| match member {
                ImplItem::Fn(function) => Some(function),
                _ => None,
            });
            let members = members.map(|method| {
                let documentation = method.attrs.iter().filter(|a| a.path().is_ident("doc"));
                let signature = signature(method);
                quote!(#(#documentation)* #signature)
            });
            let target = &item.self_ty;
            quote!(impl #target { #(#members)* })
        }
        other => without_docs(other.clone()),
    }
}

/// What the method makes of each status: a line per arm.
fn answers(method: &ImplItemFn) -> String {
    let Some(expr) = method.block.stmts.iter().find_map(read) else {
        return String::new();
    };
    let lines = expr.arms.iter().map(|arm| {
        let status = match &arm.pat {
            Pat::Wild(_) => "any other".to_owned(),
            pattern => pattern.to_token_stream().to_string().replace(' ', ""),
        };
        let outcome = match reading(&arm.body).as_deref() {
            Some("refused_as" | "refused_as_bytes" | "refused_with") => "an error response",
            Some("unexpected") => "an unexpected response",
            _ => "the value",
        };
        format!("// {status}: {outcome}\n")
    });
    lines.collect()
}

/// How the response is read: the last argument that makes a request.
fn read(statement: &Stmt) -> Option<&ExprMatch> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Expr::Call(call) = &*local.init.as_ref()?.expr else {
        return None;
    };
    let Expr::Closure(read) = call.args.last()? else {
        return None;
    };
    match &*read.body {
        Expr::Match(arms) => Some(arms),
        _ => None,
    }
}

/// The method that reads the response: `json` of `response.json()`.
fn reading(body: &Expr) -> Option<String> {
    match body {
        Expr::MethodCall(call) => Some(call.method.to_string()),
        _ => None,
    }
}

/// The public methods and the traits of an `impl`, without bodies.
fn signatures(item: &ItemImpl) -> TokenStream {
    let functions = item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(function) if item.trait_.is_none() => Some(signature(function)),
        _ => None,
    });
    let own = ItemImpl {
        attrs: Vec::new(),
        items: functions.map(ImplItem::Verbatim).collect(),
        generics: item.generics.clone(),
        self_ty: item.self_ty.clone(),
        trait_: item.trait_.clone(),
        modifiers: item.modifiers.clone(),
        unsafety: item.unsafety,
        impl_token: item.impl_token,
        brace_token: item.brace_token,
    };
    own.to_token_stream()
}

fn signature(function: &ImplItemFn) -> TokenStream {
    let (visibility, signature) = (&function.vis, &function.sig);
    quote!(#visibility #signature;)
}

fn keep_serde(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| attribute.path().is_ident("serde"));
}

fn without_docs(mut item: Item) -> TokenStream {
    if let Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. }) =
        &mut item
    {
        attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    }
    item.to_token_stream()
}

fn print(tokens: TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_string(),
    }
}
