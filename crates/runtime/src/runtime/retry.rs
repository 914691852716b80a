use std::time::Duration;

use super::operation::Operation;
use super::response::Received;

/// When and how often a call is repeated.
///
/// A request that never left is repeated, and so is one that was answered with a status
/// by which the API says that it did not process it (in the contract: `x-not-processed`). One
/// that may have been processed, because the response was lost, late or a server's fault, is
/// repeated only if the operation is idempotent, unless [`at_least_once`](Self::at_least_once)
/// says otherwise.
///
/// What is in front of the API, a proxy or a gateway, answers with the same statuses, and does
/// so too after it has forwarded the request. Whoever answers with 429 or another 4xx has not
/// forwarded it. A 5xx such as 503 is taken for the API's own only where it looks like it: it
/// has the media type of the contract, and a body of the contract's form in which at least one
/// property is known. [`trust_intermediaries`](Self::trust_intermediaries) takes every one.
///
/// Before each repetition the client waits a random time between zero and a bound that
/// doubles ("full jitter"). `Retry-After` is waited for on top; where that takes longer
/// than the call may, the error is returned at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    most: Duration,
    at_least_once: bool,
    trust_intermediaries: bool,
}

impl Default for Retry {
    /// Four attempts; waits of up to 200 ms, 400 ms and 800 ms before the second, third
    /// and fourth; a 503 is that of a proxy unless it looks like the API's own.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(200),
            most: Duration::from_secs(10),
            at_least_once: false,
            trust_intermediaries: false,
        }
    }
}

impl Retry {
    /// One attempt, whatever happens.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included; 0 is 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The bound of the first wait, and the bound that doubling does not exceed.
    #[must_use]
    pub fn backoff(mut self, first: Duration, most: Duration) -> Self {
        (self.first, self.most) = (first, most);
        self
    }

    /// Repeats operations that are not idempotent too when the response was lost: the
    /// request then arrives at least once, and perhaps twice. For calls that the other
    /// end makes harmless, for instance because it knows a contact by its identifier.
    #[must_use]
    pub fn at_least_once(mut self) -> Self {
        self.at_least_once = true;
        self
    }

    /// Whether to believe a status of 5xx that the contract calls `x-not-processed` whoever
    /// sent it, and so to repeat a create at the 503 of a proxy. That is right where nothing is
    /// in front of the API, or nothing that answers so after it has forwarded a request. Unless
    /// told, only a response is believed that looks like the API's own.
    #[must_use]
    pub fn trust_intermediaries(mut self, trust: bool) -> Self {
        self.trust_intermediaries = trust;
        self
    }

    /// Whether there is a next attempt after so many.
    pub(crate) fn continues(&self, attempts: u32) -> bool {
        attempts < self.attempts
    }

    /// Whether a request with this outcome may be sent again.
    pub(crate) fn may_repeat(&self, operation: &Operation, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Final => false,
            Outcome::NotProcessed => true,
            Outcome::Unknown => {
                operation.idempotent || operation.idempotency_key.is_some() || self.at_least_once
            }
        }
    }

    /// What a response outside of 2xx says about the next attempt.
    pub(crate) fn outcome(&self, operation: &Operation, response: &Received) -> Outcome {
        let status = response.status.as_u16();
        match (operation.not_processed)(status) {
            true if self.trust_intermediaries || is_own(operation, response) => {
                Outcome::NotProcessed
            }
            true => Outcome::Unknown,
            // The statuses that the large SDKs repeat.
            false if matches!(status, 408 | 429 | 500 | 502 | 503 | 504) => Outcome::Unknown,
            false => Outcome::Final,
        }
    }

    /// How long to wait before the next attempt.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let bound = self.first.saturating_mul(doubled).min(self.most);
        let jitter = bound.mul_f64(fastrand::f64());
        match retry_after {
            // Not all at the very moment for which the API asked.
            Some(asked) => asked.saturating_add(jitter.min(self.first)),
            None => jitter,
        }
    }
}

/// What an attempt that did not succeed says about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The same request would end in the same way.
    Final,
    /// It never left, or the API says that it did not process it.
    NotProcessed,
    /// It may have been processed, and another attempt may go better.
    Unknown,
}

/// Whether nobody can have answered with this status after the request was forwarded: below
/// 500 the request was at fault, and what is above looks like the API's own.
fn is_own(operation: &Operation, response: &Received) -> bool {
    let form = (operation.form)(response.status.as_u16());
    !response.status.is_server_error() || form.is_some_and(|form| form.is_of(response))
}
