//! What a value has: a tree of fields, as its schemas say.

use std::collections::HashSet;

use contract::schema::{Alternatives, Direction, Shape, Types};
use contract::source::{self, Node};
use contract::walk::component;

use crate::fact::{Fact, facts};

/// So deep fields are shown in one another.
const DEEPEST: usize = 16;
/// So many of those around a field may be components; a link leads to the next one. Where each of some
/// refers to all of them, the page would grow with a power of their number.
const MOST_COMPONENTS: usize = 3;
/// Of so many alternatives each is shown with its fields, where it has a page of its own as well.
const MOST_ALTERNATIVES: usize = 8;

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

/// Reads fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) root: &'a Node,
    /// Whether what has a name is shown in its place, too; else there is a link to it.
    pub(crate) is_whole: bool,
    /// Which way it travels; what goes either way belongs to what has no direction.
    pub(crate) direction: Option<Direction>,
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
            facts: facts(self.root, &shape),
            fields: self.below(nodes, &anchor, above),
            anchor,
        }
    }

    /// The fields of a value: of an object, of the items of a list, of alternatives.
    pub(crate) fn below(&self, nodes: &[&'a Node], at: &str, above: &[String]) -> Vec<Field<'a>> {
        if above.len() >= DEEPEST {
            return Vec::new();
        }
        let mut objects = Objects::default();
        let components = above.iter().filter(|name| !name.is_empty()).count();
        let is_part = !above.is_empty() && (!self.is_whole || components >= MOST_COMPONENTS);
        self.objects(nodes, MOST_STEPS, is_part, Vec::new(), &mut objects);
        let mut fields = Vec::new();
        let are_several = objects.found.len() > 1;
        for (number, (shape, told)) in objects.found.iter().enumerate() {
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
                facts: told.clone(),
                fields: self.properties(shape, &anchor, &above),
                anchor,
            });
        }
        fields
    }

    /// The objects that a value may be or hold, each component once, with what tells each from the
    /// others. What has a page of its own is shown only where it is the whole, and not where it is a
    /// part.
    fn objects(
        &self,
        nodes: &[&'a Node],
        deepest: usize,
        is_part: bool,
        told: Vec<Fact>,
        objects: &mut Objects<'a>,
    ) {
        let Some(deepest) = deepest.checked_sub(1) else {
            return;
        };
        let name = nodes
            .iter()
            .find_map(|node| component(node.get("$ref")?.as_str()?));
        if let Some(name) = name
            && (is_part || !objects.seen.insert(name))
        {
            return;
        }
        let shape = self.shape(nodes);
        let lists = shape.prefix_items.iter().chain([&shape.items]);
        for items in lists.filter(|items| !items.is_empty()) {
            self.objects(items, deepest, is_part, Vec::new(), objects);
        }
        for choice in &shape.choices {
            let are_many = choice.schemas.len() > MOST_ALTERNATIVES;
            for schema in &choice.schemas {
                let told = self::told(choice, schema).into_iter().collect();
                self.objects(&[schema], deepest, is_part || are_many, told, objects);
            }
        }
        let has_others = !shape.additional_properties.is_empty();
        if !shape.properties.is_empty() || !shape.pattern_properties.is_empty() || has_others {
            objects.found.push((shape, told));
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
        for (pattern, node) in &shape.pattern_properties {
            let name = format!("/{pattern}/");
            fields.push(self.field(&name, format!("{at}.{name}"), &[node], above));
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
            Some(Direction::Request) => Fact::ReadOnly,
            Some(Direction::Response) => Fact::WriteOnly,
            None => return true,
        };
        !field.facts.contains(&against)
    }

    /// What a value is, in the signs that languages of programs share.
    pub(crate) fn kind(&self, nodes: &[&'a Node]) -> Vec<Term> {
        self.kind_within(nodes, MOST_STEPS)
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
            let types_said = of_values(&shape).unwrap_or(shape.types);
            for (types, name) in TYPES {
                // What is a number is none that is whole, too.
                let is_it = types.within(types_said) && !types_said.is_any();
                if !is_it || name == "integer" && Types::NUMBER.within(types_said) {
                    continue;
                }
                kinds.push(match name {
                    "array" if !shape.prefix_items.is_empty() => {
                        let items = shape.prefix_items.iter();
                        tuple(items.map(|item| self.kind_within(item, deepest)).collect())
                    }
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
            let is_null = shape.types == Types::NONE && shape.nullable;
            return text(if is_null { "null" } else { "any" });
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

/// So many steps lead to an object that a value may be or hold.
const MOST_STEPS: usize = 6;

/// The objects that a value may be or hold.
#[derive(Default)]
struct Objects<'a> {
    /// Each with what tells it from the others.
    found: Vec<(Shape<'a>, Vec<Fact>)>,
    seen: HashSet<String>,
}

/// What tells an alternative from the others, if a property does.
fn told(choice: &Alternatives<'_>, schema: &Node) -> Option<Fact> {
    let discriminator = choice.discriminator.as_ref()?;
    let value = discriminator.value(schema)?;
    Some(Fact::Told(discriminator.property.to_owned(), value))
}

/// The types of the values that are listed, where no type is said.
fn of_values(shape: &Shape<'_>) -> Option<Types> {
    let values = shape.values.as_ref().filter(|_| shape.types.is_any())?;
    let types = values.iter().map(|node| match &node.value {
        source::Value::String(_) => Types::STRING,
        source::Value::Number(_) => Types::NUMBER,
        source::Value::Bool(_) => Types::BOOLEAN,
        source::Value::Array(_) => Types::ARRAY,
        source::Value::Object(_) => Types::OBJECT,
        source::Value::Null => Types::NONE,
    });
    types.reduce(Types::or)
}

fn tuple(items: Vec<Vec<Term>>) -> Vec<Term> {
    let text = |text: &str| Term::Text(text.to_owned());
    let mut all = vec![text("[")];
    for (at, item) in items.into_iter().enumerate() {
        all.extend((at > 0).then(|| text(", ")));
        all.extend(item);
    }
    all.push(text("]"));
    all
}

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
    let null = vec![Term::Text("null".to_owned())];
    let (nulls, kinds): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|kind| *kind == null);
    let null = (nullable || !nulls.is_empty()).then_some(null);
    let mut all: Vec<Vec<Term>> = Vec::new();
    for kind in kinds.into_iter().chain(null) {
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    all.join(&Term::Text(" | ".to_owned()))
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
