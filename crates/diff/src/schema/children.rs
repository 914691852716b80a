//! Schemas inside of a schema, other than properties and choices.

use super::view::View;
use super::{Schemas, discriminator};
use crate::annotations;
use crate::change::{Effect, Reader, Verdict};
use crate::comparison::{Comparison, Draft, Position, Role};
use crate::kind::Kind;
use crate::matched::{self, Pair, Sides};
use crate::side::Sited;

pub(super) const KEYWORDS: [&str; 20] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "contains",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "if",
    "items",
    "not",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    items(comparison, schemas);
    let ignores = Reader::Ignores;
    for (key, added, removed) in [
        (
            "additionalItems",
            Effect::narrows(),
            Effect::widens(ignores),
        ),
        ("contains", Effect::narrows(), Effect::widens(ignores)),
        ("contentSchema", Effect::narrows(), Effect::widens(ignores)),
        ("else", Effect::narrows(), Effect::widens(ignores)),
        ("propertyNames", Effect::narrows(), Effect::widens(ignores)),
        ("then", Effect::narrows(), Effect::widens(ignores)),
        (
            "unevaluatedItems",
            Effect::narrows(),
            Effect::widens(ignores),
        ),
    ] {
        one(comparison, schemas, key, added, removed);
    }
    negation(comparison, schemas);
    condition(comparison, schemas);
    for key in ["patternProperties", "dependentSchemas"] {
        for pair in schemas.sites(key) {
            map(comparison, key, pair);
        }
    }
    for pair in schemas.sites("dependentRequired") {
        dependent_required(comparison, pair);
    }
    for pair in schemas.sites("discriminator") {
        discriminator::compare(comparison, pair);
    }
    for (old, new) in schemas.sites("dependencies") {
        annotations::keyword(comparison, "dependencies", old, new);
    }
}

/// A keyword that holds one schema.
fn one<'a>(
    comparison: &mut Comparison<'a>,
    schemas: &Schemas<'a>,
    key: &'static str,
    added: Effect,
    removed: Effect,
) {
    for pair in schemas.sites(key) {
        match pair {
            (Some(old), Some(new)) => comparison.pair(Role::SCHEMA, &old, &new),
            (old, new) => existence(comparison, key, old, new, added.clone(), removed.clone()),
        }
    }
}

fn existence<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: Option<Sited<'a>>,
    new: Option<Sited<'a>>,
    added: Effect,
    removed: Effect,
) {
    let key = key.to_owned();
    let (kind, effect) = match (&old, &new) {
        (None, Some(site)) | (Some(site), None) if takes_anything(site) => (
            Kind::SchemaRestated { key: Some(key) },
            Effect::always(Verdict::Compatible, "it takes anything"),
        ),
        (None, Some(_)) => (Kind::SubschemaAdded { key, name: None }, added),
        (Some(_), None) => (Kind::SubschemaRemoved { key, name: None }, removed),
        _ => return,
    };
    comparison.emit(Draft::new(kind, effect).sides(old, new));
}

/// Whether a schema limits nothing.
fn takes_anything(schema: &Sited<'_>) -> bool {
    schema.node.is_true()
        || schema
            .node
            .as_object()
            .is_some_and(|object| object.is_empty())
}

/// What may not be: more of it is less of the rest.
fn negation<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    for pair in schemas.sites("not") {
        match pair {
            (Some(old), Some(new)) => comparison.pair_negated(Role::SCHEMA, &old, &new),
            (old, new) => {
                let (added, removed) = (Effect::narrows(), Effect::widens(Reader::Ignores));
                existence(comparison, "not", old, new, added, removed);
            }
        }
    }
}

/// `if` decides which of two schemas counts: any change of it cuts both ways.
fn condition<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    for pair in schemas.sites("if") {
        match pair {
            (Some(old), Some(new)) => {
                comparison.pair(Role::SCHEMA, &old, &new);
                comparison.pair_negated(Role::SCHEMA, &old, &new);
            }
            (old, new) => {
                let effect = Effect::replaces(Reader::Ignores);
                existence(comparison, "if", old, new, effect.clone(), effect);
            }
        }
    }
}

