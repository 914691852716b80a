use serde_json::Value as Json;
use serde_json_path::JsonPath;
use source::{Finding, Node, Object, Value, tokens};

use crate::action::{Action, Change};
use crate::read::Overlay;
use crate::rules::{FORM, finding};

/// What an action is about in a document.
#[derive(Clone, Debug)]
pub(crate) struct Matched<'o> {
    pub(crate) action: &'o Action,
    /// The places, as JSON Pointers.
    pub(crate) places: Vec<String>,
}

/// So many values may be put into a document: each action can double what the one before made.
const MOST: usize = 1_000_000;

impl Overlay {
    /// Does one action after another to a document. What an action puts there has its place in the
    /// overlay, which is the file of this number among the parts of the document's source.
    ///
    /// # Errors
    /// When an action would make a document of it that nobody wants; it and those after it are not
    /// done.
    pub fn apply(&self, root: &mut Node, file: u16) -> Result<(), Box<Finding>> {
        self.apply_with(root, file, &mut |_| true)
    }

    /// The same; `seen` is told of each action before it is done, and says whether it is.
    pub(crate) fn apply_with<'o>(
        &'o self,
        root: &mut Node,
        file: u16,
        seen: &mut dyn FnMut(&Matched<'o>) -> bool,
    ) -> Result<(), Box<Finding>> {
        let mut room = MOST;
        let mut take = |action: &Action, values: usize| match room.checked_sub(values) {
            Some(rest) => {
                room = rest;
                Ok(())
            }
            None => {
                let message = format!("`{}` adds too much to the document", action.target);
                let help = "all actions together may add a million values";
                Err(Box::new(finding(&FORM, message, action.span).help(help)))
            }
        };
        // Paths are followed in the values alone, which change with the tree.
        let mut values = root.to_json();
        for action in &self.actions {
            let places = found(&action.path, &values);
            let matched = Matched { action, places };
            if !seen(&matched) {
                continue;
            }
            let places = matched.places;
            match &action.change {
                Change::Remove => {
                    // The last of a list first, so that the others stay where they are.
                    for place in places.iter().rev() {
                        remove(root, &mut values, place);
                    }
                }
                Change::Update(update) => {
                    take(action, size(update) * places.len())?;
                    let mut update = update.clone();
                    update.place_in(file);
                    for place in &places {
                        update_at(root, &mut values, place, &update);
                    }
                }
                Change::Copy(from) => {
                    // One place is meant; several say nothing.
                    if let [from] = found(from, &values).as_slice()
                        && let Some(copy) = root.pointer(from)
                    {
                        take(action, size(copy) * places.len())?;
                        let copy = copy.clone();
                        for place in &places {
                            update_at(root, &mut values, place, &copy);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// How many values a value holds, with itself.
fn size(node: &Node) -> usize {
    let items = node.items().map(size);
    let entries = node.entries().map(|(_, entry)| size(&entry.node));
    1 + items.chain(entries).sum::<usize>()
}

/// The places that a path finds, in the order of the document.
fn found(path: &JsonPath, values: &Json) -> Vec<String> {
    let found = path.query_located(values);
    let places = found.locations().map(|place| place.to_json_pointer());
    places.collect()
}

fn update_at(root: &mut Node, values: &mut Json, place: &str, update: &Node) {
    let (Some(node), Some(value)) = (root.pointer_mut(place), values.pointer_mut(place)) else {
        return;
    };
    match (&mut node.value, &update.value) {
        // What is one entry is appended, and a list is as well.
        (Value::Array(items), other) if !matches!(other, Value::Array(_)) => {
            items.push(update.clone());
        }
        _ => merge(node, update),
    }
    *value = node.to_json();
}

/// Objects are merged, lists put one behind the other, and anything else takes the place of what is
/// there (Overlay 1.1.0, section 4.4.3.1).
fn merge(node: &mut Node, update: &Node) {
    match (&mut node.value, &update.value) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, entry) in new {
                match old.get_mut(key) {
                    Some(old) => merge(&mut old.node, &entry.node),
                    None => _ = old.insert(key.clone(), entry.clone()),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => old.extend(new.iter().cloned()),
        _ => *node = update.clone(),
    }
}

fn remove(root: &mut Node, values: &mut Json, place: &str) {
    let Some((above, last)) = place.rsplit_once('/') else {
        // The whole is no entry of anything.
        root.value = Value::Object(Object::new());
        *values = root.to_json();
        return;
    };
    let Some(last) = tokens(&format!("/{last}")).and_then(|mut tokens| tokens.next()) else {
        return;
    };
    let (Some(node), Some(value)) = (root.pointer_mut(above), values.pointer_mut(above)) else {
        return;
    };
    match &mut node.value {
        Value::Object(_) => _ = node.remove(&last),
        Value::Array(items) => {
            if let Ok(at) = last.parse::<usize>()
                && at < items.len()
            {
                items.remove(at);
            }
        }
        _ => {}
    }
    *value = node.to_json();
}
