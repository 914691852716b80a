use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many requests are kept,
const MOST: usize = 1024;
/// and how many bytes of bodies and headers, so that a long run does not fill the memory.
const MOST_BYTES: usize = 16 * 1024 * 1024;

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

impl Request {
    pub(crate) fn new(
        method: &str,
        path: String,
        headers: Vec<(String, String)>,
        body: &[u8],
        processed: bool,
    ) -> Self {
        Self {
            method: method.to_owned(),
            path,
            headers,
            body: body.to_vec(),
            processed,
        }
    }

    fn bytes(&self) -> usize {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| name.len() + value.len());
        self.body.len() + self.path.len() + headers.sum::<usize>()
    }
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<Request>,
    bytes: usize,
}

impl Record {
    pub(crate) fn add(&self, request: Request) {
        let mut kept = self.kept();
        kept.bytes += request.bytes();
        kept.requests.push_back(request);
        while kept.requests.len() > MOST || kept.bytes > MOST_BYTES && kept.requests.len() > 1 {
            let first = kept.requests.pop_front();
            kept.bytes -= first.map_or(0, |first| first.bytes());
        }
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.kept().requests.iter().cloned().collect()
    }

    pub(crate) fn take(&self) -> Vec<Request> {
        let mut kept = self.kept();
        kept.bytes = 0;
        kept.requests.drain(..).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, MOST_BYTES, Record, Request};

    #[test]
    fn neither_many_nor_large_requests_fill_the_memory() {
        let record = Record::default();
        let of = |body: &[u8]| Request::new("POST", "/".to_owned(), Vec::new(), body, true);
        for number in 0..MOST + 10 {
            record.add(of(number.to_string().as_bytes()));
        }
        let kept = record.all();
        assert_eq!((kept.len(), kept[0].body.as_slice()), (MOST, &b"10"[..]));
        let large = vec![b'a'; MOST_BYTES / 4];
        for _ in 0..10 {
            record.add(of(&large));
        }
        let bytes: usize = record.all().iter().map(|request| request.body.len()).sum();
        assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&bytes), "{bytes}");
        // The last one is there, whatever it weighs.
        record.add(of(&vec![b'a'; MOST_BYTES * 2]));
        assert_eq!(record.take().len(), 1);
        record.add(of(&large));
        assert_eq!(record.all().len(), 1);
    }
}
