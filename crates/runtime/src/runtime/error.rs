use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::operation::Operation;
use super::response::Received;
use super::retry_after::{LONGEST, retry_after};

/// Why a call failed.
///
/// [`kind`](Self::kind) says what to do about it; the methods give what is known. What the
/// API said is in [`refusal`](Self::refusal) when it has the contract's form, and in
/// [`body`](Self::body) whatever form it has.
///
/// `Display` is one line. Neither it nor `Debug` nor any [source](StdError::source) shows
/// credentials, bodies, queries or headers, so errors may be logged.
pub struct Error<E = ()> {
    failure: Failure,
    refusal: Option<Box<E>>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 401: the credentials are missing or wrong.
    Unauthorized,
    /// 429: above the rate limit, and no further attempt could be made.
    RateLimited,
    /// Any other 4xx: the API refused the request.
    Refused,
    /// 5xx: the API, or something in front of it, failed.
    ServerFault,
    /// No connection, or it broke before a response came.
    Unreachable,
    /// No response in the time that an attempt or the call may take, or no room within the
    /// rate limit in that time.
    TimedOut,
    /// A response came that cannot be used: it ends early, is too large, does not fit the
    /// contract, or has a status that the contract does not list.
    UnreadableAnswer,
    /// The request could not be built. Nothing was sent.
    InvalidRequest,
    /// The client has no credentials that the operation takes, or their source gave none. Nothing
    /// was sent.
    NoCredentials,
}

impl ErrorKind {
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthorized,
            429 => Self::RateLimited,
            400..=499 => Self::Refused,
            500..=599 => Self::ServerFault,
            _ => Self::UnreadableAnswer,
        }
    }
}

impl<E> Error<E> {
    pub(crate) fn new(failure: Failure, refusal: Option<E>) -> Self {
        let refusal = refusal.map(Box::new);
        Self { failure, refusal }
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.failure.0.kind
    }

    /// The status, if a response came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.received().map(|response| response.status)
    }

    /// The headers of the response, if one came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.received().map(|response| &response.headers)
    }

    /// The bytes of the response's body as far as they came; empty if there were none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.received().map_or(&[], |response| &response.body)
    }

    /// What the API said, if it did so in the form that the contract has for this status.
    #[must_use]
    pub fn refusal(&self) -> Option<&E> {
        self.refusal.as_deref()
    }

    /// How long the API asks to wait before the next call (`Retry-After`: RFC 9110, section
    /// 10.2.3). 2^31 seconds, which are 68 years, stand for all that is longer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers()?)
    }

    /// Which page of those that a stream asks for it was, counted from 1.
    #[must_use]
    pub fn page(&self) -> Option<u64> {
        self.failure.0.page
    }

    /// How often the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.failure.0.attempts
    }

    /// Whether the API may have processed the request all the same. If not, it is safe to
    /// call again, whatever the operation does.
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        self.failure.0.processed
    }

    /// The `operationId` of the operation that was called.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.failure.0.operation.id
    }

    pub(crate) fn of_page(self, page: u64) -> Self {
        Self {
            failure: self.failure.of_page(page),
            ..self
        }
    }

    fn received(&self) -> Option<&Received> {
        self.failure.0.received.as_ref()
    }
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        Self::new(failure, None)
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.describe("Error", f)
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source()
    }
}

/// What [`Request::send`](super::Request::send) fails with at first: an [`Error`] that does
/// not know the operation's type of refusal yet.
pub struct Failure(Box<Parts>);

pub(crate) struct Parts {
    pub(crate) kind: ErrorKind,
    pub(crate) operation: &'static Operation,
    /// What happened, as it follows the operation's name.
    pub(crate) what: Cow<'static, str>,
    /// Which of several, if it is one of them.
    pub(crate) page: Option<u64>,
    pub(crate) attempts: u32,
    pub(crate) processed: bool,
    pub(crate) received: Option<Received>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Failure {
    /// A call that needs credentials, which are described, and got none.
    pub(crate) fn without_credentials(
        operation: &'static Operation,
        wanted: impl fmt::Display,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let what = match source {
            Some(_) => format!("no credentials: it needs {wanted}"),
            None => format!("no credentials: set {wanted} when the client is built"),
        };
        Self::new(Parts {
            kind: ErrorKind::NoCredentials,
            operation,
            what: what.into(),
            page: None,
            attempts: 0,
            processed: false,
            received: None,
            source,
        })
    }

    pub(crate) fn new(parts: Parts) -> Self {
        Self(Box::new(parts))
    }

    pub(crate) fn of_page(mut self, page: u64) -> Self {
        self.0.page = Some(page);
        self
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        let received = parts.received.as_ref();
        f.debug_struct(name)
            .field("kind", &parts.kind)
            .field("operation", &parts.operation.id)
            .field("what", &parts.what)
            .field("page", &parts.page)
            .field("status", &received.map(|response| response.status.as_u16()))
            .field("attempts", &parts.attempts)
            .field("may_have_been_processed", &parts.processed)
            .field("body_bytes", &received.map(|response| response.body.len()))
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        write!(f, "`{}`: ", parts.operation.id)?;
        if let Some(page) = parts.page {
            write!(f, "page {page}: ")?;
        }
        f.write_str(&parts.what)?;
        if let Some(response) = &parts.received {
            write!(f, " ({})", response.status)?;
        }
        if parts.attempts > 1 {
            write!(f, ", after {} attempts", parts.attempts)?;
        }
        let wait = parts
            .received
            .as_ref()
            .and_then(|response| retry_after(&response.headers));
        match wait {
            None | Some(Duration::ZERO) => {}
            Some(LONGEST) => write!(f, "; call again in {} s or later", LONGEST.as_secs())?,
            // By our own clock it may not be whole seconds; one less would be too early.
            Some(wait) => write!(f, "; call again in {} s", wait.as_millis().div_ceil(1000))?,
        }
        match (parts.processed, &parts.received) {
            (false, None) if parts.attempts > 1 => f.write_str("; it was not processed"),
            (false, None) => f.write_str("; nothing was sent"),
            (true, _) if !parts.operation.idempotent => {
                f.write_str("; the request may have been processed")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe("Failure", f)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref();
        source.map(|source| source as &(dyn StdError + 'static))
    }
}
