//! A server that stands in for the Callbell API, answering from the contract.
//!
//! It checks what the API would check: the bearer token, and the body against the
//! operation's schema. It answers with the contract's examples, which a request
//! may choose as with Stoplight Prism: `Prefer: example=object`, `Prefer: code=429`.
//! It listens on loopback only.
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

mod answer;
mod contract;
mod exchange;
mod fault;
mod prefer;
mod record;
mod server;

pub use fault::Fault;
pub use record::Request;
pub use server::Sandbox;
