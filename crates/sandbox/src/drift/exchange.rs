//! A request and its response, as somebody saw them.

use hyper::header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_ENCODING, HeaderMap, HeaderName};

use crate::redaction::REDACTED;
use crate::refusal::{Place, Refusal};
use crate::service::Asked;

/// A request and its response.
#[derive(Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    /// Nothing where it is not known.
    pub(crate) body: Option<&'a [u8]>,
    /// Whether the request has its credentials, which archives leave out.
    pub(crate) has_credentials: bool,
    /// Whether the body of the request is known.
    pub(crate) has_body: bool,
}

impl Exchange<'_> {
    /// Whether the body of the answer has an encoding; an archive has bodies without.
    pub(super) fn is_packed(&self) -> bool {
        let has_encoding = self.headers.contains_key(CONTENT_ENCODING);
        self.has_credentials && has_encoding
    }

    /// A refusal without what is not known of the request; nothing where nothing is left.
    pub(super) fn known(&self, refusal: Refusal) -> Option<Refusal> {
        let is_of_parameters = !refusal.places.is_empty();
        let is_known = |place: &Place| match place.part {
            "body" => self.has_body,
            "cookie" => self.has_credentials,
            "header" => self.has_credentials || self.asked.headers.contains_key(place.parameter()),
            _ => true,
        };
        let is_left_out = |place: &Place| {
            let sent = self.asked.headers.get(place.parameter());
            place.part == "header" && sent.is_some_and(|sent| sent == REDACTED)
        };
        let places = refusal.places.into_iter();
        let places: Vec<Place> = places
            .filter(|place| is_known(place) && !is_left_out(place))
            .collect();
        let is_something = match is_of_parameters {
            true => !places.is_empty(),
            false => self.has_body,
        };
        is_something.then_some(Refusal { places, ..refusal })
    }
}

/// Whether a browser asks whether a page may call (Fetch standard, section 3.2.2).
pub(super) fn is_preflight(asked: &Asked<'_>) -> bool {
    asked.method == "OPTIONS" && asked.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The value of a header, where it is a text.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
