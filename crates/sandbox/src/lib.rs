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
//! let client = Client::with_base_url(&ApiKey::new("YOUR_API_KEY")?, sandbox.url())?;
//!
//! let request = CreateContactRequest::new("123456789", "John Doe", Source::Telegram);
//! client.create_contact(&request).await?;
//!
//! let seen = &sandbox.requests()[0];
//! assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/v1/contacts"));
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod answer;
mod contract;
mod prefer;
mod record;
mod server;

pub use record::Request;
pub use server::Sandbox;
