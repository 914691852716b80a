//! The words of a document: what people read of it, and no program.

use contract::walk::{Place, join};
use source::{Node, Value};

/// The keys that words stand under; the last one is what readers see of a tag's name.
pub const KEYS: [&str; 3] = ["summary", "description", "x-displayName"];
/// Extensions that programs act upon, ours among them: nothing in them is a word.
const FACTS: [&str; 19] = [
    "x-codeSamples",
    "x-dropshot-pagination",
    "x-dropshot-websocket",
    "x-enum-varnames",
    "x-enumNames",
    "x-extensible-enum",
    "x-idempotency-key",
    "x-idempotent",
    "x-language",
    "x-lint-ignore",
    "x-not-processed",
    "x-pagination",
    "x-rate-limit",
    "x-rust-type",
    "x-sandbox",
    "x-speakeasy-pagination",
    "x-stability-level",
    "x-sunset",
    "x-webhook-signature",
];
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
            return is_open(token);
        }
        place = place.under(token);
    }
    match place {
        _ if are_scopes(above.iter().map(String::as_str)) => true,
        Place::Object(_) => KEYS.contains(&last.as_str()) || is_open(last),
        Place::Open(_) => is_open(last),
        Place::Data | Place::List(_) | Place::Map(_) => false,
    }
}

/// Whether an extension may say something to people.
fn is_open(key: &str) -> bool {
    key.starts_with("x-") && !FACTS.contains(&key)
}

/// Whether a place is what an `OAuth` flow asks for, each by a name with a text for people
/// (`OpenAPI` 3.0.3, section 4.7.29; 2.0, "Scopes Object").
fn are_scopes<'t>(tokens: impl Iterator<Item = &'t str>) -> bool {
    let tokens: Vec<&str> = tokens.collect();
    matches!(
        tokens.as_slice(),
        ["components", "securitySchemes", _, "flows", _, "scopes"]
            | ["securityDefinitions", _, "scopes"]
    )
}

fn visit<'a>(place: Place, pointer: String, node: &'a Node, words: &mut Vec<Word<'a>>) {
    if place == Place::Data {
        if pointer.ends_with("/scopes") && are_scopes(pointer.split('/').skip(1)) {
            let texts = node.entries().filter_map(|(name, entry)| {
                let pointer = join(&pointer, name);
                Some(Word {
                    pointer,
                    text: entry.node.as_str()?,
                })
            });
            words.extend(texts);
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::{FACTS, may_be, of};

    #[test]
    fn what_programs_act_upon_is_no_word() {
        for key in FACTS {
            assert!(!may_be(&format!("/paths/~1pets/get/{key}")), "{key}");
            assert!(
                !may_be(&format!("/paths/~1pets/get/{key}/description")),
                "{key}"
            );
        }
        for pointer in [
            "/components/schemas/A/properties/x-foo",
            "/components/schemas/A/dependentRequired/x-foo/0",
            "/components/schemas/A/dependencies/x-foo/0",
            "/components/schemas/A/enum/0",
            "/components/schemas/A/default/description",
            "/components/schemas/A/properties/a/x-extensible-enum/0",
            "/paths/~1pets/get/responses/200/content/x-foo/example/x-bar",
            "/info/version",
        ] {
            assert!(!may_be(pointer), "{pointer}");
        }
        for pointer in [
            "/info/title",
            "/info/x-logo/altText",
            "/tags/0/x-displayName",
            "/components/schemas/A/properties/summary/description",
            "/components/securitySchemes/a/flows/implicit/scopes/read",
        ] {
            assert!(may_be(pointer), "{pointer}");
        }
    }

    /// What stands between quotes in code and begins as an extension does.
    fn extensions(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                extensions(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let words = text.split('"').filter(|word| word.starts_with("x-"));
            let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
            found.extend(words.filter(is_name).map(str::to_owned));
        }
    }

    #[test]
    fn what_our_programs_read_is_no_word() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = BTreeSet::new();
        for name in ["contract", "diff", "docs", "sandbox"] {
            extensions(&crates.join(name).join("src"), &mut found);
        }
        // The beginning of all, a header of a test, a value of `hreflang`, and the words there are.
        for no_fact in ["x-", "x-key", "x-default", "x-displayName"] {
            found.remove(no_fact);
        }
        assert!(found.len() > 10, "{found:?}");
        let unknown: Vec<_> = found
            .iter()
            .filter(|name| !FACTS.contains(&name.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn scopes_have_words() {
        let text =
            "components: {securitySchemes: {a: {flows: {implicit: {scopes: {read: Read all}}}}}}";
        let document = contract::Document::parse(contract::Source::new("a.yaml", text));
        let words = of(document.root());
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].text, "Read all");
        assert!(may_be(&words[0].pointer));
    }
}
