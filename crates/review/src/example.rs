use serde::Serialize;

use super::ReviewedChange;
use contract::source::Node;
use diff::{Kind, Place};

/// An example of the contract that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ExampleChange {
    /// What changed, as a sentence.
    pub title: String,
    /// The snapshot that pins it: `requests/full`, `responses/200.array`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// What it was, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

pub(super) fn changes(changes: &[ReviewedChange], old: &Node, new: &Node) -> Vec<ExampleChange> {
    let examples = changes.iter().map(|reviewed| &reviewed.change);
    let examples = examples.filter(|change| matches!(change.kind, Kind::ExampleChanged { .. }));
    let mut changes: Vec<_> = examples
        .map(|change| {
            let (before, after) = (value(old, &change.old), value(new, &change.new));
            ExampleChange {
                title: change.title.clone(),
                snapshot: snapshot(&change.new.pointer),
                before,
                after,
            }
        })
        .collect();
    changes.sort_by(|a, b| a.title.cmp(&b.title));
    changes
}

fn value(root: &Node, place: &Place) -> Option<String> {
    if !place.exists {
        return None;
    }
    let example = contract::walk::resolve(root, root.pointer(&place.pointer)?)?;
    let value = example.get("value")?.to_json();
    serde_json::to_string_pretty(&value).ok()
}

/// How the tests of this workspace name the snapshot of an example.
fn snapshot(pointer: &str) -> Option<String> {
    let (place, name) = pointer.rsplit_once("/examples/")?;
    if place.contains("/requestBody/") {
        return Some(format!("requests/{name}"));
    }
    let (_, response) = place.split_once("/responses/")?;
    let status = response.split('/').next()?;
    Some(format!("responses/{status}.{name}"))
}
