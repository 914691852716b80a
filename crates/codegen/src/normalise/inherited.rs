//! What the generator calls the types of properties that a type takes over from those that it
//! extends: it writes them anew, after the type that has them now.

use std::collections::{HashMap, HashSet};

use super::DEPTH;
use super::inheritance::component;
use super::type_names::{is_type, schemas};
use super::way::Way;
use contract::source::Node;

/// Every such name in the components, with what the type is called where it stands.
pub(super) fn names(document: &Node) -> HashMap<String, String> {
    let mut inherited = Inherited {
        document,
        names: HashMap::new(),
        seen: HashSet::new(),
    };
    for (name, schema) in schemas(document) {
        inherited.visit(schema, &Way::new(name), None, DEPTH);
    }
    inherited.names
}

struct Inherited<'a> {
    document: &'a Node,
    names: HashMap<String, String>,
    /// Which component was taken over by which type: many ways may lead to one.
    seen: HashSet<(String, String)>,
}

impl Inherited<'_> {
    /// Looks into a schema, which may stand elsewhere.
    fn visit(&mut self, schema: &Node, way: &Way, elsewhere: Option<&Way>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let properties = schema.get("properties").into_iter().flat_map(Node::entries);
        let below = properties.map(|(name, entry)| (name, &entry.node));
        let items = schema.get("items").map(|items| ("Item", items));
        let values = schema.get("additionalProperties");
        let values = values.map(|values| ("Value", values));
        for (name, held) in below.chain(items).chain(values) {
            if held.get("$ref").is_some() {
                continue;
            }
            let way = way.to(name);
            let elsewhere = elsewhere.map(|elsewhere| elsewhere.to(name));
            if let Some(elsewhere) = elsewhere.as_ref().filter(|_| is_type(held)) {
                let own = elsewhere.whole().to_owned();
                self.names.insert(way.whole().to_owned(), own);
            }
            self.visit(held, &way, elsewhere.as_ref(), depth);
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::items) {
            let extended = part.get("$ref").and_then(Node::as_str).and_then(component);
            let Some((name, extended)) =
                extended.and_then(|name| Some((name.clone(), self.component(&name)?)))
            else {
                self.visit(part, way, elsewhere, depth);
                continue;
            };
            let own = Way::new(&name);
            if self.seen.insert((way.whole().to_owned(), name)) {
                self.visit(extended, way, Some(&own), depth);
            }
        }
    }
}

impl<'a> Inherited<'a> {
    fn component(&self, name: &str) -> Option<&'a Node> {
        let schemas = self.document.get("components")?.get("schemas")?;
        schemas.get(name)
    }
}
