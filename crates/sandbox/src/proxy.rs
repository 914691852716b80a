//! Requests that are passed on to an API, which is held against its contract.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HOST};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Response, StatusCode};

use crate::client::{causes, client};
use crate::drift::{Exchange, Judge};
use crate::exchange::{Shared, asked};
use crate::framing::without_connection;
use crate::parameter::decode;
use crate::record::{Headers, Seen, Sent};
use crate::refusal::Refusal;

/// So long a connection to the API may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Larger bodies are passed on and not judged, in bytes.
const LARGEST_JUDGED: usize = 16 * 1024 * 1024;
/// The way to an API.
#[derive(Debug)]
pub(crate) struct Proxy {
    client: reqwest::Client,
    /// Scheme and host, and a path unless it is the contract's.
    base: String,
    /// What stands in the place of the base's path.
    prefix: String,
    pub(crate) judge: Judge,
}

impl Proxy {
    /// To an API whose base URL is `url`: its path takes the place of the contract's, if it has one.
    ///
    /// # Errors
    /// Why there is no way to it.
    pub(crate) fn new(url: &str, contract: &str, judge: Judge) -> Result<Self, String> {
        let parsed = reqwest::Url::parse(url).map_err(|error| format!("`{url}`: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
            return Err(format!(
                "`{url}` is no address of an API: begin with `https://`"
            ));
        }
        let has_more = !parsed.username().is_empty() || parsed.password().is_some();
        if has_more || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(
                "the address of an API has no user, no query and no fragment: callers send them"
                    .to_owned(),
            );
        }
        let path = parsed.path().trim_end_matches('/');
        let origin = parsed.origin().ascii_serialization();
        let client = client(std::iter::once(&parsed), |builder| {
            builder.connect_timeout(CONNECT_TIMEOUT)
        })
        .map_err(|error| format!("cannot call `{url}`: {}", causes(&*error)))?;
        Ok(Self {
            client,
            base: format!("{origin}{path}"),
            prefix: if path.is_empty() { "" } else { contract }.to_owned(),
            judge,
        })
    }

    /// The address that a target goes on to.
    ///
    /// # Errors
    /// When it is no path, or would lead elsewhere.
    fn url(&self, target: &str) -> Result<reqwest::Url, Refusal> {
        let path = target.split('?').next().unwrap_or_default();
        // The client would follow them elsewhere, and takes a backslash for a slash.
        let is_step = |segment| matches!(decode(segment).as_ref(), "." | "..");
        if !path.starts_with('/') || path.split(['/', '\\']).any(is_step) {
            let message = "only paths are passed on, and none with `.` or `..` in it";
            return Err(Refusal::new(&[400], message));
        }
        let below = target.strip_prefix(self.prefix.as_str());
        let below = below.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let url = format!("{}{}", self.base, below.unwrap_or(target));
        reqwest::Url::parse(&url).map_err(|error| {
            let message = format!("`{target}` cannot be passed on: {error}");
            Refusal::new(&[400], message)
        })
    }

    /// # Errors
    /// When the API does not answer.
    async fn send(&self, head: &Parts, body: Bytes) -> Result<Response<reqwest::Body>, Refusal> {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let mut headers = without_connection(&head.headers);
        // The client says where it calls, and how long the body is; what is packed cannot be judged.
        for name in [HOST, ACCEPT_ENCODING] {
            headers.remove(name);
        }
        // An empty body is said to be one where it was.
        if !body.is_empty() {
            headers.remove(CONTENT_LENGTH);
        }
        let request = self.client.request(head.method.clone(), self.url(target)?);
        let request = request.headers(headers).body(body);
        let response = request.send().await.map_err(|error| {
            // Its address may have a key in it.
            let message = format!("the API does not answer: {}", causes(&error.without_url()));
            Refusal::new(&[502], message)
        })?;
        Ok(response.into())
    }
}

/// Passes a request on, and judges what comes back once its caller has it.
///
/// # Errors
/// When the API does not answer.
pub(crate) async fn pass(
    shared: &Arc<Shared>,
    proxy: &Proxy,
    head: &Parts,
    body: &Bytes,
    arrived: SystemTime,
) -> Result<Response<Tee>, Refusal> {
    let (mut answer, stream) = proxy.send(head, body.clone()).await?.into_parts();
    answer.headers = without_connection(&answer.headers);
    let (status, headers) = (answer.status, answer.headers.clone());
    let (shared, head, body) = (Arc::clone(shared), head.clone(), body.clone());
    let end = move |answered: Option<Bytes>| {
        end(&shared, head, body, arrived, (status, headers, answered));
    };
    let tee = Tee {
        stream,
        kept: Some(Vec::new()),
        end: Some(Box::new(end)),
    };
    Ok(Response::from_parts(answer, tee))
}

/// Judges and writes down what came back.
fn end(
    shared: &Shared,
    head: Parts,
    body: Bytes,
    arrived: SystemTime,
    (status, headers, answered): (StatusCode, HeaderMap, Option<Bytes>),
) {
    if let Some(proxy) = &shared.proxy {
        proxy.judge.judge(&Exchange {
            asked: &asked(&head, &body),
            status: status.as_u16(),
            headers: &headers,
            body: answered.as_deref(),
            has_credentials: true,
            has_body: true,
        });
    }
    let mut seen = Seen::new(head, body, arrived);
    seen.processed = status.is_success();
    seen.sent = Some(Sent {
        status,
        headers: Headers::of(&headers),
        body: answered.unwrap_or_default(),
    });
    shared.record.add(seen);
}

type End = Box<dyn FnOnce(Option<Bytes>) + Send>;

/// A body that is passed on as it comes, and kept as far as it can be judged.
pub(crate) struct Tee {
    stream: reqwest::Body,
    /// Nothing where it is too large.
    kept: Option<Vec<u8>>,
    /// What is done at its end.
    end: Option<End>,
}

impl Tee {
    fn end(&mut self, is_whole: bool) {
        if let Some(end) = self.end.take() {
            end(self.kept.take().filter(|_| is_whole).map(Into::into));
        }
    }
}

impl Body for Tee {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        let frame = ready!(Pin::new(&mut self.stream).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                let data = frame.data_ref().map_or(&[][..], AsRef::as_ref);
                self.kept = self
                    .kept
                    .take()
                    .filter(|kept| kept.len() + data.len() <= LARGEST_JUDGED);
                if let Some(kept) = &mut self.kept {
                    kept.extend_from_slice(data);
                }
            }
            Some(Err(_)) => self.end(false),
            None => self.end(true),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.stream.size_hint()
    }
}

impl Drop for Tee {
    /// A server that knows how long a body is does not wait for its end.
    fn drop(&mut self) {
        let is_whole = self.stream.is_end_stream();
        self.end(is_whole);
    }
}
