use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use progenitor_client::ResponseValue;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use serde::de::DeserializeOwned;
use tracing::Span;

use super::draft::Draft;
use super::error::{Error, ErrorKind, Failure, Parts};
use super::events::Events;
use super::media_type;
use super::operation::Operation;
use super::reading::{Unreadable, from_json, from_json_exactly};
use super::retry::Outcome;
use super::stream::{ByteStream, Origin};
use super::trace;
use super::values::Values;

/// A response of the API. Generated code asks for its status and reads it by the arm of
/// that status.
pub struct Response {
    pub(crate) operation: &'static Operation,
    pub(crate) received: Received,
    /// The body of a streamed operation's success, not read yet.
    pub(crate) unread: Option<reqwest::Response>,
    /// How long the server may be silent in it, and how large a part of it may be.
    pub(crate) idle_timeout: Duration,
    pub(crate) largest_answer: usize,
    /// Whether it is read to the letter.
    pub(crate) is_exact: bool,
    /// The request once more, if the operation is streamed.
    pub(crate) again: Option<Box<Draft>>,
    pub(crate) attempts: u32,
    /// Whether this attempt or an earlier one may have been processed.
    pub(crate) processed: bool,
    pub(crate) span: Span,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("operation", &self.operation.id)
            .field("received", &self.received)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// The media type of streams of events.
const EVENTS: &str = "text/event-stream";

/// What came over the wire.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers and body are the account's.
        let size = self.body.len();
        write!(f, "{} with {size} bytes", self.status)
    }
}

