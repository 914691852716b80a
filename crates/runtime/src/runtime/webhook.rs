//! Events that an API sends by requests of its own: webhooks (OpenAPI 3.1.0, section 4.8.1) and
//! callbacks (3.0.3, section 4.7.18).

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::reading::{Unreadable, from_json, from_json_exactly};

/// One of the events that a contract describes. Generated code states it.
#[derive(Debug)]
pub struct Webhook<E> {
    /// What the contract calls it.
    name: &'static str,
    /// Headers by which it is known, with the values that they have then.
    headers: Tells,
    /// The same of properties of the body.
    properties: Tells,
    /// Whether the body is an object: a list would be read as one.
    is_object: bool,
    read: fn(&[u8]) -> Result<E, Unreadable>,
}

type Tells = &'static [(&'static str, &'static [&'static str])];

impl<E> Webhook<E> {
    /// An event that is read like this.
    #[must_use]
    pub const fn new(name: &'static str, read: fn(&[u8]) -> Result<E, Unreadable>) -> Self {
        Self {
            name,
            headers: &[],
            properties: &[],
            is_object: true,
            read,
        }
    }

    /// What its headers say.
    #[must_use]
    pub const fn headers(mut self, tells: Tells) -> Self {
        self.headers = tells;
        self
    }

    /// What the properties of its body say.
    #[must_use]
    pub const fn properties(mut self, tells: Tells) -> Self {
        self.properties = tells;
        self
    }

    /// Its body need not be an object.
    #[must_use]
    pub const fn anything(mut self) -> Self {
        self.is_object = false;
        self
    }

    /// How much says that a request is this event; nothing, if something says that it is not.
    fn fits(&self, headers: &HeaderMap, body: &Map<String, Value>) -> Option<usize> {
        let of_headers = self.headers.iter().map(|(name, values)| {
            let said = headers.get(*name).and_then(|value| value.to_str().ok());
            (said, values)
        });
        let of_body = self.properties.iter().map(|(name, values)| {
            let said = body.get(*name).and_then(Value::as_str);
            (said, values)
        });
        let mut fits = 0;
        for (said, values) in of_headers.chain(of_body) {
            match said {
                None => {}
                Some(said) if values.contains(&said) => fits += 1,
                Some(_) => return None,
            }
        }
        Some(fits)
    }
}

/// Reads the value of an event, as generated code asks for it.
///
/// # Errors
/// When it is not of that type.
pub fn read<T: DeserializeOwned, E>(body: &[u8], variant: fn(T) -> E) -> Result<E, Unreadable> {
    from_json(body).map(variant)
}

/// The same to the letter.
///
/// # Errors
/// When it is not of that type.
pub fn read_exactly<T: DeserializeOwned, E>(
    body: &[u8],
    variant: fn(T) -> E,
) -> Result<E, Unreadable> {
    from_json_exactly(body).map(variant)
}

/// The event that a request is, if it is one that the contract describes; the body, if it is not.
///
/// # Errors
/// When the body is no JSON, or when the event is known and does not fit the contract.
pub fn receive<E>(
    webhooks: &[Webhook<E>],
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Result<E, Value>, WebhookError> {
    let value: Value = serde_json::from_slice(body).map_err(|error| WebhookError::NotJson {
        line: error.line(),
        column: error.column(),
    })?;
    let nothing = Map::new();
    let properties = value.as_object().unwrap_or(&nothing);
    let could_be = webhooks
        .iter()
        .filter(|one| value.is_object() || !one.is_object);
    let fitting = could_be.filter_map(|webhook| {
        let fits = webhook.fits(headers, properties)?;
        Some((fits, webhook))
    });
    let mut fitting: Vec<_> = fitting.collect();
    // As the contract lists them, where as much speaks for one as for another.
    fitting.sort_by_key(|(fits, _)| std::cmp::Reverse(*fits));
    let most = fitting.first().map_or(0, |(fits, _)| *fits);
    let mut failed = None;
    for (_, webhook) in fitting.into_iter().take_while(|(fits, _)| *fits == most) {
        match (webhook.read)(body) {
            Ok(event) => return Ok(Ok(event)),
            Err(why) => {
                failed.get_or_insert(WebhookError::Unreadable {
                    event: webhook.name,
                    why,
                });
            }
        }
    }
    match failed {
        Some(error) if most > 0 => Err(error),
        _ => Ok(Err(value)),
    }
}

/// Why a request is no event that can be read. Neither `Display` nor `Debug` shows the body.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// The body is no JSON.
    #[error("the body of an event is not JSON at line {line}, column {column}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It is an event that the contract describes, in another form.
    #[error("event `{event}`: the body {why}")]
    Unreadable {
        /// What the contract calls it.
        event: &'static str,
        /// What is other.
        #[source]
        why: Unreadable,
    },
    /// Its signature does not say that it is whose it should be.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// What tells a request that comes from the API from one that anybody sent.
///
/// A function is a scheme of one's own:
///
/// ```
/// use reqwest::header::HeaderMap;
/// use sdk_runtime::{SignatureError, Verify};
///
/// let verify = |headers: &HeaderMap, body: &[u8]| match headers.contains_key("x-token") {
///     true => Ok(()),
///     false => Err(SignatureError::Missing("x-token".into())),
/// };
/// assert!(verify.verify(&HeaderMap::new(), b"{}").is_err());
/// ```
pub trait Verify {
    /// Whether the API sent it. The body is as it came: what was read and written again is another.
    ///
    /// # Errors
    /// When it does not seem so.
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError>;
}

impl<F: Fn(&HeaderMap, &[u8]) -> Result<(), SignatureError>> Verify for F {
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
        self(headers, body)
    }
}

/// Why a request does not seem to come from the API. None of them shows a signature.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignatureError {
    /// It has no header of this name.
    Missing(String),
    /// The header of this name is not in its form.
    Malformed(String),
    /// It was signed so long ago, or so much later than now.
    OutOfTime(Duration),
    /// No signature is of the body by a key that is known.
    Wrong,
    /// It came before.
    Replayed,
    /// For a reason of one's own.
    Other(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "the event has no header `{name}`"),
            Self::Malformed(name) => write!(f, "the header `{name}` of the event has another form"),
            Self::OutOfTime(by) => write!(f, "the event was signed {by:?} from now"),
            Self::Wrong => f.write_str("no signature of the event is right"),
            Self::Replayed => f.write_str("the event came before"),
            Self::Other(why) => why.fmt(f),
        }
    }
}

impl StdError for SignatureError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Other(why) => why.source(),
            _ => None,
        }
    }
}
