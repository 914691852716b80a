//! Objects, lists, and which of several schemas a value is of.

use std::hash::Hasher as _;

use contract::schema::{Alternatives, Direction, Shape, Types};
use contract::source::Node;
use contract::walk::component;
use fnv::FnvHasher;
use rand::RngExt as _;
use serde_json::{Map, Value};

use crate::{Manner, Sampler, chance, number, text};

/// So deep objects and lists that need not be there stand in one another,
const DEEP: usize = 4;
/// and so deep those that must.
const DEEPEST: usize = 24;
/// So many values are made before what need not be there is left out.
const MANY: usize = 2_000;

pub(crate) fn make<'a>(
    sampler: &Sampler<'a>,
    pointer: &'a str,
    schema: &'a Node,
    manner: Manner,
) -> Option<Value> {
    let component = component(&format!("#{pointer}"));
    let mut maker = Maker {
        root: sampler.root,
        direction: sampler.direction,
        manner,
        is_plain: sampler.is_plain,
        open: component.into_iter().collect(),
        depth: 0,
        made: 0,
    };
    let place = Place {
        name: "",
        chances: sampler.seed.wrapping_add(manner.turn << 32),
    };
    let held = maker.held(&[schema], place);
    maker.value(&held, place)
}

/// A value that is being made.
struct Maker<'a> {
    root: &'a Node,
    direction: Direction,
    manner: Manner,
    is_plain: bool,
    /// The components that are being made, which may lead back to themselves.
    open: Vec<String>,
    /// How many objects and lists a value is in.
    depth: usize,
    /// How many values there are.
    made: usize,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'n> {
    /// The name of the property that it is of.
    name: &'n str,
    /// What its chances come from.
    chances: u64,
}

impl<'n> Place<'n> {
    fn property(self, name: &'n str) -> Self {
        Self {
            name,
            chances: self.below(name.as_bytes()),
        }
    }

    fn item(self, index: usize) -> Self {
        Self {
            chances: self.below(&index.to_le_bytes()),
            ..self
        }
    }

    fn below(self, key: &[u8]) -> u64 {
        let mut hasher = FnvHasher::with_key(self.chances ^ 0xcbf2_9ce4_8422_2325);
        hasher.write(key);
        hasher.finish()
    }
}

/// What a value must fit once its alternatives are chosen.
struct Held<'a> {
    shape: Shape<'a>,
    /// Properties whose value says which alternative it is.
    fixed: Vec<(&'a str, String)>,
}

impl<'a> Maker<'a> {
    /// What all of the schemas ask for, and an alternative of each choice.
    fn held(&self, schemas: &[&'a Node], place: Place<'_>) -> Held<'a> {
        let mut schemas = schemas.to_vec();
        let mut fixed = Vec::new();
        let mut chosen: Vec<*const Node> = Vec::new();
        loop {
            let shape = Shape::of(self.root, &schemas);
            let first = |choice: &Alternatives<'a>| choice.schemas.first().copied();
            let open = shape.choices.iter().find(|choice| {
                first(choice).is_some_and(|schema| !chosen.contains(&std::ptr::from_ref(schema)))
            });
            let Some(choice) = open else {
                return Held { shape, fixed };
            };
            chosen.extend(first(choice).map(std::ptr::from_ref));
            let Some(alternative) = self.alternative(choice, &schemas, place) else {
                continue;
            };
            let discriminator = choice.discriminator.as_ref();
            let value = discriminator.and_then(|one| Some((one.property, one.value(alternative)?)));
            fixed.extend(value);
            schemas.push(alternative);
        }
    }

    /// The first alternative that goes with the other schemas, and that is not being made already;
    /// another one with each turn.
    fn alternative(
        &self,
        choice: &Alternatives<'a>,
        others: &[&'a Node],
        place: Place<'_>,
    ) -> Option<&'a Node> {
        let mut candidates: Vec<(&'a Node, bool)> = Vec::new();
        for schema in &choice.schemas {
            let alone = Shape::of(self.root, &[schema]);
            let together = Shape::of(self.root, &[others, &[schema]].concat());
            if alone.types != Types::NONE && self.is_possible(&together) {
                candidates.push((schema, self.is_open(&alone)));
            }
        }
        // Not the same one everywhere, as what is wrong with one may be wrong with it here alone.
        let turn = match self.manner.turn {
            0 => 0,
            turn => place.chances.wrapping_add(turn) as usize,
        };
        candidates.sort_by_key(|(_, is_open)| *is_open);
        let closed = candidates.iter().filter(|(_, is_open)| !is_open).count();
        match closed {
            0 => candidates.first(),
            count => candidates.get(turn % count),
        }
        .map(|(schema, _)| *schema)
    }

    /// Whether some value may fit, as far as values are listed.
    fn is_possible(&self, shape: &Shape<'a>) -> bool {
        let has_value = |shape: &Shape<'_>| {
            let is_listed = shape
                .values
                .as_ref()
                .is_none_or(|values| !values.is_empty());
            is_listed && !shape.never && (shape.types != Types::NONE || shape.nullable)
        };
        let mut required = shape
            .required
            .iter()
            .filter_map(|name| shape.properties.get(name));
        has_value(shape)
            && required
                .all(|schemas| schemas.len() == 1 || has_value(&Shape::of(self.root, schemas)))
    }

