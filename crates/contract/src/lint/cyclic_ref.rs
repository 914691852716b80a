//! # What
//! No schema consists of itself.
//! # Why
//! A schema may contain itself in a property or an item, as a tree does. But a
//! schema that *is* itself, by `$ref`, `allOf`, `anyOf`, `oneOf` or `not`, has no
//! meaning: no value can be checked against it and no type generated. A chain of
//! hundreds of references is as good as endless to readers that recurse.
//! # Wrong
//! `A: {$ref: '#/components/schemas/A'}`
//! # Right
//! `A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}`

use std::collections::HashMap;

use super::{Context, Findings, Node, Rule, Severity, pointer};

pub(super) const RULE: Rule = Rule {
    name: "cyclic-ref",
    severity: Severity::Error,
    summary: "no schema consists of itself",
    check,
};

/// How many steps a schema may be away from what it consists of. No honest one is,
/// and readers that follow them one by one run out of stack.
const LONGEST: usize = 256;

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
        search.follow(site.node, 0);
    }
}

struct Search<'c, 'a> {
    context: &'c Context<'a>,
    states: HashMap<*const Node, State>,
    out: &'c mut Findings,
}

impl<'a> Search<'_, 'a> {
    fn follow(&mut self, node: &'a Node, depth: usize) {
        if self.states.contains_key(&std::ptr::from_ref(node)) {
            return;
        }
        self.states.insert(node, State::Open);
        if depth > LONGEST {
            let message = format!("a chain of more than {LONGEST} references leads here");
            let help = "refer to the end of the chain from its beginning";
            let finding = RULE.finding(message, node.span.first_line());
            return self.out.push(finding.help(help));
        }
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
                self.follow(target, depth + 1);
            }
        }
        self.states.insert(node, State::Done);
    }

    /// What a value of `node` must also be a value of, and the link that says so.
    fn targets(&self, node: &'a Node) -> Vec<(&'a Node, &'a Node)> {
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            let target = pointer(reference).and_then(|pointer| self.context.root.pointer(&pointer));
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
