//! Drops the `api-version` header that progenitor sends with every request: the
//! contract does not name it, so it does not go over the wire.

use quote::ToTokens as _;
use syn::{Block, Expr, File, Lit, LitInt, Local, Pat, Stmt};

use super::{mentions, methods};

pub(super) fn pass(file: &mut File) {
    for function in methods(file) {
        let block = &mut function.block;
        let before = block.stmts.len();
        block.stmts.retain(|statement| !appends_version(statement));
        if block.stmts.len() < before {
            one_header_less(block);
        }
    }
}

/// `header_map.append(HeaderName::from_static("api-version"), …);`
fn appends_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else {
        return false;
    };
    let Some(Expr::Call(name)) = call.args.first() else {
        return false;
    };
    let Some(Expr::Lit(literal)) = name.args.first() else {
        return false;
    };
    call.method == "append"
        && matches!(&literal.lit, Lit::Str(text) if text.value() == "api-version")
}

/// Makes the map smaller, or takes it away when nothing else goes into it.
fn one_header_less(block: &mut Block) {
    let appends = |statement: &Stmt| mentions(statement.to_token_stream(), "append");
    if block.stmts.iter().any(appends) {
        locals(block).for_each(smaller_capacity);
        return;
    }
    block
        .stmts
        .retain(|statement| !declares_header_map(statement));
    for local in locals(block) {
        if let Some(init) = &mut local.init {
            without_headers(&mut init.expr);
        }
    }
}

fn locals(block: &mut Block) -> impl Iterator<Item = &mut Local> {
    block
        .stmts
        .iter_mut()
        .filter_map(|statement| match statement {
            Stmt::Local(local) => Some(local),
            _ => None,
        })
}

fn declares_header_map(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    matches!(&local.pat, Pat::Ident(pat) if pat.ident == "header_map")
}

/// Takes `.headers(header_map)` out of a chain of calls.
fn without_headers(expr: &mut Expr) {
    let mut link = expr;
    loop {
        link = match link {
            Expr::Try(inner) => &mut inner.expr,
            Expr::MethodCall(call) if call.method == "headers" => {
                *link = (*call.receiver).clone();
                return;
            }
            Expr::MethodCall(call) => &mut call.receiver,
            _ => return,
        };
    }
}

/// Counts one header less in `HeaderMap::with_capacity(n)`.
fn smaller_capacity(local: &mut Local) {
    if let Some(init) = &mut local.init
        && let Expr::Call(call) = &mut *init.expr
        && let Expr::Path(function) = &*call.func
        && function
            .path
            .segments
            .last()
            .is_some_and(|s| s.ident == "with_capacity")
        && let Some(Expr::Lit(literal)) = call.args.first_mut()
        && let Lit::Int(number) = &literal.lit
        && let Ok(count) = number.base10_parse::<usize>()
    {
        let smaller = count.saturating_sub(1).to_string();
        literal.lit = Lit::Int(LitInt::new(&smaller, number.span()));
    }
}
