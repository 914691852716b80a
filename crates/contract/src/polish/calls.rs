//! Hands each request to the transport, which repeats, limits and explains, and states
//! what the contract says of the operation beside it. progenitor would send it once, with
//! a header that no contract names.

use openapiv3::OpenAPI;
use quote::format_ident;
use syn::{Expr, File, Ident, ImplItemFn, Stmt, parse_quote};

use super::methods;
use super::operations::Operations;
use answer::ByStatus;
use facts::Facts;
use request::Request;

pub(super) mod answer;
mod facts;
mod headers;
mod request;
mod signature;
mod tokens;
mod values;

/// # Errors
/// When a method is not what progenitor is known to write.
pub(super) fn pass(file: &mut File, spec: &OpenAPI) -> Result<(), String> {
    let operations = Operations::of(spec);
    let by_status = ByStatus::of(spec);
    for function in methods(file) {
        if let Some((path, method, operation)) = operations.find(function) {
            let facts = Facts::of(spec, path, method, operation);
            rewrite(function, &facts, &by_status).ok_or_else(|| {
                let method = method.to_ascii_uppercase();
                format!("the code for `{method} {path}` has a shape that is not known")
            })?;
        }
    }
    Ok(())
}

/// What progenitor wrote, statement by statement, and what stands there instead.
fn rewrite(function: &mut ImplItemFn, facts: &Facts, by_status: &ByStatus) -> Option<()> {
    let mut statements = std::mem::take(&mut function.block.stmts);
    let Some(Stmt::Expr(Expr::Match(mut answer), semicolon)) = statements.pop() else {
        return None;
    };
    let response = match &*answer.expr {
        Expr::MethodCall(call) => receiver(&call.receiver),
        _ => None,
    };
    let response = response.unwrap_or_else(|| format_ident!("response"));
    let streamed = answer::rewrite(&mut answer, &response, by_status, &function.sig.output)?;
    let constant = facts.constant(streamed);
    let Request { name, statements } = Request::read(statements, facts, &function.sig)?;
    let statements = tokens::fields(statements);
    function.block = parse_quote!({
        #constant
        #statements
        let #response = self.transport.send(&OPERATION, #name).await?;
        #answer #semicolon
    });
    signature::rewrite(function, &facts.body);
    Some(())
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
