//! Gives the generator parameters that it takes. Those of a path stand with each operation;
//! two that would be one in Rust get names of their own; a variable of the path that nothing
//! declares is text, and a declared one that the path lacks goes. What is a document of JSON has
//! its schema. Lost: a parameter with other `content` is text, which the caller writes.

use std::collections::HashSet;

use super::Pass;
use super::media::{essence, is_json};
use super::stand_ins::{Meaning, StandIns};
use crate::identifier::{method as argument, plain, says};
use contract::operation::IDEMPOTENCY_KEY;
use contract::path::variables;
use contract::source::{Entry, Node, Object};
use contract::walk::operations_mut;
use contract::{Finding, Findings, Severity};

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The argument that is the body of a request.
const BODY: &str = "body";

/// Methods that every request has or may have one day, whatever its operation.
const METHODS_OF_REQUESTS: [&str; 12] = [
    "attempt_timeout",
    "base_url",
    "clone",
    "header",
    "idempotency_key",
    "into_future",
    "items",
    "pages",
    "retry",
    "send",
    "server",
    "timeout",
];

pub(super) fn pass(pass: Pass<'_>) {
    let Pass {
        document,
        stand_ins,
        findings,
        ..
    } = pass;
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    if let Some(paths) = paths {
        let entries = std::mem::take(paths).into_iter();
        paths.extend(entries.map(|(path, item)| distinct(path, item)));
    }
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let shared = item.node.remove("parameters");
        let shared: Vec<Node> = shared.iter().flat_map(Node::items).cloned().collect();
        for (_, entry) in operations_mut(&mut item.node) {
            operation(path, &shared, &mut entry.node, stand_ins, findings);
        }
    }
}

/// Variables of one path that would be one argument get numbers, and those without a letter a
/// name: their names are in the document only, and never on the wire.
fn distinct(mut path: String, mut item: Entry) -> (String, Entry) {
    let names: Vec<String> = variables(&path).map(str::to_owned).collect();
    let mut taken = HashSet::from([BODY.to_owned()]);
    for name in names {
        let word = match says(&name) {
            true => argument(&plain(&name)),
            false => "variable".to_owned(),
        };
        let mut free = word.clone();
        let mut number = 2;
        while !taken.insert(free.clone()) {
            free = format!("{word}_{number}");
            number += 1;
        }
        if plain(&name) == name && free == argument(&name) {
            continue;
        }
        path = path.replace(&format!("{{{name}}}"), &format!("{{{free}}}"));
        rename(&mut item.node, &name, &free);
        for (_, operation) in operations_mut(&mut item.node) {
            rename(&mut operation.node, &name, &free);
        }
    }
    (path, item)
}

/// Renames a variable of the path among the parameters of a path or an operation.
fn rename(holder: &mut Node, name: &str, free: &str) {
    let parameters = holder.get_mut("parameters").and_then(Node::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if text(parameter, "in") == "path" && text(parameter, "name") == name {
            let span = parameter.span.first_line();
            parameter.set("name", Node::new(free, span));
        }
    }
}

fn text<'a>(parameter: &'a Node, key: &str) -> &'a str {
    parameter
        .get(key)
        .and_then(Node::as_str)
        .unwrap_or_default()
}

fn operation(
    path: &str,
    shared: &[Node],
    operation: &mut Node,
    stand_ins: &mut StandIns,
    findings: &mut Findings,
) {
    let span = operation.span.first_line();
    let own = operation.remove("parameters");
    let own: Vec<Node> = own.iter().flat_map(Node::items).cloned().collect();
    let is_own = |shared: &&Node| {
        own.iter().any(|own| {
            ["name", "in"]
                .iter()
                .all(|key| text(own, key) == text(shared, key))
        })
    };
    let mut all: Vec<Node> = shared
        .iter()
        .filter(|shared| !is_own(shared))
        .cloned()
        .collect();
    all.extend(own);
    // What stands twice is one; the lint tells.
    let mut seen = HashSet::new();
    all.retain(|p| seen.insert((text(p, "name").to_owned(), text(p, "in").to_owned())));

    let variables: Vec<&str> = variables(path).collect();
    all.retain(|p| text(p, "in") != "path" || variables.contains(&text(p, "name")));
    // Headers that are not parameters (OpenAPI 3.0.3, section 4.7.12.1).
    let is_ignored = |name: &str| ["accept", "authorization", "content-type"].contains(&name);
    all.retain(|p| text(p, "in") != "header" || !is_ignored(&text(p, "name").to_lowercase()));
    for variable in &variables {
        if !all
            .iter()
            .any(|p| text(p, "in") == "path" && text(p, "name") == *variable)
        {
            all.push(undeclared(variable, span));
        }
    }
    if let Some(name) = idempotency_key(operation, &mut all) {
        // The polish is told the header's name.
        operation.set(IDEMPOTENCY_KEY, Node::new(name, span));
    }
    let mut taken: HashSet<String> = HashSet::from([BODY.to_owned()]);
    // Variables of the path keep their names, which the path shows.
    all.sort_by_key(|parameter| text(parameter, "in") != "path");
    for parameter in &mut all {
        content(parameter, findings);
        // Nothing in a path, a header or a query is null; what is left out is.
        if let Some(schema) = parameter.get_mut("schema") {
            schema.remove("nullable");
        }
        one_value(parameter);
        if text(parameter, "in") == "path" {
            parameter.set("required", Node::new(true, span));
        }
        findings.extend(name(parameter, &mut taken, stand_ins));
    }
    if !all.is_empty() {
        operation.set("parameters", Node::new(all, span));
    }
}

