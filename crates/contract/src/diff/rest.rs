//! What no other part of the comparison looks at: words, extensions, and keywords
//! that nobody here knows. Nothing is dropped.

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::side::Sited;
use crate::source::{Node, Value};

/// Keywords that speak to people.
const WORDS: [&str; 10] = [
    "$comment",
    "contact",
    "description",
    "example",
    "examples",
    "externalDocs",
    "license",
    "summary",
    "termsOfService",
    "title",
];

/// Reports every keyword outside of `known` that differs.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
    known: &[&str],
) {
    let mut keys: Vec<&'a str> = old.node.entries().map(|(key, _)| key).collect();
    let added = new.node.entries().map(|(key, _)| key);
    keys.extend(added.filter(|key| old.node.get(key).is_none()));
    for key in keys.into_iter().filter(|key| !known.contains(key)) {
        keyword(comparison, key, old.get(key), new.get(key));
    }
}

/// Whether a value has the shape that its key asks for.
type Shape = fn(&Node) -> bool;

/// Keys that hold a list, a mapping, or a text, in every object but a schema.
const SHAPES: [(&str, Shape); 18] = [
    ("callbacks", is_mapping),
    ("components", is_mapping),
    ("content", is_mapping),
    ("description", is_text),
    ("headers", is_mapping),
    ("in", is_text),
    ("info", is_mapping),
    ("links", is_mapping),
    ("name", is_text),
    ("operationId", is_text),
    ("parameters", is_list),
    ("paths", is_mapping),
    ("required", is_flag),
    ("responses", is_mapping),
    ("security", is_list),
    ("servers", is_list),
    ("tags", is_list),
    ("webhooks", is_mapping),
];

fn is_mapping(node: &Node) -> bool {
    node.as_object().is_some()
}

fn is_list(node: &Node) -> bool {
    node.as_array().is_some()
}

fn is_text(node: &Node) -> bool {
    node.as_str().is_some()
}

fn is_flag(node: &Node) -> bool {
    matches!(node.value, Value::Bool(_))
}

/// Reports what has a shape that it cannot have, which nothing else reads.
pub(super) fn compare_malformed<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let mut emit = |old: Option<Sited<'a>>, new: Option<Sited<'a>>| {
        if let Some(verb) = verb(old.as_ref(), new.as_ref()) {
            let predicate = format!("is malformed, and what is there {verb}");
            let draft = Draft::new("malformed-changed", predicate, Effect::unclassified());
            comparison.emit(draft.sides(old, new));
        }
    };
    if !is_mapping(old.node) || !is_mapping(new.node) {
        return emit(Some(old.clone()), Some(new.clone()));
    }
    for (key, is_right) in SHAPES {
        let sides = (old.get(key), new.get(key));
        let wrong = |side: &Option<Sited<'a>>| side.as_ref().is_some_and(|s| !is_right(s.node));
        // A link's parameters are a mapping.
        if (wrong(&sides.0) || wrong(&sides.1)) && !is_link(&sides.0) && !is_link(&sides.1) {
            emit(sides.0, sides.1);
        }
    }
}

fn is_link(sited: &Option<Sited<'_>>) -> bool {
    sited
        .as_ref()
        .is_some_and(|sited| sited.at.contains("/links/"))
}

/// Reports the extensions of a mapping of names that differ.
pub(super) fn compare_extensions<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let names = old.node.entries().chain(new.node.entries());
    let names: Vec<_> = names
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("x-"))
        .collect();
    compare(comparison, old, new, &names);
}

/// Reports one keyword, where it differs.
pub(super) fn keyword<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: Option<Sited<'a>>,
    new: Option<Sited<'a>>,
) {
    if let Some(verb) = verb(old.as_ref(), new.as_ref()) {
        let (id, effect) = class(key);
        comparison.emit(Draft::new(id, format!("`{key}` {verb}"), effect).sides(old, new));
    }
}

/// What became of a keyword; `None` when nothing did.
pub(super) fn verb(old: Option<&Sited<'_>>, new: Option<&Sited<'_>>) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) if old.node.same(new.node) => None,
        (Some(old), Some(new)) => Some(match between(old.node, new.node) {
            Some(values) => format!("changed {values}"),
            None => "changed".to_owned(),
        }),
        (None, Some(new)) => Some(match show(new.node) {
            Some(value) => format!("is new: {value}"),
            None => "is new".to_owned(),
        }),
        (Some(_), None) => Some("was removed".to_owned()),
        (None, None) => None,
    }
}

/// Keywords beside a reference to anything but a schema, or to a schema where they
/// do not count.
pub(super) fn compare_siblings<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let is_reference = |sited: &Sited<'a>| sited.node.get("$ref").is_some();
    if !is_reference(old) || !is_reference(new) {
        return;
    }
    if comparison.old.siblings_count || comparison.new.siblings_count {
        return compare(comparison, old, new, &["$ref"]);
    }
    let keys = old.node.entries().chain(new.node.entries());
    for (key, _) in keys.filter(|(key, _)| *key != "$ref") {
        ignored(comparison, key, old.get(key), new.get(key));
    }
}

/// A keyword where nobody reads it.
pub(super) fn ignored<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: Option<Sited<'a>>,
    new: Option<Sited<'a>>,
) {
    if let Some(verb) = verb(old.as_ref(), new.as_ref()) {
        let text = "OpenAPI 3.0 ignores what stands beside `$ref`";
        let effect = Effect::always(Verdict::Compatible, text);
        let draft = Draft::new("ignored-keyword-changed", format!("`{key}` {verb}"), effect);
        comparison.emit(draft.sides(old, new));
    }
}

fn class(key: &str) -> (&'static str, Effect) {
    if WORDS.contains(&key) {
        ("words-changed", Effect::words())
    } else if key.starts_with("x-") {
        let text = "an extension that neither the generator nor the SDK reads";
        (
            "extension-changed",
            Effect::always(Verdict::Compatible, text),
        )
    } else {
        ("keyword-changed", Effect::unclassified())
    }
}

/// "from X to Y", for values that are short enough to read.
pub(super) fn between(old: &Node, new: &Node) -> Option<String> {
    let (old, new) = (show(old)?, show(new)?);
    Some(format!("from {old} to {new}"))
}

/// A short value as a reader knows it.
pub(super) fn show(node: &Node) -> Option<String> {
    const LONGEST: usize = 60;
    let is_short = match node.as_array() {
        Some(items) => items.iter().all(is_scalar),
        None => is_scalar(node),
    };
    let text = match node.as_str() {
        Some(text) => format!("`{text}`"),
        None if is_short => node.to_json().to_string(),
        None => return None,
    };
    let fits = text.chars().count() <= LONGEST && !text.contains('\n');
    fits.then_some(text)
}

fn is_scalar(node: &Node) -> bool {
    node.as_array().is_none() && node.as_object().is_none()
}
