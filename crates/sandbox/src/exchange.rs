//! One request and what comes back: the contract's response, unless a fault is due.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request as HttpRequest, Response};

use crate::admin::{self, Admin};
use crate::answer::Answer;
use crate::cors;
use crate::fault::{Fault, Faults, Kind, code};
use crate::playback::Playback;
#[cfg(feature = "outbound")]
use crate::proxy::{self, Proxy, Tee};
use crate::record::{Headers, Record, Seen, Sent};
use crate::redaction::Redaction;
use crate::refusal::Refusal;
use crate::service::{Asked, Seeds, Service, problem};

/// So long at most is taken what a caller goes on to send whose request is refused.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// A body that is there, or one that is passed on.
#[cfg(feature = "outbound")]
pub(crate) type Payload = Either<Full<Bytes>, Tee>;
/// A body that is there.
#[cfg(not(feature = "outbound"))]
pub(crate) type Payload = Either<Full<Bytes>, http_body_util::Empty<Bytes>>;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) service: Arc<Service>,
    /// Where requests are passed on to, if they are.
    #[cfg(feature = "outbound")]
    pub(crate) proxy: Option<Proxy>,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    pub(crate) admin: Admin,
    pub(crate) playback: Playback,
    pub(crate) redaction: Redaction,
    /// Where it listens: `http://127.0.0.1:4010`.
    pub(crate) origin: String,
    /// What was there at the start.
    pub(crate) seeds: Vec<Seeds>,
    /// Whether pages of this machine may call it.
    pub(crate) allows_pages: bool,
    /// The largest body that is read, in bytes.
    pub(crate) largest_body: usize,
    /// So long a head and a body may take each, and a connection wait for its next request.
    pub(crate) patience: Duration,
}

/// The connection is to be cut.
#[derive(Debug)]
pub(crate) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault on demand")
    }
}

impl Error for Cut {}

/// Answers a request; the caller `is_near` on this machine.
pub(crate) async fn exchange(
    shared: &Arc<Shared>,
    is_near: bool,
    request: HttpRequest<Incoming>,
) -> Result<Response<Payload>, Cut> {
    let (head, body) = request.into_parts();
    if is_near && admin::is_own(head.uri.path()) {
        return Ok(own(shared, head, body).await);
    }
    let page = cors::local(&head).filter(|_| shared.allows_pages);
    if let Some(answer) = page.as_ref().and_then(|page| cors::preflight(&head, page)) {
        return Ok(answer);
    }
    let mut response = called(shared, head, body).await?;
    if let Some(page) = page {
        cors::allow(&mut response, page);
    }
    Ok(response)
}

/// A call of the sandbox's own part, of which nothing is written down.
async fn own(shared: &Shared, head: Parts, mut body: Incoming) -> Response<Payload> {
    match read(&mut body, shared).await {
        Ok(bytes) => response(shared.admin.answer(shared, &asked(&head, &bytes)).await),
        Err(refusal) => {
            tokio::spawn(drain(body, shared.patience.min(DRAIN_TIMEOUT)));
            last(response(problem(refusal)))
        }
    }
}

pub(crate) fn asked<'r>(head: &'r Parts, body: &'r [u8]) -> Asked<'r> {
    Asked {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body,
    }
}

/// A call of the API.
async fn called(
    shared: &Arc<Shared>,
    head: Parts,
    mut body: Incoming,
) -> Result<Response<Payload>, Cut> {
    let arrived = SystemTime::now();
    let (bytes, refusal) = match read(&mut body, shared).await {
        Ok(bytes) => (bytes, None),
        Err(refusal) => (Bytes::new(), Some(refusal)),
    };
    let asked = asked(&head, &bytes);
    if let Some(refusal) = refusal {
        tokio::spawn(drain(body, shared.patience.min(DRAIN_TIMEOUT)));
        let answer = shared.service.refusal(&asked, refusal);
        let mut seen = Seen::new(head, bytes, arrived);
        let response = last(sent(answer, &mut seen));
        shared.record.add(seen);
        return Ok(response);
    }
    #[cfg(feature = "outbound")]
    if let Some(proxy) = &shared.proxy {
        let passed = proxy::pass(shared, proxy, &head, &bytes, arrived).await;
        return Ok(match passed {
            Ok(passed) => passed.map(Either::Right),
            Err(refusal) => {
                let mut seen = Seen::new(head, bytes, arrived);
                let response = sent(problem(refusal), &mut seen);
                shared.record.add(seen);
                response
            }
        });
    }
    let fault = shared.faults.take(|| shared.service.title(&asked));
    let processes = fault.as_ref().is_none_or(Fault::is_processed);
    // A request that is not processed takes no answer's turn.
    let played = processes.then(|| shared.playback.answer(&asked)).flatten();
    let regular = played.unwrap_or_else(|| shared.service.answer(&asked, processes));
    let processed = processes && regular.status.is_success();
    let status = fault.as_ref().and_then(Fault::status_of_contract);
    let failed = status.map(|status| shared.service.with_status(&asked, status));
    let mut seen = Seen::new(head, bytes, arrived);
    seen.processed = processed;
    let Some(fault) = fault else {
        let response = sent(regular, &mut seen);
        shared.record.add(seen);
        return Ok(response);
    };
    let delay = fault.delay;
    seen.took += delay;
    let response = faulty(fault, regular, failed, &mut seen);
    shared.record.add(seen);
    tokio::time::sleep(delay).await;
    response
}

