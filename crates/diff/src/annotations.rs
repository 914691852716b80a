//! What no other part of the comparison looks at: words, extensions, and keywords
//! that nobody here knows. Nothing is dropped.

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::kind::Kind;
use super::side::Sited;
use contract::source::{Node, Value};
use contract::walk::Place;

/// Keywords that speak to people.
pub(super) const WORDS: [&str; 10] = [
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
        if differs(old.as_ref(), new.as_ref()) {
            let draft = Draft::new(Kind::MalformedChanged, Effect::unclassified());
            comparison.emit(draft.sides(old, new));
        }
    };
    if !is_mapping(old.node) || !is_mapping(new.node) {
        return emit(Some(old.clone()), Some(new.clone()));
    }
    for (key, is_right) in SHAPES {
        let sides = (old.get(key), new.get(key));
        // Of what holds data, such as a link's parameters, nothing is known.
        let is_data = |side: &Sited<'a>| Place::at(&side.at) == Place::Data;
        let wrong = |side: &Option<Sited<'a>>| {
            let side = side.as_ref().filter(|side| !is_data(side));
            side.is_some_and(|side| !is_right(side.node))
        };
        if wrong(&sides.0) || wrong(&sides.1) {
            emit(sides.0, sides.1);
        }
    }
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
    if differs(old.as_ref(), new.as_ref()) {
        let (kind, effect) = class(key);
        comparison.emit(Draft::new(kind, effect).sides(old, new));
    }
}

/// Whether something became of a keyword.
pub(super) fn differs(old: Option<&Sited<'_>>, new: Option<&Sited<'_>>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => !old.node.same(new.node),
        (None, None) => false,
        _ => true,
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
    if differs(old.as_ref(), new.as_ref()) {
        let text = "OpenAPI 3.0 ignores what stands beside `$ref`";
        let effect = Effect::always(Verdict::Compatible, text);
        let key = key.to_owned();
        let draft = Draft::new(Kind::IgnoredKeywordChanged { key }, effect);
        comparison.emit(draft.sides(old, new));
    }
}

fn class(key: &str) -> (Kind, Effect) {
    let name = key.to_owned();
    if WORDS.contains(&key) {
        (words(key), Effect::documentation())
    } else if key.starts_with("x-") {
        let text = "an extension that neither the generator nor the SDK reads";
        let kind = Kind::ExtensionChanged { key: name };
        (kind, Effect::always(Verdict::Compatible, text))
    } else {
        (Kind::KeywordChanged { key: name }, Effect::unclassified())
    }
}

/// Words under a keyword.
pub(super) fn words(key: &str) -> Kind {
    Kind::DocumentationChanged {
        key: Some(key.to_owned()),
    }
}
