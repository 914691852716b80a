//! Takes out what no value can be held against: defaults and enumerated values that their
//! own schema refuses, patterns that are none, bounds that exclude each other, and what is
//! required twice. The lint has warned of each. Lost: values that nobody could send or be
//! sent, and checks that nothing could pass.

use std::collections::HashSet;

use super::Pass;
use contract::lint::PAIRS;
use contract::source::{Node, Span};
use contract::walk::{Kind, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let found = |rule: &str| -> HashSet<Span> {
        let findings = pass.checked.findings().iter();
        findings
            .filter(|f| f.rule == rule)
            .map(|f| f.span)
            .collect()
    };
    let (defaults, values) = (found("default"), found("enum-value"));
    let (patterns, bounds) = (found("pattern"), found("bounds"));
    rewrite(pass.document, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        if node
            .get("pattern")
            .is_some_and(|pattern| patterns.contains(&pattern.span))
        {
            node.remove("pattern");
        }
        for (lower, upper) in PAIRS {
            if node.get(lower).is_some() && bounds.contains(&node.key_span(lower)) {
                node.remove(lower);
                node.remove(upper);
            }
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
