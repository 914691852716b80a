//! What a value has: a tree of fields, as its schemas say.

use std::collections::HashSet;

use contract::schema::{Bounds, Direction, Shape, Types};
use contract::source::Node;
use contract::walk::component;
use serde_json::Value;

/// So deep fields are shown in one another.
const DEEPEST: usize = 6;
/// Of so many alternatives each is shown with its fields, where it has a page of its own as well.
const MOST_ALTERNATIVES: usize = 8;
/// The extension with values that are known today.
const EXTENSIBLE: &str = "x-extensible-enum";

/// A property of an object, a parameter or a header.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// The name on the wire; of an alternative, what it is.
    pub(crate) name: String,
    /// What a link to it ends with.
    pub(crate) anchor: String,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    /// Whether it is one of several that the value may be, and no property.
    pub(crate) is_alternative: bool,
    pub(crate) kind: Vec<Term>,
    /// What it means, as Markdown.
    pub(crate) description: Option<&'a str>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) fields: Vec<Field<'a>>,
}

/// A piece of what says of which type a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Text(String),
    /// A component, by its name.
    Schema(String),
}

/// What else is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    Format(String),
    /// It is one of these.
    Values(Vec<Value>),
    /// It is one of these today.
    Known(Vec<Value>),
    Default(Value),
    Example(Value),
    Range(String),
    MultipleOf(String),
    Characters(String),
    Items(String),
    Properties(String),
    Pattern(String),
    Unique,
    ReadOnly,
    WriteOnly,
}

/// Reads fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) root: &'a Node,
    /// Whether what has a name is shown in its place, too; else there is a link to it.
    pub(crate) is_whole: bool,
    pub(crate) direction: Direction,
}

