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
    Encoding,
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
            Self::Encoding => "encoding",
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

/// How an object holds others under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    One,
    List,
    Map,
}

use Kind::{
    Callback, Encoding, Header, MediaType, Operation, Other, Parameter, PathItem, RequestBody,
    Response, Schema,
};
use Shape::{List, Map, One};

/// The sections of `components`.
const COMPONENTS: [(&str, Kind); 10] = [
    ("schemas", Schema),
    ("responses", Response),
    ("parameters", Parameter),
    ("examples", Other),
    ("requestBodies", RequestBody),
    ("headers", Header),
    ("securitySchemes", Other),
    ("links", Other),
    ("callbacks", Callback),
    // From 3.1 on.
    ("pathItems", PathItem),
];

/// The keywords of a schema that are about values of one type, but for `format`.
pub(crate) const TYPED: [(&str, &[&str]); 4] = [
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

/// What stands in an object of a kind.
fn children(kind: Kind) -> &'static [(&'static str, Shape, Kind)] {
    match kind {
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
        ],
        Operation => &[
            ("parameters", List, Parameter),
            ("requestBody", One, RequestBody),
            ("responses", Map, Response),
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
        ],
        // Its keys are expressions; `visit` and `rewrite` know.
        Callback | Other => &[],
    }
}

/// Whether a key of a mapping of objects is an extension, which only these may have.
fn is_extension(mapping: &str, at: &str, key: &str) -> bool {
    let extensible = ["callbacks", "paths", "responses"].contains(&mapping) && at != "/components";
    extensible && key.starts_with("x-")
}

/// All objects in the order of the document. References are not followed.
pub(crate) fn sites(root: &Node) -> Vec<Site<'_>> {
    let mut walk = Walk::default();
    walk.child("paths", Map, PathItem, "", root, Direction::Request);
    if let Some(components) = root.get("components") {
        for (section, kind) in COMPONENTS {
            let direction = match kind {
                Parameter | RequestBody | Callback | PathItem => Direction::Request,
                _ => Direction::Response,
            };
            walk.child(section, Map, kind, "/components", components, direction);
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
        if kind == Callback {
            for (key, entry) in node.entries().filter(|(key, _)| !key.starts_with("x-")) {
                self.visit(PathItem, join(&pointer, key), &entry.node, direction);
            }
        }
        // In the order of the document.
        for (key, _) in node.entries() {
            let known = children(kind).iter().find(|(known, ..)| *known == key);
            if let Some((key, shape, kind)) = known {
                let direction = match kind {
                    Response => Direction::Response,
                    _ => direction,
                };
                self.child(key, *shape, *kind, &pointer, node, direction);
            }
        }
    }

    fn child(
        &mut self,
        key: &str,
        shape: Shape,
        kind: Kind,
        at: &str,
        node: &'a Node,
        direction: Direction,
    ) {
        let Some(child) = node.get(key) else {
            return;
        };
        let pointer = join(at, key);
        match shape {
            One => self.visit(kind, pointer, child, direction),
            List => {
                for (index, item) in child.items().enumerate() {
                    self.visit(kind, format!("{pointer}/{index}"), item, direction);
                }
            }
            Map => {
                for (name, entry) in child.entries() {
                    if !is_extension(key, at, name) {
                        self.visit(kind, join(&pointer, name), &entry.node, direction);
                    }
                }
            }
        }
    }
}

/// Lets `rewrite` change every object of a document, what holds others before what it
/// holds. References are not followed.
pub(crate) fn rewrite(root: &mut Node, rewrite: &mut dyn FnMut(Kind, &mut Node)) {
    rewrite_child(root, "paths", Map, PathItem, "", rewrite);
    if let Some(components) = root.get_mut("components") {
        for (section, kind) in COMPONENTS {
            rewrite_child(components, section, Map, kind, "/components", rewrite);
        }
    }
}

/// The same for an object and what it holds.
pub(crate) fn rewrite_from(node: &mut Node, kind: Kind, rewrite: &mut dyn FnMut(Kind, &mut Node)) {
    if node.as_object().is_none() {
        return;
    }
    rewrite(kind, node);
    if node.get("$ref").is_some() {
        return;
    }
    if kind == Callback {
        for (key, entry) in node.as_object_mut().into_iter().flatten() {
            if !key.starts_with("x-") {
                rewrite_from(&mut entry.node, PathItem, rewrite);
            }
        }
    }
    for (key, shape, kind) in children(kind) {
        rewrite_child(node, key, *shape, *kind, "", rewrite);
    }
}

fn rewrite_child(
    node: &mut Node,
    key: &str,
    shape: Shape,
    kind: Kind,
    at: &str,
    rewrite: &mut dyn FnMut(Kind, &mut Node),
) {
    let Some(child) = node.get_mut(key) else {
        return;
    };
    match shape {
        One => rewrite_from(child, kind, rewrite),
        List => {
            for item in child.as_array_mut().into_iter().flatten() {
                rewrite_from(item, kind, rewrite);
            }
        }
        Map => {
            for (name, entry) in child.as_object_mut().into_iter().flatten() {
                if !is_extension(key, at, name) {
                    rewrite_from(&mut entry.node, kind, rewrite);
                }
            }
        }
    }
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

/// Puts a schema among the components, which are there after that.
pub(crate) fn set_component(root: &mut Node, name: &str, schema: Node) {
    let span = root.span.first_line();
    let empty = || Node::new(Object::new(), span);
    if root.get("components").is_none() {
        root.set("components", empty());
    }
    let Some(components) = root.get_mut("components") else {
        return;
    };
    if components.get("schemas").is_none() {
        components.set("schemas", empty());
    }
    if let Some(schemas) = components.get_mut("schemas") {
        schemas.set(name, schema);
    }
}
