//! Properties of one object that would be one field, such as `grantType` and `grant_type`,
//! get names of their own in Rust. Nothing is lost.

use std::collections::{BTreeMap, HashSet};

use super::Pass;
use super::stand_ins::{Meaning, StandIns};
use crate::identifier::{field, plain, says};
use contract::source::{Entry, Node, Object};
use contract::walk::{Kind, parts, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let original = pass.document.clone();
    let stand_ins = pass.stand_ins;
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Schema {
            without_phantoms(node, &original);
            let renamed = rename(node, stand_ins);
            require(node, &renamed);
        }
    });
}

/// Takes names out of `required` that no property has, where one of another spelling
/// stands: the generator would add a property for each.
fn without_phantoms(schema: &mut Node, root: &Node) {
    if schema.get("required").is_none() && schema.get("allOf").is_none() {
        return;
    }
    let all = parts(root, schema).into_iter();
    let named = all.filter_map(|part| part.get("properties"));
    let names = named.flat_map(Node::entries);
    let properties: HashSet<String> = names.map(|(name, _)| name.to_owned()).collect();
    let fields: HashSet<String> = properties.iter().map(|name| field(name)).collect();
    let is_phantom = |name: &str| !properties.contains(name) && fields.contains(&field(name));
    strip(schema, &is_phantom);
    for part in schema
        .get_mut("allOf")
        .and_then(Node::as_array_mut)
        .into_iter()
        .flatten()
    {
        strip(part, &is_phantom);
    }
}

fn strip(schema: &mut Node, is_phantom: &dyn Fn(&str) -> bool) {
    let required = schema.get_mut("required").and_then(Node::as_array_mut);
    let Some(required) = required else { return };
    required.retain(|name| !name.as_str().is_some_and(is_phantom));
    if required.is_empty() {
        schema.remove("required");
    }
}

/// From the name on the wire to the one that stands for it.
fn rename(schema: &mut Node, stand_ins: &mut StandIns) -> BTreeMap<String, String> {
    let mut renamed = BTreeMap::new();
    // The generator's name for what `additionalProperties` describes.
    let others = schema.get("additionalProperties").and_then(Node::as_object);
    let extra = others.map(|_| "extra".to_owned());
    let Some(properties) = schema.get_mut("properties").and_then(Node::as_object_mut) else {
        return renamed;
    };
    let kept = properties.keys().filter(|name| is_plain(name, stand_ins));
    let fields: Vec<String> = kept.map(|name| field(name)).collect();
    let mut taken: HashSet<String> = extra.iter().cloned().collect();
    let is_distinct = |field: &String| taken.insert(field.clone());
    if fields.len() == properties.len() && fields.iter().all(is_distinct) {
        return renamed;
    }
    let mut taken: HashSet<String> = extra.into_iter().collect();
    let entries: Vec<(String, Entry)> = std::mem::take(properties).into_iter().collect();
    let mut distinct = Object::new();
    for (name, entry) in entries {
        let own = match says(&name) {
            true => field(&plain(&name)),
            false => "property".to_owned(),
        };
        if is_plain(&name, stand_ins) && taken.insert(own.clone()) {
            distinct.insert(name, entry);
            continue;
        }
        let mut words = own.clone();
        let mut number = 2;
        while fields.contains(&words) || !taken.insert(words.clone()) {
            words = format!("{own}_{number}");
            number += 1;
        }
        let stand_in = stand_ins.of(&words, Meaning::Name(name.clone()));
        renamed.insert(name, stand_in.clone());
        distinct.insert(stand_in, entry);
    }
    *properties = distinct;
    renamed
}

/// Whether the generator makes a field of a name as it is.
fn is_plain(name: &str, stand_ins: &StandIns) -> bool {
    stand_ins.knows(name) || says(name) && plain(name) == name
}

fn require(schema: &mut Node, renamed: &BTreeMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    let required = schema.get_mut("required").and_then(Node::as_array_mut);
    for name in required.into_iter().flatten() {
        if let Some(stand_in) = name.as_str().and_then(|name| renamed.get(name)) {
            *name = Node::new(stand_in.as_str(), name.span);
        }
    }
}
