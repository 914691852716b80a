//! Writes the arms of an answer as people do: exact codes before ranges, as `OpenAPI`
//! 3.0.3 asks for (section 4.7.16), where progenitor may write them so that `401` is never
//! reached; one arm for those that do the same; `401` for `401u16`.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Arm, Expr, ExprLit, File, Lit, Pat, Stmt, parse_quote};

use super::methods;

pub(super) fn pass(file: &mut File) {
    for function in methods(file) {
        if let Some(Stmt::Expr(Expr::Match(expr), _)) = function.block.stmts.last_mut() {
            expr.arms = Statuses::of(&expr.arms).into_arms();
        }
    }
}

/// From one status to another, both included.
type Span = (u16, u16);

/// What is done for each status; a body stands for itself by its text.
struct Statuses {
    exact: Vec<(u16, Expr)>,
    ranges: Vec<(Span, Expr)>,
    /// For any other status.
    rest: Option<Expr>,
}

impl Statuses {
    fn of(arms: &[Arm]) -> Self {
        let (mut exact, mut ranges, mut rest) = (Vec::new(), Vec::new(), None);
        for arm in arms {
            let body = (*arm.body).clone();
            match span(&arm.pat) {
                Some((first, last)) if first == last => exact.push((first, body)),
                Some(span) => ranges.push((span, body)),
                // `default` is an arm for any other status, and then comes progenitor's.
                None => drop(rest.get_or_insert(body)),
            }
        }
        Self {
            exact,
            ranges,
            rest,
        }
    }

    fn into_arms(mut self) -> Vec<Arm> {
        let rest = self.rest.as_ref().map(text);
        self.ranges.retain(|(_, body)| Some(text(body)) != rest);
        let ranges = &self.ranges;
        self.exact.retain(|(status, body)| {
            let around = ranges
                .iter()
                .find(|((first, last), _)| (*first..=*last).contains(status));
            let otherwise = around.map(|(_, body)| text(body)).or_else(|| rest.clone());
            Some(text(body)) != otherwise
        });
        // An exact code may stand with ranges, where no other range would catch it.
        let is_free = |status: &u16, body: &Expr| {
            let catches = |((first, last), other): &(Span, Expr)| {
                (*first..=*last).contains(status) && text(other) != text(body)
            };
            self.ranges
                .iter()
                .any(|(_, other)| text(other) == text(body))
                && !self.ranges.iter().any(catches)
        };
        let (free, exact): (Vec<_>, Vec<_>) = self
            .exact
            .into_iter()
            .partition(|(status, body)| is_free(status, body));
        let exactly = |(status, body)| ((status, status), body);
        let mut arms = grouped(exact.into_iter().map(exactly).collect());
        let ranges = self.ranges.into_iter().chain(free.into_iter().map(exactly));
        arms.extend(grouped(ranges.collect()));
        arms.extend(self.rest.map(|body| parse_quote!(_ => #body,)));
        arms
    }
}

/// An arm for each body.
fn grouped(mut all: Vec<(Span, Expr)>) -> Vec<Arm> {
    all.sort_by_key(|(span, _)| *span);
    let mut groups: Vec<(Vec<Span>, Expr)> = Vec::new();
    for (span, body) in all {
        let group = groups
            .iter_mut()
            .find(|(_, known)| text(known) == text(&body));
        match group.map(|(spans, _)| spans) {
            None => groups.push((vec![span], body)),
            Some(spans) => match spans.last_mut() {
                // One range follows the other.
                Some(before) if before.0 < before.1 && before.1 + 1 == span.0 => before.1 = span.1,
                _ => spans.push(span),
            },
        }
    }
    let arm = |(spans, body): (Vec<Span>, Expr)| {
        let patterns = spans.into_iter().map(pattern);
        parse_quote!(#(#patterns)|* => #body,)
    };
    groups.into_iter().map(arm).collect()
}

pub(super) fn pattern((first, last): Span) -> TokenStream {
    let number = Literal::u16_unsuffixed;
    let (from, to) = (number(first), number(last));
    match first == last {
        true => quote!(#from),
        false => quote!(#from..=#to),
    }
}

fn text(body: &Expr) -> String {
    body.to_token_stream().to_string()
}

pub(super) fn span(pattern: &Pat) -> Option<Span> {
    match pattern {
        Pat::Lit(literal) => number(literal).map(|status| (status, status)),
        Pat::Range(range) => match (range.start.as_deref(), range.end.as_deref()) {
            (Some(Expr::Lit(first)), Some(Expr::Lit(last))) => {
                Some((number(first)?, number(last)?))
            }
            _ => None,
        },
        _ => None,
    }
}

fn number(literal: &ExprLit) -> Option<u16> {
    match &literal.lit {
        Lit::Int(number) => number.base10_parse().ok(),
        _ => None,
    }
}
