use std::collections::HashSet;

use indexmap::IndexMap;

use crate::side::{Side, Sited};
use contract::schema::Types;
use contract::source::{Node, Value};

/// What a schema asks for: its own keywords and those of everything in its
/// `allOf`, because a constraint means the same wherever it stands.
#[derive(Debug, Default)]
pub(super) struct View<'a> {
    /// How choices were read.
    reading: Reading,
    /// Whether a choice of plain types was read as a list of types.
    pub(super) folded: bool,
    /// `false`: no value at all.
    pub(super) never: bool,
    pub(super) types: Types,
    /// What `type` says and nobody knows.
    pub(super) unknown_types: Vec<&'a str>,
    /// Where `type` stands.
    pub(super) type_at: Option<Sited<'a>>,
    /// `nullable`, the type `null`, a choice or an enum with `null` in it.
    pub(super) nullable: bool,
    /// Where it says so.
    pub(super) nullable_at: Option<Sited<'a>>,
    /// Schemas of each property; more than one when several parts name it.
    pub(super) properties: IndexMap<&'a str, Vec<Sited<'a>>>,
    pub(super) required: IndexMap<&'a str, Sited<'a>>,
    /// Choices between schemas that are not only types.
    pub(super) unions: Vec<Union<'a>>,
    /// Every other keyword, with where it stands.
    pub(super) keywords: IndexMap<&'a str, Vec<Sited<'a>>>,
    /// How many parts of `allOf` and how many keywords there are, to see a
    /// restructuring that changes nothing.
    pub(super) parts: usize,
    pub(super) keys: usize,
    /// What has a shape that no schema has.
    pub(super) malformed: Vec<Sited<'a>>,
    /// Schemas that stand here to be referred to.
    pub(super) definitions: Vec<(&'a str, Sited<'a>)>,
    /// Keywords beside a reference, where they do not count.
    pub(super) ignored: Vec<(&'a str, Sited<'a>)>,
}

/// How choices are read, which depends on what they are compared with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// A choice of one is what it offers.
    pub(super) open: bool,
    /// A choice of plain types is a list of types.
    pub(super) fold: bool,
}

/// A `oneOf` or `anyOf`, without `null`.
#[derive(Debug)]
pub(super) struct Union<'a> {
    pub(super) keyword: &'static str,
    pub(super) site: Sited<'a>,
    pub(super) branches: Vec<Sited<'a>>,
}

/// Keywords that say nothing about values.
const ANNOTATIONS: [&str; 7] = [
    "$comment",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
];

impl<'a> View<'a> {
    /// Reads a schema.
    pub(super) fn new(side: &Side<'a>, schema: &Sited<'a>, reading: Reading) -> Self {
        let mut view = Self {
            reading,
            ..Self::default()
        };
        let mut seen = HashSet::new();
        // A list and no recursion: chains of references may be long.
        let mut todo = vec![schema.clone()];
        while let Some(part) = todo.pop() {
            if seen.insert(part.id()) {
                view.part(side, &part, &mut todo);
            }
        }
        view.imply_type();
        view
    }

    fn part(&mut self, side: &Side<'a>, part: &Sited<'a>, todo: &mut Vec<Sited<'a>>) {
        match part.node.value {
            Value::Bool(allowed) => self.never |= !allowed,
            Value::Object(_) => {}
            _ => self.malformed.push(part.clone()),
        }
        if part.node.get("$ref").is_some() {
            match side.step(part) {
                Some(target) => todo.push(target),
                None => self.keep("$ref", part.get("$ref")),
            }
            if !side.siblings_count {
                let siblings = part.own_entries().into_iter();
                self.ignored
                    .extend(siblings.filter(|(key, _)| *key != "$ref"));
                return;
            }
        }
        for (key, site) in part.own_entries() {
            self.keys += usize::from(!["$ref", "allOf"].contains(&key));
            if is_malformed(key, site.node) {
                self.malformed.push(site);
                continue;
            }
            match key {
                "$ref" => {}
                "$defs" | "definitions" => self.definitions.extend(site.own_entries()),
                "allOf" => {
                    let parts = part.items("allOf");
                    self.parts += parts.len();
                    // The list is read from its end.
                    todo.extend(parts.into_iter().rev());
                }
                "properties" => {
                    for (name, property) in site.own_entries() {
                        self.properties.entry(name).or_default().push(property);
                    }
                }
                "required" => {
                    for item in part.items("required") {
                        if let Some(name) = item.node.as_str() {
                            self.required.entry(name).or_insert(item);
                        }
                    }
                }
                "type" => self.type_keyword(site),
                "nullable" => {
                    self.null_if(site.node.is_true(), &site);
                    self.keep(key, Some(site));
                }
                "oneOf" => self.union("oneOf", side, part, site, todo),
                "anyOf" => self.union("anyOf", side, part, site, todo),
                "enum" => {
                    let has_null = site.node.items().any(is_null);
                    self.null_if(has_null, &site);
                    self.keep(key, Some(site));
                }
                _ => self.keep(key, Some(site)),
            }
        }
    }

