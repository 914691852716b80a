//! The signature of a method.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{
    FnArg, GenericArgument, GenericParam, ImplItemFn, Pat, PathArguments, ReturnType, Signature,
    Type, parse_quote, parse2,
};

use super::body::Body;

/// Lifetimes that the compiler finds by itself go, and errors are never streams.
pub(super) fn rewrite(function: &mut ImplItemFn, body: Option<&Body>) {
    let generics = &mut function.sig.generics;
    generics.params = std::mem::take(&mut generics.params)
        .into_iter()
        .filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        .collect();
    if generics.params.is_empty() {
        (generics.lt_token, generics.gt_token) = (None, None);
    }
    for input in &mut function.sig.inputs {
        if let Ok(elided) = parse2(elided(input.to_token_stream())) {
            *input = elided;
        }
    }
    if let Some(body) = body {
        sent_body(function, body);
    }
    let output = function.sig.output.to_token_stream();
    if let Ok(output) = parse2(untyped_error(output)) {
        function.sig.output = output;
    }
}

/// The type of a refusal: `E` in `Result<T, Error<E>>`.
pub(super) fn refusal(signature: &Signature) -> Option<&Type> {
    let ReturnType::Type(_, result) = &signature.output else {
        return None;
    };
    last_argument(last_argument(result)?)
}

/// The last type in the angle brackets of a type.
fn last_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(held) => match held.args.last()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
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
                out.push(Group::new(group.delimiter(), elided(group.stream())).into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// `Error<()>` for `Error<ByteStream>`: the bytes of a refusal are read in any case.
fn untyped_error(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    for token in tokens {
        match (token, out.as_slice()) {
            (TokenTree::Ident(name), [.., TokenTree::Ident(error), TokenTree::Punct(_)])
                if name == "ByteStream" && error == "Error" =>
            {
                out.extend(quote!(()));
            }
            (other, _) => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// A body that may be left out is an `Option`, and one of several parts a form.
fn sent_body(function: &mut ImplItemFn, body: &Body) {
    let is_form = body.is_multipart();
    let arguments = function
        .sig
        .inputs
        .iter_mut()
        .filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        });
    for argument in arguments {
        if !matches!(&*argument.pat, Pat::Ident(name) if name.ident == "body") {
            continue;
        }
        if is_form {
            *argument.ty = parse_quote!(reqwest::multipart::Form);
        }
        if body.is_optional {
            let inner = &argument.ty;
            *argument.ty = parse_quote!(::std::option::Option<#inner>);
        }
    }
    if is_form {
        function.sig.generics = syn::Generics::default();
    }
}
