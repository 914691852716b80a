//! How the values of parameters are written.

use std::collections::HashSet;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{FnArg, Ident, Local, Signature, Stmt, Type};

use super::request::name;

/// The arguments that say by `to_string` how they are written.
pub(super) struct Scalars(HashSet<String>);

impl Scalars {
    pub(super) fn of(signature: &Signature) -> Self {
        const SCALARS: [&str; 14] = [
            "bool", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "str",
            "String", "Uuid",
        ];
        let typed = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        });
        let is_scalar = |ty: &Type| {
            let text = ty.to_token_stream().to_string();
            let last = text.trim_end_matches(['>', ' ']).rsplit([' ', ':']).next();
            let is_list = text.contains("Vec") || text.contains("Map") || text.contains("types ::");
            !is_list && last.is_some_and(|last| SCALARS.contains(&last))
        };
        let scalar = typed.filter(|argument| is_scalar(&argument.ty));
        let names = scalar.filter_map(|argument| Some(name(&argument.pat)?.to_string()));
        Self(names.collect())
    }

    pub(super) fn has(&self, value: &Ident) -> bool {
        self.0.contains(&value.to_string())
    }

    /// The same for `value`, which an optional argument holds.
    pub(super) fn within(&self, argument: &Ident) -> Self {
        match self.has(argument) {
            true => Self(HashSet::from(["value".to_owned()])),
            false => Self(HashSet::new()),
        }
    }
}

/// Variables of a path, in order, with the styles of those that have one.
type Variables<'a> = [(&'a str, Option<&'a str>)];

/// Writes the variables of the path that are no scalars, or have a style, as it says.
pub(super) fn in_path(local: Local, scalars: &Scalars, variables: &Variables<'_>) -> Stmt {
    let mut variables = variables.iter().copied();
    let tokens = encoded(local.to_token_stream(), scalars, &mut variables);
    // It differs in calls only, so it parses.
    syn::parse2(tokens).unwrap_or(Stmt::Local(local))
}

/// Goes through the calls of `encode_path(&a.to_string())`, one for each variable.
fn encoded<'a>(
    tokens: TokenStream,
    scalars: &Scalars,
    variables: &mut dyn Iterator<Item = (&'a str, Option<&'a str>)>,
) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            out.push(token);
            continue;
        };
        let is_call = matches!(out.last(), Some(TokenTree::Ident(name)) if name == "encode_path");
        let argument = is_call.then(|| argument(group.stream())).flatten();
        let Some(argument) = argument else {
            let inner = encoded(group.stream(), scalars, variables);
            out.push(Group::new(group.delimiter(), inner).into());
            continue;
        };
        let (name, style) = variables.next().unwrap_or_default();
        let explode = style.is_some_and(|style| style.ends_with('*'));
        let call = match style.map(|style| style.trim_end_matches('*')) {
            Some("label") => quote!(parameter::label(&#argument, #explode)),
            Some("matrix") => quote!(parameter::matrix(#name, &#argument, #explode)),
            _ if scalars.has(&argument) => {
                out.push(group.into());
                continue;
            }
            _ => quote!(parameter::path(&#argument, #explode)),
        };
        out.pop();
        out.extend(call);
    }
    out.into_iter().collect()
}

/// `a` of `&a.to_string()`.
fn argument(tokens: TokenStream) -> Option<Ident> {
    match tokens.into_iter().collect::<Vec<_>>().as_slice() {
        [
            TokenTree::Punct(and),
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Ident(call),
            ..,
        ] if and.as_char() == '&' && call == "to_string" => Some(name.clone()),
        _ => None,
    }
}
