//! What is known of a value besides its type.

use contract::schema::{Bounds, Shape, Types};
use contract::source::Node;
use serde_json::Value;

use crate::words::Words;

/// The extension with values that are known today.
const EXTENSIBLE: &str = "x-extensible-enum";

/// What else is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    Format(String),
    /// It is one of these.
    Values(Vec<Value>),
    /// It is one of these today.
    Known(Vec<Value>),
    /// A property tells it from others.
    Told(String, String),
    Default(Value),
    Example(Value),
    Range(String),
    MultipleOf(String),
    Characters(String),
    Items(String),
    Properties(String),
    Pattern(String),
    ContentType(String),
    Encoding(String),
    Unique,
    Closed,
    ReadOnly,
    WriteOnly,
}

/// A fact as readers are told it.
pub(crate) struct Told {
    /// What it is about; a sentence, where nothing follows.
    pub(crate) label: String,
    pub(crate) text: Option<String>,
    pub(crate) codes: Vec<String>,
}

impl Fact {
    /// Nothing of a format, which stands beside the type.
    pub(crate) fn told(&self, words: &Words) -> Option<Told> {
        let label = |word: &str| words.label(word);
        let text = |word: &str, text: &str| Told {
            label: label(word),
            text: Some(text.to_owned()),
            codes: Vec::new(),
        };
        let codes = |word: &str, codes: Vec<String>| Told {
            label: label(word),
            text: None,
            codes,
        };
        let sentence = |sentence: &str| Told {
            label: sentence.to_owned(),
            text: None,
            codes: Vec::new(),
        };
        let all = |values: &[Value]| values.iter().map(plain).collect();
        Some(match self {
            Self::Format(_) => return None,
            Self::Values(values) if values.len() == 1 => codes(words.always, all(values)),
            Self::Values(values) => codes(words.one_of, all(values)),
            Self::Known(values) => codes(words.known, all(values)),
            Self::Told(property, value) => Told {
                label: String::new(),
                text: None,
                codes: vec![format!("{property}: {value}")],
            },
            Self::Default(value) => codes(words.default, vec![value.to_string()]),
            Self::Example(value) => codes(words.example, vec![short(value)]),
            Self::Range(range) => text(words.range, range),
            Self::MultipleOf(step) => Told {
                label: words.multiple.to_owned(),
                text: Some(step.clone()),
                codes: Vec::new(),
            },
            Self::Characters(range) => text(words.characters, range),
            Self::Items(range) => text(words.items, range),
            Self::Properties(range) => text(words.properties, range),
            Self::Pattern(pattern) => codes(words.pattern, vec![pattern.clone()]),
            Self::ContentType(name) => codes(words.content_type, vec![name.clone()]),
            Self::Encoding(name) => codes(words.encoding, vec![name.clone()]),
            Self::Unique => sentence(words.unique),
            Self::Closed => sentence(words.closed),
            Self::ReadOnly => sentence(words.read_only),
            Self::WriteOnly => sentence(words.write_only),
        })
    }
}

/// A value as readers write it: a text without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 120;
    let text = plain(value);
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST).chain(['…']).collect(),
        false => text,
    }
}

/// What is known of a value; of a list, what is known of its items as well, and of alternatives what
/// is known of those that have no fields.
pub(crate) fn facts(root: &Node, shape: &Shape<'_>) -> Vec<Fact> {
    let mut facts = own(shape);
    let choices = shape.choices.iter().flat_map(|choice| &choice.schemas);
    let inner = choices
        .map(|schema| vec![*schema])
        .chain([shape.items.clone()]);
    for nodes in inner.filter(|nodes| !nodes.is_empty()) {
        let inner = Shape::of(root, &nodes);
        if !inner.components.is_empty() || !is_scalar(&inner) {
            continue;
        }
        for fact in own(&inner) {
            let says_more = !matches!(fact, Fact::Default(_) | Fact::ReadOnly | Fact::WriteOnly);
            if says_more && !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    }
    facts
}

fn is_scalar(shape: &Shape<'_>) -> bool {
    !shape.types.is_any() && shape.types.is_scalar()
}

fn own(shape: &Shape<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(shape.format.map(|format| Fact::Format(format.to_owned())));
    let values = |nodes: &[&Node]| nodes.iter().map(|node| node.to_json()).collect();
    facts.extend(shape.values.as_deref().map(|all| Fact::Values(values(all))));
    let said = |key: &str| shape.parts.iter().find_map(|part| part.get(key));
    let known = said(EXTENSIBLE).and_then(Node::as_array);
    let known = known.map(|known| known.iter().map(Node::to_json).collect());
    facts.extend(known.map(Fact::Known));
    facts.extend(
        shape
            .default
            .map(|default| Fact::Default(default.to_json())),
    );
    let range = bounds(&shape.range, shape.exclusive, |bound| bound.to_string());
    facts.extend(range.map(Fact::Range));
    let multiples = shape.multiple_of.iter();
    facts.extend(multiples.map(|step| Fact::MultipleOf(step.to_string())));
    let whole =
        |bounds: &Bounds<u64>| self::bounds(bounds, (false, false), |bound| bound.to_string());
    facts.extend(whole(&shape.length).map(Fact::Characters));
    facts.extend(whole(&shape.item_count).map(Fact::Items));
    facts.extend(whole(&shape.property_count).map(Fact::Properties));
    let patterns = shape.patterns.iter();
    facts.extend(patterns.map(|pattern| Fact::Pattern((*pattern).to_owned())));
    let text = |key: &str| said(key).and_then(Node::as_str).map(str::to_owned);
    facts.extend(text("contentMediaType").map(Fact::ContentType));
    facts.extend(text("contentEncoding").map(Fact::Encoding));
    facts.extend(shape.unique_items.then_some(Fact::Unique));
    let is_object = Types::OBJECT.within(shape.types) && !shape.properties.is_empty();
    facts.extend((shape.closed && is_object).then_some(Fact::Closed));
    facts.extend(shape.read_only.then_some(Fact::ReadOnly));
    facts.extend(shape.write_only.then_some(Fact::WriteOnly));
    let shown = shape.examples.iter().take(1);
    facts.extend(shown.map(|shown| Fact::Example(shown.to_json())));
    facts
}

/// `1 … 100`, `≥ 1`, `< 7`.
fn bounds<T: Copy + PartialEq>(
    bounds: &Bounds<T>,
    (above, below): (bool, bool),
    text: impl Fn(T) -> String,
) -> Option<String> {
    let least = bounds
        .least
        .map(|least| format!("{} {}", if above { ">" } else { "≥" }, text(least)));
    let most = bounds
        .most
        .map(|most| format!("{} {}", if below { "<" } else { "≤" }, text(most)));
    match (bounds.least, bounds.most) {
        (Some(least), Some(most)) if least == most => Some(text(least)),
        (Some(least), Some(most)) if !above && !below => {
            Some(format!("{} … {}", text(least), text(most)))
        }
        _ => {
            let both: Vec<String> = least.into_iter().chain(most).collect();
            (!both.is_empty()).then(|| both.join(", "))
        }
    }
}
