//! Names that the generator can make Rust of, for those of which it would make the same or
//! nothing, and for what it does not know. The polish reads what each stands for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::discriminators::Tag;
use contract::source::{Node, Value};

/// Where the document keeps what stands for what, for the polish to read.
pub(super) const STAND_INS: &str = "x-stand-ins";

/// Ends every stand-in. It cannot be seen, and makes no Rust.
const MARK: char = '\u{2063}';

/// What a name in generated code stands for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Meaning {
    /// This name on the wire.
    Name(String),
    /// A property that is an alternative, which is told like this.
    Tag(Tag),
    /// The value that is every value which the contract does not list.
    Open,
}

/// What stands for what.
pub(crate) struct StandIns {
    /// No text of the document has so many marks in a row.
    mark: String,
    known: BTreeMap<String, Meaning>,
}

impl StandIns {
    pub(super) fn new(document: &Node) -> Self {
        let longest = longest(document);
        Self {
            mark: String::from_iter(std::iter::repeat_n(MARK, longest + 1)),
            known: BTreeMap::new(),
        }
    }

    /// A name that means this and makes Rust of these words.
    pub(super) fn of(&mut self, words: &str, meaning: Meaning) -> String {
        let mut name = format!("{words} {}", self.mark);
        while self.known.get(&name).is_some_and(|known| *known != meaning) {
            name.push(MARK);
        }
        self.known.insert(name.clone(), meaning);
        name
    }

    /// The value that stands for all that an open list does not have.
    pub(super) fn open(&mut self) -> String {
        self.of("x-extensible-enum", Meaning::Open)
    }

    /// Whether a name stands for something.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    pub(super) fn is_open(&self, value: &str) -> bool {
        self.known.get(value) == Some(&Meaning::Open)
    }

    /// Leaves a note for the polish.
    pub(super) fn write(&self, document: &mut Node) {
        if !self.known.is_empty() {
            // Names and texts only, so it cannot fail.
            let known = serde_json::to_value(&self.known).unwrap_or_default();
            document.set(STAND_INS, Node::from(known));
        }
    }
}

/// What stands for what, from the document as the generator read it.
pub(crate) fn read(document: &Node) -> BTreeMap<String, Meaning> {
    let known = document.get(STAND_INS).map(Node::to_json);
    let known = known.and_then(|known| serde_json::from_value(known).ok());
    known.unwrap_or_default()
}

/// The most marks in a row in any text of the document.
fn longest(node: &Node) -> usize {
    let of_text = |text: &str| {
        let runs = text.split(|c| c != MARK).map(|run| run.chars().count());
        runs.max().unwrap_or_default()
    };
    let own = match &node.value {
        Value::String(text) => of_text(text),
        _ => 0,
    };
    let entries = node
        .entries()
        .map(|(key, entry)| of_text(key).max(longest(&entry.node)));
    let items = node.items().map(longest);
    entries.chain(items).fold(own, usize::max)
}
