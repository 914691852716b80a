//! A server that stands in for the Callbell API, answering from the contract.
//!
//! It is a [`sandbox`] of the contract that the SDK is generated from: it checks what the API
//! would check, answers with the contract's examples, which a request may choose as with
//! Stoplight Prism (`Prefer: example=object`, `Prefer: code=429`), and listens on loopback only.
//!
//! ```
//! use callbell::types::{CreateContactRequest, Source};
//! use callbell::{ApiKey, Client};
//! use callbell_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
//!     .base_url(sandbox.url())
//!     .build()?;
//!
//! let request = CreateContactRequest::new("123456789", "John Doe", Source::Telegram);
//! client.create_contact(&request).await?;
//!
//! let seen = &sandbox.requests()[0];
//! assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/v1/contacts"));
//! # Ok(())
//! # }
//! ```
//!
//! # Faults
//!
//! What goes wrong is said before, request by request:
//!
//! ```
//! # use callbell::types::{CreateContactRequest, Source};
//! # use callbell::{ApiKey, Client, ErrorKind};
//! use callbell_sandbox::{Fault, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = Sandbox::start().await?;
//! # let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
//! #     .base_url(sandbox.url())
//! #     .build()?;
//! # let request = CreateContactRequest::new("123456789", "John Doe", Source::Telegram);
//! // Not processed, so the client calls again; then the response is lost, so it does not.
//! sandbox.fail([Fault::status(503), Fault::lost()]);
//!
//! let error = client.create_contact(&request).await.unwrap_err();
//! assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 2));
//! assert!(error.may_have_been_processed() && sandbox.requests()[1].processed);
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

use std::io;
use std::ops::Deref;

use contract::{Checked, Document, Source, lint};

pub use sandbox::{Fault, Request};

/// The document that the SDK is generated from; a link, so that it goes into the package.
const DOCUMENT: &str = include_str!("../openapi/callbell.yaml");

/// A running server of the Callbell API. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox(sandbox::Sandbox);

impl Sandbox {
    /// Starts a server on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a server on this port of the loopback address.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let contract = contract().map_err(io::Error::other)?;
        let sandbox = sandbox::Sandbox::of(contract).port(port);
        sandbox.start().await.map(Self)
    }

    /// Serves until the process ends.
    pub async fn serve(self) {
        self.0.serve().await;
    }
}

impl Deref for Sandbox {
    type Target = sandbox::Sandbox;

    fn deref(&self) -> &sandbox::Sandbox {
        &self.0
    }
}

/// The contract that is built in. The workspace's tests lint it.
fn contract() -> Result<Checked, sandbox::Error> {
    let document = Document::parse(Source::new("openapi/callbell.yaml", DOCUMENT));
    lint::admit(document).map_err(|rejected| sandbox::Error::Contract(rejected.findings))
}