/// `items`, and `prefixItems` that stand before them, position by position.
fn items<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let prefix = |view: &View<'a>| -> Vec<Sited<'a>> {
        let Some(list) = view.at("prefixItems") else {
            return Vec::new();
        };
        let site = |(index, node)| Sited {
            node,
            at: format!("{}/{index}", list.at).into(),
        };
        list.node.items().enumerate().map(site).collect()
    };
    let (old, new) = (prefix(&schemas.old), prefix(&schemas.new));
    let (old_items, new_items) = (
        schemas.old.at("items").cloned(),
        schemas.new.at("items").cloned(),
    );
    let position = Position {
        text: schemas.position.text,
        ..Position::default()
    };
    for index in 0..old.len().max(new.len()) {
        let left = old.get(index).or(old_items.as_ref());
        let right = new.get(index).or(new_items.as_ref());
        match (left, right) {
            (Some(left), Some(right)) => comparison.pair(Role::Schema(position), left, right),
            (left, right) => existence(
                comparison,
                "prefixItems",
                left.cloned(),
                right.cloned(),
                Effect::narrows(),
                Effect::widens(Reader::Ignores),
            ),
        }
    }
    for pair in schemas.sites("items") {
        match pair {
            (Some(old), Some(new)) => comparison.pair(Role::Schema(position), &old, &new),
            (old, new) => {
                let (added, removed) = (Effect::narrows(), Effect::widens(Reader::Checks));
                existence(comparison, "items", old, new, added, removed);
            }
        }
    }
}

/// A keyword that holds schemas by name.
fn map<'a>(comparison: &mut Comparison<'a>, key: &str, (old, new): Pair<'a>) {
    let entries = |site: Option<Sited<'a>>| site.map(|site| site.own_entries());
    let both = (
        entries(old).unwrap_or_default(),
        entries(new).unwrap_or_default(),
    );
    for (name, sides) in matched::by_name(both.0, both.1) {
        match sides {
            Sides::Both(old, new) => comparison.pair(Role::SCHEMA, &old, &new),
            Sides::Old(site) => {
                let (key, name) = (key.to_owned(), Some(name.to_owned()));
                let effect = Effect::widens(Reader::Ignores);
                let kind = Kind::SubschemaRemoved { key, name };
                comparison.emit(Draft::new(kind, effect).old(&site));
            }
            Sides::New(site) => {
                let (key, name) = (key.to_owned(), Some(name.to_owned()));
                let kind = Kind::SubschemaAdded { key, name };
                comparison.emit(Draft::new(kind, Effect::narrows()).new_at(&site));
            }
        }
    }
}

/// Properties that must be there when another is.
fn dependent_required<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    let pairs = |site: &Option<Sited<'a>>| -> Vec<(&'a str, &'a str)> {
        let entries = site.iter().flat_map(|site| site.node.entries());
        entries
            .flat_map(|(name, entry)| {
                let needed = entry.node.items().filter_map(|item| item.as_str());
                needed.map(move |needed| (name, needed))
            })
            .collect()
    };
    let (before, after) = (pairs(&old), pairs(&new));
    let names = |site: &Option<Sited<'a>>| site.as_ref().map(|site| site.node.entries().count());
    if before == after && names(&old) != names(&new) {
        annotations::keyword(comparison, "dependentRequired", old, new);
        return;
    }
    for (name, needed) in after.iter().filter(|pair| !before.contains(pair)) {
        let kind = Kind::DependentRequiredAdded {
            property: (*name).to_owned(),
            needs: (*needed).to_owned(),
        };
        let draft = Draft::new(kind, Effect::narrows());
        comparison.emit(draft.sides(old.clone(), new.clone()));
    }
    for (name, needed) in before.iter().filter(|pair| !after.contains(pair)) {
        let kind = Kind::DependentRequiredRemoved {
            property: (*name).to_owned(),
            needed: (*needed).to_owned(),
        };
        let draft = Draft::new(kind, Effect::widens(Reader::Ignores));
        comparison.emit(draft.sides(old.clone(), new.clone()));
    }
}
