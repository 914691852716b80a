//! The operations of a document, typed, each thing with its place: what lint, client, sandbox,
//! samples and documentation say of a call, read once.
//!
//! [`Checked::api`](crate::Checked::api) reads the document as it was written, before anything is
//! brought down to 3.0. What is malformed is left out: saying so is the rules' business.

use serde_json::{Map, Value};

use crate::source::{Node, Span};
use crate::walk::METHODS;

mod body;
mod pagination;
mod parameter;
mod reader;
mod related;
mod response;
mod sandbox;
mod security;
mod server;
mod webhook;

pub use body::{Encoding, Example, MediaType, RequestBody, SchemaAt};
pub use pagination::{Input, Malformed, PAGINATION, PAGINATIONS, Pagination, Step};
pub use parameter::{Header, Location, Parameter, Style};
pub use related::{Contact, ExternalDocs, License, Link};
pub use response::{Response, Status};
pub use sandbox::{Action, Remembered, SANDBOX, Sandboxed};
pub use security::{Flow, Requirement, Scheme, SecurityScheme};
pub use server::{Server, Variable};
pub use webhook::{WEBHOOK_SIGNATURE, WebhookSignature};

use reader::Reader;

/// The extension that says whether an operation is idempotent, where its method does not.
pub const IDEMPOTENT: &str = "x-idempotent";

/// The extension that says that an operation has a key by which it knows a request that comes again:
/// of the operation, or of a parameter that is a header.
pub const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

/// The extension of a response with which the API says that it did not process the request.
pub const NOT_PROCESSED: &str = "x-not-processed";

/// Whether a method in lower case is idempotent by itself (RFC 9110, section 9.2.2).
pub fn is_idempotent(method: &str) -> bool {
    METHODS.contains(&method) && !matches!(method, "post" | "patch")
}

/// What a server and its callers agree on.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// What it is called.
    pub info: Info,
    /// Where the API is found, in order.
    pub servers: Vec<Server>,
    /// How often the API may be called.
    pub rate_limit: Option<RateLimit>,
    /// The groups of operations, in order.
    pub tags: Vec<Tag>,
    /// How callers show who they are.
    pub security_schemes: Vec<SecurityScheme>,
    /// What callers call, in the order of the document.
    pub operations: Vec<Operation>,
    /// What the API calls by itself (`OpenAPI` 3.1.1, section 4.8.1).
    pub webhooks: Vec<Callback>,
    /// How events are signed that the server sends, if that is said.
    pub webhook_signature: Option<WebhookSignature>,
    /// More of it, elsewhere.
    pub external_docs: Option<ExternalDocs>,
}

/// What an API is called (`OpenAPI` 3.0.3, section 4.7.2).
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// Its name.
    pub title: String,
    /// The version of the document.
    pub version: String,
    /// What it is for, in a line.
    pub summary: Option<String>,
    /// What it is for, as Markdown.
    pub description: Option<String>,
    /// The address of what callers agree to.
    pub terms_of_service: Option<String>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// What may be done with it.
    pub license: Option<License>,
}

/// `x-rate-limit`: how often an API may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many requests
    pub requests: u32,
    /// in so many seconds.
    pub seconds: u32,
}

/// A group of operations (`OpenAPI` 3.0.3, section 4.7.22).
#[derive(Clone, Debug)]
pub struct Tag {
    /// What operations call it.
    pub name: String,
    /// What it is about, as Markdown.
    pub description: Option<String>,
    /// More of it, elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// Where it stands.
    pub origin: Origin,
}

/// Where something stands, its references followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// JSON Pointer from the root of the document.
    pub pointer: String,
    /// Where that is in the text.
    pub span: Span,
}

/// What objects say in keys that begin with `x-`.
pub type Extensions = Map<String, Value>;

/// One method on one path (`OpenAPI` 3.0.3, section 4.7.10).
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: Option<String>,
    /// The HTTP method as it is sent: `POST`.
    pub method: String,
    /// The path with its variables in braces; the expression of a callback, the name of a
    /// webhook.
    pub path: String,
    /// What it does, in a line.
    pub summary: Option<String>,
    /// What it does, as Markdown.
    pub description: Option<String>,
    /// The groups that it is in.
    pub tags: Vec<String>,
    /// Whether callers should do without it.
    pub deprecated: bool,
    /// Those of the path and its own, which take the place of the path's.
    pub parameters: Vec<Parameter>,
    /// What the caller sends.
    pub request: Option<RequestBody>,
    /// What the server answers, in the order of the document.
    pub responses: Vec<Response>,
    /// Any of these lets the caller in; `None` where the document says nothing of it, empty
    /// where everybody may call.
    pub security: Option<Vec<Requirement>>,
    /// Where it is found: its own servers, else the path's, else the document's.
    pub servers: Vec<Server>,
    /// What the API calls in turn.
    pub callbacks: Vec<Callback>,
    /// More of it, elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// Whether calling it twice is as calling it once, by its method or by [`IDEMPOTENT`].
    pub idempotent: bool,
    /// How its pages follow one another, if it has pages.
    pub pagination: Option<Pagination>,
    /// What else it says.
    pub extensions: Extensions,
    /// Where it stands.
    pub origin: Origin,
}

