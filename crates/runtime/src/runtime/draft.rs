use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::value::RawValue;

use super::base_url::BaseUrl;
use super::error::{ErrorKind, Failure, Parts};
use super::operation::Operation;
use super::outgoing::{Outgoing, Upload};
use super::pagination::scalar;
use super::parameter::Style;
use super::pointer::{find, put};
use super::response::Response;
use super::transport::Transport;

/// What is known of a request so far.
#[derive(Clone)]
pub(crate) struct Draft {
    /// With the limits of this call.
    pub(crate) transport: Transport,
    pub(crate) operation: &'static Operation,
    /// Where the contract does not know it.
    pub(crate) path: Option<String>,
    /// Where the API said that it is.
    link: Option<Url>,
    /// The variables of the path, as they stand in it.
    variables: Vec<(&'static str, String)>,
    /// The parameters of the query, as they stand in it.
    query: Vec<(&'static str, String)>,
    /// Each with its pairs.
    cookies: Vec<(&'static str, Vec<String>)>,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    /// Why it cannot be built.
    pub(crate) fault: Option<Cow<'static, str>>,
}

#[derive(Clone)]
pub(crate) enum Payload {
    Nothing,
    Text(Bytes),
    Upload(Upload),
}

/// Puts a value in the place of another of that name.
fn set<V>(values: &mut Vec<(&'static str, V)>, name: &'static str, value: V) {
    match values.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => values.push((name, value)),
    }
}

impl Draft {
    pub(crate) fn new(transport: &Transport, operation: &'static Operation) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(accept) = operation.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        Self {
            transport: transport.clone(),
            operation,
            path: None,
            link: None,
            variables: Vec::new(),
            query: Vec::new(),
            cookies: Vec::new(),
            headers,
            payload: Payload::Nothing,
            fault: None,
        }
    }

    pub(crate) async fn send(mut self) -> Result<Response, Failure> {
        if self.operation.streamed {
            // Boxed, so that other calls do not carry its size.
            return Box::pin(self.send_streamed()).await;
        }
        let request = self.build();
        let request = request.map_err(|fault| invalid(self.operation, fault))?;
        self.transport.deliver(self.operation, request).await
    }

    /// Keeps the request, which may be sent once more.
    async fn send_streamed(mut self) -> Result<Response, Failure> {
        let again = Box::new(self.clone());
        let request = self.build();
        let request = request.map_err(|fault| invalid(self.operation, fault))?;
        let mut response = self.transport.deliver(self.operation, request).await?;
        response.again = Some(again);
        Ok(response)
    }

    pub(crate) fn variable(&mut self, name: &'static str, written: String) {
        set(&mut self.variables, name, written);
    }

    /// A parameter of the query, all of its pairs.
    pub(crate) fn query(&mut self, name: &'static str, written: String) {
        set(&mut self.query, name, written);
    }

    pub(crate) fn cookie(&mut self, name: &'static str, pairs: Vec<String>) {
        set(&mut self.cookies, name, pairs);
    }

    pub(crate) fn query_names(&self) -> impl Iterator<Item = &'static str> {
        self.query.iter().map(|(name, _)| *name)
    }

    pub(crate) fn text(&mut self, media_type: &'static str, text: Vec<u8>) {
        self.media_type(media_type);
        self.payload = Payload::Text(text.into());
    }

    pub(crate) fn media_type(&mut self, name: &'static str) {
        match HeaderValue::from_str(name) {
            Ok(value) => drop(self.headers.insert(CONTENT_TYPE, value)),
            Err(_) => self.fault("the media type of the body cannot stand in a header".into()),
        }
    }

    /// The first fault is told.
    pub(crate) fn fault(&mut self, what: Cow<'static, str>) {
        self.fault.get_or_insert(what);
    }

    /// Takes what the request has.
    fn build(&mut self) -> Result<Outgoing, Cow<'static, str>> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let url = self.url()?;
        let method = Method::from_bytes(self.operation.method.as_bytes());
        let method = method.map_err(|error| error.to_string())?;
        let mut request = reqwest::Request::new(method, url);
        let upload = match std::mem::replace(&mut self.payload, Payload::Nothing) {
            Payload::Nothing => None,
            Payload::Text(text) => {
                *request.body_mut() = Some(text.into());
                None
            }
            Payload::Upload(upload) => Some(upload),
        };
        let headers = request.headers_mut();
        *headers = std::mem::take(&mut self.headers);
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
        Ok(Outgoing::new(request, upload))
    }

