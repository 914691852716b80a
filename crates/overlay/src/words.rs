//! The words of a document: what people read of it, and no program.

use contract::walk::{Place, join};
use source::{Node, Value};

/// The keys that words stand under; the last one is what readers see of a tag's name.
pub const KEYS: [&str; 3] = ["summary", "description", "x-displayName"];
/// The name of the whole, which is a word, too: nothing goes by it.
const TITLE: &str = "/info/title";

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// JSON Pointer from the root.
    pub pointer: String,
    /// The text.
    pub text: &'a str,
}

/// All words, in the order of the document: each once, where it stands and not where it is referred
/// to.
///
/// ```
/// let text = "info: {title: Pets, description: All of them}\npaths: {/summary: {get: {summary: Get}}}";
/// let document = contract::Document::parse(contract::Source::new("pets.yaml", text));
/// let words = overlay::words::of(document.root());
/// let places: Vec<&str> = words.iter().map(|word| word.pointer.as_str()).collect();
/// assert_eq!(places, ["/info/title", "/info/description", "/paths/~1summary/get/summary"]);
/// ```
#[must_use]
pub fn of(root: &Node) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    visit(Place::ROOT, String::new(), root, &mut words);
    words
}

/// Whether what stands at a place may be translated: words, and texts of extensions.
pub(crate) fn may_be(pointer: &str) -> bool {
    if pointer == TITLE {
        return true;
    }
    let mut place = Place::ROOT;
    let Some(tokens) = source::tokens(pointer) else {
        return false;
    };
    let tokens: Vec<String> = tokens.collect();
    let Some((last, above)) = tokens.split_last() else {
        return false;
    };
    for token in above {
        let is_object = matches!(place, Place::Object(_) | Place::Open(_));
        if is_object && token.starts_with("x-") {
            return true;
        }
        place = place.under(token);
    }
    match place {
        Place::Object(_) => KEYS.contains(&last.as_str()) || last.starts_with("x-"),
        Place::Open(_) => last.starts_with("x-"),
        Place::Data | Place::List(_) | Place::Map(_) => false,
    }
}

fn visit<'a>(place: Place, pointer: String, node: &'a Node, words: &mut Vec<Word<'a>>) {
    if place == Place::Data {
        return;
    }
    match &node.value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(place.under(""), format!("{pointer}/{index}"), item, words);
            }
        }
        Value::Object(entries) => {
            for (key, entry) in entries {
                let at = join(&pointer, key);
                let is_word = at == TITLE
                    || matches!(place, Place::Object(_)) && KEYS.contains(&key.as_str());
                match entry.node.as_str() {
                    Some(text) if is_word => words.push(Word { pointer: at, text }),
                    _ => visit(place.under(key), at, &entry.node, words),
                }
            }
        }
        _ => {}
    }
}
