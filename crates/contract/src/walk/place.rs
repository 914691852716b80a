//! What stands where: which objects an object of a kind holds (`OpenAPI` 3.0.3, section 4.7), so
//! that a word is told from a keyword by its place.

use crate::source::{Node, tokens};

/// The HTTP methods that a path item may have, as keys; the last is of 3.2.
pub const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `OpenAPI` 3.0.3, section 4.7.1.
    Document,
    /// `OpenAPI` 3.0.3, section 4.7.7.
    Components,
    /// `OpenAPI` 3.0.3, section 4.7.9.
    PathItem,
    /// `OpenAPI` 3.0.3, section 4.7.10.
    Operation,
    /// `OpenAPI` 3.0.3, section 4.7.12.
    Parameter,
    /// `OpenAPI` 3.0.3, section 4.7.21.
    Header,
    /// `OpenAPI` 3.0.3, section 4.7.13.
    RequestBody,
    /// `OpenAPI` 3.0.3, section 4.7.17.
    Response,
    /// `OpenAPI` 3.0.3, section 4.7.14.
    MediaType,
    /// `OpenAPI` 3.0.3, section 4.7.15.
    Encoding,
    /// `OpenAPI` 3.0.3, section 4.7.24.
    Schema,
    /// `OpenAPI` 3.0.3, section 4.7.18.
    Callback,
    /// Other objects that may be referred to: examples, links, security schemes.
    Other,
    /// Objects that nothing refers to: `info`, servers, tags.
    Plain,
}

impl Kind {
    /// The word for it in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Components => "section of components",
            Self::PathItem => "path item",
            Self::Operation => "method of a path",
            Self::Parameter => "parameter",
            Self::Header => "header",
            Self::RequestBody => "request body",
            Self::Response => "response",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Schema => "schema",
            Self::Callback => "callback",
            Self::Other => "component of another kind",
            Self::Plain => "part of another object",
        }
    }

    /// Whether it is one of those that rules and passes ask for.
    pub(super) fn is_site(self) -> bool {
        !matches!(self, Self::Document | Self::Components | Self::Plain)
    }
}

/// How an object holds others under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    List,
    /// Under names that somebody chose.
    Map,
    /// The same, and `x-` begins an extension.
    Open,
}

use Kind::{
    Callback, Components, Document, Encoding, Header, MediaType, Operation, Other, Parameter,
    PathItem, Plain, RequestBody, Response, Schema,
};
use Shape::{List, Map, One, Open};

/// The keywords of a schema that are about values of one type, but for `format`.
pub const TYPED: [(&str, &[&str]); 4] = [
    (
        "object",
        &[
            "properties",
            "additionalProperties",
            "required",
            "minProperties",
            "maxProperties",
        ],
    ),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("string", &["pattern", "minLength", "maxLength"]),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
];

/// Where schemas are defined that nothing but references makes part of a value.
pub const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// What stands in an object of a kind, in 3.0 and, at the end, in what is newer.
pub(super) fn children(kind: Kind) -> &'static [(&'static str, Shape, Kind)] {
    match kind {
        Document => &[
            ("paths", Open, PathItem),
            ("components", One, Components),
            ("webhooks", Map, PathItem),
        ],
        Components => &[
            ("schemas", Map, Schema),
            ("responses", Map, Response),
            ("parameters", Map, Parameter),
            ("examples", Map, Other),
            ("requestBodies", Map, RequestBody),
            ("headers", Map, Header),
            ("securitySchemes", Map, Other),
            ("links", Map, Other),
            ("callbacks", Map, Callback),
            ("pathItems", Map, PathItem),
        ],
        PathItem => &[
            ("parameters", List, Parameter),
            ("get", One, Operation),
            ("put", One, Operation),
            ("post", One, Operation),
            ("delete", One, Operation),
            ("options", One, Operation),
            ("head", One, Operation),
            ("patch", One, Operation),
            ("trace", One, Operation),
            ("query", One, Operation),
            ("additionalOperations", Map, Operation),
        ],
        Operation => &[
            ("parameters", List, Parameter),
            ("requestBody", One, RequestBody),
            ("responses", Open, Response),
            ("callbacks", Map, Callback),
        ],
        Parameter | Header => &[
            ("schema", One, Schema),
            ("content", Map, MediaType),
            ("examples", Map, Other),
        ],
        RequestBody => &[("content", Map, MediaType)],
        Response => &[
            ("headers", Map, Header),
            ("content", Map, MediaType),
            ("links", Map, Other),
        ],
        MediaType => &[
            ("encoding", Map, Encoding),
            ("schema", One, Schema),
            ("examples", Map, Other),
            ("itemSchema", One, Schema),
        ],
        Encoding => &[("headers", Map, Header)],
        Schema => &[
            ("properties", Map, Schema),
            ("items", One, Schema),
            ("additionalProperties", One, Schema),
            ("not", One, Schema),
            ("allOf", List, Schema),
            ("anyOf", List, Schema),
            ("oneOf", List, Schema),
            ("$defs", Map, Schema),
            ("contains", One, Schema),
            ("contentSchema", One, Schema),
            ("definitions", Map, Schema),
            ("dependentSchemas", Map, Schema),
            ("else", One, Schema),
            ("if", One, Schema),
            ("patternProperties", Map, Schema),
            ("prefixItems", List, Schema),
            ("propertyNames", One, Schema),
            ("then", One, Schema),
            ("unevaluatedItems", One, Schema),
            ("unevaluatedProperties", One, Schema),
        ],
        // The keys of a callback are expressions; `Place::under` knows.
        Callback | Other => &[],
        // Of a server.
        Plain => &[("variables", Map, Plain)],
    }
}

