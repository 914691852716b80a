//! # What
//! No schema consists of itself.
//! # Why
//! A schema may contain itself in a property or an item, as a tree does. But a
//! schema that *is* itself, by `$ref`, `allOf`, `anyOf`, `oneOf` or `not`, has no
//! meaning: no value can be checked against it and no type generated.
//! # Wrong
//! `A: {$ref: '#/components/schemas/A'}`
//! # Right
//! `A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}`

use std::collections::HashMap;

use super::{Context, Findings, Node, Rule, Severity, Site};

pub(super) const RULE: Rule = Rule {
    name: "cyclic-ref",
    severity: Severity::Error,
    summary: "no schema consists of itself",
    check,
};

/// How far the search has come with an object.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

fn check(context: &Context<'_>, out: &mut Findings) {
    let mut search = Search {
        context,
        states: HashMap::new(),
        out,
    };
    for site in &context.sites {
        search.visit(site);
    }
}

struct Search<'c, 'a> {
    context: &'c Context<'a>,
    states: HashMap<*const Node, State>,
    out: &'c mut Findings,
}

impl<'a> Search<'_, 'a> {
    fn visit(&mut self, site: &Site<'a>) {
        self.follow(site.node);
    }

    fn follow(&mut self, node: &'a Node) {
        if self.states.contains_key(&std::ptr::from_ref(node)) {
            return;
        }
        self.states.insert(node, State::Open);
        for (link, target) in self.targets(node) {
            if self.states.get(&std::ptr::from_ref(target)) == Some(&State::Open) {
                let text = link.get("$ref").and_then(Node::as_str).unwrap_or("it");
                let message = format!("`{text}` leads back to itself");
                let span = link.key_span("$ref");
                let finding = RULE.finding(message, span);
                self.out.push(finding.help(
                    "break the cycle: refer to the schema from a property or an item instead",
                ));
            } else {
                self.follow(target);
            }
        }
        self.states.insert(node, State::Done);
    }

    /// What a value of `node` must also be a value of, and the link that says so.
    fn targets(&self, node: &'a Node) -> Vec<(&'a Node, &'a Node)> {
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            let pointer = reference.strip_prefix('#');
            let target = pointer.and_then(|pointer| self.context.root.pointer(pointer));
            return target.map(|target| (node, target)).into_iter().collect();
        }
        let lists = ["allOf", "anyOf", "oneOf"].into_iter();
        let parts = lists.filter_map(|key| node.get(key)).flat_map(Node::items);
        parts
            .chain(node.get("not"))
            .map(|part| (part, part))
            .collect()
    }
}