impl<'a> Fields<'a> {
    pub(crate) fn shape(&self, nodes: &[&'a Node]) -> Shape<'a> {
        Shape::of(self.root, nodes)
    }

    /// A value of some schemas under a name.
    pub(crate) fn field(
        &self,
        name: &str,
        anchor: String,
        nodes: &[&'a Node],
        above: &[String],
    ) -> Field<'a> {
        let shape = self.shape(nodes);
        Field {
            name: name.to_owned(),
            required: false,
            deprecated: says(&shape, "deprecated"),
            is_alternative: false,
            kind: self.kind(nodes),
            description: description(&shape),
            facts: facts(&shape),
            fields: self.below(nodes, &anchor, above),
            anchor,
        }
    }

    /// The fields of a value: of an object, of the items of a list, of alternatives.
    pub(crate) fn below(&self, nodes: &[&'a Node], at: &str, above: &[String]) -> Vec<Field<'a>> {
        if above.len() >= DEEPEST {
            return Vec::new();
        }
        let mut objects = Vec::new();
        let mut seen = HashSet::new();
        self.objects(nodes, DEEPEST, !above.is_empty(), &mut seen, &mut objects);
        let mut fields = Vec::new();
        let are_several = objects.len() > 1;
        for (number, shape) in objects.iter().enumerate() {
            let name = shape.components.first();
            if name.is_some_and(|name| above.contains(name)) {
                continue;
            }
            let mut above = above.to_vec();
            above.push(name.cloned().unwrap_or_default());
            if !are_several {
                fields.extend(self.properties(shape, at, &above));
                continue;
            }
            let anchor = format!("{at}.{}", number + 1);
            fields.push(Field {
                name: name.cloned().unwrap_or_else(|| (number + 1).to_string()),
                required: false,
                deprecated: false,
                is_alternative: true,
                kind: Vec::new(),
                description: description(shape),
                facts: Vec::new(),
                fields: self.properties(shape, &anchor, &above),
                anchor,
            });
        }
        fields
    }

    /// The objects that a value may be or hold, each component once. What has a page of its own is
    /// shown only where it is the whole, and not where it is a part.
    fn objects(
        &self,
        nodes: &[&'a Node],
        deepest: usize,
        is_part: bool,
        seen: &mut HashSet<String>,
        found: &mut Vec<Shape<'a>>,
    ) {
        let Some(deepest) = deepest.checked_sub(1) else {
            return;
        };
        let name = nodes
            .iter()
            .find_map(|node| component(node.get("$ref")?.as_str()?));
        if let Some(name) = name
            && (is_part && !self.is_whole || !seen.insert(name))
        {
            return;
        }
        let shape = self.shape(nodes);
        if !shape.items.is_empty() {
            self.objects(&shape.items, deepest, is_part, seen, found);
        }
        for choice in &shape.choices {
            let are_many = choice.schemas.len() > MOST_ALTERNATIVES;
            for schema in &choice.schemas {
                self.objects(&[schema], deepest, is_part || are_many, seen, found);
            }
        }
        if !shape.properties.is_empty() || !shape.additional_properties.is_empty() {
            found.push(shape);
        }
    }

    /// The properties of an object, those first that must be there.
    fn properties(&self, shape: &Shape<'a>, at: &str, above: &[String]) -> Vec<Field<'a>> {
        let mut fields = Vec::new();
        for (name, nodes) in &shape.properties {
            let anchor = format!("{at}.{name}");
            let mut field = self.field(name, anchor, nodes, above);
            field.required = shape.required.contains(name);
            if self.travels(&field) {
                fields.push(field);
            }
        }
        let others = &shape.additional_properties;
        if !others.is_empty() && !self.below(others, at, above).is_empty() {
            fields.push(self.field("*", format!("{at}.*"), others, above));
        }
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// Whether a field goes this way.
    fn travels(&self, field: &Field<'_>) -> bool {
        let against = match self.direction {
            Direction::Request => Fact::ReadOnly,
            Direction::Response => Fact::WriteOnly,
        };
        !field.facts.contains(&against)
    }

    /// What a value is, in the signs that languages of programs share.
    pub(crate) fn kind(&self, nodes: &[&'a Node]) -> Vec<Term> {
        self.kind_within(nodes, DEEPEST)
    }

    fn kind_within(&self, nodes: &[&'a Node], deepest: usize) -> Vec<Term> {
        let shape = self.shape(nodes);
        let text = |text: &str| vec![Term::Text(text.to_owned())];
        let Some(deepest) = deepest.checked_sub(1) else {
            return text("…");
        };
        let mut kinds: Vec<Vec<Term>> = Vec::new();
        if let Some(name) = shape.components.first() {
            kinds.push(vec![Term::Schema(name.clone())]);
            return or(kinds, shape.nullable && says(&shape, "nullable"));
        }
        for choice in &shape.choices {
            for schema in &choice.schemas {
                kinds.push(self.kind_within(&[schema], deepest));
            }
        }
        if kinds.is_empty() {
            for (types, name) in TYPES {
                // What is a number is none that is whole, too.
                let is_it = types.within(shape.types) && !shape.types.is_any();
                if !is_it || name == "integer" && Types::NUMBER.within(shape.types) {
                    continue;
                }
                kinds.push(match name {
                    "array" if !shape.items.is_empty() => {
                        list(self.kind_within(&shape.items, deepest))
                    }
                    "object"
                        if shape.properties.is_empty()
                            && !shape.additional_properties.is_empty() =>
                    {
                        map(self.kind_within(&shape.additional_properties, deepest))
                    }
                    name => text(name),
                });
            }
        }
        if kinds.is_empty() {
            return text("any");
        }
        // Where alternatives are all that is said, null is one of them or none.
        or(kinds, shape.nullable && !shape.types.is_any())
    }
}

const TYPES: [(Types, &str); 6] = [
    (Types::STRING, "string"),
    (Types::NUMBER, "number"),
    (Types::INTEGER, "integer"),
    (Types::BOOLEAN, "boolean"),
    (Types::ARRAY, "array"),
    (Types::OBJECT, "object"),
];

fn list(mut item: Vec<Term>) -> Vec<Term> {
    let is_one = item.len() == 1 || item.last() == Some(&Term::Text("[]".to_owned()));
    if !is_one {
        item.insert(0, Term::Text("(".to_owned()));
        item.push(Term::Text(")".to_owned()));
    }
    item.push(Term::Text("[]".to_owned()));
    item
}

fn map(value: Vec<Term>) -> Vec<Term> {
    let around = |text: &str| Term::Text(text.to_owned());
    let value = value.into_iter();
    [around("map<string, ")]
        .into_iter()
        .chain(value)
        .chain([around(">")])
        .collect()
}

/// Each once, and null where that is one.
fn or(kinds: Vec<Vec<Term>>, nullable: bool) -> Vec<Term> {
    let null = nullable.then(|| vec![Term::Text("null".to_owned())]);
    let mut all: Vec<Vec<Term>> = Vec::new();
    for kind in kinds.into_iter().chain(null) {
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    all.join(&Term::Text(" | ".to_owned()))
}

/// A value as readers write it: a text without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn says(shape: &Shape<'_>, key: &str) -> bool {
    let mut parts = shape.parts.iter();
    parts.any(|part| part.get(key).is_some_and(Node::is_true))
}

/// What is said first, the outermost first.
pub(crate) fn description<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    let mut parts = shape.parts.iter();
    parts.find_map(|part| part.get("description")?.as_str())
}

pub(crate) fn facts(shape: &Shape<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.extend(shape.format.map(|format| Fact::Format(format.to_owned())));
    let values = |nodes: &[&Node]| nodes.iter().map(|node| node.to_json()).collect();
    facts.extend(shape.values.as_deref().map(|all| Fact::Values(values(all))));
    let known = shape
        .parts
        .iter()
        .find_map(|part| part.get(EXTENSIBLE)?.as_array());
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
    facts.extend(shape.unique_items.then_some(Fact::Unique));
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
