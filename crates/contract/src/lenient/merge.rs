//! Merge keys, which YAML 1.1 had and most readers still know.

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Object, Value};

const KEY: &str = "<<";

/// Puts what a merge key names in its place: what stands beside it counts first.
pub(super) fn read(node: &mut Node, findings: &mut Findings) {
    for item in node.as_array_mut().into_iter().flatten() {
        read(item, findings);
    }
    let Some(object) = node.as_object_mut() else {
        return;
    };
    for (_, entry) in object.iter_mut() {
        read(&mut entry.node, findings);
    }
    let Some(merged) = object.get(KEY).and_then(|entry| sources(&entry.node)) else {
        return;
    };
    let merged: Vec<Object> = merged.into_iter().cloned().collect();
    let span = object
        .shift_remove(KEY)
        .map_or(node.span, |entry| entry.key);
    if let Some(object) = node.as_object_mut() {
        for (key, entry) in merged.into_iter().flatten() {
            object.entry(key).or_insert(entry);
        }
    }
    let message = "a merge key is no part of YAML 1.2";
    let finding = Finding::new(crate::lint::STRUCTURE, Severity::Warning, message, span);
    findings.push(finding.help("read as the entries that it names; repeat them"));
}

/// What is merged: a mapping, or several.
fn sources(node: &Node) -> Option<Vec<&Object>> {
    match &node.value {
        Value::Object(object) => Some(vec![object]),
        Value::Array(items) => items.iter().map(Node::as_object).collect(),
        _ => None,
    }
}