/// The header of an idempotency key, which the client makes, and no caller has to
/// (draft-ietf-httpapi-idempotency-key-header, section 2).
fn idempotency_key(operation: &mut Node, parameters: &mut Vec<Node>) -> Option<String> {
    const USUAL: &str = "Idempotency-Key";
    let says = operation.remove(IDEMPOTENCY_KEY);
    let is_key = |parameter: &Node| {
        let is_usual = text(parameter, "name").eq_ignore_ascii_case(USUAL);
        let says = parameter.get(IDEMPOTENCY_KEY).is_some_and(Node::is_true);
        text(parameter, "in") == "header" && (is_usual || says)
    };
    let declared = parameters.iter().find(|parameter| is_key(parameter));
    let declared = declared.map(|parameter| text(parameter, "name").to_owned());
    parameters.retain(|parameter| !is_key(parameter));
    let said = says.is_some_and(|says| says.is_true());
    declared.or_else(|| said.then(|| USUAL.to_owned()))
}

fn undeclared(name: &str, span: contract::source::Span) -> Node {
    let mut schema = Node::new(Object::new(), span);
    schema.set("type", Node::new("string", span));
    let mut parameter = Node::new(Object::new(), span);
    parameter.set("name", Node::new(name, span));
    parameter.set("in", Node::new("path", span));
    parameter.set("required", Node::new(true, span));
    parameter.set("schema", schema);
    parameter
}

/// A value in a media type of its own: the caller writes it, if it is not JSON or a form. The polish
/// finds the media type where it was.
fn content(parameter: &mut Node, findings: &mut Findings) {
    let span = parameter.key_span("content");
    let content = parameter.remove("content");
    let first = content
        .as_ref()
        .and_then(|content| content.entries().next());
    if let Some((media_type, entry)) = first {
        let name = essence(media_type);
        let is_form = text(parameter, "in") == "querystring" && name == FORM;
        let mut empty = Node::new(Object::new(), span);
        empty.set(media_type, Node::new(Object::new(), span));
        parameter.set("content", empty);
        let schema = entry
            .node
            .get("schema")
            .filter(|_| is_form || is_json(&name));
        match schema {
            Some(schema) => parameter.set("schema", schema.clone()),
            None => {
                let parameter = text(parameter, "name");
                let message = format!("`{parameter}` is text: the caller writes the {media_type}");
                findings.push(
                    Finding::new("parameter-content", Severity::Note, message, span)
                        .help("nothing to do; a `schema` would make it typed"),
                );
            }
        }
    }
    if parameter.get("schema").is_none() {
        let mut schema = Node::new(Object::new(), span);
        schema.set("type", Node::new("string", span));
        parameter.set("schema", schema);
    }
}

/// What has one value has nothing to join, and nothing that explodes.
fn one_value(parameter: &mut Node) {
    let schema = parameter.get("schema");
    let ty = schema.and_then(|schema| schema.get("type"));
    let is_one = ty
        .and_then(Node::as_str)
        .is_some_and(|ty| !["array", "object"].contains(&ty));
    let joins = ["", "form", "simple", "spaceDelimited", "pipeDelimited"];
    if is_one && joins.contains(&text(parameter, "style")) {
        parameter.remove("style");
        parameter.remove("explode");
    }
}

/// A name of its own in Rust, and the one of the wire.
fn name(
    parameter: &mut Node,
    taken: &mut HashSet<String>,
    stand_ins: &mut StandIns,
) -> Option<Finding> {
    let wire = text(parameter, "name").to_owned();
    let place = text(parameter, "in").to_owned();
    let span = parameter.span.first_line();
    let words = plain(&wire);
    // What is optional becomes a method.
    let is_method = !parameter.get("required").is_some_and(Node::is_true);
    let is_every_request_s = |name: &str| is_method && METHODS_OF_REQUESTS.contains(&name);
    let meets = is_every_request_s(&argument(&words));
    if says(&wire) && words == wire && !meets && taken.insert(argument(&wire)) {
        return None;
    }
    let mut words = match says(&wire) {
        true => argument(&words),
        false => place.clone(),
    };
    while is_every_request_s(&words) || !taken.insert(words.clone()) {
        words = format!("{place}_{words}");
    }
    let message = format!("the parameter `{wire}` is called `{words}`");
    let note = meets.then(|| {
        Finding::new("parameter-name", Severity::Note, message, span)
            .help("nothing to do; every request has a method of the name")
    });
    let stand_in = stand_ins.of(&words, Meaning::Name(wire));
    parameter.set("name", Node::new(stand_in, span));
    note
}

#[cfg(test)]
mod tests {
    use super::METHODS_OF_REQUESTS;

    /// What the macro gives to every request, no parameter may be called.
    #[test]
    fn every_method_of_requests_is_known() {
        let text = include_str!("../generate/request.txt");
        let functions = text.split("fn ").skip(1);
        let names = functions.filter_map(|rest| rest.split('(').next());
        let names: Vec<&str> = names.collect();
        assert!(names.contains(&"timeout") && names.contains(&"into_future"));
        for name in names {
            assert!(METHODS_OF_REQUESTS.contains(&name), "{name}");
        }
    }
}
