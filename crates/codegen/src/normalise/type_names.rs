//! Gives every type a name that no other has, where the generator would give one to two, or
//! one that nobody wants to read: components whose names differ in signs or case, a schema
//! inside of another that would be called like a component, one so deep that its name is the
//! way to it, and the alternatives of a choice, which the generator numbers. Lost: `title`s
//! inside of schemas, but for those of alternatives.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::inheritance::component;
use super::way::Way;
use super::{Pass, alternative, extensible_enum, inherited, references};
use crate::identifier::type_name;
use contract::source::{Node, Object};
use contract::walk::{Kind, join, rewrite, set_component};

/// Where the document keeps what the alternatives of each type are called, for the polish.
pub(super) const ALTERNATIVES: &str = "x-alternatives";

/// Where the document keeps which properties of each type may be null, for the polish: the
/// generator makes the same of what may be null and of what may be left out.
pub(super) const NULLABLE: &str = "x-nullable-properties";

/// The same of those that the API gives and does not take.
pub(super) const READ_ONLY: &str = "x-read-only-properties";

/// What a schema says of a property.
#[derive(Clone, Copy)]
struct Said {
    is_nullable: bool,
    is_read_only: bool,
}

impl Said {
    /// The same where another part of an `allOf` has the property, too: null has to fit both, and
    /// what one calls read-only is.
    fn with(self, other: Self) -> Self {
        Self {
            is_nullable: self.is_nullable && other.is_nullable,
            is_read_only: self.is_read_only || other.is_read_only,
        }
    }
}

/// Names that generated code needs for itself.
const TAKEN: [&str; 11] = [
    "Error", "Self", "Default", "Debug", "Clone", "Builder", "String", "Ok", "Err", "Some", "None",
];

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let mut names = Names {
        taken: TAKEN.map(str::to_owned).into(),
        inherited: HashMap::new(),
        shared: HashSet::new(),
        lifted: Vec::new(),
        alternatives: BTreeMap::new(),
        properties: BTreeMap::new(),
        read_only: HashSet::new(),
        extensions: Vec::new(),
    };
    components(document, &mut names.taken);
    names.read_only = read_only_components(document);
    names.inherited = inherited::names(document);
    let clashes = names.inherited.iter();
    let clashes = clashes.filter(|(name, _)| names.taken.contains(*name));
    names.shared = clashes.map(|(_, own)| own.clone()).collect();
    let schemas: Vec<String> = schemas(document).map(|(name, _)| name.to_owned()).collect();
    for name in schemas {
        let at = join("/components/schemas", &name);
        if let Some(schema) = document.pointer_mut(&at) {
            schema.remove("title");
            names.inside(schema, &Way::new(&name));
        }
    }
    names.operations(document);
    for (name, extended) in &names.extensions {
        if let Some(alternatives) = names.alternatives.get(extended).cloned() {
            names
                .alternatives
                .entry(name.clone())
                .or_insert(alternatives);
        }
    }
    let nullable = names.properties_where(|said| said.is_nullable);
    let read_only = names.properties_where(|said| said.is_read_only);
    for (name, schema) in names.lifted {
        set_component(document, &name, schema);
    }
    if !names.alternatives.is_empty() {
        // Names only, so it cannot fail.
        let alternatives = serde_json::to_value(&names.alternatives).unwrap_or_default();
        document.set(ALTERNATIVES, Node::from(alternatives));
    }
    for (key, properties) in [(NULLABLE, nullable), (READ_ONLY, read_only)] {
        if !properties.is_empty() {
            let properties = serde_json::to_value(&properties).unwrap_or_default();
            document.set(key, Node::from(properties));
        }
    }
}

/// What the alternatives of each type are called, from the document as the generator read it.
pub(crate) fn alternatives(document: &Node) -> BTreeMap<String, Vec<String>> {
    let known = document.get(ALTERNATIVES).map(Node::to_json);
    let known = known.and_then(|known| serde_json::from_value(known).ok());
    known.unwrap_or_default()
}

/// Which properties of each type may be null, from the document as the generator read it.
pub(crate) fn nullable(document: &Node) -> BTreeMap<String, BTreeSet<String>> {
    properties(document, NULLABLE)
}

/// Which the API gives and does not take.
pub(crate) fn read_only(document: &Node) -> BTreeMap<String, BTreeSet<String>> {
    properties(document, READ_ONLY)
}

fn properties(document: &Node, key: &str) -> BTreeMap<String, BTreeSet<String>> {
    let known = document.get(key).map(Node::to_json);
    let known = known.and_then(|known| serde_json::from_value(known).ok());
    known.unwrap_or_default()
}

