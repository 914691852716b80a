//! One call: its attempts, and what is between them.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, error::Elapsed, sleep, timeout_at};

use tracing::Span;

use super::body::{Body, BodyError};
use super::budget::Budget;
use super::deadline::after;
use super::error::{ErrorKind, Failure, Parts};
use super::limiter::Slot;
use super::operation::Operation;
use super::outgoing::Outgoing;
use super::response::{Received, Response, may_have_been_processed};
use super::retry::Outcome;
use super::retry_after::retry_after;
use super::trace;
use super::transport::{Shared, Transport};

pub(crate) struct Call<'a> {
    transport: &'a Transport,
    operation: &'static Operation,
    /// When the call is over, whatever it has got.
    deadline: Instant,
    attempts: u32,
    /// Whether an attempt so far may have been processed although it did not succeed.
    processed: bool,
}

/// What came of an attempt: a response of any status, its body read unless the caller is
/// to do that.
pub(crate) type Attempted = Result<(Received, Option<reqwest::Response>), Fault>;

/// The time for the call ends before there is room for a request.
struct NoRoom;

/// An attempt without a response, or with a success that could not be read to its end.
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    outcome: Outcome,
    what: Cow<'static, str>,
    /// What came of the response.
    pub(crate) received: Option<Received>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(transport: &'a Transport, operation: &'static Operation) -> Self {
        Self {
            transport,
            operation,
            deadline: after(Instant::now(), transport.limits.total_timeout),
            attempts: 0,
            processed: false,
        }
    }

    /// One that goes on where another ended.
    pub(crate) fn after(
        transport: &'a Transport,
        operation: &'static Operation,
        deadline: Instant,
        attempts: u32,
    ) -> Self {
        Self {
            transport,
            operation,
            deadline,
            attempts,
            processed: false,
        }
    }

    /// When it is over.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(crate) async fn run(mut self, request: Outgoing) -> Result<Response, Failure> {
        // A body that is a stream cannot be sent twice.
        let spare = match self.transport.limits.retry.continues(1) {
            true => request.try_clone(),
            false => None,
        };
        let attempted = match self.slot().await {
            Ok(slot) => self.attempt(request, slot).await,
            Err(NoRoom) => Err(self.no_room()),
        };
        match (self.outcome(&attempted), spare) {
            (None, _) => self.finish(attempted),
            (Some(outcome), Some(spare)) => {
                // Boxed, so that a call that succeeds does not carry its size.
                Box::pin(self.repeat(attempted, outcome, spare)).await
            }
            (Some(outcome), None) => {
                self.processed = leaves_open(&attempted, outcome);
                self.finish(attempted)
            }
        }
    }

    /// What follows an attempt that did not succeed.
    async fn repeat(
        mut self,
        mut attempted: Attempted,
        mut outcome: Outcome,
        spare: Outgoing,
    ) -> Result<Response, Failure> {
        let retry = self.transport.limits.retry;
        loop {
            self.processed |= leaves_open(&attempted, outcome);
            let wait = retry.wait(self.attempts, asked(&attempted));
            let goes_on = retry.continues(self.attempts)
                && retry.may_repeat(self.operation, outcome)
                && self.has_time_from(after(Instant::now(), wait))
                && self
                    .transport
                    .shared
                    .budget
                    .as_ref()
                    .is_none_or(Budget::takes);
            let request = match goes_on {
                true => spare.try_clone(),
                false => None,
            };
            let Some(request) = request else {
                return self.finish(attempted);
            };
            sleep(wait).await;
            let Ok(slot) = self.slot().await else {
                // What the API said last is more than that there was no time.
                return self.finish(attempted);
            };
            attempted = self.attempt(request, slot).await;
            match self.outcome(&attempted) {
                Some(next) => outcome = next,
                None => return self.finish(attempted),
            }
        }
    }

    /// What an attempt means for the next one; nothing when it succeeded.
    fn outcome(&self, attempted: &Attempted) -> Option<Outcome> {
        match attempted {
            Ok((response, _)) if response.status.is_success() => None,
            Ok((response, _)) => Some(
                self.transport
                    .limits
                    .retry
                    .outcome(self.operation, response),
            ),
            Err(fault) => Some(fault.outcome),
        }
    }

    fn finish(self, attempted: Attempted) -> Result<Response, Failure> {
        if let (Some(budget), Ok((response, _))) = (&self.transport.shared.budget, &attempted)
            && response.status.is_success()
        {
            budget.succeeded(self.attempts.saturating_sub(1));
        }
        match attempted {
            Ok((received, unread)) => Ok(Response {
                operation: self.operation,
                received,
                unread,
                idle_timeout: self.transport.limits.idle_timeout,
                largest_answer: self.transport.shared.largest_answer,
                is_exact: self.transport.shared.is_exact,
                again: None,
                attempts: self.attempts,
                processed: self.processed,
                span: Span::none(),
            }),
            Err(fault) => Err(Failure::new(Parts {
                kind: fault.kind,
                operation: self.operation,
                what: fault.what,
                page: None,
                attempts: self.attempts,
                processed: self.processed,
                received: fault.received,
                source: fault.source,
            })),
        }
    }

    async fn attempt(&mut self, request: Outgoing, slot: Option<Slot<'a>>) -> Attempted {
        self.attempts += 1;
        let started = Instant::now();
        let attempted = self.exchange(request, started).await;
        drop(slot);
        trace::attempt(self.attempts, started, &attempted);
        attempted
    }

    /// Room for a request, and time for it.
    async fn slot(&self) -> Result<Option<Slot<'a>>, NoRoom> {
        let shared: &'a Shared = &self.transport.shared;
        let slot = match &shared.limiter {
            Some(limiter) => {
                let slot = timeout_at(self.deadline, limiter.slot()).await;
                Some(slot.map_err(|Elapsed { .. }| NoRoom)?)
            }
            None => None,
        };
        match self.has_time_from(Instant::now()) {
            true => Ok(slot),
            false => Err(NoRoom),
        }
    }

    /// Whether an attempt could still come to something: one that is cut off at once would
    /// only make it unknown what was done.
    fn has_time_from(&self, start: Instant) -> bool {
        let least = self
            .transport
            .limits
            .total_timeout
            .min(Duration::from_secs(1))
            / 20;
        after(start, least) < self.deadline
    }

    /// One request and its response.
    async fn exchange(&self, request: Outgoing, started: Instant) -> Attempted {
        let shared = &self.transport.shared;
        let deadline = after(started, self.transport.limits.attempt_timeout).min(self.deadline);
        let request = request.into_request().map_err(unsendable)?;
        let url = shared.may_follow.then(|| request.url().clone());
        let response = match timeout_at(deadline, shared.client.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.no_answer(error)),
            Err(Elapsed { .. }) => return Err(self.late(None)),
        };
        match url {
            Some(url) if url != *response.url() => Err(self.followed(response)),
            _ => self.read(response, deadline).await,
        }
    }

    async fn read(&self, mut response: reqwest::Response, deadline: Instant) -> Attempted {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Body::new(self.transport.shared.largest_answer);
        let received = |body: Body| Received {
            status,
            headers,
            body: body.into_bytes(),
        };
        if self.operation.streamed && status.is_success() {
            return Ok((received(body), Some(response)));
        }
        let end = body.read(&mut response, deadline).await;
        let received = received(body);
        match end {
            Ok(()) => Ok((received, None)),
            // The status says what happened; of the body there is what there is.
            Err(_) if !status.is_success() => Ok((received, None)),
            Err(BodyError::Late) => Err(self.late(Some(received))),
            Err(BodyError::TooLarge { largest }) => {
                let what = format!("the response is larger than {largest} bytes");
                Err(unreadable(received, Outcome::Final, what, None))
            }
            Err(BodyError::Broken(error)) => {
                let what = format!(
                    "the response breaks off after {} bytes",
                    received.body.len()
                );
                Err(unreadable(received, Outcome::Unknown, what, Some(error)))
            }
        }
    }
}

