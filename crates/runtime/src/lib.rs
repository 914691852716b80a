//! What every generated client has in common. A generated method builds a request and
//! hands it to a [`Transport`], which keeps the rate limit, repeats what may be repeated,
//! bounds time and size, tells `tracing` about it, and says what happened when nothing
//! helped.
//!
//! Callers of a client meet [`Error`], [`Retry`], [`RateLimit`] and [`Builder`]; the rest
//! is for generated code.
//!
//! It runs on tokio, with the clock of the runtime enabled, as `#[tokio::main]` does.
//!
//! # Features
//!
//! cargo builds one `reqwest` for all crates of an application, so what this crate asks of it
//! is what its neighbours get.
//!
//! - `rustls` (default): TLS by rustls with aws-lc, as `reqwest` has it by default. Other
//!   clients of the application work as they do without this crate.
//! - `rustls-ring`: TLS by rustls with ring. Other clients of the application panic until it has
//!   installed a provider of cryptography, unless another crate asks for `reqwest/rustls`.
//! - `native-tls`: TLS by the operating system, for every client that does not choose.
//! - `multipart`: bodies of several parts.
//!
//! Of several, the runtime takes `rustls-ring` before `native-tls` before `rustls`.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
mod base_url;
mod body;
mod builder;
mod call;
mod deadline;
mod error;
mod form;
mod headers;
mod limiter;
mod media_type;
mod operation;
#[doc(hidden)]
pub mod parameter;
mod proxy;
mod retry;
mod retry_after;
#[doc(hidden)]
pub mod tagged;
mod tls;
mod trace;
mod transport;

pub use answer::Answer;
pub use builder::{BuildError, Builder};
pub use error::{Error, ErrorKind, Failure};
pub use form::Form;
pub use limiter::RateLimit;
pub use operation::Operation;
#[doc(hidden)]
pub use progenitor_client::QueryParam;
pub use progenitor_client::{ByteStream, ResponseValue};
pub use retry::Retry;
pub use transport::Transport;
