//! The name under which a change is approved: what it is and where, whatever the
//! sentence about it and whichever line it stands on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher as _;

use super::annotations::WORDS;
use super::change::Change;
use super::comparison::Draft;
use super::side::{Side, Sited};
use contract::source::{Node, Value};
use contract::walk::{self, Place};

/// Fingerprints of the changes of one document.
pub(super) struct Fingerprints<'a> {
    document: String,
    old: Values<'a>,
    new: Values<'a>,
}

impl<'a> Fingerprints<'a> {
    /// `document` is its path, with slashes.
    pub(super) fn new(document: &str, old: Side<'a>, new: Side<'a>) -> Self {
        Self {
            document: document.replace('\\', "/"),
            old: Values::new(old),
            new: Values::new(new),
        }
    }

    /// FNV-1a, whose value is the same on every machine and in every version, over the
    /// document's path, the kind with its facts, the places, and the values where they
    /// are part of the change. Each part is told by its length from the next.
    pub(super) fn of(&mut self, draft: &Draft<'a>, change: &Change) -> String {
        let mut hasher = fnv::FnvHasher::default();
        let mut add = |part: &str| {
            hasher.write(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.write(part.as_bytes());
        };
        let kind = serde_json::to_value(&draft.kind).unwrap_or_default();
        add(&self.document);
        add(&kind.to_string());
        for pointer in [&change.old.pointer, &change.new.pointer]
            .into_iter()
            .chain(&change.also)
        {
            add(pointer);
        }
        let (old, new) = draft.values();
        for (values, value) in [(&mut self.old, old), (&mut self.new, new)] {
            let text = value.map(|value| values.canonical(&value));
            add(&text.unwrap_or_default());
        }
        // A letter in front: YAML reads some hexadecimal digits as a number.
        format!("c{:016x}", hasher.finish())
    }
}

/// Values of one document as text that is the same for the same meaning.
struct Values<'a> {
    side: Side<'a>,
    /// What a pointer leads to, as text, and the pointers in it.
    known: HashMap<String, (String, BTreeSet<String>)>,
}

impl<'a> Values<'a> {
    fn new(side: Side<'a>) -> Self {
        Self {
            side,
            known: HashMap::new(),
        }
    }

    /// A value, then everything that it refers to, each once: what an approved schema
    /// refers to is approved with it.
    fn canonical(&mut self, value: &Sited<'_>) -> String {
        let (mut text, references) = canonical(value.node, &value.at);
        let mut reached = BTreeMap::new();
        let mut todo: Vec<String> = references.into_iter().collect();
        while let Some(at) = todo.pop() {
            if reached.contains_key(&at) {
                continue;
            }
            let (text, references) = self.known.entry(at.clone()).or_insert_with(|| {
                let target = self.side.root.pointer(&at);
                target
                    .map(|target| canonical(target, &at))
                    .unwrap_or_default()
            });
            todo.extend(references.iter().cloned());
            reached.insert(at, text.clone());
        }
        for (at, referred) in reached {
            text.push_str(&format!("\n{at} {referred}"));
        }
        text
    }
}

/// JSON with sorted keys and without words, and the pointers that it refers to.
fn canonical(node: &Node, at: &str) -> (String, BTreeSet<String>) {
    let mut writer = Writer::default();
    writer.value(node, Place::at(at));
    (writer.text, writer.references)
}

#[derive(Default)]
struct Writer {
    text: String,
    references: BTreeSet<String>,
}

impl Writer {
    fn value(&mut self, node: &Node, place: Place) {
        match &node.value {
            Value::Object(_) => self.object(node, place),
            Value::Array(items) => {
                self.text.push('[');
                for item in items {
                    self.value(item, place.under(""));
                    self.text.push(',');
                }
                self.text.push(']');
            }
            _ => self.text.push_str(&node.to_json().to_string()),
        }
    }

    fn object(&mut self, node: &Node, place: Place) {
        let is_object = matches!(place, Place::Object(_));
        let mut entries: Vec<_> = node.entries().collect();
        entries.retain(|(key, _)| !(is_object && WORDS.contains(key)));
        entries.sort_by_key(|(key, _)| *key);
        self.text.push('{');
        for (key, entry) in entries {
            if let (true, "$ref", Some(reference)) = (is_object, key, entry.node.as_str()) {
                self.references.extend(walk::pointer(reference));
            }
            self.text
                .push_str(&serde_json::Value::from(key).to_string());
            self.text.push(':');
            self.value(&entry.node, place.under(key));
            self.text.push(',');
        }
        self.text.push('}');
    }
}
