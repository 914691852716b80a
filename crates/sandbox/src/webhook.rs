//! Events that the sandbox sends to a handler, as the API would: webhooks (`OpenAPI` 3.1.0, section
//! 4.8.1) and callbacks (3.0.3, section 4.7.18).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use contract::operation::{Callback, Location, Operation, Parameter, WebhookSignature};
use contract::schema::{Direction, Shape};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use sampler::Sampler;
use serde_json::Value;

use crate::admin::hex;
use crate::client::{causes, client};
use crate::framing::is_set_by_sender;
use crate::service::Service;
use crate::signature::Key;

/// So long a handler may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An event to be sent to a handler.
///
/// ```no_run
/// use std::time::Duration;
/// use sandbox::{Sandbox, Webhook};
///
/// # async fn example(secret: String) -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::from_path("openapi/pets.yaml")?.start().await?;
/// let born = Webhook::new("pet.born", "http://127.0.0.1:3000/events").secret(secret);
/// let late = born.clone().late(Duration::from_secs(3600));
/// let deliveries = sandbox.send([born.clone().times(2), late, born.wrongly_signed()]).await?;
/// let statuses: Vec<Option<u16>> = deliveries.iter().map(|one| one.status).collect();
/// assert_eq!(statuses, [Some(204), Some(204), Some(400), Some(400)]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Webhook {
    name: String,
    url: String,
    body: Option<Value>,
    example: Option<String>,
    secret: Option<String>,
    times: u32,
    late: Duration,
    signs: Signs,
}

/// How an event is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signs {
    Rightly,
    Wrongly,
    Not,
}

/// An event that was sent, and what the handler answered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// What the contract calls the event.
    pub name: String,
    /// What was sent.
    pub body: Vec<u8>,
    /// The status of the answer; nothing where there was none.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Whether the contract has an answer of this status.
    pub is_described: bool,
}

/// Why an event cannot be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The contract has no such event.
    #[error("the contract has no event `{name}`: it has {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The contract has no such example of it.
    #[error("the contract has no example `{0}` of the event")]
    NoExample(String),
    /// What is to be sent is no JSON, or the contract does not say what it is.
    #[error("the contract does not say what `{0}` sends as JSON; say its body")]
    NoBody(String),
    /// The event is to be signed, and the contract does not say how.
    #[error("the contract does not say how events are signed; add `x-webhook-signature` to it")]
    NoSignature,
    /// The secret is not in the form that the contract's signatures have.
    #[error("the secret is not in its form: one of Standard Webhooks is base64, behind `whsec_`")]
    BadSecret,
    /// The address is none.
    #[error("`{0}` is no address of a handler: begin with `http://`")]
    BadUrl(String),
    /// There is no client.
    #[error("nothing can be called: {0}")]
    Client(String),
}

impl Webhook {
    /// An event of the contract, to be sent to a handler at an address.
    #[must_use]
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            body: None,
            example: None,
            secret: None,
            times: 1,
            late: Duration::ZERO,
            signs: Signs::Rightly,
        }
    }

    /// What is sent, instead of what the contract shows.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The example of the contract that is sent, instead of the first one.
    #[must_use]
    pub fn example(mut self, name: impl Into<String>) -> Self {
        self.example = Some(name.into());
        self
    }

    /// Signs it by a secret, as the contract's `x-webhook-signature` says.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Sends it so often, as an API does whose handler answered too late: it is the same event, signed
    /// again.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Signs it as if it had been sent so long ago.
    #[must_use]
    pub fn late(mut self, late: Duration) -> Self {
        self.late = late;
        self
    }

    /// Signs it by another secret.
    #[must_use]
    pub fn wrongly_signed(mut self) -> Self {
        self.signs = Signs::Wrongly;
        self
    }

    /// Does not sign it.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.signs = Signs::Not;
        self
    }
}

