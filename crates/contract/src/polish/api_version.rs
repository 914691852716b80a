//! Drops the `api-version` header that progenitor sends with every request: the
//! contract does not name it, so it does not go over the wire.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, File, ImplItem, Item, Lit, Pat, Stmt};

pub(super) fn pass(file: &mut File) {
    for item in &mut file.items {
        let Item::Impl(item) = item else { continue };
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member {
                method(&mut function.block);
            }
        }
    }
}

fn method(block: &mut Block) {
    let before = block.stmts.len();
    block.stmts.retain(|statement| !appends_version(statement));
    if block.stmts.len() == before {
        return;
    }
    let appends = block.stmts.iter().any(mentions_append);
    if appends {
        SmallerCapacity.visit_block_mut(block);
        return;
    }
    block
        .stmts
        .retain(|statement| !declares_header_map(statement));
    WithoutHeaders.visit_block_mut(block);
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

/// Whether anything else goes into `header_map`, at any depth.
fn mentions_append(statement: &Stmt) -> bool {
    struct Search(bool);
    impl syn::visit::Visit<'_> for Search {
        fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
            let on_map = matches!(&*call.receiver, Expr::Path(p) if p.path.is_ident("header_map"));
            self.0 |= on_map && call.method == "append";
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut search = Search(false);
    syn::visit::Visit::visit_stmt(&mut search, statement);
    search.0
}

fn declares_header_map(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    matches!(&local.pat, Pat::Ident(pat) if pat.ident == "header_map")
}

/// Takes `.headers(header_map)` out of a chain of calls.
struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
            && matches!(call.args.first(), Some(Expr::Path(p)) if p.path.is_ident("header_map"))
        {
            *expr = (*call.receiver).clone();
        }
    }
}

/// Counts one header less in `HeaderMap::with_capacity(n)`.
struct SmallerCapacity;

impl VisitMut for SmallerCapacity {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        let is_capacity = matches!(&*call.func, Expr::Path(p)
            if p.path.segments.last().is_some_and(|s| s.ident == "with_capacity"));
        if is_capacity
            && let Some(Expr::Lit(literal)) = call.args.first_mut()
            && let Lit::Int(number) = &literal.lit
            && let Ok(count) = number.base10_parse::<usize>()
        {
            let smaller = count.saturating_sub(1).to_string();
            literal.lit = Lit::Int(syn::LitInt::new(&smaller, number.span()));
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}