/// What holds values, or names that mean nothing to us, wherever it is no keyword for objects.
const DATA: [&str; 13] = [
    "const",
    "default",
    "dependencies",
    "dependentRequired",
    "enum",
    "example",
    "examples",
    "mapping",
    "parameters",
    "requestBody",
    "scopes",
    "security",
    "value",
];

/// What stands at a place of a document. A word is a keyword in an object alone: in a mapping it
/// is a name that somebody chose, and in data it is data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One object.
    Object(Kind),
    /// Objects in a list.
    List(Kind),
    /// Objects under names.
    Map(Kind),
    /// The same, and `x-` begins an extension.
    Open(Kind),
    /// A value that is shown or demanded, or an extension.
    Data,
}

impl Place {
    /// Where a document begins.
    pub const ROOT: Self = Self::Object(Document);

    /// What stands under a key, or at an index.
    pub fn under(self, key: &str) -> Self {
        let is_extension = key.starts_with("x-");
        match self {
            Self::Data => Self::Data,
            Self::List(kind) | Self::Map(kind) => Self::Object(kind),
            Self::Open(_) | Self::Object(_) if is_extension => Self::Data,
            Self::Open(kind) => Self::Object(kind),
            Self::Object(Callback) => Self::Object(PathItem),
            Self::Object(kind) => {
                let known = children(kind).iter().find(|(known, ..)| *known == key);
                match known {
                    Some((_, One, kind)) => Self::Object(*kind),
                    Some((_, List, kind)) => Self::List(*kind),
                    Some((_, Map, kind)) => Self::Map(*kind),
                    Some((_, Open, kind)) => Self::Open(*kind),
                    None if DATA.contains(&key) => Self::Data,
                    None => Self::Object(Plain),
                }
            }
        }
    }

    /// What stands where a JSON Pointer from the root leads (RFC 6901).
    pub fn at(pointer: &str) -> Self {
        Self::along(pointer).last().unwrap_or(Self::ROOT)
    }

    /// Whether a JSON Pointer leads into a request that the server sends.
    pub fn is_in_callback(pointer: &str) -> bool {
        Self::along(pointer).any(|place| place == Self::Map(Callback))
    }

    /// The places that a JSON Pointer passes, after the root.
    fn along(pointer: &str) -> impl Iterator<Item = Self> {
        let tokens = tokens(pointer).into_iter().flatten();
        tokens.scan(Self::ROOT, |place, token| {
            *place = place.under(&token);
            Some(*place)
        })
    }
}

/// Whether what stands under a key of an object counts although the object refers to another:
/// of a path it does, and a schema may define what it refers to (`OpenAPI` 3.0.3, section 4.7.9;
/// JSON Schema 2020-12, section 8.2.4).
pub(super) fn counts_beside_reference(kind: Kind, key: &str) -> bool {
    kind == PathItem || kind == Schema && DEFINITIONS.contains(&key)
}

/// The keys of an object under which others stand, in the order in which they are visited: that
/// of the document, but for the sections of the document itself.
pub(super) fn keys(kind: Kind, node: &Node) -> Vec<&str> {
    match kind {
        Document | Components => children(kind).iter().map(|(key, ..)| *key).collect(),
        _ => node.entries().map(|(key, _)| key).collect(),
    }
}
