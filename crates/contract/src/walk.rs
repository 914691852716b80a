//! Every object of a document with its kind (`OpenAPI` 3.0.3, section 4.7), so
//! that a rule can ask for "all schemas" without knowing where they may stand.

use percent_encoding::percent_decode_str;

use crate::schema::Direction;
use crate::source::{Node, Object};

/// The HTTP methods that a path item may have, as keys.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Schema,
    Callback,
    /// Other objects that may be referred to: examples, links, security schemes.
    Other,
}

impl Kind {
    /// The word for it in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::PathItem => "path item",
            Self::Operation => "method of a path",
            Self::Parameter => "parameter",
            Self::Header => "header",
            Self::RequestBody => "request body",
            Self::Response => "response",
            Self::MediaType => "media type",
            Self::Schema => "schema",
            Self::Callback => "callback",
            Self::Other => "component of another kind",
        }
    }
}

/// One object and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) kind: Kind,
    /// JSON Pointer from the root.
    pub(crate) pointer: String,
    pub(crate) node: &'a Node,
    /// Which way a value of it travels.
    pub(crate) direction: Direction,
}

/// All objects in the order of the document. References are not followed.
pub(crate) fn sites(root: &Node) -> Vec<Site<'_>> {
    let mut walk = Walk::default();
    for (name, node) in children(root, "paths", "") {
        walk.visit(Kind::PathItem, name, node, Direction::Request);
    }
    if let Some(components) = root.get("components") {
        for (section, kind, direction) in [
            ("schemas", Kind::Schema, Direction::Response),
            ("responses", Kind::Response, Direction::Response),
            ("parameters", Kind::Parameter, Direction::Request),
            ("examples", Kind::Other, Direction::Response),
            ("requestBodies", Kind::RequestBody, Direction::Request),
            ("headers", Kind::Header, Direction::Response),
            ("securitySchemes", Kind::Other, Direction::Request),
            ("links", Kind::Other, Direction::Response),
            ("callbacks", Kind::Callback, Direction::Request),
        ] {
            for (pointer, node) in children(components, section, "/components") {
                walk.visit(kind, pointer, node, direction);
            }
        }
    }
    walk.sites
}

#[derive(Default)]
struct Walk<'a> {
    sites: Vec<Site<'a>>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, kind: Kind, pointer: String, node: &'a Node, direction: Direction) {
        let Some(object) = node.as_object() else {
            return;
        };
        self.sites.push(Site {
            kind,
            pointer: pointer.clone(),
            node,
            direction,
        });
        if object.contains_key("$ref") {
            return;
        }
        match kind {
            Kind::PathItem => self.path_item(&pointer, node, object),
            Kind::Operation => self.operation(&pointer, node),
            Kind::Parameter | Kind::Header => self.parameter(&pointer, node, direction),
            Kind::RequestBody => self.map(Kind::MediaType, "content", &pointer, node, direction),
            Kind::Response => {
                self.map(Kind::Header, "headers", &pointer, node, direction);
                self.map(Kind::MediaType, "content", &pointer, node, direction);
                self.map(Kind::Other, "links", &pointer, node, direction);
            }
            Kind::Callback => {
                for (key, entry) in node.entries().filter(|(key, _)| !key.starts_with("x-")) {
                    self.visit(Kind::PathItem, join(&pointer, key), &entry.node, direction);
                }
            }
            Kind::MediaType => {
                for (pointer, encoding) in children(node, "encoding", &pointer) {
                    self.map(Kind::Header, "headers", &pointer, encoding, direction);
                }
                self.one(Kind::Schema, "schema", &pointer, node, direction);
                self.map(Kind::Other, "examples", &pointer, node, direction);
            }
            Kind::Schema => self.schema(&pointer, node, direction),
            Kind::Other => {}
        }
    }

    fn path_item(&mut self, pointer: &str, node: &'a Node, object: &'a Object) {
        self.list(
            Kind::Parameter,
            "parameters",
            pointer,
            node,
            Direction::Request,
        );
        for (key, entry) in object {
            if METHODS.contains(&key.as_str()) {
                let pointer = join(pointer, key);
                self.visit(Kind::Operation, pointer, &entry.node, Direction::Request);
            }
        }
    }

    fn operation(&mut self, pointer: &str, node: &'a Node) {
        let request = Direction::Request;
        self.list(Kind::Parameter, "parameters", pointer, node, request);
        self.one(Kind::RequestBody, "requestBody", pointer, node, request);
        self.map(
            Kind::Response,
            "responses",
            pointer,
            node,
            Direction::Response,
        );
        self.map(Kind::Callback, "callbacks", pointer, node, request);
    }

    fn parameter(&mut self, pointer: &str, node: &'a Node, direction: Direction) {
        self.one(Kind::Schema, "schema", pointer, node, direction);
        self.map(Kind::MediaType, "content", pointer, node, direction);
        self.map(Kind::Other, "examples", pointer, node, direction);
    }

    fn schema(&mut self, pointer: &str, node: &'a Node, direction: Direction) {
        self.map(Kind::Schema, "properties", pointer, node, direction);
        for key in ["items", "additionalProperties", "not"] {
            self.one(Kind::Schema, key, pointer, node, direction);
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            self.list(Kind::Schema, key, pointer, node, direction);
        }
    }

    fn one(&mut self, kind: Kind, key: &str, at: &str, node: &'a Node, direction: Direction) {
        if let Some(child) = node.get(key) {
            self.visit(kind, join(at, key), child, direction);
        }
    }

    fn map(&mut self, kind: Kind, key: &str, at: &str, node: &'a Node, direction: Direction) {
        for (pointer, child) in children(node, key, at) {
            self.visit(kind, pointer, child, direction);
        }
    }

    fn list(&mut self, kind: Kind, key: &str, at: &str, node: &'a Node, direction: Direction) {
        let at = join(at, key);
        let items = node.get(key).into_iter().flat_map(Node::items);
        for (index, child) in items.enumerate() {
            self.visit(kind, format!("{at}/{index}"), child, direction);
        }
    }
}

/// The entries of the mapping under `key`, with their pointers, but for extensions.
fn children<'a>(node: &'a Node, key: &str, at: &str) -> Vec<(String, &'a Node)> {
    let at = join(at, key);
    let entries = node.get(key).into_iter().flat_map(Node::entries);
    // Of the mappings that name objects only these may be extended too.
    let extensible =
        ["callbacks", "paths", "responses"].contains(&key) && at != "/components/responses";
    entries
        .filter(|(name, _)| !(extensible && name.starts_with("x-")))
        .map(|(name, entry)| (join(&at, name), &entry.node))
        .collect()
}

/// A JSON Pointer one step further (RFC 6901).
pub(crate) fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// What a node refers to, followed to the end; itself when it refers to nothing.
pub(crate) fn resolve<'a>(root: &'a Node, node: &'a Node) -> Option<&'a Node> {
    let mut node = node;
    // No honest chain is longer; a cycle is found by its own rule.
    for _ in 0..32 {
        match node.get("$ref").and_then(Node::as_str) {
            None => return Some(node),
            Some(reference) => node = root.pointer(&pointer(reference)?)?,
        }
    }
    None
}

/// The JSON Pointer in a reference into the same document (RFC 6901, section 6);
/// `None` for a reference to elsewhere.
pub(crate) fn pointer(reference: &str) -> Option<String> {
    let fragment = percent_decode_str(reference.strip_prefix('#')?);
    Some(fragment.decode_utf8_lossy().into_owned())
}
