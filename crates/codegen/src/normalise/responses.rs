//! Gives each operation one type of success and one of error, as the generator demands,
//! without losing which status has which: a schema with a property for each status stands for
//! all of them, and the polish makes an enum of it, with a variant for each status. Errors have
//! one always, so that its name stays when one joins; successes where they differ. `default`
//! becomes the ranges that it covers. Lost: the other media types of a response, and what is said
//! of 1XX and 3XX, which the client never takes for a response.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::bodies::MEDIA_TYPE;
use super::{Pass, media};
use crate::identifier::type_name;
use contract::source::{Node, Object, Span};
use contract::walk::{operations_mut, set_component};
use contract::{Finding, Findings, Severity};

/// Marks a schema whose properties are the statuses of an operation: a [`ByStatus`] for each.
pub(crate) const BY_STATUS: &str = "x-by-status";

/// What a property stands for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct ByStatus {
    /// The first status that it is for, and the last.
    pub(crate) statuses: (u16, u16),
    pub(crate) body: Body,
}

/// What a response holds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Body {
    Nothing,
    Json,
    Bytes,
}

/// Marks a response that is one value after another: a [`Stream`].
pub(crate) const STREAM: &str = "x-stream";

/// Responses whose values are read as soon as they are there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stream {
    /// Events that the server sends, with JSON for data.
    Events,
    /// The same with text for data.
    TextEvents,
    /// JSON.
    Values,
}

impl Stream {
    /// What the mark says.
    pub(crate) fn read(mark: &str) -> Option<Self> {
        [Self::Events, Self::TextEvents, Self::Values]
            .into_iter()
            .find(|stream| stream.mark() == mark)
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::TextEvents => "text_events",
            Self::Values => "values",
        }
    }

    /// That of a media type.
    fn of(essence: &str, is_text: bool) -> Option<Self> {
        match essence {
            "text/event-stream" if is_text => Some(Self::TextEvents),
            "text/event-stream" => Some(Self::Events),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/jsonlines"
            | "application/json-lines"
            | "application/json-seq" => Some(Self::Values),
            _ => None,
        }
    }
}

/// What the type of an operation's errors is called.
pub(crate) const ERROR: &str = "x-error";

/// What a client takes for a response, where it is not just JSON.
pub(crate) const ACCEPT: &str = "x-accept";

pub(super) fn pass(pass: Pass<'_>) {
    let Pass {
        document, findings, ..
    } = pass;
    let mut components = Vec::new();
    let mut taken: BTreeSet<String> = names(document);
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, entry) in operations_mut(&mut item.node) {
            operation(&mut entry.node, &mut taken, &mut components, findings);
        }
    }
    for (name, schema) in components {
        set_component(document, &name, schema);
    }
}

fn names(document: &Node) -> BTreeSet<String> {
    let schemas = document.get("components").and_then(|c| c.get("schemas"));
    let names = schemas.into_iter().flat_map(Node::entries);
    names.map(|(name, _)| type_name(name)).collect()
}

fn operation(
    operation: &mut Node,
    taken: &mut BTreeSet<String>,
    components: &mut Vec<(String, Node)>,
    findings: &mut Findings,
) {
    let id = operation
        .get("operationId")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let id = type_name(id);
    let Some(responses) = operation.get_mut("responses") else {
        return;
    };
    spread_default(responses);
    let mut accepted: Vec<String> = Vec::new();
    for (status, entry) in responses.as_object_mut().into_iter().flatten() {
        let is_success = status.starts_with('2');
        let name = one_media_type(&mut entry.node, is_success, findings);
        let name = name.filter(|name| is_success && !accepted.contains(name));
        accepted.extend(name);
    }
    let mut error = None;
    for (class, word) in [("2", "Success"), ("45", "Error")] {
        let statuses: Vec<String> = responses
            .entries()
            .map(|(status, _)| status.to_owned())
            .filter(|status| class.contains(&status[..1]))
            .collect();
        let is_error = word == "Error";
        if !is_error && (statuses.len() < 2 || !differ(responses, &statuses)) {
            continue;
        }
        let mut name = format!("{id}{word}");
        while !taken.insert(name.clone()) {
            name.push_str("ByStatus");
        }
        let span = responses.span.first_line();
        let words = match is_error {
            true => "What the API says when it refuses, by status.",
            false => "The response, by status.",
        };
        components.push((name.clone(), by_status(responses, &statuses, words, span)));
        if is_error {
            error = Some(Node::new(name.as_str(), span));
        }
        for status in &statuses {
            if let Some(response) = responses.get_mut(status) {
                let mut reference = Node::new(Object::new(), span);
                reference.set(
                    "$ref",
                    Node::new(format!("#/components/schemas/{name}"), span),
                );
                response.set("content", json(reference, span));
                response.remove(STREAM);
            }
        }
    }
    if let Some(error) = error {
        operation.set(ERROR, error);
    }
    if !accepted.is_empty() && accepted != ["application/json"] {
        let accepted = Node::new(accepted.join(", "), operation.span.first_line());
        operation.set(ACCEPT, accepted);
    }
}

