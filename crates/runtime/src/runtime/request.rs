use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use progenitor_client::{QueryParam, ResponseValue};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Url};
use serde::Serialize;

use super::error::{Error, ErrorKind, Failure, Parts};
use super::operation::Operation;
use super::parameter;
use super::response::Response;
use super::retry::Retry;
use super::transport::Transport;

/// A call that is sent when it is awaited. Generated code fills it, and gives it the methods
/// that the operation's parameters are.
///
/// A clone is a call of its own. Only a body that is a stream, or a form of several parts, is
/// there once: whichever is sent first has it.
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

/// What is known of a request so far.
#[derive(Clone)]
struct Draft {
    /// With the limits of this call.
    transport: Transport,
    operation: &'static Operation,
    /// Where the contract does not know it.
    path: Option<String>,
    /// The variables of the path, as they stand in it.
    variables: Vec<(&'static str, String)>,
    /// The parameters of the query, as they stand in it.
    query: Vec<(&'static str, String)>,
    cookies: Vec<(&'static str, String)>,
    headers: HeaderMap,
    payload: Payload,
    /// Why it cannot be built.
    fault: Option<Cow<'static, str>>,
}

#[derive(Clone)]
enum Payload {
    Nothing,
    Text(Bytes),
    /// In a request that has nothing else.
    Body(Arc<Mutex<Option<reqwest::Request>>>),
}

impl<T, E> Request<T, E> {
    /// A call of an operation with none of its parameters yet.
    #[must_use]
    pub fn new(transport: &Transport, operation: &'static Operation, read: Read<T, E>) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(accept) = operation.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        let draft = Draft {
            transport: transport.clone(),
            operation,
            path: None,
            variables: Vec::new(),
            query: Vec::new(),
            cookies: Vec::new(),
            headers,
            payload: Payload::Nothing,
            fault: None,
        };
        Self {
            draft: Box::new(draft),
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
        set(&mut self.draft.variables, name, written);
    }

    /// A parameter of the query, by its name; a list is there once for each value.
    pub fn query<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        // Sized, for the library.
        self.pairs(name, &QueryParam::new(name, &value));
    }

    /// The properties of an object, as `name[key]=value`.
    pub fn deep_query<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        self.pairs(name, &parameter::deep_object(name, value));
    }

    /// A list as one parameter, with a separator that is not encoded.
    pub fn joined_query<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
        separator: &str,
    ) {
        let written = parameter::joined(name, value, separator);
        set(&mut self.draft.query, name, written);
    }

    /// A header that is a parameter.
    pub fn parameter(&mut self, name: &'static str, written: &str) {
        let header = HeaderName::from_bytes(name.as_bytes());
        match (header, HeaderValue::from_str(written)) {
            (Ok(header), Ok(value)) => drop(self.draft.headers.insert(header, value)),
            _ => self.fault(format!("the parameter `{name}` cannot stand in a header")),
        }
    }

    /// A cookie, as it stands in its header.
    pub fn cookie(&mut self, name: &'static str, written: String) {
        set(&mut self.draft.cookies, name, written);
    }

    /// A body of JSON.
    pub fn json<V: Serialize + ?Sized>(&mut self, media_type: &'static str, body: &V) {
        match serde_json::to_vec(body) {
            Ok(text) => self.text(media_type, text),
            Err(error) => self.fault(format!("the body cannot be written: {error}")),
        }
    }

    /// A body of fields.
    pub fn form(&mut self, media_type: &'static str, fields: &[(String, String)]) {
        match serde_urlencoded::to_string(fields) {
            Ok(text) => self.text(media_type, text.into_bytes()),
            Err(error) => self.fault(format!("the body cannot be written: {error}")),
        }
    }

    /// A body as it is.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<reqwest::Body>) {
        self.media_type(media_type);
        self.body(|request| request.body(body));
    }

    /// A body that reqwest writes, and what it says of it in headers.
    pub fn body(&mut self, write: impl FnOnce(RequestBuilder) -> RequestBuilder) {
        let client = &self.draft.transport.shared.client;
        match write(client.post("http://localhost")).build() {
            Ok(request) => {
                self.draft.payload = Payload::Body(Arc::new(Mutex::new(Some(request))));
            }
            Err(error) => {
                let error = error.without_url();
                self.fault(format!("the body cannot be written: {error}"));
            }
        }
    }

    fn pairs<V: Serialize>(&mut self, name: &'static str, pairs: &V) {
        match serde_urlencoded::to_string(pairs) {
            Ok(written) => set(&mut self.draft.query, name, written),
            Err(error) => self.fault(format!(
                "the parameter `{name}` cannot stand in a query: {error}"
            )),
        }
    }

    fn text(&mut self, media_type: &'static str, text: Vec<u8>) {
        self.media_type(media_type);
        self.draft.payload = Payload::Text(text.into());
    }

    fn media_type(&mut self, name: &'static str) {
        match HeaderValue::from_str(name) {
            Ok(value) => drop(self.draft.headers.insert(CONTENT_TYPE, value)),
            Err(_) => self.fault("the media type of the body cannot stand in a header".to_owned()),
        }
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
        self.draft.fault.get_or_insert(what.into());
    }
}