pub(super) fn schemas(document: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let entries = schemas.into_iter().flat_map(Node::entries);
    entries.map(|(name, entry)| (name, &entry.node))
}

/// Components that would be one type get numbers.
fn components(document: &mut Node, taken: &mut HashSet<String>) {
    let mut renamed = BTreeMap::new();
    let names: Vec<String> = schemas(document).map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let own = type_name(&name);
        // `+1` would be `plus1`.
        let is_type = !own.starts_with(|c: char| c.is_ascii_lowercase());
        if is_type && taken.insert(own.clone()) {
            continue;
        }
        let free = references::free(&type_name(&own), taken);
        renamed.insert(
            format!("#{}", join("/components/schemas", &name)),
            (name, free),
        );
    }
    if renamed.is_empty() {
        return;
    }
    let schemas = document
        .get_mut("components")
        .and_then(|c| c.get_mut("schemas"));
    if let Some(schemas) = schemas {
        for (name, free) in renamed.values() {
            if let Some(schema) = schemas.remove(name) {
                schemas.set(free, schema);
            }
        }
    }
    rewrite(document, &mut |kind, node| {
        let reference = node
            .get("$ref")
            .and_then(Node::as_str)
            .filter(|_| kind == Kind::Schema);
        if let Some((_, free)) = reference.and_then(|reference| renamed.get(reference)) {
            let span = node.span.first_line();
            node.set("$ref", references::to(free, span));
        }
    });
}

struct Names {
    taken: HashSet<String>,
    /// What the generator gives to types that stand elsewhere, too.
    inherited: HashMap<String, String>,
    /// Types that those who extend their holder have to share, because a component has the name
    /// of their own.
    shared: HashSet<String>,
    /// What became a component.
    lifted: Vec<(String, Node)>,
    alternatives: BTreeMap<String, Vec<String>>,
    /// Which properties each type has itself, and what is said of them.
    properties: BTreeMap<String, BTreeMap<String, Said>>,
    /// References to what is read-only wherever it stands.
    read_only: HashSet<String>,
    /// A type and another that it extends, of which it has the alternatives and properties.
    extensions: Vec<(String, String)>,
}

/// References to components that only the API gives.
fn read_only_components(document: &Node) -> HashSet<String> {
    let is_given = |schema: &Node| schema.get("readOnly").is_some_and(Node::is_true);
    let given = schemas(document).filter(|(_, schema)| is_given(schema));
    given
        .map(|(name, _)| format!("#{}", join("/components/schemas", name)))
        .collect()
}

impl Names {
    /// Whether a property is such a component, alone or with words of its own.
    fn leads_to_read_only(&self, property: &Node) -> bool {
        let parts = property.get("allOf").into_iter().flat_map(Node::items);
        let mut all = std::iter::once(property).chain(parts);
        all.any(|part| {
            let reference = part.get("$ref").and_then(Node::as_str);
            reference.is_some_and(|reference| self.read_only.contains(reference))
        })
    }