/// Attempts that came to nothing.
impl Call<'_> {
    fn no_room(&self) -> Fault {
        let total = self.transport.limits.total_timeout;
        Fault {
            kind: ErrorKind::TimedOut,
            outcome: Outcome::NotProcessed,
            what: format!(
                "there was no room for the request within {total:?}, the time for a call"
            )
            .into(),
            received: None,
            source: None,
        }
    }

    /// No response in time, or not its end.
    fn late(&self, received: Option<Received>) -> Fault {
        let limits = &self.transport.limits;
        let what = match received {
            Some(_) => "the response did not end",
            None => "no response came",
        };
        let what = match Instant::now() < self.deadline {
            true => format!("{what} within {:?}", limits.attempt_timeout),
            false => {
                let total = limits.total_timeout;
                format!("{what} within {total:?}, the time for a call")
            }
        };
        Fault {
            kind: ErrorKind::TimedOut,
            outcome: Outcome::Unknown,
            what: what.into(),
            received,
            source: None,
        }
    }

    /// A client of one's own went elsewhere: what came from there is no response to this.
    fn followed(&self, response: reqwest::Response) -> Fault {
        Fault {
            kind: ErrorKind::UnreadableAnswer,
            outcome: Outcome::Final,
            what: "the HTTP client followed a redirect; switch that off".into(),
            received: Some(Received {
                status: response.status(),
                headers: response.headers().clone(),
                body: Bytes::new(),
            }),
            source: None,
        }
    }

    /// The API, and what is known to be on the way there: either may have given no connection.
    fn way(&self) -> String {
        let shared = &self.transport.shared;
        let address = &shared.base.address;
        match &shared.proxy {
            Some(proxy) => format!("`{address}` through the proxy `{proxy}`"),
            None if shared.may_follow => {
                format!("`{address}`, or to a proxy or redirect of the HTTP client")
            }
            None => format!("`{address}`"),
        }
    }

    fn no_answer(&self, error: reqwest::Error) -> Fault {
        let why = innermost(&error);
        let (kind, outcome, what) = if error.is_builder() {
            let what = format!("the request cannot be sent: {why}");
            (ErrorKind::InvalidRequest, Outcome::Final, what)
        } else if error.is_connect() {
            let what = format!("no connection to {}: {why}", self.way());
            // After a redirect that was followed it would say nothing of the first request.
            let outcome = match self.transport.shared.may_follow {
                true => Outcome::Unknown,
                false => Outcome::NotProcessed,
            };
            (ErrorKind::Unreachable, outcome, what)
        } else if error.is_timeout() {
            let what = "no response came in the HTTP client's own time".to_owned();
            (ErrorKind::TimedOut, Outcome::Unknown, what)
        } else {
            let what = format!("no response came: {why}");
            (ErrorKind::Unreachable, Outcome::Unknown, what)
        };
        Fault {
            kind,
            outcome,
            what: what.into(),
            received: None,
            source: Some(error.without_url().into()),
        }
    }
}

