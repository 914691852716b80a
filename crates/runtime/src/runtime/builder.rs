use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{ClientBuilder, Url, redirect};
use secrecy::SecretString;

use super::base_url::BaseUrl;
use super::budget::Budget;
use super::credentials::{Credentials, Scheme, TokenSource};
use super::limiter::{Limiter, RateLimit};
use super::proxy::proxy;
use super::retry::Retry;
use super::tls::{HAS_TLS, tls};
use super::token::{self, ClientCredentials};
use super::transport::{Limits, Shared, Traceparent, Transport};

/// Sets up a client.
///
/// | what | unless told |
/// |---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 10 s |
/// | [`attempt_timeout`](Self::attempt_timeout) | 30 s |
/// | [`total_timeout`](Self::total_timeout) | 90 s |
/// | [`idle_timeout`](Self::idle_timeout) | 60 s |
/// | [`retry`](Self::retry) | [`Retry::default`]: 4 attempts |
/// | [`retry_budget`](Self::retry_budget) | 100 repetitions without a success |
/// | [`rate_limit`](Self::rate_limit) | the contract's, if it has one |
/// | [`largest_answer`](Self::largest_answer) | 4 MiB |
#[must_use = "`build` makes the client"]
pub struct Builder<C> {
    base_url: String,
    is_elsewhere: bool,
    user_agent: String,
    /// Values that are secret are marked as sensitive, and not shown.
    headers: HeaderMap,
    credentials: Credentials,
    /// Of schemes, where tokens are given out.
    endpoints: Vec<(Scheme, String, ClientCredentials)>,
    client: Option<reqwest::Client>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    total_timeout: Duration,
    idle_timeout: Duration,
    retry: Retry,
    rate_limit: Option<RateLimit>,
    retry_budget: Option<u32>,
    traceparent: Option<Traceparent>,
    largest_answer: usize,
    is_exact: bool,
    builds: PhantomData<fn() -> C>,
}

/// Why a client could not be set up. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL cannot be used.
    #[error("the base URL `{url}` cannot be used: {reason}")]
    BaseUrl {
        /// The base URL.
        url: String,
        /// Why not, and what would do.
        reason: &'static str,
    },
    /// Credentials cannot stand in a request. They are not shown.
    #[error(
        "the credentials for `{scheme}` cannot be sent: they are empty, or hold a character that \
         no header may have; copy them again"
    )]
    Credentials {
        /// What the contract calls their scheme.
        scheme: &'static str,
    },
    /// A value cannot stand in the address of a server.
    #[error("`{variable}` of the server `{server}` cannot be `{value}`: {reason}")]
    Server {
        /// The address, with its variables in braces.
        server: &'static str,
        /// The variable.
        variable: &'static str,
        /// What it was to be.
        value: String,
        /// What would do.
        reason: String,
    },
    /// The user agent cannot stand in a header.
    #[error("the user agent `{0}` cannot be sent: use visible ASCII characters and spaces")]
    UserAgent(String),
    /// The base URL asks for TLS, and the crate was built without.
    #[error(
        "there is no TLS; switch on the feature `rustls`, `rustls-ring` or `native-tls`, or bring \
         an HTTP client"
    )]
    NoTls,
    /// TLS or the HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Without what may hold a secret: the base URL was not looked at yet, and the headers
/// of an HTTP client need not be marked.
impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("user_agent", &self.user_agent)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .field("largest_answer", &self.largest_answer)
            .finish_non_exhaustive()
    }
}