    /// The properties of each type of which something is said, by all that it is made of.
    fn properties_where(&self, is_it: fn(Said) -> bool) -> BTreeMap<String, BTreeSet<String>> {
        let mut extended: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, other) in &self.extensions {
            extended.entry(name).or_default().push(other);
        }
        let own = self.properties.keys().map(String::as_str);
        let names: BTreeSet<&str> = own.chain(extended.keys().copied()).collect();
        let of_type = names.into_iter().filter_map(|name| {
            let (mut properties, mut seen) = (BTreeMap::<&str, Said>::new(), BTreeSet::new());
            let mut open = vec![name];
            while let Some(name) = open.pop() {
                if !seen.insert(name) {
                    continue;
                }
                for (property, said) in self.properties.get(name).into_iter().flatten() {
                    let known = properties.entry(property).or_insert(*said);
                    *known = known.with(*said);
                }
                open.extend(extended.get(name).into_iter().flatten());
            }
            properties.retain(|_, said| is_it(*said));
            let names = properties.into_keys().map(str::to_owned).collect();
            Some((name.to_owned(), names)).filter(|(_, names): &(_, BTreeSet<_>)| !names.is_empty())
        });
        of_type.collect()
    }

    /// What stands in an operation gets a name after it.
    fn operations(&mut self, document: &mut Node) {
        rewrite(document, &mut |kind, node| {
            if kind != Kind::Operation {
                return;
            }
            let id = node.get("operationId").and_then(Node::as_str);
            let operation = Way::new(id.unwrap_or_default());
            let parameters = node.get_mut("parameters").and_then(Node::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                let name = parameter.get("name").and_then(Node::as_str);
                let way = operation.to(name.unwrap_or_default());
                if let Some(schema) = parameter.get_mut("schema") {
                    self.named(schema, &way);
                }
            }
            if let Some(body) = node.get_mut("requestBody") {
                self.contents(body, &operation.to("Body"));
            }
            let responses = node.get_mut("responses").and_then(Node::as_object_mut);
            for (_, response) in responses.into_iter().flatten() {
                self.contents(&mut response.node, &operation.to("Response"));
            }
        });
    }

    fn contents(&mut self, holder: &mut Node, way: &Way) {
        let content = holder.get_mut("content").and_then(Node::as_object_mut);
        for (_, media_type) in content.into_iter().flatten() {
            if let Some(schema) = media_type.node.get_mut("schema") {
                self.named(schema, way);
            }
        }
    }

    /// Visits what would get a name after what holds it.
    fn inside(&mut self, schema: &mut Node, way: &Way) {
        let properties = schema.get_mut("properties").and_then(Node::as_object_mut);
        for (name, entry) in properties.into_iter().flatten() {
            entry.node.remove("title");
            let is = |key: &str| entry.node.get(key).is_some_and(Node::is_true);
            let said = Said {
                is_nullable: is("nullable"),
                is_read_only: is("readOnly") || self.leads_to_read_only(&entry.node),
            };
            let known = self.properties.entry(way.name()).or_default();
            let known = known.entry(name.clone()).or_insert(said);
            *known = known.with(said);
            if !references::is_with_words(&entry.node) {
                self.named(&mut entry.node, &way.to(name));
            }
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = schema
                .get_mut(key)
                .filter(|inner| !references::is_with_words(inner))
            {
                self.named(inner, &way.to(suffix));
            }
        }
        let parts = schema.get_mut("allOf").and_then(Node::as_array_mut);
        for part in parts.into_iter().flatten() {
            part.remove("title");
            let extended = part.get("$ref").and_then(Node::as_str).and_then(component);
            let extended = extended.map(|extended| (way.name(), type_name(&extended)));
            self.extensions.extend(extended);
            // They become part of the type around them.
            self.inside(part, way);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get_mut(key).and_then(Node::as_array_mut) {
                self.choice(branches, way);
            }
        }
    }

    fn choice(&mut self, branches: &mut [Node], way: &Way) {
        // What the generator reads by the one name that each holds, it calls by that.
        if branches.len() < 2 || branches.iter().all(alternative::is_told_by_key) {
            for (index, branch) in branches.iter_mut().enumerate() {
                self.named(branch, &way.to(&format!("Variant{index}")));
            }
            return;
        }
        let called = alternative::names(branches);
        for (branch, name) in branches.iter_mut().zip(&called) {
            branch.remove("title");
            if !references::is_with_words(branch) {
                self.named(branch, &way.to_alternative(name));
            }
        }
        self.alternatives.insert(way.name(), called);
    }

    fn named(&mut self, schema: &mut Node, way: &Way) {
        schema.remove("title");
        if schema.get("$ref").is_some() {
            return;
        }
        if !is_type(schema) {
            return self.inside(schema, way);
        }
        // Of a component that is referred to, the generator reads no default.
        let is_short = !way.is_long() || schema.get("default").is_some();
        let stays = is_short && way.is_the_generators() && !self.shared.contains(way.whole());
        if stays && self.taken.insert(way.whole().to_owned()) {
            return self.inside(schema, way);
        }
        let name = way.name();
        let mut names = std::iter::once(name.clone()).chain(way.longer());
        let free = names
            .find(|name| !self.inherited.contains_key(name) && self.taken.insert(name.clone()));
        let name = free.unwrap_or_else(|| references::free(&name, &mut self.taken));
        let span = schema.span.first_line();
        let is_nullable = schema
            .remove("nullable")
            .is_some_and(|nullable| nullable.is_true());
        let mut own = std::mem::replace(schema, Node::new(Object::new(), span));
        let reference = references::to(&name, span);
        self.inside(&mut own, &way.called(name.clone()));
        self.lifted.push((name, own));
        if !is_nullable {
            schema.set("$ref", reference);
            return;
        }
        let mut target = Node::new(Object::new(), span);
        target.set("$ref", reference);
        schema.set("allOf", Node::new(vec![target], span));
        schema.set("nullable", Node::new(true, span));
    }
}

/// Whether the generator makes a type of a schema.
pub(super) fn is_type(schema: &Node) -> bool {
    let keys = [
        "properties",
        "enum",
        extensible_enum::KEY,
        "allOf",
        "anyOf",
        "oneOf",
        "pattern",
        "minLength",
        "maxLength",
    ];
    keys.iter().any(|key| schema.get(key).is_some())
}
