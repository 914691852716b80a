use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use progenitor_client::ResponseValue;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;

use super::draft::{Draft, Payload};
use super::error::Error;
use super::file::File;
use super::multipart::Parts;
use super::object::sent;
use super::operation::Operation;
use super::outgoing::Upload;
use super::pages::Pages;
use super::pagination::{Pagination, Walk};
use super::parameter::Style;
use super::response::Response;
use super::retry::Retry;
use super::transport::Transport;

/// A call that is sent when it is awaited. Generated code fills it, and gives it the methods
/// that the operation's parameters are.
///
/// A clone is a call of its own. Only a file that is not [repeatable](File::is_repeatable) is there
/// once: whichever is sent first has it.
pub struct Request<T, E> {
    // Boxed, because a request is moved at each of its methods.
    draft: Box<Draft>,
    read: Read<T, E>,
}

/// The way from a response to what the caller gets.
pub type Read<T, E> = fn(Response) -> Result<ResponseValue<T>, Error<E>>;

/// A call that is under way: it goes on when it is polled, and ends when it is dropped.
pub type Sending<T, E> =
    Pin<Box<dyn Future<Output = Result<ResponseValue<T>, Error<E>>> + Send + 'static>>;

impl<T, E> Request<T, E> {
    /// A call of an operation with none of its parameters yet.
    #[must_use]
    pub fn new(transport: &Transport, operation: &'static Operation, read: Read<T, E>) -> Self {
        Self {
            draft: Box::new(Draft::new(transport, operation)),
            read,
        }
    }

    /// Sends it.
    ///
    /// # Errors
    /// When no success was answered, or none that could be read.
    pub async fn send(self) -> Result<ResponseValue<T>, Error<E>> {
        let response = self.draft.send().await?;
        (self.read)(response)
    }
}

impl<T: 'static, E: 'static> Request<T, E> {
    /// The pages of what is asked for, one after another, from this one on.
    pub fn pages(self, pagination: Pagination) -> Pages<T, E> {
        Pages::new(Walk::new(pagination, *self.draft), self.read)
    }
}

impl<T: 'static, E: 'static> IntoFuture for Request<T, E> {
    type Output = Result<ResponseValue<T>, Error<E>>;
    type IntoFuture = Sending<T, E>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What callers say of one call.
impl<T, E> Request<T, E> {
    /// How long the call may take in all, in place of the client's `total_timeout`.
    pub fn timeout(&mut self, timeout: Duration) {
        self.draft.transport.limits.total_timeout = timeout;
    }

    /// How long one attempt may take, in place of the client's.
    pub fn attempt_timeout(&mut self, timeout: Duration) {
        self.draft.transport.limits.attempt_timeout = timeout;
    }

    /// When and how often it is repeated, in place of the client's policy.
    pub fn retry(&mut self, retry: Retry) {
        self.draft.transport.limits.retry = retry;
    }

    /// A header, in place of any other of that name. Its value is never shown.
    pub fn header(&mut self, name: HeaderName, mut value: HeaderValue) {
        value.set_sensitive(true);
        self.draft.headers.insert(name, value);
    }
}

/// What generated code says of the parameters. What is said twice counts the second time.
impl<T, E> Request<T, E> {
    /// A variable of the path, as it stands there.
    pub fn variable(&mut self, name: &'static str, written: String) {
        self.draft.variable(name, written);
    }

    /// A parameter of the query, by its name; a list is there once for each value.
    pub fn query<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        self.query_in(Style::exploded(), name, value);
    }

    /// A parameter of the query in a style.
    pub fn query_in<V: Serialize + ?Sized>(&mut self, style: Style, name: &'static str, value: &V) {
        self.draft.query(name, style.query(name, value));
    }

    /// The query as a whole, as it stands there.
    pub fn query_string(&mut self, name: &'static str, written: String) {
        self.draft.query(name, written);
    }

    /// A header that is a parameter.
    pub fn parameter(&mut self, name: &'static str, written: &str) {
        let header = HeaderName::from_bytes(name.as_bytes());
        match (header, HeaderValue::from_str(written)) {
            (Ok(header), Ok(value)) => drop(self.draft.headers.insert(header, value)),
            _ => self.fault(format!("the parameter `{name}` cannot stand in a header")),
        }
    }

    /// A cookie; a list is there once for each value.
    pub fn cookie<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        self.cookie_in(Style::exploded(), name, value);
    }

    /// A cookie in a style.
    pub fn cookie_in<V: Serialize + ?Sized>(
        &mut self,
        style: Style,
        name: &'static str,
        value: &V,
    ) {
        self.draft.cookie(name, style.cookie(name, value));
    }

    /// A body of JSON.
    pub fn json<V: Serialize + ?Sized>(&mut self, media_type: &'static str, body: &V) {
        match sent(|| serde_json::to_vec(body)) {
            Ok(text) => self.draft.text(media_type, text),
            Err(error) => self.fault(format!("the body cannot be written: {error}")),
        }
    }

    /// A body of fields.
    pub fn form(&mut self, media_type: &'static str, fields: &[(String, String)]) {
        match serde_urlencoded::to_string(fields) {
            Ok(text) => self.draft.text(media_type, text.into_bytes()),
            Err(error) => self.fault(format!("the body cannot be written: {error}")),
        }
    }

    /// A body as it is.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<File>) {
        self.draft.media_type(media_type);
        self.draft.payload = Payload::Upload(Upload::File(body.into()));
    }

    /// A form of several parts.
    pub fn parts(&mut self, media_type: &'static str, form: impl Into<Parts>) {
        self.draft.payload = Payload::Upload(Upload::Parts(form.into(), media_type));
    }

    /// A path that the contract does not know.
    pub(crate) fn path(&mut self, path: &str) {
        match path.starts_with('/') {
            true => self.draft.path = Some(path.to_owned()),
            false => self.fault("a path begins with `/`".to_owned()),
        }
    }

    /// The first fault is told.
    pub(crate) fn fault(&mut self, what: String) {
        self.draft.fault(what.into());
    }
}

impl<T, E> Clone for Request<T, E> {
    fn clone(&self) -> Self {
        Self {
            draft: self.draft.clone(),
            read: self.read,
        }
    }
}

/// Without values: any of them may be a secret or name a person.
impl<T, E> fmt::Debug for Request<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Draft {
            operation, headers, ..
        } = &*self.draft;
        f.debug_struct("Request")
            .field("operation", &operation.id)
            .field("method", &operation.method)
            .field("path", &operation.path)
            .field("query", &names(self.draft.query_names()))
            .field("headers", &names(headers.keys().map(HeaderName::as_str)))
            .finish_non_exhaustive()
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect()
}
