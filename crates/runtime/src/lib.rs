//! What every generated client has in common. A generated method gives a [`Request`]. When it is
//! awaited, a [`Transport`] adds credentials, keeps the rate limit, repeats what may be repeated,
//! bounds time and size, tells `tracing` about it, and says what happened when nothing
//! helped.
//!
//! Callers of a client meet [`Error`], [`Retry`], [`RateLimit`], [`TokenSource`] and [`Raw`];
//! the rest is for generated code. A client may carry the folder `runtime` in its own sources instead
//! of depending on this crate, so nothing in it names the crate that it stands in.
//!
//! It runs on tokio, with the clock of the runtime enabled, as `#[tokio::main]` does.
//!
//! ```
//! use std::time::Duration;
//! use sdk_runtime::Retry;
//!
//! let patient = Retry::default()
//!     .attempts(8)
//!     .backoff(Duration::from_millis(100), Duration::from_secs(5));
//! assert_ne!(patient, Retry::never());
//!
//! // A 503 of whoever sent it lets a create be repeated.
//! let trusting = Retry::default().trust_intermediaries(true);
//! assert_eq!(Retry::default(), trusting.trust_intermediaries(false));
//! ```
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
//! - `signatures`: signatures of events that an API sends.
//!
//! Of several, the runtime takes `rustls-ring` before `native-tls` before `rustls`.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod runtime;
#[cfg(test)]
mod tests;

pub use runtime::*;
