//! Pages on this machine may call the sandbox (Fetch standard, section 3.2, "CORS protocol").

use http_body_util::Full;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue, ORIGIN,
    VARY,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};

use crate::exchange::Payload;

/// What a page asks for before it calls another network (Private Network Access, section 3.1),
const REQUEST_PRIVATE: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
/// and what allows it to.
const ALLOW_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");
const YES: HeaderValue = HeaderValue::from_static("true");
/// A browser asks again so many seconds later.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The page that calls, if it is one of this machine.
pub(crate) fn local(head: &Parts) -> Option<HeaderValue> {
    let origin = head.headers.get(ORIGIN)?;
    let (_, host) = origin.to_str().ok()?.split_once("://")?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => host.split(':').next()?,
    };
    let is_local =
        matches!(host, "localhost" | "127.0.0.1" | "::1") || host.ends_with(".localhost");
    is_local.then(|| origin.clone())
}

/// The answer to what a browser asks before it calls; nothing where it does not ask.
pub(crate) fn preflight(head: &Parts, origin: &HeaderValue) -> Option<Response<Payload>> {
    let method = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if head.method != Method::OPTIONS {
        return None;
    }
    let mut response = Response::new(Payload::Left(Full::default()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    allow(&mut response, origin.clone());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    if let Some(names) = head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    if head.headers.contains_key(REQUEST_PRIVATE) {
        headers.insert(ALLOW_PRIVATE, YES);
    }
    Some(response)
}

/// Lets a page read a response.
pub(crate) fn allow(response: &mut Response<Payload>, origin: HeaderValue) {
    let headers = response.headers_mut();
    let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    // With credentials, `*` is the name of a header.
    if let Ok(names) = HeaderValue::try_from(names.join(", ")) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    headers.append(VARY, HeaderValue::from_static("origin"));
}
