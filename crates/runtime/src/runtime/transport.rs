use std::borrow::Cow;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{error::Elapsed, timeout_at};
use tracing::Instrument as _;

use super::base_url::BaseUrl;
use super::budget::Budget;
use super::builder::BuildError;
use super::call::Call;
use super::credentials::Credentials;
use super::error::{ErrorKind, Failure, Parts};
use super::headers::complete;
use super::limiter::Limiter;
use super::operation::Operation;
use super::outgoing::Outgoing;
use super::response::Response;
use super::retry::Retry;
use super::trace;

/// Sends the requests of a client. Clones share connections and rate limit.
#[derive(Clone)]
pub struct Transport {
    pub(crate) shared: Arc<Shared>,
    pub(crate) limits: Limits,
}

/// What an application gives for `traceparent`.
pub(crate) type Traceparent = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// What bounds a call, as its client or its caller says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) retry: Retry,
}

pub(crate) struct Shared {
    pub(crate) client: reqwest::Client,
    pub(crate) base: BaseUrl,
    /// Whether that is another address than the contract's, and that of every operation.
    pub(crate) is_elsewhere: bool,
    /// Whether the HTTP client is the caller's, and may follow redirects.
    pub(crate) may_follow: bool,
    /// Host and port of the proxy on the way there, for people.
    pub(crate) proxy: Option<String>,
    /// What every request carries, the credentials among them, unless its operation has another
    /// value.
    pub(crate) headers: HeaderMap,
    pub(crate) credentials: Credentials,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) budget: Option<Budget>,
    pub(crate) traceparent: Option<Traceparent>,
    pub(crate) largest_answer: usize,
    pub(crate) is_exact: bool,
}

impl Transport {
    /// The URL that paths are appended to, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base.text
    }

    /// Where an operation is found.
    pub(crate) fn base_of(&self, operation: &Operation) -> Result<Cow<'_, BaseUrl>, BuildError> {
        let base = &self.shared.base;
        match operation.server.filter(|_| !self.shared.is_elsewhere) {
            None => Ok(Cow::Borrowed(base)),
            Some(server) => {
                let url = base.url.join(server);
                let url = url.map_or_else(|_| server.to_owned(), Into::into);
                Ok(Cow::Owned(BaseUrl::new(&url)?))
            }
        }
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
        mut outgoing: Outgoing,
    ) -> Result<Response, Failure> {
        let request = &mut outgoing.request;
        complete(request.headers_mut(), &self.shared.headers);
        let span = trace::span(operation, request);
        let context = self.shared.traceparent.as_ref();
        let context = context.and_then(|context| span.in_scope(context));
        // What is no header is no context, and the call more than its trace.
        if let Some(Ok(context)) = context.as_deref().map(HeaderValue::from_str) {
            request
                .headers_mut()
                .entry("traceparent")
                .or_insert(context);
        }
        // Where it stands, it stays: what takes it by value would move all of it.
        let call = pin!(self.call(operation, outgoing));
        let mut result = call.instrument(span.clone()).await;
        trace::end(&span, &result);
        if let Ok(response) = &mut result {
            response.span = span;
        }
        result
    }
}

impl Transport {
    /// A call with the credentials that its operation asks for.
    async fn call(
        &self,
        operation: &'static Operation,
        mut request: Outgoing,
    ) -> Result<Response, Failure> {
        if self.shared.credentials.have_tokens() {
            // Boxed, so that a call without tokens does not carry its size.
            return Box::pin(self.call_with_tokens(operation, request)).await;
        }
        let credentials = &self.shared.credentials;
        credentials.add_fixed(operation, &mut request.request)?;
        Call::new(self, operation).run(request).await
    }

    /// Where the API does not take a token, another is asked for, once: a request that was refused
    /// so was not processed.
    async fn call_with_tokens(
        &self,
        operation: &'static Operation,
        mut request: Outgoing,
    ) -> Result<Response, Failure> {
        let credentials = &self.shared.credentials;
        let bare = request.try_clone();
        let call = Call::new(self, operation);
        let deadline = call.deadline();
        let added = timeout_at(
            deadline,
            credentials.add(self, operation, &mut request.request),
        );
        let sent = match added.await {
            Ok(sent) => sent?,
            Err(Elapsed { .. }) => return Err(self.late_token(operation)),
        };
        let result = call.run(request).await;
        let is_refused = matches!(&result, Ok(response) if response.status() == 401);
        let again = bare.filter(|_| is_refused && !sent.is_empty());
        let Some(mut again) = again else {
            return result;
        };
        for (tokens, number) in sent {
            tokens.refused(number).await;
        }
        // What the API said is more than that there is no other token.
        let added = timeout_at(
            deadline,
            credentials.add(self, operation, &mut again.request),
        );
        if !matches!(added.await, Ok(Ok(_))) {
            return result;
        }
        let attempts = result.map_or(0, |response| response.attempts);
        let call = Call::after(self, operation, deadline, attempts);
        call.run(again).await
    }

    fn late_token(&self, operation: &'static Operation) -> Failure {
        let total = self.limits.total_timeout;
        Failure::new(Parts {
            kind: ErrorKind::TimedOut,
            operation,
            what: format!("no token came within {total:?}, the time for a call").into(),
            page: None,
            attempts: 0,
            processed: false,
            received: None,
            source: None,
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.shared;
        f.debug_struct("Transport")
            .field("base_url", &shared.base.text)
            .field("limits", &self.limits)
            .field("limiter", &shared.limiter)
            .field("largest_answer", &shared.largest_answer)
            .finish_non_exhaustive()
    }
}
