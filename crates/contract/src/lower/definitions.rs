//! `$defs` inside schemas become components, with names of their own.

use std::collections::{BTreeSet, HashMap};

use heck::ToUpperCamelCase as _;

use crate::finding::Findings;
use crate::source::{Node, Value};
use crate::walk::{join, pointer, set_component};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    let mut moved = Moved::default();
    let schemas = root.get("components").and_then(|c| c.get("schemas"));
    moved.taken = schemas
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, _)| name.to_owned())
        .collect();
    take(root, "", &mut moved);
    if moved.definitions.is_empty() {
        return;
    }
    for (name, node) in moved.definitions {
        set_component(root, &name, node);
    }
    redirect(root, &moved.places);
}

#[derive(Default)]
struct Moved {
    taken: BTreeSet<String>,
    definitions: Vec<(String, Node)>,
    /// From where a definition stood to the name that it has now.
    places: HashMap<String, String>,
}

/// Takes definitions out, wherever they stand.
fn take(node: &mut Node, at: &str, moved: &mut Moved) {
    if let Some(definitions) = node.remove("$defs") {
        let Value::Object(definitions) = definitions.value else {
            return;
        };
        for (name, entry) in definitions {
            let place = join(&join(at, "$defs"), &name);
            let mut definition = entry.node;
            take(&mut definition, &place, moved);
            let free = moved.free(&name, at);
            moved.places.insert(place, free.clone());
            moved.definitions.push((free, definition));
        }
    }
    match &mut node.value {
        Value::Object(object) => {
            for (key, entry) in object {
                // What merely looks like a schema is somebody's data.
                if !["example", "examples", "default", "enum", "const"].contains(&key.as_str()) {
                    take(&mut entry.node, &join(at, key), moved);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                take(item, &format!("{at}/{index}"), moved);
            }
        }
        _ => {}
    }
}

impl Moved {
    /// The definition's own name, or one with where it stood in front.
    fn free(&mut self, name: &str, at: &str) -> String {
        let owner = at
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_upper_camel_case();
        let mut free = name.to_owned();
        let mut number = 1;
        while !self.taken.insert(free.clone()) {
            free = match number {
                1 => format!("{owner}{name}"),
                _ => format!("{owner}{name}{number}"),
            };
            number += 1;
        }
        free
    }
}

fn redirect(node: &mut Node, places: &HashMap<String, String>) {
    match &mut node.value {
        Value::Object(object) => {
            for (key, entry) in object {
                let target = entry
                    .node
                    .as_str()
                    .filter(|_| key == "$ref")
                    .and_then(pointer);
                if let Some(name) = target.and_then(|target| places.get(&target)) {
                    let reference = format!("#{}", join("/components/schemas", name));
                    entry.node = Node::new(reference, entry.node.span);
                }
                redirect(&mut entry.node, places);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, places)),
        _ => {}
    }
}
