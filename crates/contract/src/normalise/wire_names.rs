//! Names that the generator can make Rust of, for those of which it would make the same or
//! nothing. The polish puts the names of the wire back ([`restore`]).

use std::collections::BTreeMap;

use crate::source::{Node, Object};

/// Where the document keeps what stands for what, for the polish to read.
const NAMES: &str = "x-wire-names";

/// What stands for names of the wire.
#[derive(Default)]
pub(super) struct WireNames(BTreeMap<String, String>);

impl WireNames {
    /// A name that stands for `wire` and makes Rust of these words.
    pub(super) fn stand_in(&mut self, words: &str, wire: &str) -> String {
        // Nobody writes such a name, and nothing but letters and digits shows in Rust.
        let mut name = format!("{words} \u{2063}");
        while self.0.get(&name).is_some_and(|known| known != wire) {
            name.push('\u{2063}');
        }
        self.0.insert(name.clone(), wire.to_owned());
        name
    }

    /// Leaves a note for the polish.
    pub(super) fn write(self, document: &mut Node) {
        if self.0.is_empty() {
            return;
        }
        let span = document.span.first_line();
        let mut names = match document.remove(NAMES) {
            Some(names) => names,
            None => Node::new(Object::new(), span),
        };
        for (name, wire) in self.0 {
            names.set(&name, Node::new(wire, span));
        }
        document.set(NAMES, names);
    }
}

/// What stands for what, from the document as the generator read it.
pub(crate) fn restore(spec: &openapiv3::OpenAPI) -> BTreeMap<String, String> {
    let names = spec
        .extensions
        .get(NAMES)
        .and_then(|names| names.as_object());
    let names = names.into_iter().flatten();
    names
        .filter_map(|(name, wire)| Some((name.clone(), wire.as_str()?.to_owned())))
        .collect()
}