/// Requests that the server sends (`OpenAPI` 3.0.3, section 4.7.18).
#[derive(Clone, Debug)]
pub struct Callback {
    /// What the document calls it.
    pub name: String,
    /// The requests.
    pub operations: Vec<Operation>,
}

impl Api {
    /// Reads the operations of a document, whatever its version.
    ///
    /// ```
    /// use contract::operation::{Api, Location};
    /// use contract::{Document, Source};
    ///
    /// let text = "paths: {'/pets/{id}': {get: {parameters: [{name: id, in: path, required: true}]}}}";
    /// let document = Document::parse(Source::new("pets.yaml", text));
    /// let api = Api::read(document.root());
    /// assert_eq!(api.operations[0].title(), "GET /pets/{id}");
    /// assert_eq!(api.operations[0].parameters[0].location, Location::Path);
    /// ```
    #[must_use]
    pub fn read(root: &Node) -> Self {
        Reader::new(root).api()
    }

    /// The first server's URL with the defaults of its variables, without a trailing slash;
    /// nothing where it depends on where the document was found (`OpenAPI` 3.0.3, section
    /// 4.7.5), or on a variable that is declared nowhere.
    #[must_use]
    pub fn base_url(&self) -> Option<String> {
        let url = self.servers.first()?.resolved();
        let is_absolute = url.starts_with("https://") || url.starts_with("http://");
        // A variable that nobody declares has no value.
        (is_absolute && !url.contains('{')).then(|| url.trim_end_matches('/').to_owned())
    }

    /// The scheme of a name that requirements have.
    #[must_use]
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.security_schemes
            .iter()
            .find(|scheme| scheme.name == name)
    }

    /// The operations with what the API calls in turn, and its webhooks.
    pub fn all(&self) -> impl Iterator<Item = &Operation> {
        let webhooks = self.webhooks.iter().flat_map(|hook| &hook.operations);
        let mut left: Vec<&Operation> = self.operations.iter().chain(webhooks).collect();
        left.reverse();
        std::iter::from_fn(move || {
            let next = left.pop()?;
            let inner = next.callbacks.iter().flat_map(|call| &call.operations);
            left.extend(inner.rev());
            Some(next)
        })
    }
}

impl Operation {
    /// The header with the key by which the API knows a request that comes again: the one that says
    /// so ([`IDEMPOTENCY_KEY`]), or that is called `Idempotency-Key`
    /// (draft-ietf-httpapi-idempotency-key-header, section 2).
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        const USUAL: &str = "Idempotency-Key";
        let says = |extensions: &Extensions| extensions.get(IDEMPOTENCY_KEY) == Some(&true.into());
        let parameters = self.parameters.iter();
        let mut headers = parameters.filter(|one| one.location == Location::Header);
        let declared =
            headers.find(|one| one.name.eq_ignore_ascii_case(USUAL) || says(&one.extensions));
        let declared = declared.map(|one| one.name.as_str());
        declared.or_else(|| says(&self.extensions).then_some(USUAL))
    }

    /// Method and path: `POST /contacts`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What is said of a status: by its code, else by its range, else by `default` (`OpenAPI`
    /// 3.0.3, section 4.7.16).
    #[must_use]
    pub fn response(&self, status: u16) -> Option<&Response> {
        let covering = self.responses.iter().filter(|r| r.status.covers(status));
        covering.min_by_key(|response| response.status)
    }

    /// Whether a response with the status says that the request was not processed: by
    /// [`NOT_PROCESSED`], or as RFC 6585 (section 4) defines 429.
    #[must_use]
    pub fn is_not_processed(&self, status: u16) -> bool {
        let stated = self
            .response(status)
            .filter(|r| r.status != Status::Default);
        let stated = stated.and_then(|response| response.not_processed);
        stated.unwrap_or(status == 429)
    }
}