/// A request that is ready.
struct Ready<'s> {
    webhook: Webhook,
    url: reqwest::Url,
    operation: &'s Operation,
    id: String,
    headers: HeaderMap,
    body: Vec<u8>,
    key: Option<(&'s WebhookSignature, Key)>,
}

/// Sends events, each as often as it says: in order, or mixed by a seed, the repeated ones among the
/// others.
///
/// # Errors
/// When one cannot be sent; then none is.
pub(crate) async fn send(
    service: &Service,
    webhooks: Vec<Webhook>,
    mixed: Option<u64>,
) -> Result<Vec<Delivery>, SendError> {
    let ready: Result<Vec<Ready<'_>>, SendError> = webhooks
        .into_iter()
        .map(|webhook| Ready::of(service, webhook))
        .collect();
    let ready = ready?;
    let mut order: Vec<&Ready<'_>> = ready
        .iter()
        .flat_map(|ready| (0..ready.webhook.times).map(move |_| ready))
        .collect();
    if let Some(seed) = mixed {
        fastrand::Rng::with_seed(seed).shuffle(&mut order);
    }
    let client = client(ready.iter().map(|one| &one.url), |builder| {
        builder.timeout(PATIENCE)
    })
    .map_err(|error| SendError::Client(causes(&*error)))?;
    let mut deliveries = Vec::new();
    for ready in order {
        deliveries.push(ready.deliver(&client).await);
    }
    Ok(deliveries)
}

impl<'s> Ready<'s> {
    fn of(service: &'s Service, webhook: Webhook) -> Result<Self, SendError> {
        let url = reqwest::Url::parse(&webhook.url).ok();
        let is_url =
            |url: &reqwest::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let Some(url) = url.filter(is_url) else {
            return Err(SendError::BadUrl(webhook.url));
        };
        let operation = event(service, &webhook.name)?;
        let body = body(service, operation, &webhook)?;
        let mut headers = headers(service, operation);
        let json = operation
            .request
            .iter()
            .flat_map(|request| &request.content);
        let json = json.filter(|media_type| media_type.is_json());
        let name = json.map(|media_type| media_type.name.as_str()).next();
        let content_type = HeaderValue::from_str(name.unwrap_or("application/json"));
        headers.insert(CONTENT_TYPE, content_type.unwrap_or(crate::media::JSON));
        let signature = service.api().webhook_signature.as_ref();
        let key = match (&webhook.secret, signature) {
            (None, _) => None,
            (Some(_), None) => return Err(SendError::NoSignature),
            (Some(secret), Some(signature)) => {
                let key = Key::of(signature, secret).ok_or(SendError::BadSecret)?;
                Some((signature, key))
            }
        };
        let mut id = [0; 12];
        getrandom::fill(&mut id).map_err(|error| SendError::Client(error.to_string()))?;
        Ok(Self {
            url,
            operation,
            id: format!("msg_{}", hex(&id)),
            headers,
            body,
            key,
            webhook,
        })
    }

    async fn deliver(&self, client: &reqwest::Client) -> Delivery {
        let method = Method::from_bytes(self.operation.method.as_bytes()).unwrap_or(Method::POST);
        let mut headers = self.headers.clone();
        if let Some((signature, key)) = &self.key {
            let at = SystemTime::now().checked_sub(self.webhook.late);
            let at = at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let seconds = at.unwrap_or_default().as_secs();
            let key = match self.webhook.signs {
                Signs::Rightly => Some(key.clone()),
                Signs::Wrongly => Some(key.other()),
                Signs::Not => None,
            };
            if let Some(key) = key {
                key.sign(signature, &self.id, seconds, &self.body, &mut headers);
            }
        }
        let request = client.request(method, self.url.clone()).headers(headers);
        let answered = request.body(self.body.clone()).send().await;
        let status = answered
            .as_ref()
            .map(|answer| answer.status().as_u16())
            .ok();
        Delivery {
            name: self.webhook.name.clone(),
            body: self.body.clone(),
            status,
            error: answered.err().map(|error| causes(&error)),
            is_described: status.is_some_and(|status| self.operation.response(status).is_some()),
        }
    }
}

