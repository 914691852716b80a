//! The headers of a request, cookies among them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Ident, Lit, LitStr, Stmt};

use super::facts::Styles;
use super::receiver;
use super::request::{Arguments, parse_quote_arguments};
use super::values::Scalars;
use crate::normalise::parameters::COOKIE;

/// A header that a parameter fills.
pub(super) struct Header {
    name: LitStr,
    pub(super) value: Ident,
    pub(super) optional: bool,
}

impl Header {
    /// The value as text.
    pub(super) fn written(&self, value: &Ident, scalars: &Scalars, styles: &Styles) -> TokenStream {
        let is_scalar = scalars.has(value);
        if self.name.value().starts_with(COOKIE) {
            return match is_scalar {
                true => quote!(parameter::encode_path(&#value.to_string())),
                false => quote!(parameter::path(&#value, false)),
            };
        }
        let name = self.name.value();
        let explode = styles.headers.iter().any(|(styled, _)| *styled == name);
        match is_scalar {
            true => quote!(#value.to_string()),
            false => quote!(parameter::simple(&#value, #explode)),
        }
    }

    /// The arguments of `.header(…)`.
    pub(super) fn arguments(&self, written: &TokenStream) -> Arguments {
        let name = &self.name;
        parse_quote_arguments(match name.value().strip_prefix(COOKIE) {
            Some(cookie) => {
                let format = format!("{cookie}={{}}");
                quote!(::reqwest::header::COOKIE, format!(#format, #written))
            }
            None => quote!(#name, #written),
        })
    }
}

/// Reads `header_map.append("Name", value.to_string().try_into()?)`, which may stand in
/// `if let Some(value) = parameter { … }`.
pub(super) fn header(statement: Stmt) -> Option<Header> {
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
