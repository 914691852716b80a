//! Which part of a document the generator does not take: parts are left out, more or fewer,
//! until one is found without which it would.

use super::{Attempt, first_line};
use contract::source::{Node, Object, Span};
use contract::walk::{Kind, join, operations, remove_operation, rewrite_from};
use contract::{Finding, Severity};

/// What the generator does not take.
pub(super) enum Blame {
    Schema(Schema),
    Operation(Place),
    /// No part of it alone.
    Document,
}

/// Something for a finding to point at.
pub(super) struct Place {
    pub(super) what: String,
    pub(super) span: Span,
}

impl Place {
    pub(super) fn of(document: &Node) -> Self {
        Self {
            what: "this document".to_owned(),
            span: document.span.first_line(),
        }
    }
}

/// A component.
pub(super) struct Schema {
    name: String,
    span: Span,
    /// A document that fails for this schema and for no other reason.
    context: Node,
}

impl Schema {
    /// Takes out of the schema what the generator has no type for, as little as will do, so
    /// that everything else has its types.
    pub(super) fn give_up(
        self,
        document: &mut Node,
        reason: &str,
        attempt: Attempt<'_>,
    ) -> Finding {
        let at = join("/components/schemas", &self.name);
        let succeeds = |change: &dyn Fn(&mut Node)| {
            let mut context = self.context.clone();
            if let Some(schema) = context.pointer_mut(&at) {
                change(schema);
            }
            attempt(&context).is_ok()
        };
        let properties = self.context.pointer(&join(&at, "properties"));
        let properties = properties.into_iter().flat_map(Node::entries);
        let properties: Vec<(String, Span)> = properties
            .map(|(name, entry)| (name.to_owned(), entry.key))
            .collect();
        let fails = |left_out: &[(String, Span)]| {
            !succeeds(&|schema| {
                let names = left_out.iter().map(|(name, _)| name);
                names.for_each(|name| leave_out_property(schema, name));
            })
        };
        let name = &self.name;
        let mut change = |change: &dyn Fn(&mut Node)| {
            if let Some(schema) = document.pointer_mut(&at) {
                change(schema);
            }
        };
        let (message, span) = if succeeds(&without_defaults) {
            change(&without_defaults);
            (format!("no default in `{name}` is kept"), self.span)
        } else if let Some((property, span)) = culprit(&properties, &fails) {
            change(&|schema| leave_out_property(schema, property));
            (any_json(&format!("`{property}` of `{name}`")), *span)
        } else {
            leave_out_schema(document, name);
            (any_json(&format!("`{name}`")), self.span)
        };
        Finding::new("generator", Severity::Warning, message, span)
            .label(first_line(reason))
            .help("simplify what is named, or check its values by hand")
    }
}

fn any_json(what: &str) -> String {
    format!("{what} is any JSON: the generator has no type for it")
}

fn without_defaults(schema: &mut Node) {
    rewrite_from(schema, Kind::Schema, &mut |kind, node| {
        if kind == Kind::Schema {
            node.remove("default");
        }
    });
}

fn leave_out_property(schema: &mut Node, name: &str) {
    if let Some(properties) = schema.get_mut("properties")
        && let Some(property) = properties.get(name)
    {
        let span = property.span;
        properties.set(name, Node::new(Object::new(), span));
    }
}

pub(super) fn blame(document: &Node, attempt: Attempt<'_>) -> Blame {
    let operations = every_operation(document);
    let without_all = without(document, &operations, leave_out_operation);
    if attempt(&without_all).is_ok() {
        let fails = |left_out: &[(String, String)]| {
            attempt(&without(document, left_out, leave_out_operation)).is_err()
        };
        return match culprit(&operations, &fails) {
            Some((path, method)) => Blame::Operation(Place {
                what: format!("`{} {path}`", method.to_uppercase()),
                span: document.locate(&join(&join("/paths", path), method)),
            }),
            None => Blame::Document,
        };
    }
    let names: Vec<String> = schemas(&without_all);
    let leave_out = |document: &mut Node, name: &String| leave_out_schema(document, name);
    let fails = |left_out: &[String]| attempt(&without(&without_all, left_out, leave_out)).is_err();
    match culprit(&names, &fails) {
        Some(name) => {
            let before = names.iter().take_while(|known| *known != name);
            let before: Vec<String> = before.cloned().collect();
            Blame::Schema(Schema {
                name: name.clone(),
                span: document.locate(&join("/components/schemas", name)),
                context: without(&without_all, &before, leave_out),
            })
        }
        None => Blame::Document,
    }
}

/// The part without which it succeeds, once those before it are left out; nothing when it
/// fails without all of them. A failure that takes several parts is put down to the last.
fn culprit<'a, T>(parts: &'a [T], fails: &dyn Fn(&[T]) -> bool) -> Option<&'a T> {
    if fails(parts) {
        return None;
    }
    let (mut fails_without, mut succeeds_without) = (0, parts.len());
    while succeeds_without - fails_without > 1 {
        let middle = usize::midpoint(fails_without, succeeds_without);
        match fails(&parts[..middle]) {
            true => fails_without = middle,
            false => succeeds_without = middle,
        }
    }
    parts.get(succeeds_without.checked_sub(1)?)
}

fn without<T>(document: &Node, parts: &[T], leave_out: impl Fn(&mut Node, &T)) -> Node {
    let mut rest = document.clone();
    parts.iter().for_each(|part| leave_out(&mut rest, part));
    rest
}

/// Path and method of each.
fn every_operation(document: &Node) -> Vec<(String, String)> {
    let paths = document.get("paths").into_iter().flat_map(Node::entries);
    let all = paths.flat_map(|(path, item)| {
        operations(&item.node).map(move |(method, _)| (path.to_owned(), method.to_owned()))
    });
    all.collect()
}

fn leave_out_operation(document: &mut Node, (path, method): &(String, String)) {
    let item = document
        .get_mut("paths")
        .and_then(|paths| paths.get_mut(path));
    let Some(item) = item else { return };
    remove_operation(item, method);
    let is_empty = operations(item).next().is_none();
    if is_empty && let Some(paths) = document.get_mut("paths") {
        paths.remove(path);
    }
}

fn schemas(document: &Node) -> Vec<String> {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let names = schemas.into_iter().flat_map(Node::entries);
    names.map(|(name, _)| name.to_owned()).collect()
}

fn leave_out_schema(document: &mut Node, name: &str) {
    let schemas = document
        .get_mut("components")
        .and_then(|c| c.get_mut("schemas"));
    if let Some(schemas) = schemas
        && let Some(schema) = schemas.get(name)
    {
        let span = schema.span;
        schemas.set(name, Node::new(Object::new(), span));
    }
}
