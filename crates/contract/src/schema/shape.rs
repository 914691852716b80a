//! What a schema asks of a value, as whoever makes, reads or shows values wants to know it.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::Types;
use crate::lower::is_newer;
use crate::source::{Node, Value};
use crate::walk::{component, pointer};

/// What a schema asks of a value: its own keywords and those of everything that it refers to or has
/// in its `allOf`. A schema below it is a list of schemas that all hold, because several parts may
/// speak of the same property.
///
/// ```
/// use contract::schema::{Shape, Types};
/// use contract::{Document, Source};
///
/// let text = "
/// components:
///   schemas:
///     Pet: {type: object, required: [name], properties: {name: {type: string, maxLength: 9}}}
///     Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {name: {minLength: 2}}}]}
/// ";
/// let document = Document::parse(Source::new("pets.yaml", text));
/// let dog = document.root().pointer("/components/schemas/Dog").unwrap();
/// let dog = Shape::of(document.root(), &[dog]);
/// let name = Shape::of(document.root(), &dog.properties["name"]);
/// assert_eq!((dog.types, name.types), (Types::OBJECT, Types::STRING));
/// assert_eq!((name.length.least, name.length.most), (Some(2), Some(9)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Shape<'a> {
    /// The schemas that it is read from, the outermost first.
    pub parts: Vec<&'a Node>,
    /// No value fits: a part is `false`.
    pub never: bool,
    /// The types that a value may have; those that its keywords are about, where no type is said.
    pub types: Types,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// The values that it may have, if they are listed.
    pub values: Option<Vec<&'a Node>>,
    /// What is known of properties by their name.
    pub properties: IndexMap<&'a str, Vec<&'a Node>>,
    /// The properties that an object must have.
    pub required: IndexSet<&'a str>,
    /// What is known of properties by a pattern.
    pub pattern_properties: Vec<(&'a str, &'a Node)>,
    /// What the names of properties must fit.
    pub property_names: Vec<&'a Node>,
    /// What other properties must fit.
    pub additional_properties: Vec<&'a Node>,
    /// Whether there may be no other properties.
    pub closed: bool,
    /// What the first items must fit, one after another.
    pub prefix_items: Vec<Vec<&'a Node>>,
    /// What the other items must fit.
    pub items: Vec<&'a Node>,
    /// What some item must fit.
    pub contains: Vec<&'a Node>,
    /// Whether no two items may be equal.
    pub unique_items: bool,
    /// Schemas of which at least one must fit, too, for each `oneOf` and `anyOf`.
    pub choices: Vec<Alternatives<'a>>,
    /// How large a number may be.
    pub range: Bounds<f64>,
    /// Whether it may not be the least, or the most.
    pub exclusive: (bool, bool),
    /// What a number must be a multiple of.
    pub multiple_of: Vec<f64>,
    /// How many characters a text may have.
    pub length: Bounds<u64>,
    /// How many items a list may have.
    pub item_count: Bounds<u64>,
    /// How many properties an object may have.
    pub property_count: Bounds<u64>,
    /// What a text must match.
    pub patterns: Vec<&'a str>,
    /// How a text is written, or a number is stored.
    pub format: Option<&'a str>,
    /// The media type of what a text holds (JSON Schema 2020-12, validation, section 8.4).
    pub content_media_type: Option<&'a str>,
    /// What a value is where nobody says it.
    pub default: Option<&'a Node>,
    /// Values as they may be.
    pub examples: Vec<&'a Node>,
    /// Whether only servers say it.
    pub read_only: bool,
    /// Whether only clients say it.
    pub write_only: bool,
    /// The components that the schema is, the outermost first.
    pub components: Vec<String>,
}

/// A `oneOf` or an `anyOf`.
#[derive(Clone, Debug)]
pub struct Alternatives<'a> {
    /// The schemas.
    pub schemas: Vec<&'a Node>,
    /// The property that tells them apart, if one does (`OpenAPI` 3.0.3, section 4.7.25).
    pub discriminator: Option<Discriminator<'a>>,
}

/// A property whose value says which schema is meant.
#[derive(Clone, Debug)]
pub struct Discriminator<'a> {
    /// The property.
    pub property: &'a str,
    /// What it is for the schema that a reference leads to.
    mapping: Vec<(&'a str, &'a str)>,
}