/// The request of an event.
fn event<'s>(service: &'s Service, name: &str) -> Result<&'s Operation, SendError> {
    let api = service.api();
    let callbacks = api
        .operations
        .iter()
        .flat_map(|operation| &operation.callbacks);
    let events: Vec<&Callback> = api.webhooks.iter().chain(callbacks).collect();
    let found = events.iter().find(|event| event.name == name);
    found
        .and_then(|event| event.operations.first())
        .ok_or_else(|| {
            let mut known: Vec<String> = events
                .iter()
                .map(|event| format!("`{}`", event.name))
                .collect();
            known.dedup();
            SendError::Unknown {
                name: name.to_owned(),
                known: match known.is_empty() {
                    true => "none".to_owned(),
                    false => known.join(", "),
                },
            }
        })
}

/// What is sent: what is said, else what the contract shows, else a value of its schema.
fn body(service: &Service, operation: &Operation, webhook: &Webhook) -> Result<Vec<u8>, SendError> {
    if let Some(body) = &webhook.body {
        return Ok(body.to_string().into());
    }
    let content = operation
        .request
        .iter()
        .flat_map(|request| &request.content);
    let mut json = content.filter(|media_type| media_type.is_json());
    let no_body = || SendError::NoBody(webhook.name.clone());
    let media_type = json.next().ok_or_else(no_body)?;
    let mut examples = media_type.examples.iter();
    let shown = match &webhook.example {
        Some(name) => {
            let found = examples.find(|example| example.name == *name);
            Some(found.ok_or_else(|| SendError::NoExample(name.clone()))?)
        }
        None => examples.next(),
    };
    if let Some(value) = shown.and_then(|example| example.value.as_ref()) {
        return Ok(value.to_string().into());
    }
    let schema = media_type.schema.as_ref().ok_or_else(no_body)?;
    let value = made(service, &schema.origin.pointer).ok_or_else(no_body)?;
    Ok(value.to_string().into())
}

/// The headers that an event is known by, or that it always has.
fn headers(service: &Service, operation: &Operation) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let signature = service.api().webhook_signature.as_ref();
    // Who sent it is said by its signature, or not at all.
    let is_signature = |name: &HeaderName| match signature {
        Some(WebhookSignature::Timestamped(own)) => name.as_str().eq_ignore_ascii_case(own),
        _ => name.as_str().starts_with("webhook-"),
    };
    let parameters = operation.parameters.iter();
    for parameter in parameters.filter(|one| one.location == Location::Header) {
        let value = header(service, parameter).and_then(|text| HeaderValue::from_str(&text).ok());
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(parameter.name.as_bytes()), value)
            && !is_set_by_sender(&name)
            && !is_signature(&name)
        {
            headers.insert(name, value);
        }
    }
    headers
}

fn header(service: &Service, parameter: &Parameter) -> Option<String> {
    let mut examples = parameter.examples.iter();
    let shown = examples.find_map(|example| example.value.clone());
    let made = || {
        let at = &parameter.schema.as_ref()?.origin.pointer;
        let root = service.written();
        let is_fixed = Shape::of(root, &[root.pointer(at)?]).values.is_some();
        (parameter.required || is_fixed).then(|| made(service, at))?
    };
    Some(match shown.or_else(made)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

fn made(service: &Service, at: &str) -> Option<Value> {
    let schema = service.schema_for(at, Direction::Request);
    let fits = |value: &Value| schema.as_ref().is_none_or(|schema| schema.is_valid(value));
    let sampler = Sampler::new(service.written(), Direction::Request).seed(service.seed);
    sampler
        .sample(at, fits)
        .or_else(|first| first.ok_or(()))
        .ok()
}
