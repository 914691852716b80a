use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::StatusCode;

/// What goes wrong with a request.
///
/// ```
/// use std::time::Duration;
/// use sandbox::Fault;
///
/// let slow_failure = Fault::status(500).delayed(Duration::from_millis(50));
/// let redirect = Fault::status(302).header("location", "https://example.com");
/// let proxy = Fault::page(503, "text/html", "<h1>Service Unavailable</h1>").forwarded();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) delay: Duration,
    /// Whether the request was processed before a kind of fault that does not process it.
    pub(crate) forwarded: bool,
    /// The operation whose requests it is for, by method and path; any, where there is none.
    pub(crate) operation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Status(u16),
    Page {
        status: u16,
        content_type: String,
        body: Vec<u8>,
    },
    /// Nothing but the delay and the headers.
    Nothing,
    Truncated,
    Reset,
    Lost,
}

impl Fault {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            headers: Vec::new(),
            delay: Duration::ZERO,
            forwarded: false,
            operation: None,
        }
    }

    /// Answers with this status and the contract's example for it, if there is one. The
    /// request is not processed.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// Answers 429 and asks to wait so many seconds. The request is not processed.
    #[must_use]
    pub fn rate_limited(retry_after: u64) -> Self {
        Self::status(429).header("retry-after", &retry_after.to_string())
    }

    /// Answers with these bytes, as a proxy in front of the API would. The request is not
    /// processed.
    #[must_use]
    pub fn page(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Kind::Page {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        })
    }

    /// Processes the request and answers so much later.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Nothing).delayed(delay)
    }

    /// Processes the request and answers with another content type.
    #[must_use]
    pub fn content_type(content_type: &str) -> Self {
        Self::new(Kind::Nothing).header("content-type", content_type)
    }

    /// Processes the request, and breaks the connection off in the middle of the response.
    #[must_use]
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// Resets the connection. The request is not processed.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Processes the request, and resets the connection without a response.
    #[must_use]
    pub fn lost() -> Self {
        Self::new(Kind::Lost)
    }

    /// The same, so much later.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same, with a header in the response instead of any of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// The same, after the request was processed: as when a proxy forwards a request, and
    /// then gives the API up.
    #[must_use]
    pub fn forwarded(mut self) -> Self {
        self.forwarded = true;
        self
    }

    /// The same, for requests of one operation of the contract only: `POST /contacts`.
    #[must_use]
    pub fn only_for(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    fn is_for(&self, operation: Option<&str>) -> bool {
        self.operation.is_none() || self.operation.as_deref() == operation
    }

    /// The status of which the contract says what is answered.
    pub(crate) fn status_of_contract(&self) -> Option<StatusCode> {
        match self.kind {
            Kind::Status(status) => Some(code(status)),
            _ => None,
        }
    }

    /// Whether the request does what it asks for, whatever its caller hears.
    pub(crate) fn is_processed(&self) -> bool {
        self.forwarded || matches!(self.kind, Kind::Nothing | Kind::Truncated | Kind::Lost)
    }
}

/// A status by its number, which is one of the server's where it cannot be sent.
pub(crate) fn code(status: u16) -> StatusCode {
    // What comes before an answer cannot be one.
    let code = StatusCode::from_u16(status).ok();
    code.filter(|code| !code.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What happens to any request: some fail, and each takes a while.
///
/// ```
/// use std::time::Duration;
/// use sandbox::Weather;
///
/// let bad = Weather::new(1).errors(0.05).latency(Duration::from_millis(50)..=Duration::from_millis(200));
/// ```
#[derive(Clone, Debug)]
pub struct Weather {
    pub(crate) errors: f64,
    pub(crate) latency: RangeInclusive<Duration>,
    chances: fastrand::Rng,
}

impl Weather {
    /// Fair weather, whose changes are the same for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            errors: 0.0,
            latency: Duration::ZERO..=Duration::ZERO,
            chances: fastrand::Rng::with_seed(seed),
        }
    }

    /// So many of the requests fail, from none (0) to all (1): with 500 or 503 and what the
    /// contract shows of it.
    #[must_use]
    pub fn errors(mut self, rate: f64) -> Self {
        self.errors = rate;
        self
    }

    /// So long a response takes.
    #[must_use]
    pub fn latency(mut self, latency: RangeInclusive<Duration>) -> Self {
        self.latency = latency;
        self
    }

    fn next(&mut self) -> Option<Fault> {
        let (least, most) = (*self.latency.start(), *self.latency.end());
        let delay = least + most.saturating_sub(least).mul_f64(self.chances.f64());
        match self.chances.f64() < self.errors {
            true => {
                let status = if self.chances.bool() { 500 } else { 503 };
                Some(Fault::status(status).delayed(delay))
            }
            false => (!delay.is_zero()).then(|| Fault::delay(delay)),
        }
    }
}