/// `default` is what every other status answers with. The client takes 4XX and 5XX for
/// errors, and 2XX for a success where nothing else is one.
fn spread_default(responses: &mut Node) {
    let keys: Vec<String> = responses.entries().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        let upper = key.to_ascii_uppercase();
        let is_answer =
            matches!(upper.as_bytes().first(), Some(b'2' | b'4' | b'5')) && upper.len() == 3;
        if key == "default" || is_answer && upper == key {
            continue;
        }
        if let Some(response) = responses.remove(&key).filter(|_| is_answer) {
            responses.set(&upper, response);
        }
    }
    let has_success = responses.entries().any(|(key, _)| key.starts_with('2'));
    let Some(default) = responses.remove("default") else {
        return;
    };
    for range in ["2XX", "4XX", "5XX"] {
        if responses.get(range).is_none() && !(range == "2XX" && has_success) {
            responses.set(range, default.clone());
        }
    }
}

/// JSON if there is any, else bytes; gives its name in the document.
fn one_media_type(
    response: &mut Node,
    is_success: bool,
    findings: &mut Findings,
) -> Option<String> {
    let span = response.span.first_line();
    let content = response.get("content")?;
    let help = "nothing to do; the client asks for it";
    let Some(best) = media::choose(content, "the response is read", help, findings) else {
        response.remove("content");
        return None;
    };
    let essence = media::essence(&best);
    let schema = content
        .get(&best)
        .and_then(|media_type| media_type.get("schema"));
    let is_text =
        schema.is_some_and(|schema| schema.get("type").and_then(Node::as_str) == Some("string"));
    let stream = Stream::of(&essence, is_text || schema.is_none()).filter(|_| is_success);
    let is_any = essence.contains('*') && schema.is_some() && !is_text;
    let is_json = media::is_json(&essence) || is_any || stream.is_some();
    let name =
        (is_json && essence != "application/json").then(|| Node::new(essence.as_str(), span));
    let content = match is_json {
        true => {
            let anything = || {
                let mut anything = Node::new(Object::new(), span);
                if stream == Some(Stream::TextEvents) {
                    anything.set("type", Node::new("string", span));
                }
                anything
            };
            json(schema.cloned().unwrap_or_else(anything), span)
        }
        false => {
            if schema.is_some() && !is_text {
                let message = format!(
                    "the `{essence}` is bytes that the caller reads: its schema is not checked"
                );
                let note = Finding::new("body-untyped", Severity::Note, message, span);
                findings.push(note.help("nothing to do; JSON has types"));
            }
            let mut content = Node::new(Object::new(), span);
            content.set("application/octet-stream", Node::new(Object::new(), span));
            content
        }
    };
    response.set("content", content);
    if let Some(name) = name {
        response.set(MEDIA_TYPE, name);
    }
    if let Some(stream) = stream {
        response.set(STREAM, Node::new(stream.mark(), span));
    }
    Some(best)
}

fn json(schema: Node, span: Span) -> Node {
    let mut media_type = Node::new(Object::new(), span);
    media_type.set("schema", schema);
    let mut content = Node::new(Object::new(), span);
    content.set("application/json", media_type);
    content
}

/// The schema of JSON, or the media type of bytes, or nothing.
fn body<'a>(responses: &'a Node, status: &str) -> Option<(&'a str, Option<&'a Node>)> {
    let content = responses.get(status)?.get("content")?;
    let (name, entry) = content.entries().next()?;
    Some((name, entry.node.get("schema")))
}

fn differ(responses: &Node, statuses: &[String]) -> bool {
    let stream = |status: &String| responses.get(status)?.get(STREAM)?.as_str();
    if statuses
        .windows(2)
        .any(|pair| stream(&pair[0]) != stream(&pair[1]))
    {
        return true;
    }
    let bodies: Vec<_> = statuses
        .iter()
        .map(|status| body(responses, status))
        .collect();
    bodies.windows(2).any(|pair| match (&pair[0], &pair[1]) {
        (None, None) => false,
        (Some((one, a)), Some((two, b))) => {
            one != two
                || match (a, b) {
                    // Two inline schemas are two types, however alike they look.
                    (Some(a), Some(b)) => !a.same(b) || a.get("$ref").is_none(),
                    _ => false,
                }
        }
        _ => true,
    })
}

/// A schema with a property for each status.
fn by_status(responses: &Node, statuses: &[String], words: &str, span: Span) -> Node {
    let mut properties = Node::new(Object::new(), span);
    let mut required = Vec::new();
    let mut all = BTreeMap::new();
    for status in statuses {
        let nothing = || Node::new(Object::new(), span);
        let is_stream = responses
            .get(status)
            .is_some_and(|response| response.get(STREAM).is_some());
        let (body, schema) = match body(responses, status) {
            Some(("application/json", Some(schema))) if !is_stream => (Body::Json, schema.clone()),
            Some(_) => (Body::Bytes, nothing()),
            None => (Body::Nothing, nothing()),
        };
        let name = format!("status_{}", status.to_ascii_lowercase());
        required.push(Node::new(name.as_str(), span));
        properties.set(&name, schema);
        let statuses = numbers(status);
        all.insert(name, ByStatus { statuses, body });
    }
    let mut schema = Node::new(Object::new(), span);
    schema.set("type", Node::new("object", span));
    schema.set("description", Node::new(words, span));
    schema.set("required", Node::new(required, span));
    schema.set("properties", properties);
    // Names and numbers only, so it cannot fail.
    let all = serde_json::to_value(all).unwrap_or_default();
    schema.set(BY_STATUS, Node::from(all));
    schema
}

/// The first and the last of `404`, or of `4XX`.
fn numbers(status: &str) -> (u16, u16) {
    let end = |digit: &str| status.replace('X', digit).parse().unwrap_or_default();
    (end("0"), end("9"))
}