/// The least and the most, both included unless it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds<T> {
    /// The least.
    pub least: Option<T>,
    /// The most.
    pub most: Option<T>,
}

impl<T: PartialOrd + Copy> Bounds<T> {
    fn at_least(&mut self, bound: T) -> bool {
        let is_tighter = self.least.is_none_or(|known| bound > known);
        if is_tighter {
            self.least = Some(bound);
        }
        is_tighter
    }

    fn at_most(&mut self, bound: T) -> bool {
        let is_tighter = self.most.is_none_or(|known| bound < known);
        if is_tighter {
            self.most = Some(bound);
        }
        is_tighter
    }
}

impl<'a> Discriminator<'a> {
    fn read(node: &'a Node) -> Option<Self> {
        let mapping = node.get("mapping").into_iter().flat_map(Node::entries);
        let mapping = mapping.filter_map(|(value, entry)| Some((entry.node.as_str()?, value)));
        Some(Self {
            property: node.get("propertyName")?.as_str()?,
            mapping: mapping.collect(),
        })
    }

    /// What the property is in values of one of the alternatives.
    #[must_use]
    pub fn value(&self, alternative: &Node) -> Option<String> {
        let reference = alternative.get("$ref")?.as_str()?;
        let name = component(reference);
        let is_it = |target: &str| target == reference || Some(target) == name.as_deref();
        let mapped = self.mapping.iter().find(|(target, _)| is_it(target));
        mapped.map(|(_, value)| (*value).to_owned()).or(name)
    }
}

impl<'a> Shape<'a> {
    /// What all of the schemas ask for together, which stand in the document below `root`.
    #[must_use]
    pub fn of(root: &'a Node, schemas: &[&'a Node]) -> Self {
        let mut reader = Reader {
            root,
            siblings_count: is_newer(root),
            seen: HashSet::new(),
            todo: schemas.iter().rev().copied().collect(),
        };
        let mut shape = Self {
            nullable: true,
            ..Self::default()
        };
        // A list and no recursion: chains of references may be long.
        while let Some(part) = reader.todo.pop() {
            if reader.seen.insert(std::ptr::from_ref(part)) {
                reader.part(part, &mut shape);
            }
        }
        shape.imply_type();
        shape
    }

    /// A schema with properties and no type means an object, one with items a list, one with
    /// lengths a text, one with a range a number.
    fn imply_type(&mut self) {
        if !self.types.is_any() || self.never {
            return;
        }
        let has_properties = !self.properties.is_empty()
            || !self.required.is_empty()
            || !self.additional_properties.is_empty()
            || !self.pattern_properties.is_empty();
        if has_properties {
            self.types = Types::OBJECT;
        } else if !self.items.is_empty() || !self.prefix_items.is_empty() {
            self.types = Types::ARRAY;
        } else if !self.patterns.is_empty() || self.length != Bounds::default() {
            self.types = Types::STRING;
        } else if self.range != Bounds::default() {
            self.types = Types::NUMBER;
        } else {
            return;
        }
        self.nullable = false;
    }
}

struct Reader<'a> {
    root: &'a Node,
    /// Whether keywords beside `$ref` count (`OpenAPI` 3.1.1, section 4.8.23).
    siblings_count: bool,
    seen: HashSet<*const Node>,
    todo: Vec<&'a Node>,
}

impl<'a> Reader<'a> {
    fn part(&mut self, part: &'a Node, shape: &mut Shape<'a>) {
        shape.parts.push(part);
        if let Value::Bool(false) = part.value {
            shape.never = true;
        }
        if let Some(reference) = part.get("$ref").and_then(Node::as_str) {
            shape.components.extend(component(reference));
            let target = pointer(reference).and_then(|at| self.root.pointer(&at));
            self.todo.extend(target);
            if !self.siblings_count {
                return;
            }
        }
        for (key, entry) in part.entries() {
            self.keyword(key, &entry.node, part, shape);
        }
    }

