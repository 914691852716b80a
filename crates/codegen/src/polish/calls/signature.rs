//! What the generator knows of types, in the signature of a method.

use crate::polish::shape::arguments;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    File, FnArg, Ident, ImplItem, ImplItemFn, Item, Pat, ReturnType, Signature, Type, parse2,
};

/// The methods that the generator wrote for operations: its others do not wait.
pub(super) fn methods(file: &mut File) -> impl Iterator<Item = &mut ImplItemFn> {
    let impls = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(&mut item.items),
        _ => None,
    });
    impls.flatten().filter_map(|member| match member {
        ImplItem::Fn(function) if function.sig.asyncness.is_some() => Some(function),
        _ => None,
    })
}

/// The arguments that have names, without the lifetimes that the compiler finds by itself.
pub(super) fn typed(signature: &Signature) -> impl Iterator<Item = (&Ident, Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => {
                let ty = parse2(elided(argument.ty.to_token_stream()));
                Some((&pattern.ident, ty.ok()?))
            }
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// `T` in `Result<ResponseValue<T>, Error<E>>`.
pub(super) fn success(signature: &Signature) -> Option<Type> {
    let ReturnType::Type(_, result) = &signature.output else {
        return None;
    };
    let value = arguments(arguments(result).first()?).first().copied()?;
    let is_stream = matches!(value, Type::Path(path) if path.path.is_ident("ByteStream"));
    match is_stream {
        true => parse2(quote::quote!(super::ByteStream)).ok(),
        false => Some(value.clone()),
    }
}

/// Without `'a`.
fn elided(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    let mut is_lifetime = false;
    for token in tokens {
        match token {
            TokenTree::Punct(quote) if quote.as_char() == '\'' => is_lifetime = true,
            TokenTree::Ident(_) if is_lifetime => is_lifetime = false,
            TokenTree::Group(group) => {
                let inner = elided(group.stream());
                out.push(proc_macro2::Group::new(group.delimiter(), inner).into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}