impl<C: From<Transport>> Builder<C> {
    /// A client of the API at this URL that calls itself by this name.
    pub fn new(base_url: &str, user_agent: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            is_elsewhere: false,
            user_agent: user_agent.to_owned(),
            headers: HeaderMap::new(),
            credentials: Credentials::default(),
            endpoints: Vec::new(),
            client: None,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(90),
            idle_timeout: Duration::from_secs(60),
            retry: Retry::default(),
            rate_limit: None,
            retry_budget: Some(100),
            traceparent: None,
            largest_answer: 4 * 1024 * 1024,
            is_exact: false,
            builds: PhantomData,
        }
    }

    /// Another address, such as a sandbox's: an absolute `https` URL, or `http` to this
    /// machine. Anywhere else credentials would travel in the clear. Every operation is called
    /// there, also one to which the contract gives a server of its own.
    pub fn base_url(mut self, base_url: &str) -> Self {
        self.is_elsewhere = true;
        base_url.clone_into(&mut self.base_url);
        self
    }

    /// A header of every request. The value is treated as a secret: it is never shown.
    ///
    /// Where an operation has a header of that name, its own is sent: a parameter, what it
    /// accepts, or the type of its body. Cookies are sent together. `User-Agent` takes the place
    /// of the client's name, and all take that of an HTTP client's own default headers.
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self
    }

    /// What the application is, such as `shop/1.2`, after the client's own name in
    /// `User-Agent` (RFC 9110, section 10.1.5), unless [`header`](Self::header) sets all of it.
    pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
        self.user_agent = format!("{} {suffix}", self.user_agent);
        self
    }

    /// How long a connection may take to come about, TLS included; three quarters of an
    /// attempt's time at most.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, from sending to the last byte of the response.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take in all: waiting for the rate limit, every attempt, and
    /// the waits between them.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// How long the server may send nothing in a response that is a stream, whose end no other
    /// timeout bounds.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// When and how often a call is repeated.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How many requests are sent in a period at most, by this client and its clones. The
    /// rest waits, as long as its [`total_timeout`](Self::total_timeout) allows.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sends as fast as it is called. What is above the API's limit is answered with 429,
    /// and repeated.
    pub fn without_rate_limit(mut self) -> Self {
        self.rate_limit = None;
        self
    }

    /// How many repetitions this client and its clones send without a success. Then calls fail at
    /// their first error, so that an outage is not answered with a storm. A repetition that leads to
    /// a success is given back, and a fifth of one for each call that succeeds at once.
    pub fn retry_budget(mut self, repetitions: u32) -> Self {
        self.retry_budget = Some(repetitions);
        self
    }

    /// Repeats each call as its policy says, however many others fail.
    pub fn without_retry_budget(mut self) -> Self {
        self.retry_budget = None;
        self
    }

    /// Sends the trace that a call belongs to: the value of `traceparent` (W3C Trace Context,
    /// section 3.2), as this function gives it. It is called in the span of the call. Nothing is sent
    /// unless this is set, or where it gives nothing.
    pub fn traceparent(
        mut self,
        context: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.traceparent = Some(Box::new(context));
        self
    }

    /// How many bytes of a response are read before it is refused.
    pub fn largest_answer(mut self, bytes: usize) -> Self {
        self.largest_answer = bytes;
        self
    }

    /// Reads responses to the letter: a number that comes as a text fails the call. Generated code
    /// calls it, where the contract's owner asks for a client that tests a server.
    pub fn exact(mut self) -> Self {
        self.is_exact = true;
        self
    }

    /// Sends through an HTTP client of one's own, with its proxies, TLS, redirects and
    /// connect timeout in place of [`connect_timeout`](Self::connect_timeout).
    ///
    /// Switch its redirects off: of what goes to another host reqwest takes the
    /// `Authorization` header away, and nothing else. Because it may follow them, an
    /// operation that is not idempotent is not repeated when no connection comes about.
    /// For a base URL on this machine switch its proxies off, too.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Sets the client up. It connects when it is first called.
    ///
    /// # Errors
    /// When the base URL or the user agent cannot be used, or TLS cannot be set up, for
    /// instance without any trusted certificate.
    pub fn build(mut self) -> Result<C, BuildError> {
        let base_url = BaseUrl::new(&self.base_url)?;
        for (scheme, endpoint, credentials) in std::mem::take(&mut self.endpoints) {
            let url = token_endpoint(&base_url, &endpoint)?;
            self.credentials.client(scheme, url, credentials);
        }
        self.credentials
            .check()
            .map_err(|scheme| BuildError::Credentials { scheme })?;
        let user_agent = HeaderValue::from_str(&self.user_agent);
        let user_agent =
            user_agent.map_err(|_| BuildError::UserAgent(std::mem::take(&mut self.user_agent)))?;
        self.headers.entry(USER_AGENT).or_insert(user_agent);
        let own = self.client.take();
        let may_follow = own.is_some();
        let (client, proxy) = match own {
            Some(client) => (client, None),
            None => (self.http_client(&base_url)?, way_there(&base_url)),
        };
        let shared = Shared {
            client,
            base: base_url,
            is_elsewhere: self.is_elsewhere,
            may_follow,
            proxy,
            headers: self.headers,
            credentials: self.credentials,
            limiter: self.rate_limit.map(Limiter::new),
            budget: self.retry_budget.map(Budget::new),
            traceparent: self.traceparent,
            largest_answer: self.largest_answer,
            is_exact: self.is_exact,
        };
        Ok(C::from(Transport {
            shared: Arc::new(shared),
            limits: Limits {
                attempt_timeout: self.attempt_timeout,
                total_timeout: self.total_timeout,
                idle_timeout: self.idle_timeout,
                retry: self.retry,
            },
        }))
    }

    /// A scheme's credentials that stay as they are. Generated code calls it.
    pub fn credentials(mut self, scheme: Scheme, secret: impl Into<SecretString>) -> Self {
        self.credentials.fixed(scheme, secret.into());
        self
    }

    /// Sends no credentials, whatever operations ask for: where something in between adds them,
    /// or a server of one's own asks for none.
    pub fn without_credentials(mut self) -> Self {
        self.credentials.none = true;
        self
    }

    /// The user of a scheme, and the password (RFC 7617). Generated code calls it.
    pub fn user(self, scheme: Scheme, name: &str, password: &SecretString) -> Self {
        self.credentials(scheme, token::user(name, password))
    }

    /// A scheme's tokens. Generated code calls it.
    pub fn tokens(mut self, scheme: Scheme, source: impl TokenSource) -> Self {
        self.credentials.source(scheme, source);
        self
    }

    /// A scheme's tokens, which its endpoint gives to an application. Generated code calls it.
    pub fn client_credentials(
        mut self,
        scheme: Scheme,
        endpoint: &str,
        credentials: ClientCredentials,
    ) -> Self {
        self.endpoints
            .push((scheme, endpoint.to_owned(), credentials));
        self
    }

    fn http_client(&self, base_url: &BaseUrl) -> Result<reqwest::Client, BuildError> {
        if !base_url.in_the_clear && !HAS_TLS {
            return Err(BuildError::NoTls);
        }
        // A connection that takes as long as an attempt would hide that nothing was sent.
        let attempt = self.attempt_timeout.min(self.total_timeout);
        let mut builder = tls(ClientBuilder::new())?
            .connect_timeout(self.connect_timeout.min(attempt / 4 * 3))
            .redirect(redirect::Policy::none())
            // What may be repeated is decided in one place.
            .retry(reqwest::retry::never());
        if base_url.in_the_clear {
            // To this machine, and not through a proxy of another.
            builder = builder.no_proxy();
        }
        builder
            .build()
            .map_err(|error| BuildError::Http(error.into()))
    }
}

/// An endpoint, which may be told from the base URL on, and where secrets may go.
fn token_endpoint(base_url: &BaseUrl, endpoint: &str) -> Result<Url, BuildError> {
    let below = base_url.url.join(endpoint);
    let text = below.map_or_else(|_| endpoint.to_owned(), Into::into);
    let (address, query) = match text.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (text.as_str(), None),
    };
    let mut url = BaseUrl::new(address)?.url;
    url.set_query(query);
    Ok(url)
}

/// The proxy on the way to the API, for people.
fn way_there(base_url: &BaseUrl) -> Option<String> {
    match base_url.in_the_clear {
        true => None,
        false => proxy(&base_url.url),
    }
}
