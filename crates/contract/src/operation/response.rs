//! What a server answers (`OpenAPI` 3.0.3, sections 4.7.16 and 4.7.17).

use std::fmt;

use super::body::MediaType;
use super::parameter::Header;
use super::reader::{Found, Reader};
use super::{Extensions, Link, NOT_PROCESSED, Origin};

/// A response with a status, or with one of several.
#[derive(Clone, Debug)]
pub struct Response {
    /// Which it is for.
    pub status: Status,
    /// What it means, as Markdown.
    pub description: Option<String>,
    /// The headers that it has, in order.
    pub headers: Vec<Header>,
    /// The media types that it may have, in order; none, where it has no body.
    pub content: Vec<MediaType>,
    /// What may be called with it.
    pub links: Vec<Link>,
    /// Whether it says that the request was not processed, if that is said.
    pub not_processed: Option<bool>,
    /// What else it says.
    pub extensions: Extensions,
    /// Where it stands.
    pub origin: Origin,
}

/// Which responses something is said of; what is said of fewer comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Those with a status code.
    Code(u16),
    /// Those whose code begins with a digit: `4XX`.
    Range(u16),
    /// Those of which nothing else is said.
    Default,
}

impl Status {
    /// What a key of `responses` says.
    fn of(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        let digit = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx"));
        let status = match digit {
            Some(digit) => Self::Range(digit.parse().ok()?),
            None => Self::Code(key.parse().ok()?),
        };
        let (first, _) = status.codes()?;
        (100..600).contains(&first).then_some(status)
    }

    /// Whether it is said of responses with a code.
    #[must_use]
    pub fn covers(self, code: u16) -> bool {
        match self {
            Self::Code(own) => own == code,
            Self::Range(digit) => digit == code / 100,
            Self::Default => true,
        }
    }

    /// The first and the last code, both included; none for [`Status::Default`].
    #[must_use]
    pub fn codes(self) -> Option<(u16, u16)> {
        match self {
            Self::Code(code) => Some((code, code)),
            Self::Range(digit) => {
                let first = digit.saturating_mul(100);
                Some((first, first.saturating_add(99)))
            }
            Self::Default => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Reader<'_> {
    pub(super) fn responses(&self, operation: &Found<'_>) -> Vec<Response> {
        let places = operation.below("responses").into_iter();
        let responses = places.filter_map(|(key, at)| {
            let status = Status::of(&key)?;
            let found = self.found(at)?;
            let extensions = found.extensions();
            Some(Response {
                status,
                description: found.text("description"),
                headers: self.headers(&found),
                content: self.content(&found),
                links: self.links(&found),
                not_processed: extensions
                    .get(NOT_PROCESSED)
                    .and_then(|value| value.as_bool()),
                extensions,
                origin: found.origin,
            })
        });
        responses.collect()
    }
}
