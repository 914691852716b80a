//! The operations of a checked document, typed: what a server needs to answer
//! and a test to ask.

use serde_json::Value;

use crate::document::Checked;
use crate::schema::{Direction, Schema, SchemaError, Schemas};
use crate::source::Node;
use crate::walk::{METHODS, join};

/// The media type that this workspace speaks.
const JSON: &str = "application/json";

/// The extension that says whether an operation is idempotent, where its method does not.
pub const IDEMPOTENT: &str = "x-idempotent";

/// Whether a method in lower case is idempotent by itself (RFC 9110, section 9.2.2).
pub fn is_idempotent(method: &str) -> bool {
    METHODS.contains(&method) && !matches!(method, "post" | "patch")
}

/// The extension of an answer with which the API says that it did not process the
/// request.
pub const NOT_PROCESSED: &str = "x-not-processed";

/// What a server and its callers agree on.
#[derive(Debug)]
pub struct Api {
    /// The first server's URL, without a trailing slash.
    pub base_url: Option<String>,
    /// How often the API may be called.
    pub rate_limit: Option<RateLimit>,
    /// The operations in the order of the document.
    pub operations: Vec<Operation>,
}

/// `x-rate-limit`: how often an API may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many requests
    pub requests: u32,
    /// in so many seconds.
    pub seconds: u32,
}

/// One method on one path.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path with its variables in braces.
    pub path: String,
    /// Whether the caller must send a bearer token.
    pub needs_bearer: bool,
    /// What the caller sends.
    pub request: Option<Body>,
    /// Whether the caller must send it.
    pub request_is_required: bool,
    /// What the server answers.
    pub responses: Vec<Response>,
}

/// JSON content: its schema and its examples.
#[derive(Debug)]
pub struct Body {
    /// The schema, when there is one.
    pub schema: Option<Schema>,
    /// Name and value of each example.
    pub examples: Vec<(String, Value)>,
}

/// One answer of an operation.
#[derive(Debug)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// Name and example of each header that has one.
    pub headers: Vec<(String, String)>,
    /// The JSON content, when there is any.
    pub body: Option<Body>,
}

impl Api {
    /// Reads the operations of a document.
    ///
    /// # Errors
    /// When a schema cannot be used. The gate finds that for every schema that
    /// has an example.
    pub fn new(checked: &Checked) -> Result<Self, SchemaError> {
        let root = checked.document().root();
        let schemas = Schemas::new(checked.document().to_json());
        let reader = Reader { root, schemas };
        let mut operations = Vec::new();
        for (path, item) in root.get("paths").into_iter().flat_map(Node::entries) {
            for (method, operation) in item.node.entries() {
                if METHODS.contains(&method) {
                    operations.push(reader.operation(path, method, &operation.node)?);
                }
            }
        }
        Ok(Self {
            base_url: base_url(root),
            rate_limit: rate_limit(root),
            operations,
        })
    }
}

