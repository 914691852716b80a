use std::fmt;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::Error;
use super::file::File;
use super::operation::Operation;
use super::request::{Request, Sending};
use super::response::Response;
use super::retry::Retry;
use super::transport::Transport;
use progenitor_client::ResponseValue;

/// A call of something that the contract does not know, with the limits, credentials, repetitions
/// and errors of all others. It is sent when it is awaited, and reads JSON; `()` reads nothing.
#[must_use = "a request is sent when it is awaited"]
pub struct Raw<T> {
    request: Request<T, Value>,
}

impl<T: DeserializeOwned> Raw<T> {
    /// A call of a path below the base URL, which begins with `/`.
    pub fn new(transport: &Transport, method: &Method, path: &str) -> Self {
        let operation = OPERATIONS.iter().find(|one| one.method == method.as_str());
        let mut request = Request::new(transport, operation.unwrap_or(&OPERATIONS[0]), read);
        request.path(path);
        if operation.is_none() {
            request.fault(format!("`{method}` is no method that is known here"));
        }
        Self { request }
    }
}

impl<T> Raw<T> {
    /// A parameter of the query; a list is there once for each value.
    pub fn query(mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Self {
        self.request.query(name, value);
        self
    }

    /// A body of JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.request.json("application/json", body);
        self
    }

    /// A body as it is.
    pub fn body(mut self, media_type: &'static str, body: impl Into<File>) -> Self {
        self.request.bytes(media_type, body);
        self
    }

    /// A header, in place of any other of that name. Its value is never shown.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.request.header(name, value);
        self
    }

    /// How long the call may take in all.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.timeout(timeout);
        self
    }

    /// When and how often it is repeated.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.request.retry(retry);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// When no success was answered, or none that is JSON of the type. What the API said otherwise
    /// is the error's, if it is JSON.
    pub async fn send(self) -> Result<ResponseValue<T>, Error<Value>> {
        self.request.send().await
    }
}

impl<T: 'static> IntoFuture for Raw<T> {
    type Output = Result<ResponseValue<T>, Error<Value>>;
    type IntoFuture = Sending<T, Value>;

    fn into_future(self) -> Self::IntoFuture {
        self.request.into_future()
    }
}

impl<T> Clone for Raw<T> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
        }
    }
}

impl<T> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

fn read<T: DeserializeOwned>(mut response: Response) -> Result<ResponseValue<T>, Error<Value>> {
    if !(200..300).contains(&response.status()) {
        return response.refused_as(std::convert::identity);
    }
    if response.received.body.is_empty() {
        response.received.body = "null".into();
    }
    response.json()
}

const fn operation(method: &'static str, idempotent: bool) -> Operation {
    Operation {
        id: "raw",
        method,
        path: "",
        server: None,
        accept: Some("application/json"),
        security: &[],
        idempotent,
        idempotency_key: None,
        not_processed: |status| status == 429,
        form: |_| None,
        streamed: false,
    }
}

/// By method (RFC 9110, section 9, and RFC 5789).
static OPERATIONS: [Operation; 8] = [
    operation("GET", true),
    operation("HEAD", true),
    operation("PUT", true),
    operation("DELETE", true),
    operation("OPTIONS", true),
    operation("TRACE", true),
    operation("POST", false),
    operation("PATCH", false),
];
