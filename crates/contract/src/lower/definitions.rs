//! What schemas define inside of themselves becomes components, with names of their own.

use std::collections::{BTreeSet, HashMap};

use heck::ToUpperCamelCase as _;

use crate::finding::Findings;
use crate::names::numbered;
use crate::source::{Node, tokens};
use crate::walk::{DEFINITIONS, Kind, join, pointer, rewrite, set_component, sites};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    let places = places(root);
    if places.is_empty() {
        return;
    }
    let mut definitions = Vec::new();
    // What holds others goes last, so that the pointers of those stay true.
    for (place, name) in places.iter().rev() {
        if let Some(definition) = root.pointer_mut(place) {
            definitions.push((name, definition.take()));
        }
    }
    for (name, definition) in definitions.into_iter().rev() {
        set_component(root, name, definition);
    }
    let places: HashMap<&str, &str> = places
        .iter()
        .map(|(place, name)| (place.as_str(), name.as_str()))
        .collect();
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Schema {
            DEFINITIONS.iter().for_each(|key| drop(node.remove(key)));
            redirect(node, &places);
        }
    });
}

/// Where each definition stands, and the name that it gets.
fn places(root: &Node) -> Vec<(String, String)> {
    let schemas = root.get("components").and_then(|c| c.get("schemas"));
    let names = schemas.into_iter().flat_map(Node::entries);
    let mut taken: BTreeSet<String> = names.map(|(name, _)| name.to_owned()).collect();
    let mut places = Vec::new();
    for site in sites(root).iter().filter(|site| site.kind == Kind::Schema) {
        for key in DEFINITIONS {
            let definitions = site.node.get(key).into_iter().flat_map(Node::entries);
            for (name, _) in definitions {
                let place = join(&join(&site.pointer, key), name);
                places.push((place, free(name, &site.pointer, &mut taken)));
            }
        }
    }
    places
}

/// The definition's own name, or one with where it stood in front.
fn free(name: &str, at: &str, taken: &mut BTreeSet<String>) -> String {
    let mut accept = |name: &str| taken.insert(name.to_owned());
    if accept(name) {
        return name.to_owned();
    }
    let owner = tokens(at).into_iter().flatten().last().unwrap_or_default();
    let owner = owner.to_upper_camel_case();
    numbered(&format!("{owner}{name}"), "", accept)
}

/// Lets references lead to what became a component, and the values of a discriminator, too.
fn redirect(schema: &mut Node, places: &HashMap<&str, &str>) {
    let lead = |node: &mut Node| {
        let target = node.as_str().and_then(pointer);
        if let Some(target) = target.and_then(|target| moved(&target, places)) {
            *node = Node::new(format!("#{target}"), node.span);
        }
    };
    schema.get_mut("$ref").into_iter().for_each(lead);
    let mapping = schema.get_mut("discriminator");
    let mapping = mapping.and_then(|discriminator| discriminator.get_mut("mapping"));
    let mapped = mapping.and_then(Node::as_object_mut).into_iter().flatten();
    mapped.for_each(|(_, entry)| lead(&mut entry.node));
}

/// Where something in a definition stands now.
fn moved(target: &str, places: &HashMap<&str, &str>) -> Option<String> {
    let ends = target.match_indices('/').map(|(end, _)| end);
    let ends: Vec<usize> = ends.chain([target.len()]).collect();
    // The innermost definition around it.
    let mut ends = ends.into_iter().rev();
    ends.find_map(|end| {
        let (place, rest) = target.split_at(end);
        let name = places.get(place)?;
        Some(format!("{}{rest}", join("/components/schemas", name)))
    })
}
