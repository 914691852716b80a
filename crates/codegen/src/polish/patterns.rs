//! Reads patterns in Unicode mode, as JSON Schema asks for (draft 2020-12, section 6.4): in the
//! other, `\p{L}` is `p`, `{`, `L` and `}`. A pattern that is none in that mode keeps the other.

use regress::Regex;
use syn::visit_mut::{VisitMut, visit_expr_call_mut};
use syn::{Expr, ExprCall, ExprLit, ExprPath, Item, Lit, parse_quote};

pub(super) fn pass(types: &mut [Item]) {
    types
        .iter_mut()
        .for_each(|item| Patterns.visit_item_mut(item));
}

struct Patterns;

impl VisitMut for Patterns {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        match pattern(call).filter(|pattern| Regex::with_flags(pattern, "u").is_ok()) {
            Some(pattern) => *call = parse_quote!(::regress::Regex::with_flags(#pattern, "u")),
            None => visit_expr_call_mut(self, call),
        }
    }
}

/// The text in `Regex::new("…")`.
fn pattern(call: &ExprCall) -> Option<String> {
    let Expr::Path(ExprPath { path, .. }) = &*call.func else {
        return None;
    };
    let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
    let is_new = names.next()? == "new" && names.next()? == "Regex";
    match call.args.first().filter(|_| is_new)? {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