    fn keyword(&mut self, key: &'a str, node: &'a Node, part: &'a Node, shape: &mut Shape<'a>) {
        match key {
            "type" => {
                let (types, null) = Types::read(node);
                shape.types = shape.types.and(types);
                shape.nullable &= null || part.get("nullable").is_some_and(Node::is_true);
            }
            // The list is read from its end.
            "allOf" => self.todo.extend(items(node).rev()),
            "anyOf" | "oneOf" => shape.choices.push(Alternatives {
                schemas: node.items().collect(),
                discriminator: part.get("discriminator").and_then(Discriminator::read),
            }),
            "enum" => shape.only(node.items().collect()),
            "const" => shape.only(vec![node]),
            "default" => shape.default = shape.default.or(Some(node)),
            "example" => shape.examples.push(node),
            "examples" => shape.examples.extend(node.items()),
            "readOnly" => shape.read_only |= node.is_true(),
            "writeOnly" => shape.write_only |= node.is_true(),
            _ if shape.object(key, node) || shape.list(key, node) => {}
            _ => shape.scalar(key, node, part),
        }
    }
}

impl<'a> Shape<'a> {
    fn only(&mut self, values: Vec<&'a Node>) {
        match &mut self.values {
            Some(known) => known.retain(|one| values.iter().any(|other| other.same(one))),
            None => self.values = Some(values),
        }
    }

    fn object(&mut self, key: &str, node: &'a Node) -> bool {
        match key {
            "properties" => {
                for (name, entry) in node.entries() {
                    self.properties.entry(name).or_default().push(&entry.node);
                }
            }
            "required" => self.required.extend(node.items().filter_map(Node::as_str)),
            "additionalProperties" | "unevaluatedProperties" => match node.value {
                Value::Bool(allowed) => self.closed |= !allowed,
                _ => self.additional_properties.push(node),
            },
            "patternProperties" => {
                let patterns = node.entries().map(|(name, entry)| (name, &entry.node));
                self.pattern_properties.extend(patterns);
            }
            "propertyNames" => self.property_names.push(node),
            "minProperties" => _ = whole(node).map(|n| self.property_count.at_least(n)),
            "maxProperties" => _ = whole(node).map(|n| self.property_count.at_most(n)),
            _ => return false,
        }
        true
    }

    fn list(&mut self, key: &str, node: &'a Node) -> bool {
        match key {
            "prefixItems" => {
                for (index, item) in node.items().enumerate() {
                    if self.prefix_items.len() == index {
                        self.prefix_items.push(Vec::new());
                    }
                    self.prefix_items[index].push(item);
                }
            }
            "items" => self.items.push(node),
            "contains" => self.contains.push(node),
            "uniqueItems" => self.unique_items |= node.is_true(),
            "minItems" => _ = whole(node).map(|n| self.item_count.at_least(n)),
            "maxItems" => _ = whole(node).map(|n| self.item_count.at_most(n)),
            _ => return false,
        }
        true
    }

    fn scalar(&mut self, key: &str, node: &'a Node, part: &Node) {
        let is_exclusive = |key| part.get(key).is_some_and(Node::is_true);
        match key {
            "minimum" => self.above(node, is_exclusive("exclusiveMinimum")),
            "exclusiveMinimum" => self.above(node, true),
            "maximum" => self.below(node, is_exclusive("exclusiveMaximum")),
            "exclusiveMaximum" => self.below(node, true),
            "multipleOf" => self.multiple_of.extend(number(node)),
            "minLength" => _ = whole(node).map(|n| self.length.at_least(n)),
            "maxLength" => _ = whole(node).map(|n| self.length.at_most(n)),
            "pattern" => self.patterns.extend(node.as_str()),
            "format" => self.format = self.format.or(node.as_str()),
            "contentMediaType" => self.content_media_type = node.as_str(),
            _ => {}
        }
    }

    fn above(&mut self, node: &Node, exclusive: bool) {
        if number(node).is_some_and(|bound| self.range.at_least(bound)) {
            self.exclusive.0 = exclusive;
        }
    }

    fn below(&mut self, node: &Node, exclusive: bool) {
        if number(node).is_some_and(|bound| self.range.at_most(bound)) {
            self.exclusive.1 = exclusive;
        }
    }
}

fn items(node: &Node) -> impl DoubleEndedIterator<Item = &Node> {
    node.as_array().unwrap_or_default().iter()
}

fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.as_f64(),
        _ => None,
    }
}

/// A bound that counts; 3.1 allows `3.0`.
fn whole(node: &Node) -> Option<u64> {
    let Value::Number(number) = &node.value else {
        return None;
    };
    let rounded = number.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0);
    number.as_u64().or_else(|| rounded.map(|n| n as u64))
}
