//! The latest requests, and what was answered.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::refusal::Refusal;

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
    /// The status of the response; nothing where the connection was cut instead.
    pub status: Option<u16>,
    /// Why the request was refused, where it does not fit the contract or the API's rules.
    pub refusal: Option<String>,
}

/// A request, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Counts from 1, and goes on when requests are forgotten.
    pub(crate) number: u64,
    pub(crate) at: SystemTime,
    /// From its arrival until the response was sent.
    pub(crate) took: Duration,
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) path: Box<str>,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
    pub(crate) processed: bool,
    /// Nothing where the connection was cut.
    pub(crate) sent: Option<Sent>,
    pub(crate) refusal: Option<Box<Refusal>>,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
}

impl Sent {
    fn bytes(&self) -> usize {
        self.body.len() + self.headers.0.len()
    }
}

/// Headers in the form of HTTP/1 (RFC 9112, section 5). A map of them holds on to what was read
/// from the connection, which is ten times as much.
#[derive(Clone, Debug)]
pub(crate) struct Headers(Box<[u8]>);

impl Headers {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let line = |name: &HeaderName, value: &HeaderValue| name.as_str().len() + value.len() + 4;
        let length = headers.iter().map(|(name, value)| line(name, value)).sum();
        let mut bytes = Vec::with_capacity(length);
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        Self(bytes.into())
    }

    /// Names in lower case, and values, whatever bytes they are of.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let text = String::from_utf8_lossy(&self.0);
        let lines = text.split_terminator("\r\n");
        let lines = lines.filter_map(|line| line.split_once(": "));
        lines
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

impl Seen {
    /// A request that was answered just now.
    pub(crate) fn new(head: Parts, body: Bytes, at: SystemTime) -> Self {
        Self {
            number: 0,
            at,
            took: at.elapsed().unwrap_or_default(),
            method: head.method,
            path: head
                .uri
                .path_and_query()
                .map_or("", |path| path.as_str())
                .into(),
            headers: Headers::of(&head.headers),
            body,
            processed: false,
            sent: None,
            refusal: None,
        }
    }

    fn bytes(&self) -> usize {
        let sent = self.sent.as_ref().map_or(0, Sent::bytes);
        self.body.len() + self.path.len() + self.headers.0.len() + sent
    }

    fn request(&self) -> Request {
        Request {
            method: self.method.to_string(),
            path: self.path.to_string(),
            headers: self.headers.texts(),
            body: self.body.to_vec(),
            processed: self.processed,
            status: self.sent.as_ref().map(|sent| sent.status.as_u16()),
            refusal: self.refusal.as_ref().map(|why| why.message.clone()),
        }
    }
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<Seen>,
    bytes: usize,
    /// How many there were.
    count: u64,
}

impl Record {
    pub(crate) fn add(&self, mut seen: Seen) {
        let mut kept = self.kept();
        kept.count += 1;
        seen.number = kept.count;
        kept.bytes += seen.bytes();
        kept.requests.push_back(seen);
        while kept.requests.len() > MOST || kept.bytes > MOST_BYTES && kept.requests.len() > 1 {
            let first = kept.requests.pop_front();
            kept.bytes -= first.map_or(0, |first| first.bytes());
        }
    }

    /// Those that came after one of a number.
    pub(crate) fn after(&self, number: u64) -> Vec<Seen> {
        let kept = self.kept();
        let later = kept.requests.iter().filter(|seen| seen.number > number);
        later.cloned().collect()
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.kept().requests.iter().map(Seen::request).collect()
    }

    pub(crate) fn take(&self) -> Vec<Request> {
        let mut kept = self.kept();
        kept.bytes = 0;
        kept.requests.drain(..).map(|seen| seen.request()).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use hyper::body::Bytes;

    use super::{MOST, MOST_BYTES, Record, Seen};

    fn of(body: impl Into<Bytes>) -> Seen {
        let (head, ()) = hyper::Request::new(()).into_parts();
        Seen::new(head, body.into(), SystemTime::now())
    }

    #[test]
    fn neither_many_nor_large_requests_fill_the_memory() {
        let record = Record::default();
        for number in 0..MOST + 10 {
            record.add(of(number.to_string()));
        }
        let kept = record.all();
        assert_eq!((kept.len(), kept[0].body.as_slice()), (MOST, &b"10"[..]));
        assert_eq!(record.after(MOST as u64 + 9).len(), 1);
        let large = vec![b'a'; MOST_BYTES / 4];
        for _ in 0..10 {
            record.add(of(large.clone()));
        }
        let bytes: usize = record.all().iter().map(|request| request.body.len()).sum();
        assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&bytes), "{bytes}");
        // The last one is there, whatever it weighs.
        record.add(of(vec![b'a'; MOST_BYTES * 2]));
        assert_eq!(record.take().len(), 1);
        record.add(of(large));
        assert_eq!(record.all().len(), 1);
    }
}
