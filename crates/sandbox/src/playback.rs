//! What was answered before is answered again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode};

use crate::answer::Answer;
use crate::framing::is_set_by_sender;
use crate::har::{Entry, Har};
use crate::service::Asked;

/// Requests of an archive, and what they were answered.
#[derive(Debug, Default)]
pub(crate) struct Playback {
    /// By method, path and query.
    by_request: HashMap<[String; 3], Vec<Played>>,
    /// How often each answer was given, by its number.
    given: Mutex<Vec<u32>>,
}

#[derive(Debug)]
struct Played {
    number: usize,
    /// The body of the request.
    body: Vec<u8>,
    status: StatusCode,
    headers: HeaderMap,
    answer: Bytes,
}

impl Playback {
    /// Entries without a response are passed over.
    pub(crate) fn of(har: &Har) -> Self {
        let mut playback = Self::default();
        for entry in &har.log.entries {
            let number = playback.given.get_mut().map_or(0, |given| given.len());
            if let Some(played) = Played::of(entry, number) {
                let (path, query) = entry.request.target();
                let request = [&entry.request.method, path, query].map(str::to_owned);
                playback.by_request.entry(request).or_default().push(played);
                if let Ok(given) = playback.given.get_mut() {
                    given.push(0);
                }
            }
        }
        playback
    }

    /// What such a request was answered: one with the same body, if there is one; each answer in
    /// its turn, and then the first one again.
    pub(crate) fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        if self.by_request.is_empty() {
            return None;
        }
        let request = [asked.method, asked.path, asked.query].map(str::to_owned);
        let all = self.by_request.get(&request)?;
        let has_same_body = all.iter().any(|played| played.body == asked.body);
        let fitting = all
            .iter()
            .filter(|played| !has_same_body || played.body == asked.body);
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let next = fitting.min_by_key(|played| given[played.number])?;
        given[next.number] += 1;
        Some(Answer {
            status: next.status,
            headers: next.headers.clone(),
            body: Some(next.answer.clone()),
            refusal: None,
        })
    }
}

impl Played {
    fn of(entry: &Entry, number: usize) -> Option<Self> {
        let response = &entry.response;
        let mut headers = HeaderMap::new();
        for (name, value) in response.headers() {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value))
                && !is_set_by_sender(&name)
            {
                headers.append(name, value);
            }
        }
        Some(Self {
            number,
            body: entry.request.body(),
            // Where nothing was answered, there is no status; one before the answer is none (RFC 9110,
            // section 15.2).
            status: StatusCode::from_u16(response.status)
                .ok()
                .filter(|status| !status.is_informational())?,
            headers,
            answer: response.body().unwrap_or_default().into(),
        })
    }
}
