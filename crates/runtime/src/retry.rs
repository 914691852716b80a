use std::time::Duration;

use crate::operation::Operation;

/// When and how often a call is repeated.
///
/// A request that never left is repeated, and so is one that was answered with a status
/// by which the API says that it did not process it (in the contract: `x-not-processed`);
/// whoever stands in front of the API is taken to mean the same. One that may have been processed, because
/// the answer was lost, late or a server's fault, is repeated only if the operation is
/// idempotent, unless [`at_least_once`](Self::at_least_once) says otherwise.
///
/// Before each repetition the client waits a random time between zero and a bound that
/// doubles ("full jitter"). `Retry-After` is waited for on top; where that takes longer
/// than the call may, the error is returned at once.
///
/// ```
/// use std::time::Duration;
/// use sdk_runtime::Retry;
///
/// let patient = Retry::default()
///     .attempts(8)
///     .backoff(Duration::from_millis(100), Duration::from_secs(5));
/// assert_ne!(patient, Retry::never());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    most: Duration,
    at_least_once: bool,
}

impl Default for Retry {
    /// Four attempts; waits of up to 200 ms, 400 ms and 800 ms before the second, third
    /// and fourth.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(200),
            most: Duration::from_secs(10),
            at_least_once: false,
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

    /// Repeats operations that are not idempotent too when the answer was lost: the
    /// request then arrives at least once, and perhaps twice. For calls that the other
    /// end makes harmless, for instance because it knows a contact by its identifier.
    #[must_use]
    pub fn at_least_once(mut self) -> Self {
        self.at_least_once = true;
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
            Outcome::Unknown => operation.idempotent || self.at_least_once,
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

impl Outcome {
    /// What an answer outside of 2xx says.
    pub(crate) fn of_status(operation: &Operation, status: u16) -> Self {
        match status {
            _ if (operation.not_processed)(status) => Self::NotProcessed,
            // The statuses that the large SDKs repeat.
            408 | 429 | 500 | 502 | 503 | 504 => Self::Unknown,
            _ => Self::Final,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: Operation = Operation {
        id: "create",
        path: "/",
        idempotent: false,
        not_processed: |status| matches!(status, 429 | 503),
        streamed: false,
    };
    const READ: Operation = Operation {
        idempotent: true,
        ..CREATE
    };

    #[test]
    fn what_may_be_repeated_follows_from_what_may_have_happened() {
        let retry = Retry::default();
        for (outcome, create, read) in [
            (Outcome::Final, false, false),
            (Outcome::NotProcessed, true, true),
            (Outcome::Unknown, false, true),
        ] {
            assert_eq!(retry.may_repeat(&CREATE, outcome), create, "{outcome:?}");
            assert_eq!(retry.may_repeat(&READ, outcome), read, "{outcome:?}");
        }
        assert!(retry.at_least_once().may_repeat(&CREATE, Outcome::Unknown));
        assert!(!retry.at_least_once().may_repeat(&CREATE, Outcome::Final));
    }

    #[test]
    fn the_contract_says_which_statuses_are_safe() {
        assert_eq!(Outcome::of_status(&CREATE, 503), Outcome::NotProcessed);
        assert_eq!(Outcome::of_status(&CREATE, 502), Outcome::Unknown);
        assert_eq!(Outcome::of_status(&CREATE, 404), Outcome::Final);
    }

    #[test]
    fn waits_are_random_below_a_bound_that_doubles() {
        let retry = Retry::default().backoff(Duration::from_millis(100), Duration::from_secs(1));
        for (attempts, bound) in [(1, 100), (2, 200), (4, 800), (5, 1000), (4_000_000, 1000)] {
            let waits: Vec<_> = (0..200).map(|_| retry.wait(attempts, None)).collect();
            let bound = Duration::from_millis(bound);
            assert!(waits.iter().all(|wait| *wait <= bound));
            assert!(waits.iter().any(|wait| *wait < bound / 4));
            assert!(waits.iter().any(|wait| *wait > bound * 3 / 4));
        }
    }

    #[test]
    fn what_the_api_asks_for_is_the_least() {
        let retry = Retry::default();
        let asked = Duration::from_secs(7);
        let wait = retry.wait(1, Some(asked));
        assert!(wait >= asked && wait <= asked + Duration::from_millis(200));
        assert_eq!(retry.wait(1, Some(Duration::MAX)), Duration::MAX);
    }
}
