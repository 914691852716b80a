use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many requests are kept, so that a long run does not fill the memory.
const MOST: usize = 1024;

/// A request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, and values, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// Whether the API would have done what was asked for: the request fits the contract,
    /// and no fault came before. Its caller need not have heard of it.
    pub processed: bool,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<VecDeque<Request>>);

impl Record {
    pub(crate) fn add(&self, request: Request) {
        let mut requests = self.requests();
        if requests.len() == MOST {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.requests().iter().cloned().collect()
    }

    pub(crate) fn take(&self) -> Vec<Request> {
        self.requests().drain(..).collect()
    }

    fn requests(&self) -> MutexGuard<'_, VecDeque<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
