//! What `tracing` is told, under OpenTelemetry's names for HTTP: a span for each call, an
//! event in it for each attempt. Never a body, a query, a header or credentials.

use reqwest::{Request, StatusCode};
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Span, debug, info_span};

use super::call::Attempted;
use super::error::{ErrorKind, Failure};
use super::operation::Operation;
use super::response::Response;

pub(crate) fn span(operation: &Operation, request: &Request) -> Span {
    let url = request.url();
    info_span!(
        "http.client.request",
        otel.kind = "client",
        otel.name = format_args!("{} {}", request.method(), operation.path),
        operation.id = operation.id,
        http.request.method = request.method().as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.template = operation.path,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        error.r#type = Empty,
    )
}

/// The end of a call.
pub(crate) fn end(span: &Span, result: &Result<Response, Failure>) {
    if span.is_disabled() {
        return;
    }
    let (attempts, status, error) = match result {
        Ok(response) => (response.attempts, Some(response.received.status), None),
        Err(failure) => {
            let parts = failure.parts();
            let status = parts.received.as_ref().map(|response| response.status);
            (parts.attempts, status, Some(name(parts.kind)))
        }
    };
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
        if !status.is_success() {
            span.record("error.type", status.as_str());
        }
    }
    if let Some(error) = error {
        span.record("error.type", error);
    }
}

/// A response that was taken for a success cannot be read.
pub(crate) fn failed(span: &Span, kind: ErrorKind) {
    span.record("error.type", name(kind));
}

/// The end of an attempt, the first being 1.
pub(crate) fn attempt(number: u32, started: Instant, attempted: &Attempted) {
    let (status, kind) = match attempted {
        Ok((response, _)) => (Some(response.status), None),
        Err(fault) => (fault.received.as_ref().map(|a| a.status), Some(fault.kind)),
    };
    let refused = status.as_ref().filter(|status| !status.is_success());
    let error = kind.map(name).or(refused.map(StatusCode::as_str));
    let status = status.map(|status| status.as_u16());
    debug!(
        http.request.resend_count = number - 1,
        http.response.status_code = status,
        error.r#type = error,
        // In seconds, as OpenTelemetry has it.
        http.client.request.duration = started.elapsed().as_secs_f64(),
        "attempt {number}",
    );
}

fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthorized => "unauthorized",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::Refused => "refused",
        ErrorKind::ServerFault => "server_fault",
        ErrorKind::Unreachable => "unreachable",
        ErrorKind::TimedOut => "timeout",
        ErrorKind::UnreadableAnswer => "unreadable_answer",
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::NoCredentials => "no_credentials",
    }
}
