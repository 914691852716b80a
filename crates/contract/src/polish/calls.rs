//! Hands each request to the transport, which repeats, limits and explains, and states
//! what the contract says of the operation beside it. progenitor would send it once, with
//! a header that no contract names.

use openapiv3::{OpenAPI, Operation, StatusCode};
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::{Expr, File, Ident, ImplItemFn, Lit, LitStr, Local, Pat, Stmt, parse_quote, parse2};

use super::methods;
use super::operations::{Operations, follow};
use super::status_arms;
use crate::operation::{IDEMPOTENT, NOT_PROCESSED, is_idempotent};

/// # Errors
/// When a method is not what progenitor is known to write.
pub(super) fn pass(file: &mut File, spec: &OpenAPI) -> Result<(), String> {
    let operations = Operations::of(spec);
    for function in methods(file) {
        if let Some((path, method, operation)) = operations.find(function) {
            let facts = facts(spec, path, method, operation);
            rewrite(function, &facts).ok_or_else(|| {
                let method = method.to_ascii_uppercase();
                format!("the code for `{method} {path}` has a shape that is not known")
            })?;
        }
    }
    Ok(())
}

/// What generated code states of an operation.
struct Facts {
    id: String,
    path: String,
    idempotent: bool,
    /// A pattern of statuses, if there are any.
    not_processed: Option<TokenStream>,
}

fn facts(spec: &OpenAPI, path: &str, method: &str, operation: &Operation) -> Facts {
    let stated = operation.extensions.get(IDEMPOTENT);
    let stated = stated.and_then(|value| value.as_bool());
    Facts {
        id: operation.operation_id.clone().unwrap_or_default(),
        path: path.to_owned(),
        idempotent: stated.unwrap_or_else(|| is_idempotent(method)),
        not_processed: not_processed(spec, operation),
    }
}

