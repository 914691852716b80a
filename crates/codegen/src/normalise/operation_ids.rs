//! Gives every operation an `operationId` that no other has, because methods are named
//! after them: what is missing is made of method and path, `getContactsByUuid`, and so is
//! what stands twice. The generator is given the name of the method, by which the polish finds
//! what it wrote, and the polish the id ([`ID`]). Nothing is lost; a name changes only when
//! method or path do.

use std::collections::HashSet;

use heck::ToUpperCamelCase as _;

use super::Pass;
use crate::identifier::{self, plain, says};
use contract::names::numbered;
use contract::source::{Node, Span};
use contract::walk::operations_mut;
use contract::{Finding, Findings, Severity};

/// What the contract calls an operation.
pub(crate) const ID: &str = "x-operation-id";

/// Methods that a client has by itself.
const TAKEN: [&str; 2] = ["raw", "with_retry"];

pub(super) fn pass(pass: Pass<'_>) {
    pass.findings.extend(name(pass.document));
}

/// Names the operations of a document, and says which names were found for them.
pub(crate) fn name(document: &mut Node) -> Findings {
    let mut findings = Findings::new();
    let mut taken: HashSet<String> = TAKEN.map(str::to_owned).into();
    // What was named by hand has the first choice.
    each(document, &mut |_, _, _, operation| {
        let id = operation.get("operationId");
        let name = id
            .and_then(Node::as_str)
            .filter(|id| says(id))
            .map(str::to_owned);
        match name.filter(|id| taken.insert(rust_method(id))) {
            Some(id) => call(operation, &id),
            None => drop(operation.remove("operationId")),
        }
    });
    each(document, &mut |path, method, span, operation| {
        if operation.get("operationId").is_some() {
            return;
        }
        let id = unique(&made_of(path, method), &mut taken);
        let message = format!(
            "`{} {path}` is called `{}`",
            method.to_uppercase(),
            rust_method(&id)
        );
        findings.push(
            Finding::new("operation-id", Severity::Note, message, span)
                .help("give it an `operationId` of its own, for a name that stays"),
        );
        call(operation, &id);
    });
    findings
}

/// The method that is called after an id.
fn rust_method(id: &str) -> String {
    identifier::method(&plain(id))
}

fn call(operation: &mut Node, id: &str) {
    let span = operation.key_span("operationId");
    operation.set(ID, Node::new(id, span));
    operation.set("operationId", Node::new(rust_method(id), span));
}

fn each(root: &mut Node, visit: &mut dyn FnMut(&str, &str, Span, &mut Node)) {
    let paths = root.get_mut("paths").and_then(Node::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in operations_mut(&mut item.node) {
            visit(path, method, operation.key, &mut operation.node);
        }
    }
}

/// `get /contacts/{uuid}/notes` is `getContactsByUuidNotes`.
fn made_of(path: &str, method: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let words = segments.map(|segment| match segment.strip_prefix('{') {
        Some(variable) => format!("By{}", variable.to_upper_camel_case()),
        None => segment.to_upper_camel_case(),
    });
    format!("{}{}", method.to_lowercase(), words.collect::<String>())
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    numbered(name, "", |id| taken.insert(rust_method(id)))
}