/// The URL of the first server, without a trailing slash and with the defaults of its
/// variables; nothing where it depends on where the document was found (`OpenAPI` 3.0.3,
/// section 4.7.5).
pub fn base_url(root: &Node) -> Option<String> {
    let server = root.get("servers")?.items().next()?;
    let mut url = server.get("url")?.as_str()?.to_owned();
    let variables = server.get("variables").into_iter().flat_map(Node::entries);
    for (name, variable) in variables {
        if let Some(default) = variable.node.get("default").and_then(Node::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    let is_absolute = url.starts_with("https://") || url.starts_with("http://");
    is_absolute.then(|| url.trim_end_matches('/').to_owned())
}

/// The `x-rate-limit` of the document.
pub fn rate_limit(root: &Node) -> Option<RateLimit> {
    let number = |key| {
        let value = root.get("x-rate-limit")?.get(key)?.to_json().as_u64()?;
        u32::try_from(value).ok().filter(|number| *number > 0)
    };
    Some(RateLimit {
        requests: number("requests")?,
        seconds: number("seconds")?,
    })
}

struct Reader<'a> {
    root: &'a Node,
    schemas: Schemas,
}

impl<'a> Reader<'a> {
    fn operation(&self, path: &str, method: &str, node: &Node) -> Result<Operation, SchemaError> {
        let at = join(&join("/paths", path), method);
        let request = self.follow(join(&at, "requestBody"));
        let request_is_required = request
            .as_ref()
            .and_then(|(_, node)| node.get("required"))
            .is_some_and(|required| required.to_json() == Value::Bool(true));
        let mut responses = Vec::new();
        for (status, _) in node.get("responses").into_iter().flat_map(Node::entries) {
            if let Some((at, response)) = self.follow(join(&join(&at, "responses"), status)) {
                responses.push(Response {
                    status: status.to_owned(),
                    headers: self.headers(&at, response),
                    body: self.body(&at, response, Direction::Response)?,
                });
            }
        }
        let id = node.get("operationId").and_then(Node::as_str);
        Ok(Operation {
            id: id.unwrap_or_default().to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            needs_bearer: self.needs_bearer(node),
            request: match &request {
                Some((at, node)) => self.body(at, node, Direction::Request)?,
                None => None,
            },
            request_is_required,
            responses,
        })
    }

    /// An operation's own security takes the place of the document's (`OpenAPI`
    /// 3.0.3, section 4.7.10).
    fn needs_bearer(&self, operation: &Node) -> bool {
        let security = operation.get("security").or(self.root.get("security"));
        let requirements: Vec<_> = security.into_iter().flat_map(Node::items).collect();
        let is_bearer = |name: &str| {
            let at = join("/components/securitySchemes", name);
            let scheme = self.follow(at).and_then(|(_, node)| node.get("scheme"));
            scheme
                .and_then(Node::as_str)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
        };
        !requirements.is_empty()
            && requirements
                .iter()
                .all(|requirement| requirement.entries().any(|(name, _)| is_bearer(name)))
    }

    fn headers(&self, at: &str, response: &Node) -> Vec<(String, String)> {
        let names = response.get("headers").into_iter().flat_map(Node::entries);
        names
            .filter_map(|(name, _)| {
                let (at, header) = self.follow(join(&join(at, "headers"), name))?;
                let example = match header.get("example") {
                    Some(example) => example.to_json(),
                    None => self.examples(&at, header).into_iter().next()?.1,
                };
                let text = match example {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                Some((name.to_owned(), text))
            })
            .collect()
    }

    fn body(
        &self,
        at: &str,
        node: &Node,
        direction: Direction,
    ) -> Result<Option<Body>, SchemaError> {
        let Some(media_type) = node.get("content").and_then(|content| content.get(JSON)) else {
            return Ok(None);
        };
        let at = join(&join(at, "content"), JSON);
        let schema = match media_type.get("schema") {
            Some(_) => Some(self.schemas.get(&join(&at, "schema"), direction)?),
            None => None,
        };
        let mut examples = self.examples(&at, media_type);
        if let Some(example) = media_type.get("example") {
            examples.push(("example".to_owned(), example.to_json()));
        }
        Ok(Some(Body { schema, examples }))
    }

    fn examples(&self, at: &str, holder: &Node) -> Vec<(String, Value)> {
        let names = holder.get("examples").into_iter().flat_map(Node::entries);
        names
            .filter_map(|(name, _)| {
                let (_, example) = self.follow(join(&join(at, "examples"), name))?;
                Some((name.to_owned(), example.get("value")?.to_json()))
            })
            .collect()
    }

    /// The node at a pointer with its references followed, and where it stands.
    fn follow(&self, pointer: String) -> Option<(String, &'a Node)> {
        let mut pointer = pointer;
        // It ends: the gate has refused circles.
        loop {
            let node = self.root.pointer(&pointer)?;
            match node.get("$ref").and_then(Node::as_str) {
                None => return Some((pointer, node)),
                Some(reference) => pointer = crate::walk::pointer(reference)?,
            }
        }
    }
}
