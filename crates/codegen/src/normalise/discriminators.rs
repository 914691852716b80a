//! A choice with a discriminator becomes an object with a property for each alternative, of
//! which the polish makes an enum that is read by the discriminator (`polish/discriminators`).
//! Untagged, the first alternative that happens to fit would be taken, and an alternative
//! that the contract gains would fail the whole response. Where the discriminator cannot tell
//! the alternatives apart it is left out, and a note says why. A choice without one is read
//! the same way where a required property tells all the same.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde::{Deserialize, Serialize};

use super::inheritance::{component, target};
use super::stand_ins::{Meaning, StandIns};
use super::{DEPTH, Pass, alternative, references};
use crate::identifier::plain;
use contract::names::numbered;
use contract::source::{Node, Object, Span};
use contract::walk::{Kind, parts, required, resolve, rewrite, sites};
use contract::{Finding, Severity};

/// Marks an object that stands for a choice which is told, and so takes anything.
pub(super) const TOLD: &str = "x-told";

/// How an alternative is told on the wire.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Tag {
    /// The property that tells.
    pub(crate) property: String,
    /// What it says for this alternative; the first is written.
    pub(crate) values: Vec<String>,
}

pub(super) fn pass(pass: Pass<'_>) {
    let is_choice = |node: &Node| CHOICES.iter().any(|key| node.get(key).is_some());
    let mut sites = sites(pass.document).into_iter();
    if !sites.any(|site| site.kind == Kind::Schema && is_choice(site.node)) {
        return;
    }
    let root = pass.document.clone();
    let stand_ins = pass.stand_ins;
    let findings = pass.findings;
    rewrite(pass.document, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        hoist(node, &root);
        let span = node.key_span("discriminator");
        let discriminator = node.remove("discriminator");
        let Some(key) = CHOICES.into_iter().find(|key| node.get(key).is_some()) else {
            return;
        };
        let mut found = None;
        if let Some(discriminator) = discriminator {
            match alternatives(node, key, &discriminator, &root) {
                Ok(alternatives) => found = Some(alternatives),
                Err(reason) => findings.push(unused(&reason, span)),
            }
        }
        let found = found.or_else(|| {
            let discriminator = implied(node, key, &root)?;
            alternatives(node, key, &discriminator, &root).ok()
        });
        if let Some(alternatives) = found {
            *node = object(node, alternatives, stand_ins);
        }
    });
}

const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// A schema that adds to a choice which is told is that choice, with more in each alternative:
/// merged, it would need all of them at once. One that adds words alone is the choice itself.
fn hoist(schema: &mut Node, root: &Node) {
    if references::is_with_words(schema) {
        return;
    }
    let says = |node: &Node| CHOICES.into_iter().find(|key| node.get(key).is_some());
    let told = |part: &Node| {
        let choice = resolve(root, part)?;
        let key = says(choice)?;
        let written = choice.get("discriminator").cloned();
        let discriminator = written.or_else(|| implied(choice, key, root))?;
        alternatives(choice, key, &discriminator, root).ok()?;
        Some((choice.clone(), key, discriminator))
    };
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    let found = parts
        .enumerate()
        .filter_map(|(index, part)| Some((index, told(part)?)));
    let found: Vec<_> = found.take(2).collect();
    let ([_], None) = (found.as_slice(), says(schema)) else {
        return;
    };
    let Some((index, (mut choice, key, discriminator))) = found.into_iter().next() else {
        return;
    };
    let branches = choice.remove(key);
    choice.remove("discriminator");
    if let Some(parts) = schema.get_mut("allOf").and_then(Node::as_array_mut) {
        parts[index] = choice;
    }
    schema.set("discriminator", discriminator);
    if let Some(branches) = branches {
        schema.set(key, branches);
    }
}

