//! From texts to values: a query, a path or a form says `7`, and its schema says what that is.

use contract::schema::{Shape, Types};
use contract::source::Node;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// So deep a text is read as a value within a value.
const DEEPEST: usize = 6;

/// What the texts of a schema may be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coercion {
    types: Types,
    nullable: bool,
    values: Vec<Value>,
    items: Option<Box<Coercion>>,
    properties: IndexMap<String, Coercion>,
    /// What properties are that the schema does not list.
    others: Option<Box<Coercion>>,
    /// Whether the text is of bytes, which are not looked at.
    pub(crate) is_binary: bool,
    /// Whether a whole number goes into 64 bits.
    is_stored: bool,
}

impl Coercion {
    /// What the schema at a pointer asks for.
    pub(crate) fn of(root: &Node, pointer: &str) -> Self {
        match root.pointer(pointer) {
            Some(schema) => Self::read(root, &[schema], DEEPEST),
            None => Self::default(),
        }
    }

    fn read(root: &Node, schemas: &[&Node], deepest: usize) -> Self {
        let shape = Shape::of(root, schemas);
        let below = |schemas: &[&Node]| Self::read(root, schemas, deepest - 1);
        let mut coercion = Self {
            types: shape.types,
            nullable: shape.nullable,
            values: shape.values.iter().flatten().map(|v| v.to_json()).collect(),
            is_stored: matches!(shape.format, Some("int32" | "int64")),
            is_binary: shape.format == Some("binary") || shape.content_media_type.is_some(),
            ..Self::default()
        };
        if deepest == 0 {
            return coercion;
        }
        for (name, schemas) in &shape.properties {
            coercion
                .properties
                .insert((*name).to_owned(), below(schemas));
        }
        let some = |schemas: &[&Node]| (!schemas.is_empty()).then(|| Box::new(below(schemas)));
        coercion.items = some(&shape.items);
        coercion.others = some(&shape.additional_properties);
        for choice in &shape.choices {
            let one = choice.schemas.iter().map(|schema| below(&[schema]));
            if let Some(either) = one.reduce(Self::or) {
                coercion = coercion.and(either);
            }
        }
        coercion
    }

    /// What one of two alternatives may be.
    fn or(mut self, other: Self) -> Self {
        self.types = self.types.or(other.types);
        self.nullable |= other.nullable;
        self.values.extend(other.values);
        self.is_binary |= other.is_binary;
        self.is_stored &= other.is_stored;
        self.items = self.items.or(other.items);
        self.others = self.others.or(other.others);
        for (name, property) in other.properties {
            self.properties.entry(name).or_insert(property);
        }
        self
    }

    /// What a choice beside other keywords may be.
    fn and(mut self, choice: Self) -> Self {
        let types = self.types.and(choice.types);
        let nullable = self.nullable && choice.nullable;
        let is_stored = self.is_stored || choice.is_stored;
        self = self.or(choice);
        Self {
            types,
            nullable,
            is_stored,
            ..self
        }
    }

    fn admits(&self, types: Types) -> bool {
        self.types.and(types) != Types::NONE
    }

    /// Whether several texts are a list. What may be anything is one text.
    pub(crate) fn is_list(&self) -> bool {
        self.admits(Types::ARRAY) && !self.types.is_any()
    }

    /// Whether a text may be what it is.
    pub(crate) fn may_be_text(&self) -> bool {
        self.admits(Types::STRING)
    }

    /// Whether it may be one text.
    pub(crate) fn is_scalar(&self) -> bool {
        let scalar = Types::STRING.or(Types::NUMBER).or(Types::BOOLEAN);
        self.admits(scalar)
    }

    /// Whether names and texts are an object.
    pub(crate) fn is_object(&self) -> bool {
        self.admits(Types::OBJECT) && !self.types.is_any()
    }

    /// The properties that the schema lists.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// What is known of an item.
    pub(crate) fn item(&self) -> Option<&Self> {
        self.items.as_deref()
    }

    /// What is known of a property.
    pub(crate) fn property(&self, name: &str) -> Option<&Self> {
        self.properties.get(name).or(self.others.as_deref())
    }

    /// A text as the value that is meant.
    pub(crate) fn scalar(&self, text: &str) -> Value {
        let says = |value: &&Value| match value {
            Value::String(known) => known == text,
            other => serde_json::from_str(text).is_ok_and(|sent: Value| sent == **other),
        };
        if let Some(value) = self.values.iter().find(says) {
            return value.clone();
        }
        // What may be anything is what it is.
        if self.admits(Types::STRING) {
            return text.into();
        }
        // Read as a fraction, it would be the nearest number that goes into them.
        let is_whole = text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_digit());
        if self.is_stored && is_whole && text.parse::<i64>().is_err() {
            return text.into();
        }
        match serde_json::from_str(text).ok() {
            Some(number @ Value::Number(_)) if self.admits(Types::NUMBER) => number,
            Some(told @ Value::Bool(_)) if self.admits(Types::BOOLEAN) => told,
            _ if self.nullable && (text == "null" || text.is_empty()) => Value::Null,
            _ => text.into(),
        }
    }

    /// Several texts as a list.
    pub(crate) fn list<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Value {
        texts.map(|text| scalar(self.item(), text)).collect()
    }

    /// Names and texts as an object.
    pub(crate) fn object<'t>(&self, pairs: impl Iterator<Item = (&'t str, &'t str)>) -> Value {
        let pairs = pairs.map(|(name, text)| (name.to_owned(), scalar(self.property(name), text)));
        Value::Object(pairs.collect::<Map<_, _>>())
    }
}

/// A text of which something is known, or nothing.
pub(crate) fn scalar(coercion: Option<&Coercion>, text: &str) -> Value {
    coercion.map_or_else(|| text.into(), |coercion| coercion.scalar(text))
}
