//! How a response is read: an arm for each status. Exact codes stand before ranges, as
//! `OpenAPI` 3.0.3 asks for (section 4.7.16), and those that do the same have one arm.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Path, Type, parse_quote};

use crate::identifier;
use crate::normalise::bodies::MEDIA_TYPE;
use crate::normalise::responses::{ACCEPT, Body, STREAM, Stream};
use crate::polish::by_status::variant;
use crate::polish::operations::Contract;
use contract::operation::{Operation, Response, Status};

/// From one status to another, both included.
pub(super) type Span = (u16, u16);

/// What an operation answers.
pub(super) struct Responses {
    all: Vec<(Span, Reading)>,
    /// The media types of those that are JSON.
    media_types: HashMap<Span, String>,
    /// What the client asks for, if it reads anything.
    pub(super) accept: Option<String>,
}

/// What is done with a response.
#[derive(Clone, PartialEq)]
struct Reading {
    is_error: bool,
    body: Body,
    /// Whether it is one value after another.
    stream: Option<Stream>,
    /// The type that has a variant for each status, and the variant.
    variant: Option<(Ident, Ident)>,
}

impl Responses {
    pub(super) fn of(operation: &Operation, contract: &Contract<'_>) -> Self {
        let responses = operation.responses.iter();
        let responses: Vec<_> = responses
            .filter_map(|response| Some((span(response.status)?, response)))
            .collect();
        let media_types = responses
            .iter()
            .filter_map(|(span, response)| Some((*span, media_type(response)?)));
        let media_types = media_types.collect();
        let mut all: Vec<(Span, Reading)> = responses
            .into_iter()
            .map(|(span, response)| (span, reading(span, response, contract)))
            .collect();
        if all.iter().all(|(_, reading)| reading.is_error) {
            // What the contract does not describe, the caller reads.
            let anything = Reading {
                is_error: false,
                body: Body::Bytes,
                stream: None,
                variant: None,
            };
            all.push(((200, 299), anything));
        }
        let reads_json = |is_error: bool| {
            let mut responses = all.iter();
            responses.any(|(_, r)| {
                r.is_error == is_error && (r.body == Body::Json || r.variant.is_some())
            })
        };
        let streams = all.iter().any(|(_, reading)| reading.is_stream());
        let asks = reads_json(false) || !streams && reads_json(true);
        let accept = operation.extensions.get(ACCEPT);
        let accept = accept.and_then(|accept| accept.as_str());
        // What cannot stand in a header would fail every call.
        let accept = accept.filter(|text| text.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        Self {
            all,
            media_types,
            accept: asks.then(|| accept.unwrap_or(JSON).to_owned()),
        }
    }

    /// Whether the body of a success is the caller's to read.
    pub(super) fn is_streamed(&self) -> bool {
        self.all.iter().any(|(_, reading)| reading.is_stream())
    }

    /// What a success is, where it is one value after another, by the type of the values.
    pub(super) fn success(&self, of: Type) -> Type {
        let stream = self.all.iter().find_map(|(_, reading)| reading.stream);
        match stream {
            None => of,
            Some(Stream::Values) => parse_quote!(super::Values<#of>),
            Some(Stream::Events | Stream::TextEvents) => parse_quote!(super::Events<#of>),
        }
    }

    /// The form of the response with a status; an exact code counts before its range.
    pub(super) fn form(&self, status: u16) -> Option<Form<'_>> {
        let around = self
            .all
            .iter()
            .filter(|((first, last), _)| (*first..=*last).contains(&status));
        let (span, reading) = around.min_by_key(|((first, last), _)| last - first)?;
        let media_type = self.media_types.get(span)?;
        let variant = reading.variant.as_ref()?;
        (reading.body == Body::Json).then_some(Form {
            media_type,
            variant,
        })
    }

    /// The arms of a `match` on the status.
    pub(super) fn arms(&self) -> TokenStream {
        let (mut exact, ranges): (Vec<_>, Vec<_>) = self
            .all
            .iter()
            .partition(|((first, last), _)| first == last);
        let around = |status: u16| {
            let mut ranges = ranges.iter();
            ranges.find(|((first, last), _)| (*first..=*last).contains(&status))
        };
        exact.retain(|((status, _), reading)| {
            around(*status).is_none_or(|(_, otherwise)| otherwise != reading)
        });
        // An exact code may stand with ranges, where no other range would catch it.
        let (free, exact): (Vec<_>, Vec<_>) = exact.into_iter().partition(|((status, _), own)| {
            around(*status).is_none() && ranges.iter().any(|(_, reading)| reading == own)
        });
        let mut arms = grouped(exact);
        arms.extend(grouped(ranges.into_iter().chain(free).collect()));
        let arms = arms.into_iter().map(|(spans, reading)| {
            let patterns = spans.into_iter().map(pattern);
            let reading = reading.of();
            quote!(#(#patterns)|* => #reading,)
        });
        quote!(#(#arms)* _ => response.unexpected(),)
    }
}

/// By what an error of JSON is known.
#[derive(PartialEq)]
pub(super) struct Form<'a> {
    media_type: &'a str,
    variant: &'a (Ident, Ident),
}

impl Form<'_> {
    /// The runtime's word for it.
    pub(super) fn stated(&self, runtime: &Path) -> TokenStream {
        let (media_type, (name, variant)) = (self.media_type, self.variant);
        quote!(#runtime::Form::json_as(#media_type, types::#name::#variant))
    }
}

/// The media type of JSON.
fn media_type(response: &Response) -> Option<String> {
    let content = response.content.first()?;
    let stated = response.extensions.get(MEDIA_TYPE);
    let stated = stated.and_then(|name| name.as_str());
    (content.name == JSON).then(|| stated.unwrap_or(JSON).to_owned())
}

/// What the generator has for every kind of JSON.
const JSON: &str = "application/json";

/// An arm for each way to read.
fn grouped(mut all: Vec<&(Span, Reading)>) -> Vec<(Vec<Span>, &Reading)> {
    all.sort_by_key(|(span, _)| *span);
    let mut groups: Vec<(Vec<Span>, &Reading)> = Vec::new();
    for (span, reading) in all {
        let group = groups.iter_mut().find(|(_, known)| *known == reading);
        match group.map(|(spans, _)| spans) {
            None => groups.push((vec![*span], reading)),
            Some(spans) => match spans.last_mut() {
                // One range follows the other.
                Some(before) if before.0 < before.1 && before.1 + 1 == span.0 => before.1 = span.1,
                _ => spans.push(*span),
            },
        }
    }
    groups
}

impl Reading {
    fn is_stream(&self) -> bool {
        let is_bytes = self.body == Body::Bytes && self.variant.is_none();
        !self.is_error && (is_bytes || self.stream.is_some())
    }

    fn of(&self) -> TokenStream {
        let variant = self.variant.as_ref();
        let variant = variant.map(|(name, variant)| quote!(types::#name::#variant));
        match self.stream {
            Some(Stream::Events) => return quote!(response.events()),
            Some(Stream::TextEvents) => return quote!(response.text_events()),
            Some(Stream::Values) => return quote!(response.values()),
            None => {}
        }
        match (self.is_error, self.body, variant) {
            // Errors have a variant for each status.
            (true, _, None) => quote!(response.unexpected()),
            (true, Body::Json, Some(variant)) => quote!(response.refused_as(#variant)),
            (true, Body::Bytes, Some(variant)) => {
                quote!(response.refused_as_bytes(#variant))
            }
            (true, Body::Nothing, Some(variant)) => quote!(response.refused_with(#variant)),
            (false, Body::Json, None) => quote!(response.json()),
            (false, Body::Bytes, None) => quote!(response.stream()),
            (false, Body::Nothing, None) => quote!(response.empty()),
            (false, Body::Json, Some(variant)) => quote!(response.json_as(#variant)),
            (false, Body::Bytes, Some(variant)) => quote!(response.bytes_as(#variant)),
            (false, Body::Nothing, Some(variant)) => quote!(response.empty_as(#variant)),
        }
    }
}

fn reading(statuses: Span, response: &Response, contract: &Contract<'_>) -> Reading {
    let is_error = statuses.0 >= 400;
    let content = response.content.first();
    let component = content.and_then(|content| content.schema.as_ref()?.component.as_ref());
    let name = component.map(|name| identifier::type_name(name));
    let of_type = name.as_ref().and_then(|name| contract.by_status.get(name));
    let own = of_type.and_then(|all| all.values().find(|one| one.statuses == statuses));
    match (name, own) {
        (Some(name), Some(one)) => Reading {
            is_error,
            body: one.body,
            stream: None,
            variant: Some((format_ident!("{name}"), variant(one))),
        },
        _ => Reading {
            is_error,
            body: match content.map(|content| content.name.as_str()) {
                None => Body::Nothing,
                Some(JSON) => Body::Json,
                Some(_) => Body::Bytes,
            },
            stream: response
                .extensions
                .get(STREAM)
                .and_then(|mark| Stream::read(mark.as_str()?)),
            variant: None,
        },
    }
}

/// The statuses that the client takes for a response.
fn span(status: Status) -> Option<Span> {
    let span = status.codes()?;
    match status {
        Status::Code(200..=299 | 400..=599) | Status::Range(2 | 4 | 5) => Some(span),
        _ => None,
    }
}

pub(super) fn pattern((first, last): Span) -> TokenStream {
    let number = Literal::u16_unsuffixed;
    let (from, to) = (number(first), number(last));
    match first == last {
        true => quote!(#from),
        false => quote!(#from..=#to),
    }
}
