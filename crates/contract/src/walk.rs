//! Every object of a document with its kind (`OpenAPI` 3.0.3, section 4.7), so
//! that a rule can ask for "all schemas" without knowing where they may stand.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use crate::schema::Direction;
use crate::source::{Node, Object, tokens};

mod methods;
mod place;

use Kind::{
    Callback, Components, Document, Parameter, PathItem, Plain, RequestBody, Response, Schema,
};
pub use methods::{operation_at, operations, operations_mut, remove_operation};
pub use place::{DEFINITIONS, Kind, METHODS, Place, TYPED};
use place::{children, counts_beside_reference, keys};

/// One object and where it stands.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// What it is.
    pub kind: Kind,
    /// JSON Pointer from the root.
    pub pointer: String,
    /// The object itself.
    pub node: &'a Node,
    /// Which way a value of it travels.
    pub direction: Direction,
    /// Whether it belongs to a request that the server sends.
    pub in_callback: bool,
    /// Whether other schemas say more of the same value.
    pub in_composition: bool,
}

/// All objects in the order of the document. References are not followed.
#[must_use]
pub fn sites(root: &Node) -> Vec<Site<'_>> {
    sites_from(root, Document)
}

/// The same of an object and what it holds.
#[must_use]
pub fn sites_from(node: &Node, kind: Kind) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let way = Way {
        direction: Direction::Request,
        in_callback: false,
        in_composition: false,
    };
    visit(Place::Object(kind), String::new(), node, way, &mut sites);
    sites
}

/// What is known of an object from what holds it.
#[derive(Clone, Copy)]
struct Way {
    direction: Direction,
    in_callback: bool,
    in_composition: bool,
}

impl Way {
    /// The same for what an object holds under a key.
    fn under(self, holder: Kind, key: &str, place: Place) -> Self {
        let direction = match (holder, place) {
            (Document, _) => Direction::Request,
            (Components, Place::Map(Parameter | RequestBody | Callback | PathItem)) => {
                Direction::Request
            }
            (Components, _) | (_, Place::Open(Response)) => Direction::Response,
            _ => self.direction,
        };
        Self {
            direction,
            in_callback: self.in_callback || place == Place::Map(Callback),
            in_composition: holder == Schema && ["allOf", "anyOf", "oneOf"].contains(&key),
        }
    }
}

fn visit<'a>(place: Place, pointer: String, node: &'a Node, way: Way, sites: &mut Vec<Site<'a>>) {
    let kind = match place {
        Place::Data | Place::Object(Plain) => return,
        Place::List(_) => {
            for (index, item) in node.items().enumerate() {
                visit(
                    place.under(""),
                    format!("{pointer}/{index}"),
                    item,
                    way,
                    sites,
                );
            }
            return;
        }
        Place::Map(_) | Place::Open(_) => {
            for (name, entry) in node.entries() {
                visit(
                    place.under(name),
                    join(&pointer, name),
                    &entry.node,
                    way,
                    sites,
                );
            }
            return;
        }
        Place::Object(kind) if node.as_object().is_some() => kind,
        Place::Object(_) => return,
    };
    if kind.is_site() {
        sites.push(Site {
            kind,
            pointer: pointer.clone(),
            node,
            direction: way.direction,
            in_callback: way.in_callback,
            in_composition: way.in_composition,
        });
    }
    let is_reference = node.get("$ref").is_some();
    for key in keys(kind, node) {
        if let Some(child) = node.get(key)
            && (!is_reference || counts_beside_reference(kind, key))
        {
            let place = place.under(key);
            let way = way.under(kind, key, place);
            visit(place, join(&pointer, key), child, way, sites);
        }
    }
}

/// Lets `rewrite` change every object of a document, what holds others before what it
/// holds. References are not followed.
pub fn rewrite(root: &mut Node, rewrite: &mut dyn FnMut(Kind, &mut Node)) {
    rewrite_from(root, Document, rewrite);
}

