//! Orders the arms of a response by how exact they are: `401` before `4XX`, which
//! progenitor may write the other way round, so that `401` is never reached
//! (`OpenAPI` 3.0.3, section 4.7.16: the exact code takes precedence). And writes
//! the codes as people do, `401` for `401u16`.

use syn::{Arm, Expr, File, Lit, LitInt, Pat, Stmt};

use super::methods;

pub(super) fn pass(file: &mut File) {
    for function in methods(file) {
        if let Some(Stmt::Expr(Expr::Match(expr), _)) = function.block.stmts.last_mut() {
            expr.arms.iter_mut().for_each(|arm| bare(&mut arm.pat));
            expr.arms.sort_by_key(exactness);
            // `default` is an arm for any other status, and then comes progenitor's.
            let is_any = |arm: &Arm| matches!(arm.pat, Pat::Wild(_));
            let mut seen = false;
            expr.arms
                .retain(|arm| !is_any(arm) || !std::mem::replace(&mut seen, true));
        }
    }
}

/// Takes the type from the numbers of a pattern; the value matched has it.
fn bare(pattern: &mut Pat) {
    match pattern {
        Pat::Lit(literal) => bare_literal(&mut literal.lit),
        Pat::Range(range) => {
            for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                if let Expr::Lit(literal) = &mut **end {
                    bare_literal(&mut literal.lit);
                }
            }
        }
        Pat::Or(or) => or.cases.iter_mut().for_each(bare),
        _ => {}
    }
}

fn bare_literal(literal: &mut Lit) {
    if let Lit::Int(number) = literal {
        *number = LitInt::new(number.base10_digits(), number.span());
    }
}

fn exactness(arm: &Arm) -> u8 {
    match arm.pat {
        Pat::Lit(_) | Pat::Or(_) => 0,
        Pat::Range(_) => 1,
        _ => 2,
    }
}