/// The discriminator that nobody wrote: a property that each alternative requires, and for
/// which each lists other texts.
fn implied(choice: &Node, key: &str, root: &Node) -> Option<Node> {
    let branches: Vec<&Node> = choice.get(key)?.items().collect();
    let first = resolve(root, branches.first()?)?;
    let extended = first.get("allOf").into_iter().flat_map(Node::items);
    let extended = extended.filter_map(|part| resolve(root, part));
    let properties = extended
        .chain([first])
        .filter_map(|part| part.get("properties"));
    let mut names = properties.flat_map(Node::entries);
    let requires = |branch: &&Node, property: &str| {
        let mut required = parts(root, branch).into_iter().flat_map(required);
        required.any(|name| name == property)
    };
    let tells = |property: &str| {
        let mut taken = HashSet::new();
        branches.iter().all(|branch| {
            let values = Listed::of(branch, property, root).unwrap_or_default();
            requires(branch, property)
                && !values.is_empty()
                && values.into_iter().all(|value| taken.insert(value))
        })
    };
    let (property, entry) = names.find(|(name, _)| branches.len() > 1 && tells(name))?;
    let span = entry.key;
    let mut discriminator = Node::new(Object::new(), span);
    discriminator.set("propertyName", Node::new(property, span));
    Some(discriminator)
}

fn unused(reason: &str, span: Span) -> Finding {
    let message = format!("the discriminator is not used: {reason}");
    Finding::new("discriminator", Severity::Note, message, span)
        .label("the first alternative that fits is taken")
        .help("let each alternative require the property and list its own values there")
}

struct Alternative {
    /// In words.
    name: String,
    tag: Tag,
    schema: Node,
}

/// # Errors
/// With why the discriminator does not tell the alternatives apart.
fn alternatives(
    choice: &Node,
    key: &str,
    discriminator: &Node,
    root: &Node,
) -> Result<Vec<Alternative>, String> {
    let property = discriminator.get("propertyName").and_then(Node::as_str);
    let property = property.ok_or("it names no property")?;
    let common = common(choice);
    let has_common = common
        .get("properties")
        .is_some_and(|p| p.get(property).is_some());
    let mut found: Vec<Alternative> = Vec::new();
    let mut taken = HashSet::new();
    let mut seen: Vec<&Node> = Vec::new();
    let branches = choice.get(key).into_iter().flat_map(Node::items);
    for (index, branch) in branches.enumerate() {
        if seen.iter().any(|known| known.same(branch)) {
            continue;
        }
        seen.push(branch);
        let listed = Listed::of(branch, property, root);
        if listed.is_none() && !has_common {
            return Err(format!(
                "alternative {} has no property `{property}`",
                index + 1
            ));
        }
        let component = branch
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(component);
        let values = values(discriminator, component.as_deref(), listed);
        let Some(first) = values.first() else {
            return Err(format!(
                "nothing says what `{property}` is for alternative {}",
                index + 1
            ));
        };
        if let Some(value) = values.iter().find(|value| !taken.insert((*value).clone())) {
            return Err(format!("`{value}` means several alternatives"));
        }
        let name = alternative::called(branch);
        let name = free(name.as_deref().unwrap_or(first), &found);
        let tag = Tag {
            property: property.to_owned(),
            values,
        };
        let schema = with_common(branch, &common, property);
        found.push(Alternative { name, tag, schema });
    }
    Ok(found)
}

/// What the choice says of all of its alternatives.
fn common(choice: &Node) -> Node {
    let mut common = Node::new(Object::new(), choice.span.first_line());
    for key in ["properties", "required", "additionalProperties", "allOf"] {
        if let Some(value) = choice.get(key) {
            common.set(key, value.clone());
        }
    }
    common
}

/// The alternative with what all of them have, where that is more than the property that
/// tells them apart.
fn with_common(branch: &Node, common: &Node, property: &str) -> Node {
    let properties = common.get("properties").into_iter().flat_map(Node::entries);
    let has_more = properties.into_iter().any(|(name, _)| name != property);
    if !has_more && common.get("allOf").is_none() {
        return branch.clone();
    }
    let mut common = common.clone();
    common.set("type", Node::new("object", common.span));
    let span = branch.span.first_line();
    let mut whole = Node::new(Object::new(), span);
    whole.set("allOf", Node::new(vec![branch.clone(), common], span));
    whole
}

/// What schemas list for a property: nothing where they list none, `None` where they have no
/// such property. Each schema is asked once.
struct Listed<'a> {
    property: &'a str,
    root: &'a Node,
    known: HashMap<*const Node, Option<Vec<String>>>,
}

impl<'a> Listed<'a> {
    fn of(schema: &'a Node, property: &'a str, root: &'a Node) -> Option<Vec<String>> {
        let known = HashMap::new();
        let mut listed = Self {
            property,
            root,
            known,
        };
        listed.by(schema, DEPTH)
    }

