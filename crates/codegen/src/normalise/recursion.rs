//! Keeps the generator from merging without end. It merges the parts of `allOf` anew wherever
//! they stand, so a schema that extends another around it, or that narrows a property which
//! leads back to itself, would be unrolled for ever.
//!
//! The first becomes a component, which is merged once. Of the second, the part that extends
//! the other's keeps the property. Lost: what a property demands in another part, where
//! neither extends the other; a note says so.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::inheritance::{component as name_of, extends};
use super::{DEPTH, Pass, references};
use crate::identifier::type_name;
use contract::source::{Node, Object};
use contract::walk::{self, Kind, join, resolve, rewrite, set_component, sites, sites_from};
use contract::{Finding, Findings, Severity};

pub(super) fn pass(pass: Pass<'_>) {
    let Pass {
        document, findings, ..
    } = pass;
    if !has_parts(document) {
        return;
    }
    lift(document);
    let root = document.clone();
    let graph = Graph::of(&root);
    rewrite(document, &mut |kind, node| {
        if kind == Kind::Schema {
            parts(node, &root, &graph, findings);
            beside_choice(node, &root, &graph);
        }
    });
}

fn has_parts(document: &Node) -> bool {
    let mut schemas = sites(document)
        .into_iter()
        .filter(|site| site.kind == Kind::Schema);
    schemas.any(|site| {
        let mut combine = ["allOf", "anyOf", "oneOf"].iter();
        combine.any(|key| site.node.get(key).is_some())
    })
}

/// Which components lead to which.
struct Graph {
    to: HashMap<String, BTreeSet<String>>,
    parents: HashMap<String, Vec<String>>,
}

impl Graph {
    fn of(root: &Node) -> Self {
        let (mut to, mut parents) = (HashMap::new(), HashMap::new());
        let schemas = root.get("components").and_then(|c| c.get("schemas"));
        for (name, entry) in schemas.into_iter().flat_map(Node::entries) {
            to.insert(name.to_owned(), mentioned(&entry.node));
            let parts = entry.node.get("allOf").into_iter().flat_map(Node::items);
            let parts = parts.filter_map(|part| name_of(part.get("$ref")?.as_str()?));
            parents.insert(name.to_owned(), parts.collect());
        }
        Self { to, parents }
    }

    /// Whether one component leads to another.
    fn leads(&self, from: &str, to: &str) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            let Some(names) = self.to.get(name) else {
                continue;
            };
            if names.contains(to) {
                return true;
            }
            open.extend(names.iter().map(String::as_str).filter(|n| seen.insert(*n)));
        }
        false
    }

    /// Whether one component extends another.
    fn extends(&self, heir: &str, base: &str) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![heir];
        while let Some(name) = open.pop() {
            let parents = self.parents.get(name).into_iter().flatten();
            for parent in parents.filter(|parent| seen.insert(parent.as_str())) {
                if parent == base {
                    return true;
                }
                open.push(parent);
            }
        }
        false
    }
}

/// The components that a schema refers to, however deep.
fn mentioned(schema: &Node) -> BTreeSet<String> {
    let sites = sites_from(schema, Kind::Schema).into_iter();
    sites
        .filter_map(|site| name_of(site.node.get("$ref")?.as_str()?))
        .collect()
}

/// Makes components of the schemas inside of components that extend what leads back to where
/// they stand.
fn lift(document: &mut Node) {
    let graph = Graph::of(document);
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let names = schemas.into_iter().flat_map(Node::entries);
    let mut open: Vec<(String, String)> = names
        .map(|(name, _)| (name.to_owned(), name.to_owned()))
        .collect();
    let taken = open.iter().map(|(name, _)| type_name(name));
    let mut lift = Lift {
        graph,
        taken: taken.collect(),
        lifted: Vec::new(),
    };
    while let Some((name, around)) = open.pop() {
        let at = join("/components/schemas", &name);
        if let Some(schema) = document.pointer_mut(&at) {
            lift.inside(schema, &type_name(&name), &around);
        }
        for (name, schema) in std::mem::take(&mut lift.lifted) {
            set_component(document, &name, schema);
            // It leads to what the component around it leads to.
            open.push((name, around.clone()));
        }
    }
}

struct Lift {
    graph: Graph,
    taken: HashSet<String>,
    lifted: Vec<(String, Node)>,
}

impl Lift {
    fn inside(&mut self, schema: &mut Node, name: &str, around: &str) {
        let properties = schema.get_mut("properties").and_then(Node::as_object_mut);
        for (property, entry) in properties.into_iter().flatten() {
            let name = type_name(&format!("{name}-{property}"));
            self.schema(&mut entry.node, &name, around);
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = schema.get_mut(key) {
                self.schema(inner, &format!("{name}{suffix}"), around);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let branches = schema.get_mut(key).and_then(Node::as_array_mut);
            for (index, branch) in branches.into_iter().flatten().enumerate() {
                match key {
                    "allOf" => self.inside(branch, name, around),
                    _ => self.schema(branch, &format!("{name}Variant{index}"), around),
                }
            }
        }
    }

    fn schema(&mut self, schema: &mut Node, name: &str, around: &str) {
        let mut names = BTreeSet::new();
        for key in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.get(key).into_iter().flat_map(Node::items);
            let parts = parts.filter_map(|part| name_of(part.get("$ref")?.as_str()?));
            names.extend(parts);
        }
        let merges = extends(schema)
            || schema.get("properties").is_some()
                && (schema.get("oneOf").is_some() || schema.get("anyOf").is_some());
        let is_endless = |name: &String| name == around || self.graph.leads(name, around);
        if !merges || !names.iter().any(is_endless) {
            return self.inside(schema, name, around);
        }
        let free = references::free(name, &mut self.taken);
        let span = schema.span.first_line();
        let reference = references::to(&free, span);
        let own = std::mem::replace(schema, Node::new(Object::new(), span));
        schema.set("$ref", reference);
        self.lifted.push((free, own));
    }
}

