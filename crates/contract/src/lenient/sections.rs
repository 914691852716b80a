//! Sections of Swagger 2.0 in a document of `OpenAPI` 3, which references still lead to.

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Object, Span, Value};

/// A section at the root, and the one of components that it became.
const MOVED: [(&str, &str); 3] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
];

/// Moves each to its place. What stands there already counts.
pub(super) fn read(root: &mut Node, findings: &mut Findings) {
    for (key, section) in MOVED {
        let span = root.key_span(key);
        let is_section = root.get(key).is_some_and(|held| held.as_object().is_some());
        let Some(mut held) = root.remove(key).filter(|_| is_section) else {
            continue;
        };
        let moved = held.as_object_mut().map(std::mem::take).unwrap_or_default();
        let mut components = object(root.remove("components"), span);
        let mut there = object(components.remove(section), span);
        if let Some(there) = there.as_object_mut() {
            for (name, entry) in moved {
                there.entry(name).or_insert(entry);
            }
        }
        components.set(section, there);
        root.set("components", components);
        redirect(
            root,
            &format!("#/{key}/"),
            &format!("#/components/{section}/"),
        );
        let message = format!("`{key}` is not known in the document");
        let finding = Finding::new(crate::lint::STRUCTURE, Severity::Warning, message, span);
        let help = format!("read as `components.{section}`, as Swagger 2.0 had it");
        findings.push(finding.help(help));
    }
}

/// What was there, if it was an object.
fn object(node: Option<Node>, span: Span) -> Node {
    let object = node.filter(|node| node.as_object().is_some());
    object.unwrap_or_else(|| Node::new(Object::new(), span))
}

/// Lets texts that lead to one place lead to another.
fn redirect(node: &mut Node, from: &str, to: &str) {
    if let Some(rest) = node.as_str().and_then(|text| text.strip_prefix(from)) {
        node.value = Value::String(format!("{to}{rest}"));
    }
    for item in node.as_array_mut().into_iter().flatten() {
        redirect(item, from, to);
    }
    for (_, entry) in node.as_object_mut().into_iter().flatten() {
        redirect(&mut entry.node, from, to);
    }
}
