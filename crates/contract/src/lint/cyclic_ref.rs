#![doc = include_str!("cyclic_ref.md")]

use std::collections::HashMap;

use super::{Context, Findings, Node, Rule, Severity, pointer};

pub(super) const RULE: Rule = Rule {
    name: "cyclic-ref",
    severity: Severity::Error,
    summary: "no schema consists of itself",
    explanation: include_str!("cyclic_ref.md"),
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
        search.follow(site.node);
    }
}

/// Each object is gone through once, however many lead to it.
struct Search<'c, 'a> {
    context: &'c Context<'a>,
    states: HashMap<*const Node, State>,
    out: &'c mut Findings,
}

/// An object, and the links from it that are left to follow.
struct Step<'a> {
    node: &'a Node,
    links: std::vec::IntoIter<Link<'a>>,
}

/// What says that a value must also be a value of something else, and that.
type Link<'a> = (&'a Node, &'a Node);

impl<'a> Search<'_, 'a> {
    /// Whether a schema offers, as one of its alternatives, what extends it.
    fn is_choice_of_heirs(&self, node: &'a Node) -> bool {
        let choice = node.get("oneOf").or(node.get("anyOf"));
        let branches = choice.into_iter().flat_map(Node::items);
        let mut branches = branches.filter_map(|branch| self.context.resolve(branch));
        node.get("discriminator").is_some()
            && branches.any(|branch| {
                let parts = branch.get("allOf").into_iter().flat_map(Node::items);
                let mut parts = parts.filter_map(|part| self.context.resolve(part));
                parts.any(|part| std::ptr::eq(part, node))
            })
    }

    fn follow(&mut self, node: &'a Node) {
        // On the heap: chains may be long.
        let mut open: Vec<Step<'a>> = self.enter(node).into_iter().collect();
        while let Some(step) = open.last_mut() {
            let Some((link, target)) = step.links.next() else {
                self.states.insert(step.node, State::Done);
                open.pop();
                continue;
            };
            if self.states.get(&std::ptr::from_ref(target)) == Some(&State::Open) {
                let text = link.get("$ref").and_then(Node::as_str).unwrap_or("it");
                let message = format!("`{text}` leads back to itself");
                let finding = RULE.finding(message, link.key_span("$ref"));
                self.out.push(finding.help(
                    "break the cycle: refer to the schema from a property or an item instead",
                ));
            } else {
                open.extend(self.enter(target));
            }
        }
    }

    /// Nothing for an object that was gone through.
    fn enter(&mut self, node: &'a Node) -> Option<Step<'a>> {
        if self.states.contains_key(&std::ptr::from_ref(node)) {
            return None;
        }
        self.states.insert(node, State::Open);
        let mut links = Vec::new();
        if self.is_choice_of_heirs(node) {
            // The alternatives are followed on their own.
            let message = "the schema offers what extends it, and so consists of itself";
            let mut finding = RULE.finding(message, node.key_span("discriminator"));
            finding.severity = Severity::Warning;
            self.out.push(
                finding
                    .help("remove the choice, or let the alternatives extend a schema without it"),
            );
        } else {
            links = self.links(node);
        }
        let links = links.into_iter();
        Some(Step { node, links })
    }

    fn links(&self, node: &'a Node) -> Vec<Link<'a>> {
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