/// A request whose body could not be opened.
fn unsendable(why: String) -> Fault {
    Fault {
        kind: ErrorKind::InvalidRequest,
        outcome: Outcome::Final,
        what: format!("the request cannot be sent: {why}").into(),
        received: None,
        source: None,
    }
}

/// A success whose body could not be read.
fn unreadable(
    received: Received,
    outcome: Outcome,
    what: String,
    error: Option<reqwest::Error>,
) -> Fault {
    Fault {
        kind: ErrorKind::UnreadableAnswer,
        outcome,
        what: what.into(),
        received: Some(received),
        source: error.map(|error| error.without_url().into()),
    }
}

/// Whether the request may have been processed in this attempt.
fn leaves_open(attempted: &Attempted, outcome: Outcome) -> bool {
    match attempted {
        Ok((response, _)) => may_have_been_processed(response.status, outcome),
        // A success was answered, or nothing is known.
        Err(fault) => fault.received.is_some() || outcome == Outcome::Unknown,
    }
}

/// How long the API asks to wait.
fn asked(attempted: &Attempted) -> Option<Duration> {
    match attempted {
        Ok((response, _)) => retry_after(&response.headers),
        Err(_) => None,
    }
}

/// What was the matter in the end: the outer errors say where, and may quote the URL.
pub(crate) fn innermost(error: &dyn StdError) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