    fn is_open(&self, shape: &Shape<'a>) -> bool {
        shape.components.iter().any(|name| self.open.contains(name))
    }

    fn value(&mut self, held: &Held<'a>, place: Place<'_>) -> Option<Value> {
        let shape = &held.shape;
        self.made += 1;
        if shape.never || self.depth > DEEPEST {
            return None;
        }
        if let Some(shown) = self.shown(shape) {
            return Some(shown);
        }
        if let Some(values) = &shape.values {
            let mut values: Vec<Value> = values.iter().map(|value| value.to_json()).collect();
            values.retain(|value| is_of(shape, value));
            let index = chance(place.chances).random_range(0..values.len().max(1));
            return values.into_iter().nth(index);
        }
        let open = self.open.len();
        self.open.extend(shape.components.iter().cloned());
        self.depth += 1;
        let made = self.of_type(held, place);
        self.depth -= 1;
        self.open.truncate(open);
        made
    }

    /// What the schema itself shows.
    fn shown(&self, shape: &Shape<'a>) -> Option<Value> {
        if !self.manner.shown {
            return None;
        }
        let mut shown = shape.examples.iter().copied().chain(shape.default);
        shown.find_map(|node| Some(node.to_json()).filter(|value| is_of(shape, value)))
    }

    fn of_type(&mut self, held: &Held<'a>, place: Place<'_>) -> Option<Value> {
        let shape = &held.shape;
        let has = |types: Types| shape.types.and(types) != Types::NONE;
        let mut chances = chance(place.chances);
        Some(match () {
            // Anything: a word is the most that can be said.
            () if shape.types.is_any() => {
                text::text(shape, place.name, self.is_plain, &mut chances)?.into()
            }
            () if has(Types::OBJECT) => Value::Object(self.object(held, place)?),
            () if has(Types::ARRAY) => Value::Array(self.list(shape, place)?),
            () if has(Types::STRING) => {
                text::text(shape, place.name, self.is_plain, &mut chances)?.into()
            }
            () if has(Types::NUMBER) => number::number(shape, &mut chances)?.into(),
            () if has(Types::BOOLEAN) => chances.random_bool(0.5).into(),
            () if shape.nullable => Value::Null,
            () => return None,
        })
    }

    fn object(&mut self, held: &Held<'a>, place: Place<'_>) -> Option<Map<String, Value>> {
        let shape = &held.shape;
        let mut object = Map::new();
        for (name, schemas) in &shape.properties {
            let place = place.property(name);
            let property = self.held(schemas, place);
            let is_required = shape.required.contains(name);
            if self.travels(&property.shape, is_required)
                && (is_required || self.is_welcome(&property.shape))
            {
                match self.value(&property, place) {
                    Some(value) => _ = object.insert((*name).to_owned(), value),
                    None if is_required => return None,
                    None => {}
                }
            }
        }
        for (name, value) in &held.fixed {
            if self.admits(shape, name, value) {
                object.insert((*name).to_owned(), value.as_str().into());
            }
        }
        for name in &shape.required {
            if !object.contains_key(*name) && !shape.properties.contains_key(name) {
                object.insert((*name).to_owned(), self.other(shape, name, place)?);
            }
        }
        self.fill(shape, &mut object, place);
        self.trim(shape, &mut object);
        Some(object)
    }

    /// Whether a property may be a text: some documents tell alternatives apart by values that
    /// differ from the names that they give them.
    fn admits(&self, shape: &Shape<'a>, name: &str, text: &str) -> bool {
        let Some(schemas) = shape.properties.get(name) else {
            return true;
        };
        let values = Shape::of(self.root, schemas).values;
        values.is_none_or(|values| values.iter().any(|value| value.as_str() == Some(text)))
    }

    /// Whether a property is sent this way. What one part of a schema says is for the other side
    /// alone, another may ask for: then it is there once all else was tried.
    fn travels(&self, property: &Shape<'_>, is_required: bool) -> bool {
        let is_for_others = match self.direction {
            Direction::Request => property.read_only,
            Direction::Response => property.write_only,
        };
        !is_for_others || is_required && self.manner.turn > 1
    }

    /// Whether there is a property that need not be there.
    fn is_welcome(&self, property: &Shape<'a>) -> bool {
        let is_container = property.types.is_any()
            || property.types.and(Types::OBJECT.or(Types::ARRAY)) != Types::NONE;
        let has_room = self.has_room() && !self.is_open(property);
        self.manner.optional && !property.never && (!is_container || has_room)
    }

