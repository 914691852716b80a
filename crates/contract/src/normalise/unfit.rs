//! Takes out defaults and enumerated values that their own schema refuses, and what is
//! required twice: the lint has warned of each. Lost: those values, which nobody could send
//! or be sent.

use std::collections::HashSet;

use super::Pass;
use crate::source::{Node, Span};
use crate::walk::{Kind, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let found = |rule: &str| -> HashSet<Span> {
        let findings = pass.checked.findings().iter();
        findings
            .filter(|f| f.rule == rule)
            .map(|f| f.span)
            .collect()
    };
    let (defaults, values) = (found("default"), found("enum-value"));
    rewrite(pass.document, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        if let Some(required) = node.get_mut("required").and_then(Node::as_array_mut) {
            let mut seen = HashSet::new();
            required.retain(|name| seen.insert(name.as_str().map(str::to_owned)));
        }
        if node
            .get("default")
            .is_some_and(|default| defaults.contains(&default.span))
        {
            node.remove("default");
        }
        if let Some(listed) = node.get_mut("enum").and_then(Node::as_array_mut) {
            listed.retain(|value| !values.contains(&value.span));
            if listed.is_empty() {
                node.remove("enum");
            }
        }
    });
}
