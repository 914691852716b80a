use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use tracing::Instrument as _;

use crate::answer::Answer;
use crate::call::{Call, innermost};
use crate::error::{ErrorKind, Failure, Parts};
use crate::limiter::Limiter;
use crate::operation::Operation;
use crate::retry::Retry;
use crate::trace;

/// Sends the requests of a client. Clones share connections and rate limit.
#[derive(Clone)]
pub struct Transport {
    pub(crate) shared: Arc<Shared>,
    pub(crate) retry: Retry,
}

pub(crate) struct Shared {
    pub(crate) client: reqwest::Client,
    pub(crate) base_url: String,
    /// Host and port of the base URL, for people.
    pub(crate) address: String,
    /// What every request carries, the credentials among them.
    pub(crate) headers: HeaderMap,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) largest_answer: usize,
}

impl Transport {
    /// The URL that paths are appended to, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The HTTP client, to build requests with.
    #[must_use]
    pub fn client(&self) -> &reqwest::Client {
        &self.shared.client
    }

    /// The same, sharing connections and rate limit, with another policy of repetition.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            retry,
        }
    }

    /// Sends a request until an answer came that more attempts would not better. That
    /// answer may have any status.
    ///
    /// # Errors
    /// When the request cannot be built, or no answer came that could be read.
    pub async fn send(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<Answer, Failure> {
        let mut request = request
            .build()
            .map_err(|error| invalid(operation, error.without_url()))?;
        for (name, value) in &self.shared.headers {
            request.headers_mut().insert(name, value.clone());
        }
        let span = trace::span(operation, &request);
        let call = Call::new(self, operation).run(request);
        let result = call.instrument(span.clone()).await;
        trace::end(&span, &result);
        result
    }
}

fn invalid(operation: &'static Operation, error: reqwest::Error) -> Failure {
    let why = innermost(&error);
    Failure::new(Parts {
        kind: ErrorKind::InvalidRequest,
        operation,
        what: format!("the request cannot be built: {why}").into(),
        attempts: 0,
        processed: false,
        received: None,
        source: Some(error.into()),
    })
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.shared;
        f.debug_struct("Transport")
            .field("base_url", &shared.base_url)
            .field("retry", &self.retry)
            .field("limiter", &shared.limiter)
            .field("attempt_timeout", &shared.attempt_timeout)
            .field("total_timeout", &shared.total_timeout)
            .field("largest_answer", &shared.largest_answer)
            .finish_non_exhaustive()
    }
}