/// A property that several parts have is left in one of them, where merging might not end.
fn parts(schema: &mut Node, root: &Node, graph: &Graph, findings: &mut Findings) {
    if !extends(schema) {
        return;
    }
    let own = schema.get("properties").map(|properties| {
        let mut own = Node::new(Object::new(), schema.span.first_line());
        own.set("properties", properties.clone());
        own
    });
    let listed = schema.get("allOf").into_iter().flat_map(Node::items);
    let all: Vec<&Node> = listed.chain(own.as_ref()).collect();
    let mut properties: Vec<(String, usize, Node)> = Vec::new();
    for (index, part) in all.iter().enumerate() {
        gather(part, root, &mut |name, schema| {
            properties.push((name.to_owned(), index, schema.clone()));
        });
    }
    let mut losing: Vec<HashSet<String>> = vec![HashSet::new(); all.len()];
    let mut kept: HashMap<&str, (usize, &Node)> = HashMap::new();
    for (name, index, own) in &properties {
        let Some((before, other)) = kept.get(name.as_str()).copied() else {
            kept.insert(name, (*index, own));
            continue;
        };
        let (one, two) = (core(other), core(own));
        let is_endless =
            |name: &Option<String>| name.as_ref().is_some_and(|name| graph.leads(name, name));
        if before == *index || own.same(other) || !(is_endless(&one) || is_endless(&two)) {
            continue;
        }
        let earlier_is_narrower = match (&one, &two) {
            (Some(one), Some(two)) => graph.extends(one, two),
            _ => one.is_some(),
        };
        let is_told = match (&one, &two) {
            (Some(one), Some(two)) => {
                one == two || graph.extends(one, two) || graph.extends(two, one)
            }
            _ => true,
        };
        if !is_told {
            let message = format!("`{name}` is what the last part says; other parts differ");
            let span = own.span.first_line();
            findings.push(
                Finding::new("not-kept", Severity::Note, message, span)
                    .help("let the schema of one part extend that of the other"),
            );
        }
        match earlier_is_narrower {
            true => drop(losing[*index].insert(name.clone())),
            false => {
                losing[before].insert(name.clone());
                kept.insert(name, (*index, own));
            }
        }
    }
    drop(kept);
    let own_loses = match own.is_some() {
        true => losing.pop(),
        false => None,
    };
    for name in own_loses.into_iter().flatten() {
        if let Some(properties) = schema.get_mut("properties") {
            properties.remove(&name);
        }
    }
    let listed = schema.get_mut("allOf").and_then(Node::as_array_mut);
    for (part, losing) in listed.into_iter().flatten().zip(losing) {
        if !losing.is_empty() {
            leave_out(part, root, &losing, DEPTH);
        }
    }
}

/// The properties of a schema and of what it extends.
fn gather(schema: &Node, root: &Node, found: &mut dyn FnMut(&str, &Node)) {
    let properties = walk::parts(root, schema).into_iter();
    let properties = properties.filter_map(|part| part.get("properties"));
    for (name, entry) in properties.flat_map(Node::entries) {
        found(name, &entry.node);
    }
}

/// The component that a schema is, or is a list or a map of.
fn core(schema: &Node) -> Option<String> {
    if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
        return name_of(reference);
    }
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    let held = ["items", "additionalProperties"].iter();
    let held = held.filter_map(|key| schema.get(key));
    parts.chain(held).find_map(core)
}

/// Takes properties out of a part and of its parts, which then stand here.
fn leave_out(part: &mut Node, root: &Node, losing: &HashSet<String>, depth: usize) {
    if part.get("$ref").is_some() {
        let Some(target) = resolve(root, part).filter(|_| depth > 0) else {
            return;
        };
        *part = target.clone();
        for key in ["description", "title", "example", "default"] {
            part.remove(key);
        }
    }
    let properties = part.get_mut("properties").and_then(Node::as_object_mut);
    if let Some(properties) = properties {
        properties.retain(|name, _| !losing.contains(name));
    }
    let parts = part.get_mut("allOf").and_then(Node::as_array_mut);
    for part in parts.into_iter().flatten() {
        leave_out(part, root, losing, depth.saturating_sub(1));
    }
}

/// What a choice says beside its alternatives of a property that these have, too.
fn beside_choice(schema: &mut Node, root: &Node, graph: &Graph) {
    if schema.get("properties").is_none() {
        return;
    }
    let mut taken = HashSet::new();
    for key in ["anyOf", "oneOf"] {
        for branch in schema.get(key).into_iter().flat_map(Node::items) {
            gather(branch, root, &mut |name, schema| {
                if core(schema).is_some_and(|core| graph.leads(&core, &core)) {
                    taken.insert(name.to_owned());
                }
            });
        }
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Node::as_object_mut) {
        properties.retain(|name, _| !taken.contains(name));
    }
}