    /// Whether there is room for objects and lists that need not be there.
    fn has_room(&self) -> bool {
        self.depth < DEEP && self.made < MANY
    }

    /// A value for a name that the schema does not list.
    fn other(&mut self, shape: &Shape<'a>, name: &str, place: Place<'_>) -> Option<Value> {
        let place = place.property(name);
        let by_pattern = shape.pattern_properties.iter().map(|(_, schema)| *schema);
        let schemas: Vec<&Node> = match shape.additional_properties.as_slice() {
            [] => by_pattern.take(1).collect(),
            additional => additional.to_vec(),
        };
        let held = self.held(&schemas, place);
        self.value(&held, place)
    }

    /// Adds names that the schema does not list: what is asked for, and one where there is no other
    /// way to show what an object holds.
    fn fill(&mut self, shape: &Shape<'a>, object: &mut Map<String, Value>, place: Place<'_>) {
        let holds = !shape.additional_properties.is_empty() || !shape.pattern_properties.is_empty();
        let shows = shape.properties.is_empty() && holds && self.manner.optional;
        let least = shape.property_count.least.unwrap_or_default();
        let least = least.max(u64::from(shows && self.has_room()));
        for index in 0.. {
            if object.len() as u64 >= least || index > least + 8 {
                return;
            }
            let mut chances = chance(place.item(index as usize).chances);
            let name = self.name(shape, &mut chances);
            if let Some(value) = self.other(shape, &name, place) {
                object.entry(name).or_insert(value);
            }
        }
    }

    fn name(&self, shape: &Shape<'a>, chances: &mut crate::Chance) -> String {
        let names = Shape::of(self.root, &shape.property_names);
        let mut names = Shape {
            types: Types::STRING,
            ..names
        };
        if let ([], Some((pattern, _))) = (
            shape.additional_properties.as_slice(),
            shape.pattern_properties.first(),
        ) {
            names.patterns.push(pattern);
        }
        if let Some(values) = names.values.filter(|values| !values.is_empty()) {
            let value = values[chances.random_range(0..values.len())];
            return value.as_str().unwrap_or_default().to_owned();
        }
        names.values = None;
        text::text(&names, "key", self.is_plain, chances).unwrap_or_default()
    }

    /// Leaves out what is more than an object may hold.
    fn trim(&self, shape: &Shape<'_>, object: &mut Map<String, Value>) {
        let Some(most) = shape.property_count.most else {
            return;
        };
        let names: Vec<String> = object.keys().cloned().collect();
        for name in names.iter().rev() {
            if object.len() as u64 > most && !shape.required.contains(name.as_str()) {
                object.shift_remove(name);
            }
        }
    }

    fn list(&mut self, shape: &Shape<'a>, place: Place<'_>) -> Option<Vec<Value>> {
        let least = shape.item_count.least.unwrap_or_default() as usize;
        let most = shape.item_count.most.map_or(usize::MAX, |n| n as usize);
        let prefix = shape.prefix_items.len();
        let has_room = self.manner.optional && self.has_room();
        let count = match (has_room, self.depth) {
            (false, _) => least.max(shape.contains.len()),
            (true, ..=2) => least.max(prefix).max(2),
            (true, _) => least.max(prefix).max(1),
        };
        let mut list = Vec::new();
        for index in 0..count.min(most) {
            let schemas = self.of_item(shape, index);
            let Some(item) = self.item(shape, &schemas, &list, place.item(index)) else {
                break;
            };
            list.push(item);
        }
        (list.len() >= least).then_some(list)
    }

    fn of_item(&self, shape: &Shape<'a>, index: usize) -> Vec<&'a Node> {
        let mut schemas = match shape.prefix_items.get(index) {
            Some(schemas) => schemas.clone(),
            None => shape.items.clone(),
        };
        schemas.extend(shape.contains.get(index));
        schemas
    }

    /// An item that the list does not have yet, where that matters.
    fn item(
        &mut self,
        shape: &Shape<'a>,
        schemas: &[&'a Node],
        list: &[Value],
        place: Place<'_>,
    ) -> Option<Value> {
        let tries = if shape.unique_items { 16 } else { 1 };
        for turn in 0..tries {
            let place = if turn == 0 { place } else { place.item(turn) };
            let held = self.held(schemas, place);
            let item = self.value(&held, place)?;
            if !shape.unique_items || !list.contains(&item) {
                return Some(item);
            }
        }
        None
    }
}

/// Whether a value is of a type that the schema admits.
fn is_of(shape: &Shape<'_>, value: &Value) -> bool {
    let types = match value {
        Value::Null => return shape.nullable,
        Value::Bool(_) => Types::BOOLEAN,
        Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => {
            Types::INTEGER
        }
        Value::Number(_) => Types::NUMBER,
        Value::String(_) => Types::STRING,
        Value::Array(_) => Types::ARRAY,
        Value::Object(_) => Types::OBJECT,
    };
    types.within(shape.types)
}
