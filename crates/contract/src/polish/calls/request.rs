//! From the statements with which progenitor builds a request to those that stand there.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Expr, FnArg, Ident, Local, Pat, Signature, Stmt, Type, parse_quote};

use super::facts::{Body, Facts};
use super::headers::header;
use super::values::{Scalars, in_path};

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
        let scalars = Scalars::of(signature);
        let styles = &facts.styles;
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
                Stmt::Local(local) => kept.push(in_path(local, &scalars, &facts.variables())),
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
            let written = header.written(&header.value, &scalars, styles);
            chain
                .calls
                .push((format_ident!("header"), header.arguments(&written)));
        }
        let url = kept.first().and_then(|url| match url {
            Stmt::Local(local) => name(&local.pat),
            _ => None,
        });
        kept.extend(chain.style(&styles.query, &url?));
        if let Some(accept) = &facts.accept {
            chain.accept(accept);
        }
        let sent = chain.take_body(body, signature);
        let mut later = TokenStream::new();
        for header in &optional {
            let parameter = &header.value;
            let value = format_ident!("value");
            let written = header.written(&value, &scalars.within(parameter), styles);
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

pub(super) type Arguments = syn::punctuated::Punctuated<Expr, syn::Token![,]>;

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

    /// Writes parameters of the query in the style that the document asks for; gives what
    /// writes those that stand in the address before there is a request.
    fn style(&mut self, styles: &[(String, String)], url: &Ident) -> Vec<Stmt> {
        let mut statements = Vec::new();
        self.calls.retain_mut(|(method, arguments)| {
            let text = arguments.to_token_stream().to_string();
            let styled = styles.iter().find(|(name, _)| {
                let literal = proc_macro2::Literal::string(name).to_string();
                method == "query" && text.contains(&format!("({literal} ,"))
            });
            let Some((name, style)) = styled else {
                return true;
            };
            let Some(value) = argument_of_query(arguments) else {
                return true;
            };
            if style == "deepObject" {
                let pairs = quote!(&parameter::deep_object(#name, #value));
                *arguments = parse_quote_arguments(pairs);
                return true;
            }
            statements.push(parse_quote! {
                let #url = parameter::joined(#url, #name, #value, #style);
            });
            false
        });
        statements
    }

    /// Asks for what the document answers with.
    fn accept(&mut self, accept: &str) {
        for (method, arguments) in &mut self.calls {
            let name = arguments
                .first()
                .map(|name| name.to_token_stream().to_string());
            if method == "header" && name.is_some_and(|name| name.ends_with("ACCEPT")) {
                *arguments = parse_quote_arguments(quote!(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static(#accept)
                ));
            }
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
        let is_value =
            method != "body" && takes(signature, "body", |ty| !matches!(ty, Type::Reference(_)));
        let sent = match is_value {
            true => quote!(&body),
            false => quote!(body),
        };
        if method == "form_urlencoded" {
            let styles = body
                .styles
                .iter()
                .map(|(name, style)| quote!((#name, #style)));
            let fields = quote!(&parameter::form(#sent, &[#(#styles),*]));
            calls.push((format_ident!("form"), parse_quote_arguments(fields)));
        } else {
            calls.push((method, parse_quote_arguments(sent)));
        }
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

pub(super) fn parse_quote_arguments(tokens: TokenStream) -> Arguments {
    syn::parse::Parser::parse2(Arguments::parse_terminated, tokens).unwrap_or_default()
}

fn calls(base: Expr, calls: Vec<(Ident, Arguments)>) -> Expr {
    let call = |receiver: Expr, (method, arguments): (Ident, Arguments)| -> Expr {
        parse_quote!(#receiver.#method(#arguments))
    };
    calls.into_iter().fold(base, call)
}

pub(super) fn name(pattern: &Pat) -> Option<Ident> {
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
