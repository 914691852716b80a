//! What generated clients have in common: how requests are sent, repeated and bounded in time
//! and size, and what is said when nothing helped.

mod base_url;
pub(super) mod body;
pub(super) mod budget;
mod builder;
mod call;
#[doc(hidden)]
pub mod choice;
mod content;
mod credentials;
mod deadline;
mod draft;
mod error;
pub(super) mod events;
mod file;
pub(super) mod form;
mod headers;
pub(super) mod limiter;
pub(super) mod link;
pub(super) mod media_type;
mod merge_patch;
mod multipart;
mod object;
mod operation;
mod outgoing;
mod pages;
mod pagination;
#[doc(hidden)]
pub mod parameter;
pub(super) mod pointer;
mod proxy;
mod raw;
mod reading;
mod request;
pub(super) mod response;
pub(super) mod retry;
pub(super) mod retry_after;
mod server;
#[cfg(feature = "signatures")]
mod signature;
pub(super) mod stream;
#[doc(hidden)]
pub mod tagged;
mod tls;
mod token;
mod trace;
mod transport;
pub(super) mod values;
#[doc(hidden)]
pub mod webhook;

pub use builder::{BuildError, Builder};
pub use credentials::{Asked, Place, Scheme, TokenSource};
pub use error::{Error, ErrorKind, Failure};
pub use events::{Event, Events};
pub use file::File;
pub use form::Form;
pub use limiter::RateLimit;
pub use merge_patch::MergePatch;
pub use multipart::Parts;
#[doc(hidden)]
pub use object::{Explicit, Nothing, Object};
pub use operation::Operation;
pub use pages::{Items, Pages};
pub use pagination::Pagination;
pub use progenitor_client::ResponseValue;
pub use raw::Raw;
pub use reading::{Unreadable, from_json};
pub use request::{Read, Request, Sending};
pub use response::Response;
pub use retry::Retry;
pub use secrecy::SecretString;
pub use server::{Variable, server};
#[cfg(feature = "signatures")]
pub use signature::{BadSecret, Verifier};
pub use stream::{ByteStream, StreamError};
pub use token::{ClientCredentials, Token};
pub use transport::Transport;
pub use values::Values;
pub use webhook::{SignatureError, Verify, WebhookError};