/// A pattern of the statuses that say that nothing was processed. As everywhere, what is
/// said of an exact code counts before what is said of its range.
fn not_processed(spec: &OpenAPI, operation: &Operation) -> Option<TokenStream> {
    let responses = operation.responses.responses.iter();
    let stated = responses.filter_map(|(status, response)| {
        let response = follow(spec, response)?;
        Some((status, response.extensions.get(NOT_PROCESSED)?.as_bool()?))
    });
    let stated: Vec<_> = stated.collect();
    let says = |status: u16| {
        let of = |wanted: StatusCode| {
            let mut stated = stated.iter().filter(|(status, _)| **status == wanted);
            stated.next().map(|(_, safe)| *safe)
        };
        // RFC 6585, section 4: 429 means just that, unless the contract says otherwise.
        of(StatusCode::Code(status))
            .or_else(|| of(StatusCode::Range(status / 100)))
            .unwrap_or(status == 429)
    };
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for status in (100..600).filter(|status| says(*status)) {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == status => *last = status,
            _ => spans.push((status, status)),
        }
    }
    let patterns = spans.into_iter().map(status_arms::pattern);
    let patterns: Vec<_> = patterns.collect();
    (!patterns.is_empty()).then(|| quote!(#(#patterns)|*))
}

/// What progenitor wrote, statement by statement, and what stands there instead.
fn rewrite(function: &mut ImplItemFn, facts: &Facts) -> Option<()> {
    let mut statements = std::mem::take(&mut function.block.stmts);
    let Some(Stmt::Expr(Expr::Match(mut answer), semicolon)) = statements.pop() else {
        return None;
    };
    let response = match &*answer.expr {
        Expr::MethodCall(call) => receiver(&call.receiver),
        _ => None,
    };
    let response = response.unwrap_or_else(|| format_ident!("response"));
    let mut streamed = false;
    for arm in &mut answer.arms {
        let body = arm.body.to_token_stream().to_string();
        streamed |= body.contains("ResponseValue :: stream") && !body.contains("ErrorResponse");
        *arm.body = read(&body, &response)?;
        arm.comma = Some(Default::default());
    }
    answer.expr = parse_quote!(#response.status());

    let (mut headers, mut kept) = (Vec::new(), Vec::new());
    let mut request = format_ident!("request");
    for statement in statements {
        match statement {
            // Builds the request and is the last that is needed.
            Stmt::Local(mut local) if mentions_build(&local) => {
                request = name(&local.pat).unwrap_or(request);
                plain_request(&mut local);
                kept.push(Stmt::Local(local));
                break;
            }
            Stmt::Local(local) if name(&local.pat).is_some_and(|n| n == "header_map") => {}
            Stmt::Local(local) => kept.push(Stmt::Local(local)),
            // They go into the map that is not there any more.
            other if appends_version(&other) => {}
            other => headers.push(header(other)?),
        }
    }
    let optional: Vec<_> = headers.iter().filter(|h| h.optional).collect();
    let required = headers.iter().filter(|header| !header.optional);
    if let Some(Stmt::Local(local)) = kept.last_mut()
        && let Some(init) = &mut local.init
    {
        for Header { name, value, .. } in required {
            let chain = &init.expr;
            *init.expr = parse_quote!(#chain.header(#name, #value.to_string()));
        }
        let mutable = (!optional.is_empty()).then(|| quote!(mut));
        local.pat = parse_quote!(#mutable #request);
    }
    let optional = optional.iter().map(|Header { name, value, .. }| {
        quote! {
            if let Some(value) = #value {
                #request = #request.header(#name, value.to_string());
            }
        }
    });
    let constant = constant(facts, streamed);
    let kept = quote!(#(#kept)*);
    let kept = fields(kept);
    function.block = parse_quote!({
        #constant
        #kept
        #(#optional)*
        let #response = self.transport.send(&OPERATION, #request).await?;
        #answer #semicolon
    });
    signature(function);
    Some(())
}

fn constant(facts: &Facts, streamed: bool) -> TokenStream {
    let Facts {
        id,
        path,
        idempotent,
        not_processed,
    } = facts;
    let not_processed = match not_processed {
        Some(pattern) => quote!(|status| matches!(status, #pattern)),
        None => quote!(|_| false),
    };
    quote! {
        const OPERATION: Operation = Operation {
            id: #id,
            path: #path,
            idempotent: #idempotent,
            not_processed: #not_processed,
            streamed: #streamed,
        };
    }
}

/// How the answer is read in an arm, from how progenitor reads it there.
fn read(body: &str, response: &Ident) -> Option<Expr> {
    Some(if body.contains("UnexpectedResponse") {
        parse_quote!(Err(#response.unexpected()))
    } else if body.contains("ErrorResponse") {
        parse_quote!(Err(#response.refused()))
    } else if body.contains("from_response") {
        parse_quote!(#response.json())
    } else if body.contains("stream") {
        parse_quote!(Ok(#response.stream()))
    } else if body.contains("empty") {
        parse_quote!(Ok(#response.empty()))
    } else {
        return None;
    })
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

/// The name that a chain of calls begins with.
fn receiver(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::MethodCall(call) => receiver(&call.receiver),
        Expr::Try(inner) => receiver(&inner.expr),
        _ => None,
    }
}

fn name(pattern: &Pat) -> Option<Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(pattern.ident.clone()),
        _ => None,
    }
}

/// Whether the statement ends in `.build()?`.
fn mentions_build(local: &Local) -> bool {
    let Some(init) = &local.init else {
        return false;
    };
    match &*init.expr {
        Expr::Try(inner) => {
            matches!(&*inner.expr, Expr::MethodCall(call) if call.method == "build")
        }
        _ => false,
    }
}

/// Leaves the request to be built by the transport, which reports what is wrong with it.
fn plain_request(local: &mut Local) {
    local.attrs.clear();
    let Some(init) = &mut local.init else { return };
    let Expr::Try(inner) = &*init.expr else {
        return;
    };
    let Expr::MethodCall(build) = &*inner.expr else {
        return;
    };
    let mut chain = (*build.receiver).clone();
    link(&mut chain);
    *init.expr = chain;
}

fn link(expr: &mut Expr) {
    match expr {
        Expr::Try(inner) => {
            // `.form_urlencoded(&body)?` is reqwest's own `.form(body)`.
            *expr = (*inner.expr).clone();
            link(expr);
        }
        Expr::MethodCall(call) if call.method == "headers" => {
            *expr = (*call.receiver).clone();
            link(expr);
        }
        Expr::MethodCall(call) => {
            if call.method == "form_urlencoded" {
                call.method = format_ident!("form");
            }
            let sends = call.method == "form" || call.method == "json";
            if let (true, Some(Expr::Reference(body))) = (sends, call.args.first().cloned()) {
                call.args = std::iter::once(*body.expr).collect();
            }
            link(&mut call.receiver);
        }
        _ => {}
    }
}

/// `self.client` and `self.baseurl` are the transport's, inside macros too.
fn fields(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner = Group::new(group.delimiter(), fields(group.stream()));
                out.push(inner.into());
            }
            TokenTree::Ident(field) if is_field(&out) && field == "client" => {
                out.extend(quote!(transport.client()));
            }
            TokenTree::Ident(field) if is_field(&out) && field == "baseurl" => {
                out.extend(quote!(transport.base_url()));
            }
            // They are imported.
            TokenTree::Ident(name) if IMPORTED.iter().any(|imported| name == imported) => {
                without_path(&mut out);
                out.push(name.into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// What progenitor writes with its path.
const IMPORTED: [&str; 4] = ["QueryParam", "ACCEPT", "CONTENT_TYPE", "HeaderValue"];

/// Takes `::a::b::` from the end.
fn without_path(out: &mut Vec<TokenTree>) {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ':');
    while out.last().is_some_and(is_colon) {
        out.truncate(out.len().saturating_sub(2));
        if matches!(out.last(), Some(TokenTree::Ident(_))) {
            out.pop();
        }
    }
}

/// Whether `self.` stands before.
fn is_field(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(this), TokenTree::Punct(dot)] => {
            this == "self" && dot.as_char() == '.'
        }
        _ => false,
    }
}

/// Lifetimes that the compiler finds by itself go, and errors are never streams.
fn signature(function: &mut ImplItemFn) {
    let generics = &mut function.sig.generics;
    generics.params = std::mem::take(&mut generics.params)
        .into_iter()
        .filter(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_)))
        .collect();
    if generics.params.is_empty() {
        (generics.lt_token, generics.gt_token) = (None, None);
    }
    for input in &mut function.sig.inputs {
        if let Ok(elided) = parse2(elided(input.to_token_stream())) {
            *input = elided;
        }
    }
    let output = function.sig.output.to_token_stream();
    if let Ok(output) = parse2(untyped_error(output)) {
        function.sig.output = output;
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
