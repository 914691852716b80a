use std::env::{self, VarError};
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{ClientBuilder, Url, redirect};

use crate::generated::{BASE_URL, Client};
use crate::{ApiKey, InvalidKey};

/// The environment variable with the API key.
pub const API_KEY_VARIABLE: &str = "CALLBELL_API_KEY";
/// The environment variable with the base URL, if it is not [`BASE_URL`].
pub const BASE_URL_VARIABLE: &str = "CALLBELL_BASE_URL";

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call may take from its start to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a client could not be set up. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The environment holds no API key.
    #[error("`{API_KEY_VARIABLE}` is not set; set it to the API key of the account")]
    KeyMissing,
    /// The API key cannot be used.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// The base URL cannot be used.
    #[error("the base URL `{url}` cannot be used: {reason}")]
    BaseUrl {
        /// The base URL.
        url: String,
        /// Why not, and what would do.
        reason: &'static str,
    },
    /// An environment variable is not Unicode text.
    #[error("`{0}` is not Unicode text")]
    NotUnicode(&'static str),
    /// TLS or the HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Client {
    /// A client of the API at [`BASE_URL`].
    ///
    /// A connection may take 10 seconds, a call 30. Redirects are not followed, so
    /// the key goes to no other host. For other settings bring your own
    /// [`reqwest::Client`] to [`Client::new_with_client`].
    ///
    /// # Errors
    /// When TLS cannot be set up, for instance without any trusted certificate.
    pub fn new(key: &ApiKey) -> Result<Self, SetupError> {
        Self::with_base_url(key, BASE_URL)
    }

    /// A client of the API at another address, such as a sandbox.
    ///
    /// # Errors
    /// When the URL is not an absolute `https` URL (`http` is allowed to loopback
    /// addresses only: the key must not travel in the clear), or TLS cannot be
    /// set up.
    ///
    /// ```
    /// use callbell::{ApiKey, Client};
    ///
    /// let key = ApiKey::new("YOUR_API_KEY")?;
    /// assert!(Client::with_base_url(&key, "http://127.0.0.1:4010/v1").is_ok());
    /// assert!(Client::with_base_url(&key, "http://example.com/v1").is_err());
    /// # Ok::<(), callbell::SetupError>(())
    /// ```
    pub fn with_base_url(key: &ApiKey, base_url: &str) -> Result<Self, SetupError> {
        let base_url = checked(base_url.trim())?;
        let headers = HeaderMap::from_iter([(AUTHORIZATION, key.header())]);
        let mut builder = tls(ClientBuilder::new())?;
        if base_url.starts_with("http://") {
            // In the clear to this machine, and not through a proxy of another.
            builder = builder.no_proxy();
        }
        let client = builder
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("callbell/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .build()
            .map_err(|error| SetupError::Http(error.into()))?;
        Ok(Self::new_with_client(&base_url, client))
    }

    /// A client with the key in `CALLBELL_API_KEY`, of the API at
    /// `CALLBELL_BASE_URL` if that is set and at [`BASE_URL`] otherwise.
    ///
    /// # Errors
    /// When the key is missing or cannot be used, or as
    /// [`with_base_url`](Self::with_base_url).
    pub fn from_env() -> Result<Self, SetupError> {
        let key = variable(API_KEY_VARIABLE)?.ok_or(SetupError::KeyMissing)?;
        let base_url = variable(BASE_URL_VARIABLE)?;
        Self::with_base_url(&ApiKey::new(&key)?, base_url.as_deref().unwrap_or(BASE_URL))
    }
}

/// The value of an environment variable; one that is set to nothing is not set.
fn variable(name: &'static str) -> Result<Option<String>, SetupError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(SetupError::NotUnicode(name)),
    }
}

/// The base URL without a trailing slash, if paths can be appended to it and the
/// key may go there.
fn checked(base_url: &str) -> Result<String, SetupError> {
    // What stands before an `@` may be a password.
    let shown = match base_url.contains('@') {
        true => "***",
        false => base_url,
    };
    let refuse = |reason| SetupError::BaseUrl {
        url: shown.to_owned(),
        reason,
    };
    let url = Url::parse(base_url)
        .map_err(|_| refuse("it is not an absolute URL such as `https://example.com/v1`"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("paths are appended to it, so it must end with one"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let reason = "it must not hold a user or password; the API key is sent in a header";
        return Err(refuse(reason));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(refuse("the key would travel in the clear; use `https`")),
        _ => return Err(refuse("its scheme is not `https`")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// rustls with ring and the certificates that the system trusts. Set up here
/// and not as the process's default, which belongs to the application.
#[cfg(feature = "rustls")]
fn tls(builder: ClientBuilder) -> Result<ClientBuilder, SetupError> {
    use std::sync::Arc;

    use rustls::ClientConfig;
    use rustls::crypto::ring;
    use rustls_platform_verifier::BuilderVerifierExt;

    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| SetupError::Http(error.into()))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
fn tls(builder: ClientBuilder) -> Result<ClientBuilder, SetupError> {
    Ok(builder)
}