/// What goes wrong, and when.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Fault>,
    always: Option<Fault>,
    weather: Option<Weather>,
    limit: Option<(usize, Duration)>,
    /// When the requests within the limit's period arrived.
    arrivals: VecDeque<Instant>,
}

impl Faults {
    pub(crate) fn add(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().next.extend(faults);
    }

    pub(crate) fn always(&self, fault: Option<Fault>) {
        self.state().always = fault;
    }

    pub(crate) fn limit(&self, requests: usize, period: Duration) {
        self.state().limit = Some((requests, period));
    }

    pub(crate) fn clear(&self) {
        *self.state() = State::default();
    }

    pub(crate) fn weather(&self, weather: Weather) {
        self.state().weather = Some(weather);
    }

    /// What goes wrong with the request that arrives now; `operation` is the one that it calls.
    pub(crate) fn take(&self, operation: impl FnOnce() -> Option<String>) -> Option<Fault> {
        let mut state = self.state();
        if state.is_above_limit() {
            return Some(Fault::rate_limited(1));
        }
        let mut all = state.next.iter().chain(&state.always);
        let operation = match all.any(|fault| fault.operation.is_some()) {
            true => operation(),
            false => None,
        };
        let is_for = |fault: &Fault| fault.is_for(operation.as_deref());
        let next = state.next.iter().position(is_for);
        let next = next.and_then(|at| state.next.remove(at));
        let next = next.or_else(|| state.always.clone().filter(is_for));
        next.or_else(|| state.weather.as_mut()?.next())
    }

    /// The faults of the next requests, of all others, and the weather.
    pub(crate) fn all(&self) -> (Vec<Fault>, Option<Fault>, Option<Weather>) {
        let state = self.state();
        let next = state.next.iter().cloned().collect();
        (next, state.always.clone(), state.weather.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts the request, unless it is above the limit.
    fn is_above_limit(&mut self) -> bool {
        let Some((requests, period)) = self.limit else {
            return false;
        };
        let now = Instant::now();
        while self
            .arrivals
            .front()
            .is_some_and(|first| now - *first >= period)
        {
            self.arrivals.pop_front();
        }
        let is_above = self.arrivals.len() >= requests;
        if !is_above {
            self.arrivals.push_back(now);
        }
        is_above
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Kind, Weather};

    #[test]
    fn the_weather_is_as_bad_as_it_is_said_to_be() {
        let [least, most] = [50, 200].map(Duration::from_millis);
        let mut weather = Weather::new(7).errors(0.25).latency(least..=most);
        let all: Vec<_> = (0..1000).filter_map(|_| weather.next()).collect();
        assert!(
            all.iter()
                .all(|fault| (least..=most).contains(&fault.delay))
        );
        let failed = all
            .iter()
            .filter(|fault| fault.kind != Kind::Nothing)
            .count();
        assert!((200..300).contains(&failed), "{failed}");
        assert!(Weather::new(7).next().is_none());
        let mut stormy = Weather::new(7).errors(1.0);
        assert!((0..100).all(|_| stormy.next().is_some_and(|fault| !fault.is_processed())));
    }
}