    /// The address that the request goes to, which is below that of the API.
    pub(crate) fn url(&self) -> Result<Url, Cow<'static, str>> {
        let base = self.transport.base_of(self.operation);
        let base = base.map_err(|error| error.to_string())?;
        match &self.link {
            Some(link) => Ok(link.clone()),
            None => {
                let url = self.written(&base);
                match is_below(&base.text, url.as_str(), self.operation.path) {
                    true => Ok(url),
                    false => Err("a parameter of the path is empty, `.` or `..`".into()),
                }
            }
        }
    }

    /// The base URL with the path behind its own: host and port are not read again.
    fn written(&self, base: &BaseUrl) -> Url {
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
        url
    }

    /// There is one header for all of them (RFC 6265, section 5.4).
    fn cookies(&self) -> Result<Option<HeaderValue>, Cow<'static, str>> {
        let pairs = self.cookies.iter().flat_map(|(_, pairs)| pairs);
        let pairs: Vec<&str> = pairs.map(String::as_str).collect();
        if pairs.is_empty() {
            return Ok(None);
        }
        // Where a style encodes nothing, a value may have what ends it.
        let value = Some(pairs.join("; ")).filter(|_| !pairs.iter().any(|pair| pair.contains(';')));
        let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
        let mut value = value.ok_or("a parameter cannot stand in a cookie")?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// On the way from page to page.
impl Draft {
    /// What the request says in a parameter of the query, or at a place in its body, if anything.
    pub(crate) fn input(&self, name: &str) -> Result<Option<String>, Cow<'static, str>> {
        if name.starts_with('/') {
            let body = self.body()?;
            let value = body.and_then(|body| find(body, name));
            return match value.filter(|value| value.get() != "null") {
                None => Ok(None),
                Some(value) => match scalar(value) {
                    None => Err(format!("its request has no one value at `{name}`").into()),
                    value => Ok(value),
                },
            };
        }
        let own = self.query.iter().find(|(known, _)| *known == name);
        let pairs = own.map_or(Ok(Vec::new()), |(_, pairs)| {
            serde_urlencoded::from_str::<Vec<(String, String)>>(pairs)
        });
        let value = pairs.map_err(|error| error.to_string())?.into_iter().next();
        Ok(value.map(|(_, value)| value))
    }

    /// Says it there.
    pub(crate) fn set_input(
        &mut self,
        name: &'static str,
        value: &RawValue,
    ) -> Result<(), Cow<'static, str>> {
        if !name.starts_with('/') {
            let value = scalar(value).unwrap_or_default();
            self.query(name, Style::exploded().query(name, &value));
            return Ok(());
        }
        let body = put(self.body()?, name, value);
        let body = body.ok_or_else(|| format!("its request has no place `{name}`"))?;
        self.payload = Payload::Text(String::from(Box::<str>::from(body)).into());
        let json = HeaderValue::from_static("application/json");
        self.headers.entry(CONTENT_TYPE).or_insert(json);
        Ok(())
    }

    fn body(&self) -> Result<Option<&RawValue>, Cow<'static, str>> {
        let body = match &self.payload {
            Payload::Nothing => return Ok(None),
            Payload::Text(text) => serde_json::from_slice(text).ok(),
            Payload::Upload(_) => None,
        };
        match body {
            None => Err("its request has no body of JSON".into()),
            body => Ok(body),
        }
    }

    /// Goes where the API says that the next page is, if that is the API's.
    pub(crate) fn follow(&mut self, link: Url) -> Result<(), Cow<'static, str>> {
        let base = self.transport.base_of(self.operation);
        let base = base.map_err(|error| error.to_string())?;
        if !["http", "https"].contains(&link.scheme()) {
            return Err(format!("its link is not one of HTTP, but of `{}:`", link.scheme()).into());
        }
        if !link.username().is_empty() || link.password().is_some() {
            return Err("its link has a user in it, who is not the caller".into());
        }
        if !is_below(&base.text, link.as_str(), "") {
            // Its query may hold what nobody else should see.
            let mut there = link;
            there.set_query(None);
            let why = format!(
                "its link leads to `{there}`, and credentials go to `{}` only",
                base.text
            );
            return Err(why.into());
        }
        self.link = Some(link);
        Ok(())
    }
}

/// Whether a URL is the base URL with as many segments as the operation's path. A
/// parameter that is empty, `.` or `..` would lead elsewhere.
fn is_below(base: &str, url: &str, path: &str) -> bool {
    let Some(rest) = url.strip_prefix(base) else {
        return false;
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() {
        // The base URL itself or anything below, but not beside.
        return rest.is_empty() || rest.starts_with('/');
    }
    let (mut given, mut wanted) = (rest.split('/'), path.split('/'));
    loop {
        match (given.next(), wanted.next()) {
            (None, None) => return true,
            (Some(given), Some(wanted)) if given.is_empty() == wanted.is_empty() => {}
            _ => return false,
        }
    }
}

/// What stands in front of the first variable of a path, its name, and what follows.
fn split(path: &'static str) -> Option<(&'static str, (&'static str, &'static str))> {
    let (text, rest) = path.split_once('{')?;
    Some((text, rest.split_once('}')?))
}

pub(crate) fn invalid(operation: &'static Operation, why: impl fmt::Display) -> Failure {
    Failure::new(Parts {
        kind: ErrorKind::InvalidRequest,
        operation,
        what: format!("the request cannot be built: {why}").into(),
        page: None,
        attempts: 0,
        processed: false,
        received: None,
        source: None,
    })
}
