//! Orders the arms of a response by how exact they are: `401` before `4XX`, which
//! progenitor may write the other way round, so that `401` is never reached
//! (`OpenAPI` 3.0.3, section 4.7.16: the exact code takes precedence). And writes
//! the codes as people do, `401` for `401u16`.

use syn::visit_mut::{self, VisitMut};
use syn::{Arm, ExprMatch, File, LitInt, Pat};

pub(super) fn pass(file: &mut File) {
    Order.visit_file_mut(file);
}

struct Order;

impl VisitMut for Order {
    fn visit_expr_match_mut(&mut self, expr: &mut ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expr);
        if expr.arms.iter().any(|arm| matches!(arm.pat, Pat::Range(_))) {
            expr.arms.sort_by_key(exactness);
        }
        for arm in &mut expr.arms {
            Bare.visit_pat_mut(&mut arm.pat);
        }
    }
}

/// Takes the type from the numbers of a pattern; the value matched has it.
struct Bare;

impl VisitMut for Bare {
    fn visit_lit_int_mut(&mut self, number: &mut LitInt) {
        *number = LitInt::new(number.base10_digits(), number.span());
    }
}

fn exactness(arm: &Arm) -> u8 {
    match arm.pat {
        Pat::Lit(_) => 0,
        Pat::Range(_) => 1,
        _ => 2,
    }
}