    fn by(&mut self, schema: &'a Node, depth: usize) -> Option<Vec<String>> {
        let schema = resolve(self.root, schema)?;
        if let Some(known) = self.known.get(&std::ptr::from_ref(schema)) {
            return known.clone();
        }
        // What leads back to it adds nothing.
        self.known.insert(schema, None);
        let listed = self.anew(schema, depth);
        self.known.insert(schema, listed.clone());
        listed
    }

    fn anew(&mut self, schema: &'a Node, depth: usize) -> Option<Vec<String>> {
        let own = schema.get("properties").and_then(|p| p.get(self.property));
        if let Some(own) = own {
            resolve(self.root, own)?;
            let said = parts(self.root, own).into_iter();
            let said = said.rev().find_map(|part| part.get("enum"));
            let values = said.into_iter().flat_map(Node::items);
            return Some(values.filter_map(Node::as_str).map(str::to_owned).collect());
        }
        if depth == 0 {
            return None;
        }
        let parts = schema.get("allOf").into_iter().flat_map(Node::items);
        let parts: Vec<_> = parts.filter_map(|part| self.by(part, depth - 1)).collect();
        // The part that lists the least says it best.
        let of_parts = parts.into_iter().min_by_key(|values| match values.len() {
            0 => usize::MAX,
            some => some,
        });
        of_parts.or_else(|| {
            let inner = schema.get("oneOf").or(schema.get("anyOf"))?;
            let inner = inner.items().map(|branch| self.by(branch, depth - 1));
            let inner = inner.collect::<Option<Vec<_>>>()?;
            let mut seen = HashSet::new();
            let values = inner.into_iter().flatten();
            Some(values.filter(|value| seen.insert(value.clone())).collect())
        })
    }
}

/// What the property says for an alternative: what the mapping says, else what the
/// alternative lists, else its name (`OpenAPI` 3.0.3, section 4.7.25).
fn values(
    discriminator: &Node,
    component: Option<&str>,
    listed: Option<Vec<String>>,
) -> Vec<String> {
    let mapping = discriminator
        .get("mapping")
        .into_iter()
        .flat_map(Node::entries);
    let mapped = mapping.filter(|(_, entry)| {
        let name = entry.node.as_str().map(target);
        name.is_some() && name.as_deref() == component
    });
    let mapped: Vec<String> = mapped.map(|(value, _)| value.to_owned()).collect();
    if !mapped.is_empty() {
        return mapped;
    }
    match listed.filter(|values| !values.is_empty()) {
        Some(mut values) => {
            let mut seen = HashSet::new();
            values.retain(|value| seen.insert(value.clone()));
            values
        }
        None => component.map(str::to_owned).into_iter().collect(),
    }
}

fn free(name: &str, found: &[Alternative]) -> String {
    let words = match plain(name).to_snake_case() {
        words if words.starts_with(|c: char| c.is_ascii_alphabetic()) => words,
        words => format!("variant_{words}"),
    };
    numbered(&words, "_", |name| {
        found.iter().all(|known| known.name != name)
    })
}

/// An object with a property for each alternative.
fn object(choice: &Node, alternatives: Vec<Alternative>, stand_ins: &mut StandIns) -> Node {
    let span = choice.span.first_line();
    let mut object = Node::new(Object::new(), span);
    for key in ["title", "description", "nullable", "deprecated"] {
        if let Some(value) = choice.get(key) {
            object.set(key, value.clone());
        }
    }
    let mut properties = Node::new(Object::new(), span);
    let mut required = Vec::new();
    for Alternative { name, tag, schema } in alternatives {
        let name = stand_ins.of(&name, Meaning::Tag(tag));
        required.push(Node::new(name.as_str(), span));
        properties.set(&name, schema);
    }
    object.set(TOLD, Node::new(true, span));
    object.set("type", Node::new("object", span));
    object.set("required", Node::new(required, span));
    object.set("properties", properties);
    object
}

/// The variant that a field stands for.
pub(crate) fn variant(field: &str) -> String {
    match field.trim_start_matches("r#").to_upper_camel_case() {
        name if name == "Self" => "Self_".to_owned(),
        name => name,
    }
}
