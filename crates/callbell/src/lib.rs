//! Client of the Callbell contacts API, generated from the workspace's contract.
//!
//! ```
//! use callbell::types::{CreateContactRequest, Source};
//! use callbell::{ApiKey, Client};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = callbell_sandbox::Sandbox::start().await?;
//! # let url = sandbox.url();
//! // `Client::from_env()` reads `CALLBELL_API_KEY`, and the address is the API's.
//! let client = Client::with_base_url(&ApiKey::new("YOUR_API_KEY")?, url)?;
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
//! one: `created.contact` is the [`Contact`](types::Contact) either way.
//!
//! # Errors
//!
//! An answer outside of 2xx that speaks the API's JSON is an `ErrorResponse` with
//! status, headers and what the API said. One that does not, such as a proxy's page,
//! is an `InvalidResponsePayload` with the bytes, but without the status.
//!
//! ```
//! # use callbell::types::{CreateContactRequest, Source};
//! # use callbell::{ApiKey, Client, Error};
//! # async fn run(client: Client, request: CreateContactRequest) -> Result<(), Error> {
//! match client.create_contact(&request).await {
//!     Ok(created) => println!("created {}", created.contact.uuid),
//!     Err(Error::ErrorResponse(answer)) if answer.status() == 429 => {
//!         println!("wait {:?}", answer.headers().get("retry-after"));
//!     }
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls with ring, trusting what the system trusts.
//! - `native-tls`: TLS by the operating system.
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
    BASE_URL, ByteStream, Client, ClientInfo, RATE_LIMIT, RATE_LIMIT_PERIOD, ResponseValue, types,
};
pub use key::{ApiKey, InvalidKey};

/// Why a call failed. `ErrorResponse` is an answer that the contract describes,
/// `UnexpectedResponse` one that it does not.
pub type Error = generated::Error<types::ErrorBody>;
