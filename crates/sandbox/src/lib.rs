//! A server of any `OpenAPI` contract.
//!
//! It checks what the API would check: who calls, the parameters of path, query, headers and
//! cookies, and bodies of JSON, forms and files. It answers with the contract's examples, which a
//! request may choose as with Stoplight Prism (`Prefer: example=object`, `Prefer: code=429`), and
//! with values made from its schemas where it shows none. What it refuses has the contract's own
//! form of an error. What is created is found, listed, changed and deleted. It listens on loopback
//! only, unless told.
//!
//! ```
//! use sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::from_path("../../openapi/callbell.yaml")?.start().await?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! assert!(sandbox.requests().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! `outbound` lets it call others: `Builder::proxy` passes requests on to an API, and
//! `Sandbox::send` sends events to handlers.
#![warn(missing_docs)]

mod admin;
mod answer;
mod body;
mod builder;
#[cfg(feature = "outbound")]
mod client;
mod coercion;
mod cors;
mod drift;
mod error;
mod exchange;
mod fault;
mod framing;
mod har;
mod identifier;
mod media;
mod memory;
mod multipart;
mod parameter;
mod playback;
mod prefer;
#[cfg(feature = "outbound")]
mod proxy;
mod record;
mod redaction;
mod refusal;
mod remembered;
mod route;
mod rules;
mod security;
mod seed;
mod server;
mod service;
#[cfg(feature = "outbound")]
mod signature;
#[cfg(feature = "outbound")]
mod webhook;

pub use builder::Builder;
pub use drift::Judge;
pub use error::Error;
pub use fault::{Fault, Weather};
pub use record::Request;
pub use rules::{Call, Duplicate, Rules};
pub use server::Sandbox;
#[cfg(feature = "outbound")]
pub use webhook::{Delivery, SendError, Webhook};
