//! A schema that others extend and that has a discriminator becomes the choice between those
//! others (`OpenAPI` 3.0.3, section 4.7.25: "models that extend"), and what they extend a
//! component of its own. Without it, a response would be read as the part that all of them
//! have. Nothing is lost.

use std::collections::{BTreeMap, HashSet};

use super::{Pass, references};
use crate::identifier::type_name;
use contract::source::{Node, Object};
use contract::walk::{Kind, Site, join, pointer, rewrite, set_component, sites};

pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let bases = bases(document);
    if bases.is_empty() {
        return;
    }
    let extended = split(document, &bases);
    rewrite(document, &mut |kind, node| {
        if kind == Kind::Schema && extends(node) {
            point_at(node, &extended);
        }
    });
    // One that extends and adds nothing looks like a reference.
    for heir in bases.iter().flat_map(|(_, heirs)| heirs) {
        if let Some(schema) = document.pointer_mut(&join("/components/schemas", heir)) {
            point_at(schema, &extended);
        }
    }
}

/// Schemas with a discriminator that others extend, and those, in the document's order.
fn bases(document: &Node) -> Vec<(String, Vec<String>)> {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let schemas: Vec<(&str, &Node)> = schemas
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, entry)| (name, &entry.node))
        .collect();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (name, base) in &schemas {
        let Some(discriminator) = discriminator(base) else {
            continue;
        };
        let mapped = mapped(discriminator);
        let mut heirs: Vec<String> = mapped.iter().filter(|m| *m != name).cloned().collect();
        heirs.retain(|heir| {
            let heir = schemas.iter().find(|(known, _)| known == heir);
            heir.is_some_and(|(_, heir)| names(heir).any(|parent| parent == *name))
        });
        // An heir of an heir is one, too.
        let mut ancestors: HashSet<String> = heirs.iter().cloned().collect();
        ancestors.insert((*name).to_owned());
        loop {
            let before = ancestors.len();
            for (heir, schema) in &schemas {
                let is_heir = extends(schema) && names(schema).any(|p| ancestors.contains(&p));
                if is_heir && ancestors.insert((*heir).to_owned()) {
                    heirs.push((*heir).to_owned());
                }
            }
            if ancestors.len() == before {
                break;
            }
        }
        if !heirs.is_empty() {
            found.push(((*name).to_owned(), heirs));
        }
    }
    let used = used(document);
    let offers = |name: &str| {
        let base = schemas.iter().find(|(known, _)| *known == name);
        base.is_some_and(|(_, base)| base.get("oneOf").or(base.get("anyOf")).is_some())
    };
    found.retain(|(name, _)| used.contains(name) || offers(name));
    // One between a base and its heirs stands for its own heirs.
    let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
    for (_, heirs) in &mut found {
        heirs.retain(|heir| !names.contains(heir));
    }
    found
}

/// The discriminator of a schema or of a part of it.
fn discriminator(schema: &Node) -> Option<&Node> {
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    let mut parts = std::iter::once(schema).chain(parts);
    parts.find_map(|part| part.get("discriminator"))
}

/// The components that a mapping names.
fn mapped(discriminator: &Node) -> Vec<String> {
    let mapping = discriminator.get("mapping");
    let targets = mapping.into_iter().flat_map(Node::entries);
    let targets = targets.filter_map(|(_, entry)| Some(target(entry.node.as_str()?)));
    let mut seen = HashSet::new();
    targets.filter(|name| seen.insert(name.clone())).collect()
}

/// The component that a value of a mapping means: a reference or a bare name.
pub(super) fn target(text: &str) -> String {
    component(text).unwrap_or_else(|| text.to_owned())
}

/// The name of the component that a reference leads to.
pub(super) fn component(reference: &str) -> Option<String> {
    let at = pointer(reference)?;
    let name = at.strip_prefix("/components/schemas/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// The components that a schema refers to in its `allOf`.
fn names(schema: &Node) -> impl Iterator<Item = String> {
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    parts.filter_map(|part| component(part.get("$ref")?.as_str()?))
}

/// Whether a schema adds to what it refers to in `allOf`.
pub(super) fn extends(schema: &Node) -> bool {
    let Some(parts) = schema.get("allOf") else {
        return false;
    };
    parts.items().count() > 1
        || ["properties", "required", "additionalProperties"]
            .iter()
            .any(|key| schema.get(key).is_some())
}

/// The components that something is, rather than extends.
fn used(document: &Node) -> HashSet<String> {
    let mut uses: BTreeMap<String, i64> = BTreeMap::new();
    let sites = sites(document).into_iter();
    for Site { node, .. } in sites.filter(|site| site.kind == Kind::Schema) {
        if let Some(name) = node.get("$ref").and_then(Node::as_str).and_then(component) {
            *uses.entry(name).or_default() += 1;
        }
        if extends(node) {
            for name in names(node) {
                *uses.entry(name).or_default() -= 1;
            }
        }
    }
    let uses = uses.into_iter().filter(|(_, count)| *count > 0);
    uses.map(|(name, _)| name).collect()
}

/// Makes each base a choice; gives the component that now has what the heirs extend.
fn split(document: &mut Node, bases: &[(String, Vec<String>)]) -> BTreeMap<String, String> {
    let mut extended = BTreeMap::new();
    for (name, heirs) in bases {
        let free = free(document, name);
        let Some(base) = document.pointer_mut(&join("/components/schemas", name)) else {
            continue;
        };
        let span = base.span.first_line();
        let mut choice = Node::new(Object::new(), span);
        let mut own = base.clone();
        for key in ["description", "nullable", "deprecated"] {
            if let Some(value) = own.get(key) {
                choice.set(key, value.clone());
            }
        }
        own.remove("nullable");
        let what = format!("What every `{}` has.", type_name(name));
        own.set("description", Node::new(what, span));
        if let Some(discriminator) = discriminator(base) {
            choice.set("discriminator", discriminator.clone());
        }
        let branches = own.remove("oneOf").or(own.remove("anyOf"));
        let branches = branches.unwrap_or_else(|| {
            let heirs = heirs.iter().map(|heir| {
                let mut branch = Node::new(Object::new(), span);
                branch.set("$ref", references::to(heir, span));
                branch
            });
            Node::new(heirs.collect::<Vec<_>>(), span)
        });
        choice.set("oneOf", branches);
        own.remove("discriminator");
        let parts = own.get_mut("allOf").and_then(Node::as_array_mut);
        for part in parts.into_iter().flatten() {
            part.remove("discriminator");
        }
        *base = choice;
        set_component(document, &free, own);
        extended.insert(name.clone(), free);
    }
    extended
}

fn free(document: &Node, name: &str) -> String {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let names = schemas.into_iter().flat_map(Node::entries);
    let taken: HashSet<String> = names.map(|(name, _)| type_name(name)).collect();
    let mut free = format!("{}Base", type_name(name));
    while taken.contains(&type_name(&free)) {
        free.push_str("Base");
    }
    free
}

/// Lets the parts of a schema refer to what is extended.
fn point_at(schema: &mut Node, extended: &BTreeMap<String, String>) {
    let parts = schema.get_mut("allOf").and_then(Node::as_array_mut);
    for part in parts.into_iter().flatten() {
        let name = part.get("$ref").and_then(Node::as_str).and_then(component);
        if let Some(free) = name.and_then(|name| extended.get(&name)) {
            let span = part.span.first_line();
            part.set("$ref", references::to(free, span));
        }
    }
}
