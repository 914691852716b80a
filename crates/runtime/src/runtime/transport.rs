use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use tracing::Instrument as _;

use super::call::Call;
use super::error::{ErrorKind, Failure, Parts};
use super::headers::complete;
use super::limiter::Limiter;
use super::operation::Operation;
use super::response::Response;
use super::retry::Retry;
use super::trace;

/// Sends the requests of a client. Clones share connections and rate limit.
#[derive(Clone)]
pub struct Transport {
    pub(crate) shared: Arc<Shared>,
    pub(crate) limits: Limits,
}

/// What bounds a call, as its client or its caller says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) retry: Retry,
}

pub(crate) struct Shared {
    pub(crate) client: reqwest::Client,
    pub(crate) base_url: String,
    /// Whether the HTTP client is the caller's, and may follow redirects.
    pub(crate) may_follow: bool,
    /// Host and port of the base URL, for people.
    pub(crate) address: String,
    /// Host and port of the proxy on the way there, for people.
    pub(crate) proxy: Option<String>,
    /// What every request carries, the credentials among them, unless its operation has another
    /// value.
    pub(crate) headers: HeaderMap,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) largest_answer: usize,
}

impl Transport {
    /// The URL that paths are appended to, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The same, sharing connections and rate limit, with another policy of repetition.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            limits: Limits {
                retry,
                ..self.limits
            },
        }
    }

    /// Sends a request until a response came that more attempts would not better. That
    /// response may have any status.
    ///
    /// # Errors
    /// When no response came that could be read.
    pub(crate) async fn deliver(
        &self,
        operation: &'static Operation,
        mut request: reqwest::Request,
    ) -> Result<Response, Failure> {
        if !self.is_below_base(request.url().as_str(), operation.path) {
            return Err(astray(operation));
        }
        complete(request.headers_mut(), &self.shared.headers);
        let span = trace::span(operation, &request);
        let call = Call::new(self, operation).run(request);
        let mut result = call.instrument(span.clone()).await;
        trace::end(&span, &result);
        if let Ok(response) = &mut result {
            response.span = span;
        }
        result
    }
}

impl Transport {
    /// Whether a URL is the base URL with as many segments as the operation's path. A
    /// parameter that is empty, `.` or `..` would lead elsewhere.
    fn is_below_base(&self, url: &str, path: &str) -> bool {
        let Some(rest) = url.strip_prefix(&self.shared.base_url) else {
            return false;
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (mut given, mut wanted) = (rest.split('/'), path.split('/'));
        loop {
            match (given.next(), wanted.next()) {
                (None, None) => return true,
                (Some(given), Some(wanted)) if given.is_empty() == wanted.is_empty() => {}
                _ => return false,
            }
        }
    }
}

fn astray(operation: &'static Operation) -> Failure {
    Failure::new(Parts {
        kind: ErrorKind::InvalidRequest,
        operation,
        what: "a parameter of the path is empty, `.` or `..`".into(),
        attempts: 0,
        processed: false,
        received: None,
        source: None,
    })
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.shared;
        f.debug_struct("Transport")
            .field("base_url", &shared.base_url)
            .field("limits", &self.limits)
            .field("limiter", &shared.limiter)
            .field("largest_answer", &shared.largest_answer)
            .finish_non_exhaustive()
    }
}
