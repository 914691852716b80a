use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Queue, Notify};
use tokio::time::{Instant, sleep_until};

use super::deadline::after;

/// So many requests in so much time.
///
/// Any window of that length sees no more of them at the server, however the network
/// delays them on the way: a request counts from when it is sent until the period has
/// passed after its response, or after it was given up. With responses that take a time `t`
/// this lets `requests` through in every `period + t`, and no more than `requests` are
/// under way at once. Calls are let through in the order in which they came, and share the
/// limit with all clones of their client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    period: Duration,
}

impl RateLimit {
    /// At most so many requests in the period; 0 is 1.
    #[must_use]
    pub const fn new(requests: u32, period: Duration) -> Self {
        let requests = if requests == 0 { 1 } else { requests };
        Self { requests, period }
    }
}

/// Keeps a [`RateLimit`].
pub(crate) struct Limiter {
    limit: RateLimit,
    state: Mutex<State>,
    /// Only the first in the queue looks for room; tokio's mutex is first come, first
    /// served.
    queue: Queue<()>,
    answered: Notify,
}

#[derive(Default)]
struct State {
    under_way: u32,
    /// When the latest responses came, the oldest first.
    answered: VecDeque<Instant>,
}

/// What the first in the queue waits for.
enum Full {
    Until(Instant),
    UntilAnAnswer,
}

/// A request that is under way, until it is dropped.
pub(crate) struct Slot<'a>(&'a Limiter);

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.limit.fmt(f)
    }
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            state: Mutex::default(),
            queue: Queue::default(),
            answered: Notify::new(),
        }
    }

    /// Waits for room for one request.
    pub(crate) async fn slot(&self) -> Slot<'_> {
        let _first = self.queue.lock().await;
        loop {
            match self.take() {
                Ok(slot) => return slot,
                Err(Full::Until(instant)) => sleep_until(instant).await,
                Err(Full::UntilAnAnswer) => self.answered.notified().await,
            }
        }
    }

    fn take(&self) -> Result<Slot<'_>, Full> {
        let now = Instant::now();
        let mut state = self.state();
        while let Some(oldest) = state.answered.front()
            && now.saturating_duration_since(*oldest) > self.limit.period
        {
            state.answered.pop_front();
        }
        let counted = state.answered.len() + state.under_way as usize;
        if counted < self.limit.requests as usize {
            state.under_way += 1;
            return Ok(Slot(self));
        }
        match state.answered.front() {
            // A timer may ring at the very instant; the window is over after it.
            Some(oldest) => Err(Full::Until(
                after(*oldest, self.limit.period) + Duration::from_millis(1),
            )),
            None => Err(Full::UntilAnAnswer),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way -= 1;
        state.answered.push_back(Instant::now());
        drop(state);
        self.0.answered.notify_one();
    }
}
