//! The operations of a path item: those that have a key of their own, and those by methods that
//! OpenAPI does not list (`OpenAPI` 3.2.0, section 4.9.1).

use super::{METHODS, join};
use crate::source::{Entry, Node};

/// Where operations by other methods stand.
const ADDITIONAL: &str = "additionalOperations";

/// The operations of a path item, by their methods: the key of those that have one, in the order of
/// [`METHODS`], and what is sent of the others.
pub fn operations(item: &Node) -> impl Iterator<Item = (&str, &Entry)> {
    let of = |method: &&str| item.entries().find(|(key, _)| key == method);
    let own = METHODS.iter().filter_map(of);
    let additional = item.get(ADDITIONAL).into_iter().flat_map(Node::entries);
    own.chain(additional)
}

/// The same in the order of the document, for who changes them.
pub fn operations_mut(item: &mut Node) -> impl Iterator<Item = (&str, &mut Entry)> {
    let entries = item.as_object_mut().into_iter().flatten();
    entries.flat_map(|(key, entry)| match key.as_str() {
        ADDITIONAL => {
            let entries = entry.node.as_object_mut().into_iter().flatten();
            let named = entries.map(|(name, entry)| (name.as_str(), entry));
            named.collect::<Vec<_>>()
        }
        key if METHODS.contains(&key) => vec![(key, entry)],
        _ => Vec::new(),
    })
}

/// The way from a path item to its operation by a method.
#[must_use]
pub fn operation_at(item: &str, method: &str) -> String {
    match METHODS.contains(&method) {
        true => join(item, method),
        false => join(&join(item, ADDITIONAL), method),
    }
}

/// Takes the operation by a method out of a path item.
pub fn remove_operation(item: &mut Node, method: &str) -> Option<Node> {
    if METHODS.contains(&method) {
        return item.remove(method);
    }
    let additional = item.get_mut(ADDITIONAL)?;
    let removed = additional.remove(method);
    if additional.entries().next().is_none() {
        item.remove(ADDITIONAL);
    }
    removed
}
