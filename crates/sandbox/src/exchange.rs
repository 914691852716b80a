//! One request and what comes back: the contract's response, unless a fault is due.

use std::error::Error;
use std::fmt;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Request as HttpRequest, Response, StatusCode};

use crate::answer::{Answer, answer, with_status};
use crate::contract::Contract;
use crate::fault::{Fault, Faults, Kind};
use crate::record::{Record, Request};

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) contract: Contract,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
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

pub(crate) async fn exchange(
    shared: &Shared,
    request: HttpRequest<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        let message = format!("the body is larger than {LARGEST_BODY} bytes");
        return Ok(response(Answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            message,
        )));
    };
    let body = body.to_bytes();
    let path = head.uri.path();
    let regular = answer(&shared.contract, &head.method, path, &head.headers, &body);
    let fault = shared.faults.take();
    let processes = fault.as_ref().is_none_or(Fault::is_processed);
    shared.record.add(Request {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        headers: texts(&head.headers),
        body: body.to_vec(),
        processed: processes && regular.status.is_success(),
    });
    match fault {
        None => Ok(response(regular)),
        Some(fault) => {
            tokio::time::sleep(fault.delay).await;
            let route = shared.contract.route(head.method.as_str(), path);
            let failed = |status| with_status(route, status);
            faulty(fault, regular, failed)
        }
    }
}

fn faulty(
    fault: Fault,
    regular: Answer,
    failed: impl Fn(StatusCode) -> Answer,
) -> Result<Response<Full<Bytes>>, Cut> {
    let code = |status| StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answered = match fault.kind {
        Kind::Reset | Kind::Lost => return Err(Cut),
        Kind::Nothing => response(regular),
        Kind::Status(status) => response(failed(code(status))),
        Kind::Truncated => truncated(response(regular)),
        Kind::Page {
            status,
            content_type,
            body,
        } => {
            let mut page = Response::new(Full::from(body));
            *page.status_mut() = code(status);
            set(page.headers_mut(), CONTENT_TYPE.as_str(), &content_type);
            page
        }
    };
    for (name, value) in &fault.headers {
        set(answered.headers_mut(), name, value);
    }
    Ok(answered)
}

/// Announces the whole body and sends half of it; the server then has to give up.
fn truncated(answered: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    let (mut head, body) = answered.into_parts();
    // The body is in memory, and there.
    let body = body.into_inner().unwrap_or_default();
    set(
        &mut head.headers,
        CONTENT_LENGTH.as_str(),
        // An empty body is cut as well.
        &body.len().max(1).to_string(),
    );
    let half = body.slice(..body.len() / 2);
    Response::from_parts(head, Full::new(half))
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(match &answer.body {
        Some(body) => Full::from(body.to_string()),
        None => Full::default(),
    });
    *response.status_mut() = answer.status;
    if answer.body.is_some() {
        set(
            response.headers_mut(),
            CONTENT_TYPE.as_str(),
            "application/json",
        );
    }
    for (name, value) in &answer.headers {
        set(response.headers_mut(), name, value);
    }
    response
}

/// Sets a header, if it can stand in a response.
fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}