/// # Errors
/// When the body is too large, too slow, or broken.
async fn read(body: &mut Incoming, shared: &Shared) -> Result<Bytes, Refusal> {
    let Shared {
        largest_body,
        patience,
        ..
    } = shared;
    match tokio::time::timeout(*patience, whole(body, *largest_body)).await {
        Ok(read) => read,
        Err(_) => {
            let message = format!(
                "the body took more than {:.1} seconds",
                patience.as_secs_f64()
            );
            Err(Refusal::new(&[408], message))
        }
    }
}

async fn whole(body: &mut Incoming, largest: usize) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(&[413], format!("the body is larger than {largest} bytes"));
    if body.size_hint().lower() > largest as u64 {
        // Not a byte of it is waited for.
        return Err(too_large());
    }
    let mut read = Vec::with_capacity(body.size_hint().lower() as usize);
    while let Some(frame) = body.frame().await {
        let broken = |error| Refusal::new(&[400], format!("the body cannot be read: {error}"));
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        if read.len() + data.len() > largest {
            return Err(too_large());
        }
        read.extend_from_slice(&data);
    }
    Ok(read.into())
}

/// Takes what a caller goes on to send for a while: it hears of the refusal when it has sent it,
/// and a connection that is closed before is reset.
async fn drain(mut body: Incoming, patience: Duration) {
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = tokio::time::timeout(patience, rest).await;
}

/// The last response of a connection, whose next request would begin within a body.
fn last(mut response: Response<Payload>) -> Response<Payload> {
    set(response.headers_mut(), CONNECTION.as_str(), "close");
    response
}

/// What a fault makes of an answer; `failed` is what the contract says of its status.
fn faulty(
    fault: Fault,
    regular: Answer,
    failed: Option<Answer>,
    seen: &mut Seen,
) -> Result<Response<Payload>, Cut> {
    let mut answer = match fault.kind {
        Kind::Reset | Kind::Lost => return Err(Cut),
        Kind::Nothing | Kind::Truncated => regular,
        Kind::Status(_) => failed.unwrap_or_default(),
        Kind::Page {
            status,
            ref content_type,
            ref body,
        } => {
            let mut page = Answer::empty(code(status));
            page.body = Some(body.clone().into());
            set(&mut page.headers, CONTENT_TYPE.as_str(), content_type);
            page
        }
    };
    for (name, value) in &fault.headers {
        set(&mut answer.headers, name, value);
    }
    let response = sent(answer, seen);
    Ok(match fault.kind {
        Kind::Truncated => truncated(response),
        _ => response,
    })
}

/// Announces the whole body and sends half of it; the server then has to give up.
fn truncated(answered: Response<Payload>) -> Response<Payload> {
    let (mut head, body) = answered.into_parts();
    let Either::Left(body) = body else {
        return Response::from_parts(head, body);
    };
    // The body is in memory, and there.
    let body = body.into_inner().unwrap_or_default();
    set(
        &mut head.headers,
        CONTENT_LENGTH.as_str(),
        // An empty body is cut as well.
        &body.len().max(1).to_string(),
    );
    let half = body.slice(..body.len() / 2);
    Response::from_parts(head, Either::Left(Full::new(half)))
}

/// The answer as it goes out, which is written down.
fn sent(answer: Answer, seen: &mut Seen) -> Response<Payload> {
    let body = answer.body.unwrap_or_default();
    seen.refusal = answer.refusal;
    seen.sent = Some(Sent {
        status: answer.status,
        headers: Headers::of(&answer.headers),
        body: body.clone(),
    });
    response(Answer {
        body: Some(body),
        refusal: None,
        ..answer
    })
}

fn response(answer: Answer) -> Response<Payload> {
    let body = Full::from(answer.body.unwrap_or_default());
    let mut response = Response::new(Either::Left(body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// Sets a header, if it can stand in a response.
fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
