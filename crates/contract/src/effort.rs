//! What it takes to check a value against a schema. A validator goes down every way that leads
//! to a schema, and of schemas that name the next twice, one after the other, there are two to
//! the power of their number: a page of text could take for ever.

use std::collections::HashMap;

use crate::source::Node;
use crate::walk::pointer;

/// So many schemas may be asked about a value, and so many more for each value in it.
const MOST: u64 = 100_000;
const MOST_FOR_EACH: u64 = 1_000;
/// So often one may lead to the next: the validator recurses, and stacks may be small.
const DEEPEST: usize = 1_000;

/// Whether a check comes to its end in good time.
pub(crate) fn is_bearable(root: &Node, schema: &Node, value: &Node) -> bool {
    let known = HashMap::new();
    let effort = Effort { root, known }.of(schema, value, 0);
    let most = MOST.saturating_add(MOST_FOR_EACH.saturating_mul(size(value)));
    effort.is_some_and(|effort| effort <= most)
}

/// How many values there are in a value.
fn size(value: &Node) -> u64 {
    let items = value.items().map(size).sum::<u64>();
    let entries = value.entries().map(|(_, entry)| size(&entry.node));
    1 + items + entries.sum::<u64>()
}

struct Effort<'a> {
    root: &'a Node,
    /// Each schema is counted once for each value.
    known: HashMap<(*const Node, *const Node), u64>,
}

impl<'a> Effort<'a> {
    /// How many schemas are asked; nothing for more than anybody could count.
    fn of(&mut self, schema: &'a Node, value: &'a Node, depth: usize) -> Option<u64> {
        if depth > DEEPEST {
            return None;
        }
        let both = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        if let Some(known) = self.known.get(&both) {
            return Some(*known);
        }
        // What leads back to itself is refused by its own rule.
        self.known.insert(both, 0);
        let mut effort = 1_u64;
        for (schema, value) in self.next(schema, value) {
            effort = effort.saturating_add(self.of(schema, value, depth + 1)?);
        }
        self.known.insert(both, effort);
        Some(effort)
    }

    /// What else is asked, and about what.
    fn next(&self, schema: &'a Node, value: &'a Node) -> Vec<(&'a Node, &'a Node)> {
        if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
            let target = pointer(reference).and_then(|at| self.root.pointer(&at));
            return target.map(|target| (target, value)).into_iter().collect();
        }
        let lists = ["allOf", "anyOf", "oneOf"].into_iter();
        let parts = lists
            .filter_map(|key| schema.get(key))
            .flat_map(Node::items);
        let parts = parts.chain(schema.get("not")).map(|part| (part, value));
        let items = schema.get("items").into_iter();
        let items = items.flat_map(|items| value.items().map(move |item| (items, item)));
        let properties = value.entries().filter_map(|(name, entry)| {
            let named = schema.get("properties").and_then(|all| all.get(name));
            Some((named.or(schema.get("additionalProperties"))?, &entry.node))
        });
        parts.chain(items).chain(properties).collect()
    }
}