/// Puts a value in the place of another of that name.
fn set(values: &mut Vec<(&'static str, String)>, name: &'static str, value: String) {
    match values.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => values.push((name, value)),
    }
}

impl Draft {
    async fn send(mut self) -> Result<Response, Failure> {
        let request = self.build();
        let request = request.map_err(|fault| invalid(self.operation, fault))?;
        self.transport.deliver(self.operation, request).await
    }

    /// Takes what the request has.
    fn build(&mut self) -> Result<reqwest::Request, Cow<'static, str>> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let url = self.url()?;
        let method = Method::from_bytes(self.operation.method.as_bytes());
        let method = method.map_err(|error| error.to_string())?;
        let mut request = match &self.payload {
            Payload::Body(body) => {
                let mut request = taken(body).ok_or("its body was sent with a clone of it")?;
                (*request.method_mut(), *request.url_mut()) = (method, url);
                request
            }
            _ => reqwest::Request::new(method, url),
        };
        if let Payload::Text(text) = std::mem::replace(&mut self.payload, Payload::Nothing) {
            *request.body_mut() = Some(text.into());
        }
        let headers = request.headers_mut();
        let own = std::mem::take(&mut self.headers);
        match headers.is_empty() {
            true => *headers = own,
            // What the body says of itself stands there.
            false => headers.extend(own),
        }
        // The same for every repetition of the call, which clones the request.
        if let Some(name) = self.operation.idempotency_key
            && !headers.contains_key(name)
        {
            let key = uuid::Uuid::new_v4().to_string();
            let name = HeaderName::from_bytes(name.as_bytes());
            let name = name.map_err(|error| error.to_string())?;
            headers.insert(
                name,
                HeaderValue::from_str(&key).map_err(|e| e.to_string())?,
            );
        }
        if let (Some(cookies), false) = (self.cookies()?, headers.contains_key(COOKIE)) {
            headers.insert(COOKIE, cookies);
        }
        Ok(request)
    }

    /// The base URL with the path behind its own: host and port are not read again.
    fn url(&self) -> Result<Url, Cow<'static, str>> {
        let base = self.transport.base_of(self.operation);
        let base = base.map_err(|error| error.to_string())?;
        let mut path = base.url.path().trim_end_matches('/').to_owned();
        let mut query = String::new();
        if let Some(raw) = &self.path {
            let (own, asked) = raw.split_once('?').unwrap_or((raw, ""));
            path.push_str(own);
            query.push_str(asked);
        }
        let mut rest = self.operation.path;
        while let Some((text, (name, after))) = split(rest) {
            path.push_str(text);
            let variable = self.variables.iter().find(|(known, _)| *known == name);
            path.push_str(variable.map_or("", |(_, written)| written));
            rest = after;
        }
        path.push_str(rest);
        for (_, pairs) in self.query.iter().filter(|(_, pairs)| !pairs.is_empty()) {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(pairs);
        }
        let mut url = base.url.clone();
        url.set_path(&path);
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        Ok(url)
    }

    /// There is one header for all of them (RFC 6265, section 5.4).
    fn cookies(&self) -> Result<Option<HeaderValue>, Cow<'static, str>> {
        if self.cookies.is_empty() {
            return Ok(None);
        }
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, written)| format!("{name}={written}"))
            .collect();
        let mut value = HeaderValue::from_str(&pairs.join("; "))
            .map_err(|_| "a parameter cannot stand in a cookie")?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// What stands in front of the first variable of a path, its name, and what follows.
fn split(path: &'static str) -> Option<(&'static str, (&'static str, &'static str))> {
    let (text, rest) = path.split_once('{')?;
    Some((text, rest.split_once('}')?))
}

/// The body, which stays there if it can be sent again.
fn taken(body: &Mutex<Option<reqwest::Request>>) -> Option<reqwest::Request> {
    let mut held = body.lock().unwrap_or_else(PoisonError::into_inner);
    match held.as_ref()?.try_clone() {
        Some(clone) => Some(clone),
        None => held.take(),
    }
}

pub(crate) fn invalid(operation: &'static Operation, why: impl fmt::Display) -> Failure {
    Failure::new(Parts {
        kind: ErrorKind::InvalidRequest,
        operation,
        what: format!("the request cannot be built: {why}").into(),
        attempts: 0,
        processed: false,
        received: None,
        source: None,
    })
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
            operation,
            query,
            headers,
            ..
        } = &*self.draft;
        f.debug_struct("Request")
            .field("operation", &operation.id)
            .field("method", &operation.method)
            .field("path", &operation.path)
            .field("query", &names(query.iter().map(|(name, _)| *name)))
            .field("headers", &names(headers.keys().map(HeaderName::as_str)))
            .finish_non_exhaustive()
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect()
}
