//! From the statements with which progenitor builds a request to those that stand there.

use std::collections::HashSet;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::{Expr, FnArg, Ident, Lit, LitStr, Local, Pat, Signature, Stmt, Type, parse_quote};

use super::facts::{Body, Facts};
use super::receiver;
use crate::normalise::parameters::COOKIE;

/// What builds a request.
pub(super) struct Request {
    /// The variable that holds it.
    pub(super) name: Ident,
    pub(super) statements: TokenStream,
}

impl Request {
    pub(super) fn read(
        statements: Vec<Stmt>,
        facts: &Facts,
        signature: &Signature,
    ) -> Option<Self> {
        let body = &facts.body;
        let scalars = scalars(signature);
        let (mut headers, mut kept) = (Vec::new(), Vec::new());
        let mut built = None;
        for statement in statements {
            match statement {
                // Builds the request, and is the last that is needed.
                Stmt::Local(local) if Chain::builds(&local) => {
                    built = Some(local);
                    break;
                }
                Stmt::Local(local) if name(&local.pat).is_some_and(|n| n == "header_map") => {}
                Stmt::Local(local) => kept.push(in_path(local, &scalars)),
                // They go into the map that is not there any more.
                other if appends_version(&other) => {}
                other => headers.push(header(other)?),
            }
        }
        let built = built?;
        let request = name(&built.pat)?;
        let mut chain = Chain::read(&built)?;
        // A required header may be null all the same.
        let is_option = |ty: &Type| ty.to_token_stream().to_string().contains("Option");
        let (optional, required): (Vec<_>, Vec<_>) = headers
            .into_iter()
            .partition(|h| h.optional || takes(signature, &h.value.to_string(), is_option));
        for header in required {
            let written = written(&header.value, &scalars);
            chain
                .calls
                .push((format_ident!("header"), header.arguments(&written)));
        }
        chain.style(&facts.styles);
        let sent = chain.take_body(body, signature);
        let mut later = TokenStream::new();
        for header in &optional {
            let parameter = &header.value;
            let written = written(&format_ident!("value"), &scalars_of(parameter, &scalars));
            let arguments = header.arguments(&written);
            later.extend(quote! {
                if let Some(value) = #parameter {
                    #request = #request.header(#arguments);
                }
            });
        }
        if body.is_optional && !sent.is_empty() {
            let calls = calls(parse_quote!(#request), sent);
            later.extend(quote! {
                if let Some(body) = body {
                    #request = #calls;
                }
            });
        } else {
            chain.calls.extend(sent);
        }
        let mutable = (!later.is_empty()).then(|| quote!(mut));
        let expression = calls(chain.base, chain.calls);
        Some(Self {
            statements: quote!(#(#kept)* let #mutable #request = #expression; #later),
            name: request,
        })
    }
}

/// Whether the body is sent in several parts.
pub(super) fn is_form(body: &Body) -> bool {
    body.media_type
        .as_deref()
        .is_some_and(|name| name.starts_with("multipart/form-data"))
}

type Arguments = syn::punctuated::Punctuated<Expr, syn::Token![,]>;

/// `self.client.post(url).header(…)…`, call by call.
struct Chain {
    base: Expr,
    calls: Vec<(Ident, Arguments)>,
}

impl Chain {
    /// Whether the statement ends in `.build()?`.
    fn builds(local: &Local) -> bool {
        let init = local.init.as_ref().map(|init| &*init.expr);
        let Some(Expr::Try(inner)) = init else {
            return false;
        };
        matches!(&*inner.expr, Expr::MethodCall(call) if call.method == "build")
    }

    fn read(local: &Local) -> Option<Self> {
        let mut calls = Vec::new();
        let mut expr = &*local.init.as_ref()?.expr;
        loop {
            expr = match expr {
                Expr::Try(inner) => &inner.expr,
                Expr::MethodCall(call) => {
                    // The transport builds, and the map of headers is not there any more.
                    if call.method != "build" && call.method != "headers" {
                        calls.push((call.method.clone(), call.args.clone()));
                    }
                    &call.receiver
                }
                base => {
                    calls.reverse();
                    let base = base.clone();
                    return Some(Self { base, calls });
                }
            };
        }
    }

    /// Writes parameters of the query in the style that the document asks for.
    fn style(&mut self, styles: &[(String, String)]) {
        for (method, arguments) in &mut self.calls {
            let text = arguments.to_token_stream().to_string();
            let styled = styles.iter().find(|(name, _)| {
                let literal = proc_macro2::Literal::string(name).to_string();
                method == "query" && text.contains(&format!("({literal} ,"))
            });
            let Some((name, style)) = styled else {
                continue;
            };
            let Some(value) = argument_of_query(arguments) else {
                continue;
            };
            *arguments = match style.as_str() {
                "deepObject" => {
                    parse_quote_arguments(quote!(&parameter::deep_object(#name, #value)))
                }
                separator => {
                    parse_quote_arguments(quote!(&parameter::joined(#name, #value, #separator)))
                }
            };
        }
    }

    /// Takes the calls that send the body out, as they should be.
    fn take_body(&mut self, body: &Body, signature: &Signature) -> Vec<(Ident, Arguments)> {
        let is_body = |(method, arguments): &(Ident, Arguments)| {
            ["json", "form_urlencoded", "body"]
                .iter()
                .any(|name| method == name)
                || method == "header"
                    && arguments.first().is_some_and(|name| {
                        name.to_token_stream().to_string().ends_with("CONTENT_TYPE")
                    })
        };
        let (sent, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.calls)
            .into_iter()
            .partition(is_body);
        self.calls = rest;
        let Some((method, _)) = sent.iter().find(|(method, _)| method != "header").cloned() else {
            return Vec::new();
        };
        if is_form(body) {
            return vec![(
                format_ident!("multipart"),
                parse_quote_arguments(quote!(body)),
            )];
        }
        let mut calls: Vec<_> = sent
            .into_iter()
            .filter(|(method, _)| method == "header")
            .collect();
        if let Some(name) = &body.media_type {
            let header = quote!(::reqwest::header::CONTENT_TYPE, ::reqwest::header::HeaderValue::from_static(#name));
            calls = vec![(format_ident!("header"), parse_quote_arguments(header))];
        }
        // `.form_urlencoded(&body)?` is reqwest's own `.form(body)`, and `body` a reference.
        let method = match method == "form_urlencoded" {
            true => format_ident!("form"),
            false => method,
        };
        let is_value =
            method != "body" && takes(signature, "body", |ty| !matches!(ty, Type::Reference(_)));
        let sent = match is_value {
            true => quote!(&body),
            false => quote!(body),
        };
        calls.push((method, parse_quote_arguments(sent)));
        calls
    }
}

/// `&fields` of `&QueryParam::new("fields", &fields)`.
fn argument_of_query(arguments: &Arguments) -> Option<Expr> {
    match arguments.first()? {
        Expr::Reference(reference) => match &*reference.expr {
            Expr::Call(call) => call.args.iter().nth(1).cloned(),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an argument has a type.
fn takes(signature: &Signature, argument: &str, has: impl Fn(&Type) -> bool) -> bool {
    signature.inputs.iter().any(|input| match input {
        FnArg::Typed(typed) => {
            name(&typed.pat).is_some_and(|name| name == argument) && has(&typed.ty)
        }
        FnArg::Receiver(_) => false,
    })
}

/// The arguments that say by `to_string` how they are written.
fn scalars(signature: &Signature) -> HashSet<String> {
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
    scalar
        .filter_map(|argument| Some(name(&argument.pat)?.to_string()))
        .collect()
}

/// The scalars for what an optional argument holds.
fn scalars_of(argument: &Ident, scalars: &HashSet<String>) -> HashSet<String> {
    match scalars.contains(&argument.to_string()) {
        true => HashSet::from(["value".to_owned()]),
        false => HashSet::new(),
    }
}

/// A value as text.
fn written(value: &Ident, scalars: &HashSet<String>) -> TokenStream {
    match scalars.contains(&value.to_string()) {
        true => quote!(#value.to_string()),
        false => quote!(parameter::simple(&#value)),
    }
}

/// Variables of the path that are no scalars are written as lists and objects are.
fn in_path(local: Local, scalars: &HashSet<String>) -> Stmt {
    let tokens = simple_in(local.to_token_stream(), scalars);
    // It differs in names only, so it parses.
    syn::parse2(tokens).unwrap_or(Stmt::Local(local))
}

/// `simple(a)` for `&a.to_string()`, where `a` is no scalar.
fn simple_in(tokens: TokenStream, scalars: &HashSet<String>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let [
        TokenTree::Punct(and),
        TokenTree::Ident(name),
        TokenTree::Punct(_),
        TokenTree::Ident(call),
        ..,
    ] = tokens.as_slice()
        && and.as_char() == '&'
        && call == "to_string"
        && !scalars.contains(&name.to_string())
    {
        return quote!(&parameter::simple(&#name));
    }
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            Group::new(group.delimiter(), simple_in(group.stream(), scalars)).into()
        }
        other => other,
    });
    tokens.collect()
}

fn parse_quote_arguments(tokens: TokenStream) -> Arguments {
    syn::parse::Parser::parse2(Arguments::parse_terminated, tokens).unwrap_or_default()
}

fn calls(base: Expr, calls: Vec<(Ident, Arguments)>) -> Expr {
    let call = |receiver: Expr, (method, arguments): (Ident, Arguments)| -> Expr {
        parse_quote!(#receiver.#method(#arguments))
    };
    calls.into_iter().fold(base, call)
}

fn name(pattern: &Pat) -> Option<Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(pattern.ident.clone()),
        _ => None,
    }
}

/// `api-version`: no contract names it.
fn appends_version(statement: &Stmt) -> bool {
    let tokens = statement.to_token_stream().to_string();
    tokens.contains("\"api-version\"")
}

/// A header that a parameter fills.
struct Header {
    name: LitStr,
    value: Ident,
    optional: bool,
}

impl Header {
    /// The arguments of `.header(…)`.
    fn arguments(&self, written: &TokenStream) -> Arguments {
        let name = &self.name;
        parse_quote_arguments(match name.value().strip_prefix(COOKIE) {
            Some(cookie) => {
                let format = format!("{cookie}={{}}");
                quote!(
                    ::reqwest::header::COOKIE,
                    format!(#format, parameter::encode_path(&#written))
                )
            }
            None => quote!(#name, #written),
        })
    }
}

/// Reads `header_map.append("Name", value.to_string().try_into()?)`, which may stand in
/// `if let Some(value) = parameter { … }`.
fn header(statement: Stmt) -> Option<Header> {
    let Stmt::Expr(expr, _) = statement else {
        return None;
    };
    let (call, parameter) = match expr {
        Expr::If(condition) => {
            let Expr::Let(binding) = *condition.cond else {
                return None;
            };
            let statement = condition.then_branch.stmts.into_iter().next()?;
            let header = header(statement)?;
            return Some(Header {
                value: receiver(&binding.expr)?,
                optional: true,
                ..header
            });
        }
        Expr::MethodCall(call) => {
            let value = call.args.get(1).and_then(receiver)?;
            (call, value)
        }
        _ => return None,
    };
    match call.args.first()? {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(name) => Some(Header {
                name: name.clone(),
                value: parameter,
                optional: false,
            }),
            _ => None,
        },
        _ => None,
    }
}
