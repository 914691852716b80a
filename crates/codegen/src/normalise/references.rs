//! Puts what is shared where it is used, but for schemas, which become types: the generator
//! follows a reference to a component of the right kind and no further. A schema that is
//! referred to inside of another becomes a component. Lost: callbacks of what the API calls itself.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{DEPTH, Pass};
use crate::identifier::type_name;
use contract::names::numbered;
use contract::schema::keyword::{Role, role};
use contract::source::{Node, Object, Span};
use contract::walk::{Kind, Place, join, pointer, resolve, rewrite, set_component, sites};
use contract::{Finding, Severity};

pub(super) fn pass(pass: Pass<'_>) {
    let root = pass.document;
    // Nothing else keeps what a callback has, and it may call back for ever.
    lift(root, &|at| Place::is_in_callback(at));
    let called = inline(root);
    pass.findings.extend(called.map(|span| {
        let message = "`callbacks` of what the API calls are not generated";
        Finding::new("callbacks", Severity::Note, message, span)
            .help("a client does not receive them; nothing to do")
    }));
    for _ in 0..DEPTH {
        if !lift(root, &|_| true) {
            break;
        }
    }
    nullable(root);
}

/// Replaces references to anything but schemas by what they lead to. What the server calls goes:
/// no client has it. Gives the place of the first.
fn inline(root: &mut Node) -> Option<Span> {
    let original = root.clone();
    let mut called = None;
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Operation {
            let span = node.key_span("callbacks");
            called = called.or(node.remove("callbacks").map(|_| span));
        }
        if kind == Kind::Callback {
            *node = Node::new(Object::new(), node.span);
        }
        if node.get("$ref").is_none() || matches!(kind, Kind::Schema | Kind::Other) {
            return;
        }
        let Some(target) = resolve(&original, node) else {
            return;
        };
        let mut target = target.clone();
        if kind == Kind::PathItem {
            // What stands beside the reference of a path counts, too.
            for (key, entry) in node.entries().filter(|(key, _)| *key != "$ref") {
                target.set(key, entry.node.clone());
            }
        }
        *node = target;
    });
    called
}

/// Makes components of the schemas that references lead to and that are none.
fn lift(root: &mut Node, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    let mut targets = BTreeSet::new();
    for site in sites(root).iter().filter(|site| site.kind == Kind::Schema) {
        let reference = site.node.get("$ref").and_then(Node::as_str);
        let at = reference.and_then(pointer);
        targets.extend(at.filter(|at| !is_component(at) && is_wanted(at)));
    }
    // What holds others goes last, so that the pointers of those stay true.
    let mut lifted = HashMap::new();
    for at in targets.into_iter().rev() {
        let name = free_name(root, &at);
        let Some(target) = root.pointer_mut(&at) else {
            continue;
        };
        let span = target.span.first_line();
        let mut reference = Node::new(Object::new(), span);
        reference.set("$ref", to(&name, span));
        let schema = std::mem::replace(target, reference);
        set_component(root, &name, schema);
        lifted.insert(at, name);
    }
    rewrite(root, &mut |kind, node| {
        let reference = node
            .get("$ref")
            .and_then(Node::as_str)
            .filter(|_| kind == Kind::Schema);
        let at = reference.and_then(pointer);
        if let Some(name) = at.and_then(|at| lifted.get(&at)) {
            let span = node.span.first_line();
            node.set("$ref", to(name, span));
        }
    });
    !lifted.is_empty()
}

fn is_component(at: &str) -> bool {
    let name = at.strip_prefix("/components/schemas/");
    name.is_some_and(|name| !name.contains('/'))
}

/// A name from where the schema stands.
fn free_name(root: &Node, at: &str) -> String {
    let words = at
        .split('/')
        .filter(|word| !["", "components", "schemas", "properties", "paths"].contains(word));
    let words: Vec<_> = words.map(type_name).collect();
    let name = words.concat();
    let taken = |name: &str| {
        let schemas = root.get("components").and_then(|c| c.get("schemas"));
        schemas.is_some_and(|schemas| schemas.get(name).is_some())
    };
    let mut free = name.clone();
    let mut number = 2;
    while taken(&free) {
        free = format!("{name}{number}");
        number += 1;
    }
    free
}

/// The reference to a component.
pub(super) fn to(name: &str, span: Span) -> Node {
    Node::new(format!("#{}", join("/components/schemas", name)), span)
}

/// Whether a schema is a reference with words beside it, which the generator makes no type of.
pub(super) fn is_with_words(schema: &Node) -> bool {
    let parts = schema.get("allOf").and_then(Node::as_array);
    matches!(parts, Some([only]) if only.get("$ref").is_some())
        && schema.entries().all(|(key, _)| {
            matches!(key, "allOf" | "nullable")
                || role(key) == Some(Role::Annotation)
                || key.starts_with("x-")
        })
}

/// A name for a type that no other has.
pub(super) fn free(name: &str, taken: &mut HashSet<String>) -> String {
    numbered(name, "", |name| taken.insert(name.to_owned()))
}

/// `nullable` beside a reference: 3.0 ignores it there, and nobody writes it to be ignored.
fn nullable(root: &mut Node) {
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema || !node.get("nullable").is_some_and(Node::is_true) {
            return;
        }
        let span = node.span.first_line();
        if let Some(reference) = node.remove("$ref") {
            let mut target = Node::new(Object::new(), span);
            target.set("$ref", reference);
            node.set("allOf", Node::new(vec![target], span));
        }
    });
}
