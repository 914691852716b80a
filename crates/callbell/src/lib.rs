//! Client of the Callbell contacts API, generated from the workspace's contract.
//!
//! # Create a contact
//!
//! ```
//! use callbell::types::{CreateContactRequest, Source};
//! use callbell::{ApiKey, Client};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = callbell_sandbox::Sandbox::start().await?;
//! // `Client::from_env()` reads `CALLBELL_API_KEY`.
//! let key = ApiKey::new("YOUR_API_KEY")?;
//! let client = Client::new(&key)?;
//! # let client = Client::builder(&key).base_url(sandbox.url()).build()?;
//!
//! let request = CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp)
//!     .tags(["Interested"])
//!     .custom_fields([("Billing Address", "Main Street 1")]);
//! let created = client.create_contact(&request).await?;
//!
//! assert_eq!(created.contact.name, "John Doe");
//! # Ok(())
//! # }
//! ```
//!
//! What the contract requires is an argument of `new`; what it does not is a
//! method of the same name. The API answers with a contact or with an array of
//! one: `created.contact` is the [`Contact`](types::Contact) either way. Fields and values
//! that the API gains later are no errors.
//!
//! A [`Client`] is cheap to clone; clones share connections and rate limit.
//!
//! # Handle errors
//!
//! A call that fails gives an [`Error`]. Its kind says what to do:
//!
//! ```
//! use callbell::types::CreateContactRequest;
//! use callbell::{Client, Error, ErrorKind};
//!
//! async fn create(client: &Client, request: &CreateContactRequest) -> Result<(), Error> {
//!     let error = match client.create_contact(request).await {
//!         Ok(created) => {
//!             println!("created {}", created.contact.uuid);
//!             return Ok(());
//!         }
//!         Err(error) => error,
//!     };
//!     match error.kind() {
//!         // What the API says may name a person; the error's own words do not.
//!         ErrorKind::Refused => {
//!             println!("refused: {:?}", error.refusal().and_then(|said| said.message()));
//!         }
//!         ErrorKind::Unauthorized => println!("check `CALLBELL_API_KEY`"),
//!         _ if !error.may_have_been_processed() => println!("safe to call again: {error}"),
//!         _ => println!("look whether it is there: {error}"),
//!     }
//!     Err(error)
//! }
//! ```
//!
//! [`status`](Error::status), [`headers`](Error::headers), [`body`](Error::body),
//! [`retry_after`](Error::retry_after) and [`attempts`](Error::attempts) give what is known.
//! Errors can be logged: neither `Display` nor `Debug` shows the key or a contact. (The
//! `Debug` of a [`Contact`](types::Contact) does show it.)
//!
//! What may be repeated, is, up to four times (see [`Retry`]): a request that never left,
//! and a response with which the API says that it did not process it (429 and 503). A create
//! whose response was lost is **not** repeated, because the contact may be there. Nor is one that
//! was answered with the 503 of a proxy, which may have forwarded it: only what has the form of
//! the API's own response is believed, unless
//! [`trust_intermediaries`](Retry::trust_intermediaries) says otherwise.
//!
//! # Configure
//!
//! ```
//! use std::time::Duration;
//! use callbell::{ApiKey, Client, RateLimit, Retry};
//!
//! let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
//!     .connect_timeout(Duration::from_secs(3))
//!     .attempt_timeout(Duration::from_secs(10))
//!     .total_timeout(Duration::from_secs(30))
//!     .retry(Retry::default().attempts(6))
//!     // Half of the account's limit, because another service uses the rest.
//!     .rate_limit(RateLimit::new(150, Duration::from_secs(1)))
//!     .user_agent_suffix("shop/1.2")
//!     .build()?;
//!
//! // The same connections and limit, for a call that must not be lost.
//! let insistent = client.with_retry(Retry::default().at_least_once());
//! # Ok::<(), callbell::SetupError>(())
//! ```
//!
//! [`Builder`] lists the settings and what they are unless told. The key goes to the base
//! URL only, over TLS (or to this machine), and redirects are not followed; with an HTTP
//! client of your own its redirects and proxies are yours to switch off.
//!
//! # Trace
//!
//! Each call is a `tracing` span with OpenTelemetry's names for HTTP, and each attempt an
//! event in it. Bodies, queries, headers and the key are not in them.
//!
//! # Test
//!
//! `callbell-sandbox` is a server for the tests of an application. It checks requests
//! against the contract, answers from it, and fails on demand:
//!
//! ```
//! use callbell::types::{CreateContactRequest, Source};
//! use callbell::{ApiKey, Client};
//! use callbell_sandbox::{Fault, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
//!     .base_url(sandbox.url())
//!     .build()?;
//! sandbox.fail([Fault::status(503)]);
//!
//! let request = CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp);
//! client.create_contact(&request).await?;
//!
//! assert_eq!(sandbox.requests().len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls with aws-lc, as `reqwest` has it by default, trusting
//!   what the system trusts. An application's other clients work as they do without this crate.
//! - `rustls-ring`: TLS by rustls with ring, without aws-lc, in place of the default feature. For
//!   applications: their own `reqwest::Client` panics until they have installed a provider of
//!   cryptography, such as `rustls::crypto::ring::default_provider().install_default()`.
//! - `native-tls`: TLS by the operating system, for every `reqwest::Client` of the application.
//! - `schemars`: the types derive `schemars::JsonSchema`.
#![warn(missing_docs)]

mod client;
// The generator formats it; rustfmt would differ in a few places.
// What of it is public is chosen below.
#[rustfmt::skip]
#[allow(unreachable_pub)]
mod generated;
mod key;

pub use client::{API_KEY_VARIABLE, BASE_URL_VARIABLE, SetupError};
pub use generated::{
    BASE_URL, BuildError, Builder, Client, ErrorKind, RATE_LIMIT, RATE_LIMIT_PERIOD, RateLimit,
    Raw, ResponseValue, Retry, SecretString, Token, TokenSource, Transport, headers, requests,
    types,
};
pub use key::{ApiKey, InvalidKey};

/// Why a call failed; `E` is what the API says in the contract's form, by status.
pub type Error<E = types::CreateContactError> = generated::Error<E>;

/// The crates whose types stand in this one's interface.
pub use {chrono, reqwest, serde_json};

/// The examples of the README are tests too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
