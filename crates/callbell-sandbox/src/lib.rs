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

use std::ops::Deref;
use std::path::PathBuf;

use contract::report::Found;
use contract::{Checked, Document, Source, lint};

mod account;

use account::OfAccount;

pub use account::{Account, Duplicates};
pub use sandbox::{Error, Fault, Request, Weather};

/// The document that the SDK is generated from; a link, so that it goes into the package.
const DOCUMENT: &str = include_str!("../openapi/callbell.yaml");
/// Where contacts are created, and what tells them apart.
const CONTACTS: &str = "/contacts";
const KEY: [&str; 2] = ["source", "identifier"];

/// A running server of the Callbell API. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox(sandbox::Sandbox);

/// How a server is to be.
#[derive(Debug, Default)]
pub struct Builder {
    account: Option<Account>,
    duplicates: Option<Duplicates>,
    port: u16,
    state: Option<PathBuf>,
}

impl Builder {
    /// What contacts may name. Without an account, and without any of
    /// [`user`](Self::user), [`team`](Self::team), [`tag`](Self::tag) and
    /// [`custom_field`](Self::custom_field), there is whatever is named.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.account = Some(account);
        self
    }

    /// A user of the account, by e-mail.
    #[must_use]
    pub fn user(mut self, email: impl Into<String>) -> Self {
        self.own().users.insert(email.into());
        self
    }

    /// A team of the account, by UUID.
    #[must_use]
    pub fn team(mut self, uuid: impl Into<String>) -> Self {
        self.own().teams.insert(uuid.into());
        self
    }

    /// A tag of the account, by name.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>) -> Self {
        self.own().tags.insert(name.into());
        self
    }

    /// A custom field of the account, by name.
    #[must_use]
    pub fn custom_field(mut self, name: impl Into<String>) -> Self {
        self.own().custom_fields.insert(name.into());
        self
    }

    /// What happens when a contact is created that is there: with the same identifier from the same
    /// source. Another one is created unless told, because what the API does is not known.
    #[must_use]
    pub fn duplicates(mut self, duplicates: Duplicates) -> Self {
        self.duplicates = Some(duplicates);
        self
    }

    /// The port of the loopback address; a free one unless told.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Remembers contacts in a file, which is made where it is not there.
    #[must_use]
    pub fn state(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When the port cannot be bound, or the file of the state not be used.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let of_account = self.account.as_ref().map(|account| account.duplicates);
        let duplicates = self.duplicates.or(of_account).unwrap_or_default();
        let mut builder = sandbox::Sandbox::of(contract()?)
            .port(self.port)
            .unique(CONTACTS, KEY, duplicates.into())
            .rules(OfAccount(self.account));
        if let Some(state) = self.state {
            builder = builder.state(state);
        }
        builder.start().await.map(Sandbox)
    }

    fn own(&mut self) -> &mut Account {
        self.account.get_or_insert_default()
    }
}

impl Sandbox {
    /// A server whose account has what is said, or whatever is named where nothing is said.
    ///
    /// ```
    /// use callbell::types::{CreateContactRequest, Source};
    /// use callbell::{ApiKey, Client};
    /// use callbell_sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().tag("Interested").user("agent@example.com").start().await?;
    /// let client = Client::builder(&ApiKey::new("YOUR_API_KEY")?)
    ///     .base_url(sandbox.url())
    ///     .build()?;
    ///
    /// let john = CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp);
    /// let contact = client.create_contact(&john.clone().tags(["Interested"])).await?;
    /// assert_eq!(sandbox.members("/contacts").len(), 1);
    ///
    /// let error = client.create_contact(&john.tags(["Call back"])).await.unwrap_err();
    /// assert_eq!(error.body(), br#"{"error":"the account has no tag `Call back`"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts a server on a free port of the loopback address, whose account has whatever is named.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
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
fn contract() -> Result<Checked, Error> {
    let source = Source::new("openapi/callbell.yaml", DOCUMENT);
    lint::admit(Document::parse(source.clone())).map_err(|rejected| {
        let findings = rejected.findings;
        Error::Contract(Found { source, findings })
    })
}
