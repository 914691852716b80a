//! Tokens that expire: asked for by one call at a time, and again before they do.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::call::Call;
use super::credentials::TokenSource;
use super::deadline::after;
use super::error::Failure;
use super::operation::Operation;
use super::transport::Transport;

/// A token, and how long it is good. It never shows itself.
#[derive(Clone, Debug)]
pub struct Token {
    secret: SecretString,
    lives: Option<Duration>,
}

impl Token {
    /// A token that is good until the API says otherwise.
    #[must_use]
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self {
            secret: secret.into(),
            lives: None,
        }
    }

    /// How long it is good from now on. A new one is asked for when a tenth of that is left, or 30
    /// seconds where that is less.
    #[must_use]
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.lives = Some(time);
        self
    }
}

/// What an application calls itself at the token endpoint, for the flow `clientCredentials` of
/// OAuth 2.0 (RFC 6749, section 4.4).
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    id: String,
    secret: SecretString,
    scopes: Vec<String>,
}

impl ClientCredentials {
    /// The application's identifier and its secret.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            scopes: Vec::new(),
        }
    }

    /// What the token is to be good for; what the endpoint decides, where nothing is said.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The request for a token (RFC 6749, sections 2.3.1 and 4.4.2).
    fn request(&self, url: &Url) -> Option<Request> {
        let mut form = vec![("grant_type", "client_credentials".to_owned())];
        if !self.scopes.is_empty() {
            form.push(("scope", self.scopes.join(" ")));
        }
        let body = serde_urlencoded::to_string(form).ok()?;
        // Each as a form has it, so that a colon in one ends neither.
        let encoded = |text: &str| {
            let pair = serde_urlencoded::to_string([("", text)]).ok()?;
            pair.strip_prefix('=').map(str::to_owned)
        };
        let secret = SecretString::from(encoded(self.secret.expose_secret())?);
        let pair = user(&encoded(&self.id)?, &secret);
        let basic = SecretString::from(format!("Basic {}", pair.expose_secret()));
        let mut request = Request::new(Method::POST, url.clone());
        let mut authorization = HeaderValue::from_str(basic.expose_secret()).ok()?;
        authorization.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(body.into());
        Some(request)
    }
}

/// The credentials of a user (RFC 7617), as they stand behind `Basic`.
pub(crate) fn user(name: &str, password: &SecretString) -> SecretString {
    let pair = SecretString::from(format!("{name}:{}", password.expose_secret()));
    STANDARD.encode(pair.expose_secret()).into()
}

/// Where tokens come from, and the one that is good now.
pub(crate) struct Tokens {
    origin: Origin,
    current: Mutex<Current>,
}

enum Origin {
    Source(Box<dyn TokenSource>),
    Client(Box<(Url, ClientCredentials)>),
}

#[derive(Default)]
struct Current {
    token: Option<(SecretString, Option<Instant>)>,
    /// How many there were before.
    number: u64,
}

impl Tokens {
    pub(crate) fn of_source(source: Box<dyn TokenSource>) -> Self {
        Self::new(Origin::Source(source))
    }

    pub(crate) fn of_client(url: Url, credentials: ClientCredentials) -> Self {
        Self::new(Origin::Client(Box::new((url, credentials))))
    }

    fn new(origin: Origin) -> Self {
        Self {
            origin,
            current: Mutex::default(),
        }
    }

    /// A token that is good, and its number. Whoever comes while one is asked for waits for it.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn get(
        &self,
        transport: &Transport,
        operation: &'static Operation,
    ) -> Result<(SecretString, u64), Failure> {
        let mut current = self.current.lock().await;
        if let Some((token, until)) = &current.token
            && until.is_none_or(|until| Instant::now() < until)
        {
            return Ok((token.clone(), current.number));
        }
        let token = self.ask(transport).await;
        let token = token.map_err(|(what, source)| {
            Failure::without_credentials(operation, what, Some(source))
        })?;
        let until = token.lives.map(|lives| {
            let ahead = (lives / 10).min(Duration::from_secs(30));
            after(Instant::now(), lives - ahead)
        });
        current.number += 1;
        current.token = Some((token.secret.clone(), until));
        Ok((token.secret, current.number))
    }

    /// The API did not take the token of this number: unless there is another by now, the next
    /// call asks for one.
    pub(crate) async fn refused(&self, number: u64) {
        let mut current = self.current.lock().await;
        if current.number == number {
            current.token = None;
        }
    }

    async fn ask(&self, transport: &Transport) -> Result<Token, (String, Source)> {
        match &self.origin {
            Origin::Source(source) => {
                let token = source.token().await;
                token.map_err(|source| ("a token: its source has none".to_owned(), source))
            }
            Origin::Client(client) => {
                let (url, credentials) = &**client;
                from_endpoint(transport, url, credentials).await
            }
        }
    }
}

type Source = Box<dyn StdError + Send + Sync>;

/// The request for a token, as calls are told apart.
const TOKEN: Operation = Operation {
    id: "token",
    method: "POST",
    path: "",
    server: None,
    accept: Some("application/json"),
    security: &[],
    // Two tokens are as good as one.
    idempotent: true,
    idempotency_key: None,
    not_processed: |status| status == 429,
    form: |_| None,
    streamed: false,
};

/// What the endpoint answers (RFC 6749, section 5.1).
#[derive(serde::Deserialize)]
struct Granted {
    access_token: String,
    /// Some write it as text.
    expires_in: Option<serde_json::Value>,
}

/// What it says when it refuses (RFC 6749, section 5.2).
#[derive(serde::Deserialize)]
struct Refused {
    error: String,
}

async fn from_endpoint(
    transport: &Transport,
    url: &Url,
    credentials: &ClientCredentials,
) -> Result<Token, (String, Source)> {
    let host = url.host_str().unwrap_or_default();
    let failed = |what: String, source: Source| {
        let what = format!("a token: the endpoint at `{host}` {what}");
        Err((what, source))
    };
    let Some(request) = credentials.request(url) else {
        return failed("cannot be asked".to_owned(), Box::new(Unusable));
    };
    let answer = match Call::new(transport, &TOKEN).run(request.into()).await {
        Ok(answer) => answer,
        Err(failure) => return failed("gave none".to_owned(), Box::new(failure)),
    };
    let (status, body) = (answer.status(), &answer.received.body);
    if !(200..300).contains(&status) {
        let refused = serde_json::from_slice::<Refused>(body).ok();
        let why = refused.filter(|refused| CODES.contains(&refused.error.as_str()));
        let why = why.map_or_else(String::new, |refused| format!(" (`{}`)", refused.error));
        return failed(format!("answered with {status}{why}"), Box::new(Unusable));
    }
    match serde_json::from_slice::<Granted>(body) {
        Ok(granted) => {
            let token = Token::new(granted.access_token);
            Ok(match granted.expires_in.as_ref().and_then(seconds) {
                Some(seconds) => token.expires_in(Duration::from_secs(seconds)),
                None => token,
            })
        }
        Err(_) => failed("did not answer with a token".to_owned(), Box::new(Unusable)),
    }
}

fn seconds(value: &serde_json::Value) -> Option<u64> {
    let text = value.as_str().and_then(|text| text.trim().parse().ok());
    value.as_u64().or(text)
}

/// The errors that RFC 6749, section 5.2 knows: any other text may hold what nobody should see.
const CODES: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

/// What was answered is of no use; what it was may be a secret.
#[derive(Debug)]
struct Unusable;

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer of the token endpoint is of no use")
    }
}

impl StdError for Unusable {}
