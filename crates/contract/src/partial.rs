//! A document without what nobody can understand: the operations that need something with an
//! error in it are left out, and named, and everything else stays.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Span};
use crate::walk::{METHODS, join, operations, pointer, remove_operation};

/// What findings about operations that are left out are called.
pub(crate) const RULE: &str = "partial";

/// A component, by its section and name: `/components/schemas/Pet`.
type Component = String;

/// Where errors are, with what each says.
struct Errors<'a>(HashMap<Start, &'a str>);

/// Where a span begins.
type Start = (u16, u32, u32);

fn start(span: Span) -> Start {
    (span.file, span.line, span.column)
}

/// What stands somewhere: an error, or a reference to a component.
#[derive(Default)]
struct Contents<'a> {
    error: Option<&'a str>,
    needs: HashSet<Component>,
    starts: Vec<Start>,
}

impl<'a> Errors<'a> {
    fn new(findings: &'a [Finding]) -> Self {
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        Self(
            errors
                .map(|error| (start(error.span), error.message.as_str()))
                .collect(),
        )
    }

    fn contents(&self, key: Option<Span>, node: &Node) -> Contents<'a> {
        let mut contents = Contents::default();
        key.into_iter().for_each(|key| self.at(key, &mut contents));
        self.below(node, &mut contents);
        contents
    }

    fn at(&self, span: Span, contents: &mut Contents<'a>) {
        let start = start(span);
        contents.starts.push(start);
        if contents.error.is_none() {
            contents.error = self.0.get(&start).copied();
        }
    }

    fn below(&self, node: &Node, contents: &mut Contents<'a>) {
        self.at(node.span, contents);
        for item in node.items() {
            self.below(item, contents);
        }
        for (key, entry) in node.entries() {
            self.at(entry.key, contents);
            match (key, entry.node.as_str()) {
                ("$ref", Some(reference)) => contents.needs.extend(component(reference)),
                ("mapping", None) => {
                    let values = entry
                        .node
                        .entries()
                        .filter_map(|(_, value)| value.node.as_str());
                    contents.needs.extend(values.filter_map(component));
                }
                _ => {}
            }
            self.below(&entry.node, contents);
        }
    }
}

/// The component that a reference leads to or into.
fn component(reference: &str) -> Option<Component> {
    let pointer = pointer(reference)?;
    let mut steps = pointer.split('/').skip(1);
    match (steps.next(), steps.next(), steps.next()) {
        (Some("components"), Some(section), Some(name)) => {
            Some(format!("/components/{section}/{name}"))
        }
        _ => None,
    }
}

/// Takes out of a document what has errors, and what needs it. Gives what was left out, and
/// takes the errors that are gone from the findings; nothing, where that helps none.
pub(crate) fn leave_out(root: &mut Node, findings: &mut Findings) -> Option<Findings> {
    let known = findings.clone();
    let errors = Errors::new(&known);
    let bad = components(root, &errors);
    let mut gone: HashSet<Start> = HashSet::new();
    let mut told = Findings::new();
    let mut change = |node: &mut Node, keep: &mut dyn FnMut(&str, &Node, Span) -> bool| {
        let Some(object) = node.as_object_mut() else {
            return;
        };
        object.retain(|name, entry| {
            let keeps = keep(name, &entry.node, entry.key);
            if !keeps {
                gone.extend(errors.contents(Some(entry.key), &entry.node).starts);
            }
            keeps
        });
    };
    if let Some(paths) = root.get_mut("paths") {
        for (path, item) in paths.as_object_mut().into_iter().flatten() {
            // What stands beside the operations is in all of them.
            let mut shared = item.node.clone();
            let methods: Vec<String> = operations(&item.node)
                .map(|(method, _)| method.to_owned())
                .collect();
            for method in methods {
                remove_operation(&mut shared, &method);
            }
            let shared = errors.contents(None, &shared).reason(&bad);
            let mut keeps = |method: &str, operation: &Node, key| {
                let own = errors.contents(Some(key), operation).reason(&bad);
                let Some(reason) = own.or_else(|| shared.clone()) else {
                    return true;
                };
                let title = format!("{} {path}", method.to_ascii_uppercase());
                let finding = Finding::new(
                    RULE,
                    Severity::Warning,
                    format!("`{title}` is left out"),
                    key,
                );
                told.push(finding.label(reason));
                false
            };
            change(&mut item.node, &mut |key, operation, at| {
                !METHODS.contains(&key) || keeps(key, operation, at)
            });
            if let Some(additional) = item.node.get_mut("additionalOperations") {
                change(additional, &mut keeps);
            }
        }
        let is_called = |item: &Node| operations(item).next().is_some();
        change(paths, &mut |name, item, _| {
            name.starts_with("x-") || is_called(item)
        });
    }
    let sections = root.get_mut("components").and_then(Node::as_object_mut);
    for (section, entry) in sections.into_iter().flatten() {
        let at = join("/components", section);
        change(&mut entry.node, &mut |name, _, key| {
            let Some(reason) = bad.get(&join(&at, name)) else {
                return true;
            };
            let message = format!("`{name}` is left out");
            told.push(Finding::new(RULE, Severity::Warning, message, key).label(reason));
            false
        });
    }
    let before = findings.len();
    findings.retain(|finding| {
        finding.severity != Severity::Error || !gone.contains(&start(finding.span))
    });
    (!told.is_empty() || !bad.is_empty() || findings.len() < before).then_some(told)
}

impl Contents<'_> {
    /// Why it cannot be understood, if it cannot.
    fn reason(&self, bad: &BTreeMap<Component, String>) -> Option<String> {
        let own = self.error.map(str::to_owned);
        own.or_else(|| {
            self.needs
                .iter()
                .filter_map(|name| bad.get(name))
                .min()
                .cloned()
        })
    }
}

/// The components that have an error or need one that has, with what is wrong.
fn components(root: &Node, errors: &Errors<'_>) -> BTreeMap<Component, String> {
    let mut all: BTreeMap<Component, Contents<'_>> = BTreeMap::new();
    for (section, entry) in root.get("components").into_iter().flat_map(Node::entries) {
        let at = join("/components", section);
        for (name, entry) in entry.node.entries() {
            let contents = errors.contents(Some(entry.key), &entry.node);
            all.insert(join(&at, name), contents);
        }
    }
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (user, contents) in &all {
        for need in &contents.needs {
            users.entry(need).or_default().push(user);
        }
    }
    let wrong = all
        .iter()
        .filter_map(|(name, contents)| Some((name.as_str(), contents.error?)));
    let mut open: Vec<(&str, &str)> = wrong.collect();
    let mut bad = BTreeMap::new();
    while let Some((name, reason)) = open.pop() {
        if bad.insert(name.to_owned(), reason.to_owned()).is_none() {
            let next = users.get(name).into_iter().flatten();
            open.extend(next.map(|user| (*user, reason)));
        }
    }
    bad
}