impl Response {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.received.status.as_u16()
    }

    /// The value in the body.
    ///
    /// # Errors
    /// When the body is not JSON of that type.
    pub fn json<T: DeserializeOwned, E>(self) -> Result<ResponseValue<T>, Error<E>> {
        match self.read() {
            Ok(value) => {
                let Received {
                    status, headers, ..
                } = self.received;
                Ok(ResponseValue::new(value, status, headers))
            }
            Err(error) => Err(self.unreadable(&error).into()),
        }
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        (self.reader())(&self.received.body)
    }

    /// How JSON is read.
    fn reader<T: DeserializeOwned>(&self) -> fn(&[u8]) -> Result<T, Unreadable> {
        match self.is_exact {
            true => from_json_exactly,
            false => from_json,
        }
    }

    /// No value: the contract has no body for this status.
    ///
    /// # Errors
    /// None; it is one of the ways to read a response.
    pub fn empty<E>(self) -> Result<ResponseValue<()>, Error<E>> {
        self.empty_as(())
    }

    /// The body, piece by piece, without a bound of size.
    ///
    /// # Errors
    /// None, as [`empty`](Self::empty).
    pub fn stream<E>(self) -> Result<ResponseValue<ByteStream>, Error<E>> {
        Ok(self.streamed(|bytes, _, _| bytes))
    }

    /// The values in the body, one after another.
    ///
    /// # Errors
    /// None, as [`empty`](Self::empty).
    pub fn values<T: DeserializeOwned, E>(self) -> Result<ResponseValue<Values<T>>, Error<E>> {
        let read = self.reader();
        Ok(self.streamed(|bytes, largest, _| Values::new(bytes, largest, read)))
    }

    /// The events that the server sends, with JSON for data.
    ///
    /// # Errors
    /// When the response is something else.
    pub fn events<T: DeserializeOwned, E>(self) -> Result<ResponseValue<Events<T>>, Error<E>> {
        let is_exact = self.is_exact;
        let of = |bytes, largest, again| Events::json(bytes, largest, again, is_exact);
        Ok(self.of_events()?.streamed(of))
    }

    /// The events that the server sends, with text for data.
    ///
    /// # Errors
    /// When the response is something else.
    pub fn text_events<E>(self) -> Result<ResponseValue<Events<String>>, Error<E>> {
        Ok(self.of_events()?.streamed(Events::text))
    }

    /// The same, if it may be a stream of events.
    fn of_events(self) -> Result<Self, Failure> {
        let headers = &self.received.headers;
        match !headers.contains_key(CONTENT_TYPE) || media_type::is(headers, EVENTS) {
            true => Ok(self),
            false => {
                let what = format!("the response is no stream of events, `{EVENTS}`");
                Err(self.failure(Some((ErrorKind::UnreadableAnswer, what.into()))))
            }
        }
    }

    /// The body of another response that is a stream of events; nothing, where the server says that
    /// there are no more.
    ///
    /// # Errors
    /// When it is no such response.
    pub(crate) fn into_events(self) -> Result<Option<ByteStream>, Failure> {
        match self.received.status {
            StatusCode::NO_CONTENT => Ok(None),
            status if status.is_success() => {
                let streamed = self.of_events()?.streamed(|bytes, _, _| bytes);
                Ok(Some(streamed.into_inner()))
            }
            _ => Err(self.failure(None)),
        }
    }

    fn streamed<T>(
        self,
        of: impl FnOnce(ByteStream, usize, Option<Box<Draft>>) -> T,
    ) -> ResponseValue<T> {
        let Received {
            status,
            headers,
            body,
        } = self.received;
        let response = self.unread.unwrap_or_else(|| response(body));
        let origin = Origin {
            operation: self.operation,
            status,
            attempts: self.attempts,
            bytes: 0,
        };
        let bytes = ByteStream::new(response, self.idle_timeout, origin);
        ResponseValue::new(of(bytes, self.largest_answer, self.again), status, headers)
    }

    /// The value in the body, as what this status is a variant of.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn json_as<B: DeserializeOwned, T, E>(
        self,
        variant: fn(B) -> T,
    ) -> Result<ResponseValue<T>, Error<E>> {
        let value = self.json::<B, E>()?;
        let (status, headers) = (value.status(), value.headers().clone());
        Ok(ResponseValue::new(
            variant(value.into_inner()),
            status,
            headers,
        ))
    }

    /// The body as it is, as what this status is a variant of.
    ///
    /// # Errors
    /// None, as [`empty`](Self::empty).
    pub fn bytes_as<T, E>(self, variant: fn(Vec<u8>) -> T) -> Result<ResponseValue<T>, Error<E>> {
        let Received {
            status,
            headers,
            body,
        } = self.received;
        Ok(ResponseValue::new(variant(body.into()), status, headers))
    }

    /// What this status is, without a body.
    ///
    /// # Errors
    /// None, as [`empty`](Self::empty).
    pub fn empty_as<T, E>(self, variant: T) -> Result<ResponseValue<T>, Error<E>> {
        let Received {
            status, headers, ..
        } = self.received;
        Ok(ResponseValue::new(variant, status, headers))
    }

    /// A status that is a variant of what the API says when it refuses.
    ///
    /// # Errors
    /// Always, with the variant if the body has the contract's form.
    pub fn refused_as<B: DeserializeOwned, T, E>(
        self,
        variant: fn(B) -> E,
    ) -> Result<ResponseValue<T>, Error<E>> {
        let refusal = self.read().ok();
        Err(Error::new(self.failure(None), refusal.map(variant)))
    }

    /// A status whose body is a variant as it is.
    ///
    /// # Errors
    /// Always, with the variant.
    pub fn refused_as_bytes<T, E>(
        self,
        variant: fn(Vec<u8>) -> E,
    ) -> Result<ResponseValue<T>, Error<E>> {
        let body = self.received.body.to_vec();
        Err(Error::new(self.failure(None), Some(variant(body))))
    }

    /// A status that says all there is to say.
    ///
    /// # Errors
    /// Always, with the variant.
    pub fn refused_with<T, E>(self, variant: E) -> Result<ResponseValue<T>, Error<E>> {
        Err(Error::new(self.failure(None), Some(variant)))
    }

    /// A status that the contract does not describe.
    ///
    /// # Errors
    /// Always.
    pub fn unexpected<T, E>(self) -> Result<ResponseValue<T>, Error<E>> {
        Err(self.failure(None).into())
    }

    fn unreadable(self, error: &Unreadable) -> Failure {
        let encoding = self.received.headers.get(CONTENT_ENCODING);
        let body = &self.received.body;
        let why = match error {
            _ if encoding.is_some_and(|value| value != "identity") => {
                "the response has a content encoding that was not asked for".into()
            }
            _ if body.is_empty() => "the response is empty".into(),
            error => format!("the response {error}"),
        };
        self.failure(Some((ErrorKind::UnreadableAnswer, why.into())))
    }

    /// The failure that the status is, or that a response of any status turned out to be.
    pub(crate) fn failure(self, other: Option<(ErrorKind, Cow<'static, str>)>) -> Failure {
        let status = self.received.status;
        let (kind, what) = other.unwrap_or_else(|| {
            let kind = ErrorKind::of_status(status);
            (kind, what(kind, &self.received).into())
        });
        if status.is_success() {
            trace::failed(&self.span, kind);
        }
        Failure::new(Parts {
            kind,
            operation: self.operation,
            what,
            page: None,
            attempts: self.attempts,
            // The call has judged any other status, and took this one for the end.
            processed: self.processed || status.is_success(),
            received: Some(self.received),
            source: None,
        })
    }
}

/// Whether a response with this status leaves it open.
pub(crate) fn may_have_been_processed(status: StatusCode, outcome: Outcome) -> bool {
    match outcome {
        Outcome::NotProcessed => false,
        Outcome::Unknown => true,
        Outcome::Final => !status.is_client_error(),
    }
}

fn what(kind: ErrorKind, response: &Received) -> &'static str {
    match kind {
        ErrorKind::Unauthorized => "the API did not accept the credentials",
        ErrorKind::RateLimited => "above the API's rate limit",
        ErrorKind::Refused => "the API refused the request",
        ErrorKind::ServerFault => "the server failed",
        _ if is_redirect(response) => "the response is a redirect, which is not followed",
        _ => "the contract has no response with this status",
    }
}

/// Whether the response leads to another place (RFC 9110, section 15.4). 304 leads nowhere: it
/// answers a condition of the request.
fn is_redirect(response: &Received) -> bool {
    response.status.is_redirection()
        && response.status != StatusCode::NOT_MODIFIED
        && response.headers.contains_key(LOCATION)
}

/// A response of bytes that were read already.
fn response(body: Bytes) -> reqwest::Response {
    reqwest::Response::from(http::Response::new(reqwest::Body::from(body)))
}
