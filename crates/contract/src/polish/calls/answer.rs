//! How an answer is read in the arm of its status.

use std::collections::HashMap;

use heck::ToUpperCamelCase as _;
use openapiv3::{OpenAPI, SchemaKind, Type};
use quote::{ToTokens as _, format_ident};
use syn::{Expr, ExprMatch, Ident, ReturnType, parse_quote};

use crate::normalise::responses::{BY_STATUS, BYTES, NOTHING};
use crate::polish::status_arms::span;

/// The types that have a variant for each status, with the property that each is made of.
pub(super) struct ByStatus(HashMap<String, Vec<String>>);

impl ByStatus {
    pub(super) fn of(spec: &OpenAPI) -> Self {
        let schemas = spec
            .components
            .iter()
            .flat_map(|components| &components.schemas);
        let marked = schemas.filter_map(|(name, schema)| {
            let schema = schema.as_item()?;
            schema.schema_data.extensions.get(BY_STATUS)?;
            match &schema.schema_kind {
                SchemaKind::Type(Type::Object(object)) => {
                    let properties = object.properties.keys().cloned().collect();
                    Some((name.to_upper_camel_case(), properties))
                }
                _ => None,
            }
        });
        Self(marked.collect())
    }

    /// Those of a method's type of success and of its type of error.
    fn used<'a>(&'a self, output: &ReturnType) -> Vec<(&'a str, &'a [String])> {
        let text = output.to_token_stream().to_string();
        let words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        let all = self
            .0
            .iter()
            .filter(|(name, _)| words.contains(&name.as_str()));
        all.map(|(name, properties)| (name.as_str(), properties.as_slice()))
            .collect()
    }
}

/// The variant that a property stands for.
pub(crate) fn variant(property: &str) -> Ident {
    let status = property.trim_start_matches("status_");
    let status = status.trim_end_matches(NOTHING).trim_end_matches(BYTES);
    format_ident!("Status{}", status.to_ascii_uppercase())
}

/// Rewrites the arms; gives whether the body of a success is the caller's to read.
pub(super) fn rewrite(
    answer: &mut ExprMatch,
    response: &Ident,
    by_status: &ByStatus,
    output: &ReturnType,
) -> Option<bool> {
    let used = by_status.used(output);
    let mut streamed = false;
    for arm in &mut answer.arms {
        let body = arm.body.to_token_stream().to_string();
        let own = span(&arm.pat).and_then(|(first, last)| {
            let status = match first == last {
                true => first.to_string(),
                false => format!("{}xx", first / 100),
            };
            let wanted = format!("status_{status}");
            used.iter().find_map(|(name, properties)| {
                let property = properties.iter().find(|p| {
                    **p == wanted
                        || p.strip_prefix(&wanted)
                            .is_some_and(|rest| rest.starts_with('_'))
                })?;
                Some((format_ident!("{name}"), property.as_str()))
            })
        });
        *arm.body = match own {
            Some((name, property)) => with_variant(&body, response, &name, property),
            None => {
                streamed |=
                    body.contains("ResponseValue :: stream") && !body.contains("ErrorResponse");
                plain(&body, response)?
            }
        };
        arm.comma = Some(Default::default());
    }
    answer.expr = parse_quote!(#response.status());
    Some(streamed)
}

fn with_variant(body: &str, response: &Ident, name: &Ident, property: &str) -> Expr {
    let variant = variant(property);
    let variant = quote::quote!(types::#name::#variant);
    let is_error = body.contains("ErrorResponse");
    if property.ends_with(NOTHING) {
        match is_error {
            true => parse_quote!(Err(#response.refused_with(#variant))),
            false => parse_quote!(Ok(#response.empty_as(#variant))),
        }
    } else if property.ends_with(BYTES) {
        match is_error {
            true => parse_quote!(Err(#response.refused_as_bytes(#variant))),
            false => parse_quote!(Ok(#response.bytes_as(#variant))),
        }
    } else if is_error {
        parse_quote!(Err(#response.refused_as(#variant)))
    } else {
        parse_quote!(#response.json_as(#variant))
    }
}

fn plain(body: &str, response: &Ident) -> Option<Expr> {
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