/// The same for an object and what it holds.
pub fn rewrite_from(node: &mut Node, kind: Kind, rewrite: &mut dyn FnMut(Kind, &mut Node)) {
    rewrite_at(Place::Object(kind), node, rewrite);
}

fn rewrite_at(place: Place, node: &mut Node, rewrite: &mut dyn FnMut(Kind, &mut Node)) {
    let kind = match place {
        Place::Data | Place::Object(Plain) => return,
        Place::List(_) => {
            for item in node.as_array_mut().into_iter().flatten() {
                rewrite_at(place.under(""), item, rewrite);
            }
            return;
        }
        Place::Map(_) | Place::Open(_) => {
            for (name, entry) in node.as_object_mut().into_iter().flatten() {
                rewrite_at(place.under(name), &mut entry.node, rewrite);
            }
            return;
        }
        Place::Object(kind) if node.as_object().is_some() => kind,
        Place::Object(_) => return,
    };
    if kind.is_site() {
        rewrite(kind, node);
    }
    let is_reference = node.get("$ref").is_some();
    if kind == Callback && !is_reference {
        for (key, entry) in node.as_object_mut().into_iter().flatten() {
            rewrite_at(place.under(key), &mut entry.node, rewrite);
        }
    }
    for (key, ..) in children(kind) {
        if let Some(child) = node.get_mut(key)
            && (!is_reference || counts_beside_reference(kind, key))
        {
            rewrite_at(place.under(key), child, rewrite);
        }
    }
}

/// A JSON Pointer one step further (RFC 6901).
pub fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// What a node refers to, followed to the end; itself when it refers to nothing.
pub fn resolve<'a>(root: &'a Node, node: &'a Node) -> Option<&'a Node> {
    let mut node = node;
    let (mut behind, mut steps) = (node, 0_usize);
    while let Some(reference) = node.get("$ref").and_then(Node::as_str) {
        node = root.pointer(&pointer(reference)?)?;
        // Whoever goes round in circles meets a place that they left (Brent, 1980). The circle is
        // found by its own rule.
        if std::ptr::eq(node, behind) {
            return None;
        }
        steps += 1;
        if steps.is_power_of_two() {
            behind = node;
        }
    }
    Some(node)
}

/// So deep a schema may extend others, in `allOf` below `allOf`.
const DEEPEST: usize = 64;

/// A schema and what it extends, each once: what is extended comes first.
pub fn parts<'a>(root: &'a Node, schema: &'a Node) -> Vec<&'a Node> {
    let mut seen = HashSet::new();
    let mut levels: Vec<Vec<&Node>> = Vec::new();
    let mut level = vec![schema];
    while !level.is_empty() && levels.len() < DEEPEST {
        let ends = level.iter().filter_map(|part| resolve(root, part));
        let new: Vec<&Node> = ends
            .filter(|part| seen.insert(std::ptr::from_ref(*part)))
            .collect();
        let below = new.iter().filter_map(|part| part.get("allOf"));
        level = below.flat_map(Node::items).collect();
        levels.push(new);
    }
    levels.into_iter().rev().flatten().collect()
}

/// The properties that a schema requires by itself.
pub fn required(schema: &Node) -> impl Iterator<Item = &str> {
    let names = schema.get("required").into_iter().flat_map(Node::items);
    names.filter_map(Node::as_str)
}

/// The JSON Pointer in a reference into the same document (RFC 6901, section 6);
/// `None` for a reference to elsewhere.
pub fn pointer(reference: &str) -> Option<String> {
    let fragment = percent_decode_str(reference.strip_prefix('#')?);
    Some(fragment.decode_utf8_lossy().into_owned())
}

/// The name of the component that a reference is to, if it is to one.
pub fn component(reference: &str) -> Option<String> {
    let pointer = pointer(reference)?;
    let mut steps = tokens(pointer.strip_prefix("/components/schemas")?)?;
    steps.next().filter(|_| steps.next().is_none())
}

/// Puts a schema among the components, which are there after that.
pub fn set_component(root: &mut Node, name: &str, schema: Node) {
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