    fn keep(&mut self, key: &'a str, site: Option<Sited<'a>>) {
        self.keywords.entry(key).or_default().extend(site);
    }

    fn null_if(&mut self, null: bool, site: &Sited<'a>) {
        if null && !self.nullable {
            self.nullable = true;
            self.nullable_at = Some(site.clone());
        }
    }

    fn type_keyword(&mut self, site: Sited<'a>) {
        let (types, null) = Types::read(site.node);
        self.null_if(null, &site);
        self.unknown_types.extend(Types::unknown(site.node));
        self.types = self.types.and(types);
        self.type_at.get_or_insert(site);
    }

    fn union(
        &mut self,
        keyword: &'static str,
        side: &Side<'a>,
        part: &Sited<'a>,
        site: Sited<'a>,
        todo: &mut Vec<Sited<'a>>,
    ) {
        let is_null = |branch: &Sited<'a>| {
            let only_type = |(key, _)| key == "type" || ANNOTATIONS.contains(&key);
            branch.text("type") == Some("null") && branch.node.entries().all(only_type)
        };
        let (nulls, branches): (Vec<_>, Vec<_>) =
            part.items(keyword).into_iter().partition(is_null);
        self.null_if(!nulls.is_empty(), &site);
        if let ([only], true) = (branches.as_slice(), self.reading.open) {
            todo.push(only.clone());
            return;
        }
        let pure: Option<Vec<_>> = branches.iter().map(|b| pure_type(side, b)).collect();
        match pure {
            Some(types) if !types.is_empty() && self.reading.fold => {
                self.folded = true;
                for (key, site) in branches.iter().flat_map(|b| side.follow(b).own_entries()) {
                    if key != "type" {
                        self.keep(key, Some(site));
                    }
                }
                let union = types.into_iter().fold(Types::NONE, Types::or);
                self.types = self.types.and(union);
                self.type_at.get_or_insert(site);
            }
            _ => self.unions.push(Union {
                keyword,
                site,
                branches,
            }),
        }
    }

    /// A schema with properties and no type means an object, one with items an
    /// array.
    fn imply_type(&mut self) {
        if !self.types.is_any() || self.never {
            return;
        }
        let has = |keys: &[&str]| keys.iter().any(|key| self.keywords.contains_key(key));
        if !self.properties.is_empty() || has(&["additionalProperties", "patternProperties"]) {
            self.types = Types::OBJECT;
        } else if has(&["items", "prefixItems"]) {
            self.types = Types::ARRAY;
        }
    }

    /// Where a keyword stands first.
    pub(super) fn at(&self, key: &str) -> Option<&Sited<'a>> {
        self.keywords.get(key)?.first()
    }

    /// Whether a part says `true` to the keyword.
    pub(super) fn flag(&self, key: &str) -> bool {
        let sites = self.keywords.get(key);
        sites.is_some_and(|sites| sites.iter().any(|site| site.node.is_true()))
    }

    /// Whether nothing but types limits a value.
    pub(super) fn is_pure_type(&self) -> bool {
        self.properties.is_empty()
            && self.required.is_empty()
            && self.unions.is_empty()
            && !self.never
            && self
                .keywords
                .keys()
                .all(|key| ANNOTATIONS.contains(key) || *key == "nullable")
    }

    /// The values that are allowed, without `null`; `None` when any is.
    pub(super) fn values(&self) -> Option<Vec<&'a Node>> {
        let lists = self.keywords.get("enum").into_iter().flatten();
        let mut lists: Vec<Vec<&Node>> = lists.map(|site| site.node.items().collect()).collect();
        let constants = self.keywords.get("const").into_iter().flatten();
        lists.extend(constants.map(|site| vec![site.node]));
        let first = (!lists.is_empty()).then(|| lists.remove(0))?;
        let in_all = |value: &&Node| {
            let has = |list: &Vec<&Node>| list.iter().any(|other| other.same(value));
            !is_null(value) && lists.iter().all(has)
        };
        Some(first.into_iter().filter(in_all).collect())
    }

    /// Where the allowed values stand.
    pub(super) fn values_at(&self) -> Option<&Sited<'a>> {
        self.at("enum").or(self.at("const"))
    }
}

/// Whether a keyword has a value that it cannot have.
fn is_malformed(key: &str, node: &Node) -> bool {
    match key {
        "allOf" | "anyOf" | "enum" | "oneOf" | "required" => node.as_array().is_none(),
        "$defs" | "definitions" | "properties" => node.as_object().is_none(),
        "type" => node.as_str().is_none() && node.as_array().is_none(),
        _ => false,
    }
}

fn is_null(node: &Node) -> bool {
    matches!(node.value, Value::Null)
}

/// The types of a schema that says nothing else.
fn pure_type<'a>(side: &Side<'a>, schema: &Sited<'a>) -> Option<Types> {
    let schema = side.follow(schema);
    let only_type = |key: &str| key == "type" || ANNOTATIONS.contains(&key);
    let is_pure = schema.node.entries().all(|(key, _)| only_type(key));
    let types = schema.node.get("type")?;
    is_pure.then(|| Types::read(types).0)
}
