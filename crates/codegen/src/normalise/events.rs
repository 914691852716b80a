//! Events that the API sends by requests of its own: webhooks, and callbacks, which are the same for
//! whoever receives them. What each holds becomes a schema with a name, and [`EVENTS`] says by what
//! it is known. Lost: events that are no JSON, and what is answered to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::inheritance::component;
use super::{Pass, media, references};
use crate::identifier::type_name;
use contract::operation::{WEBHOOK_SIGNATURE, WebhookSignature};
use contract::source::{Node, Object, Value};
use contract::walk::{join, operations, operations_mut, parts, resolve, set_component};
use contract::{Finding, Findings, Severity};

/// Where the document keeps its events for the polish, and which of them a schema is of.
pub(crate) const EVENTS: &str = "x-events";

const WEBHOOKS: &str = "webhooks";

/// An event, and what says that a request is it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Event {
    /// What the contract calls it.
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) headers: Tells,
    pub(crate) properties: Tells,
    pub(crate) is_object: bool,
}

/// Texts that a header or a property has.
pub(crate) type Tells = BTreeMap<String, Vec<String>>;

/// Puts callbacks among the webhooks, while what they refer to is there.
pub(super) fn gather(pass: Pass<'_>) {
    let document = pass.document;
    let paths = document.get("paths").into_iter().flat_map(Node::entries);
    let called_back = paths.flat_map(|(_, item)| {
        operations(&item.node).filter_map(|(_, operation)| operation.node.get("callbacks"))
    });
    let (mut called, mut seen) = (Vec::new(), BTreeSet::new());
    for (name, callback) in called_back.flat_map(Node::entries) {
        // What several operations refer to is one event.
        let reference = callback.node.get("$ref").and_then(Node::as_str);
        if reference.is_some_and(|reference| !seen.insert(reference.to_owned())) {
            continue;
        }
        let found = resolve(document, &callback.node);
        for (_, item) in found.into_iter().flat_map(Node::entries) {
            if let Some(item) = resolve(document, &item.node) {
                called.push((name.to_owned(), item.clone()));
            }
        }
    }
    if called.is_empty() {
        return;
    }
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in operations_mut(&mut item.node) {
            operation.node.remove("callbacks");
        }
    }
    let span = document.span.first_line();
    let mut webhooks = document
        .remove(WEBHOOKS)
        .unwrap_or_else(|| Node::new(Object::new(), span));
    for (name, item) in called {
        let name = contract::names::numbered(&name, " ", |name| webhooks.get(name).is_none());
        webhooks.set(&name, item);
    }
    document.set(WEBHOOKS, webhooks);
}

/// Gives each event a schema with a name, and takes the webhooks away.
pub(super) fn pass(pass: Pass<'_>) {
    let document = pass.document;
    let Some(webhooks) = document.remove(WEBHOOKS) else {
        return;
    };
    let schemas = document.pointer("/components/schemas");
    let names = schemas.into_iter().flat_map(Node::entries);
    let mut taken = names.map(|(name, _)| type_name(name)).collect();
    let mut events: Vec<Event> = Vec::new();
    for (name, item) in webhooks.entries() {
        let span = webhooks.key_span(name);
        let operations = operations(&item.node).map(|(_, operation)| &operation.node);
        let payloads = operations.filter_map(|operation| Some((operation, payload(operation)?)));
        let payloads: Vec<_> = payloads.collect();
        if payloads.is_empty() {
            let message = format!("the event `{name}` is not generated: it has no schema of JSON");
            let note = Finding::new("webhooks", Severity::Note, message, span);
            let help = "nothing to do; whoever receives it reads such a request without the client";
            pass.findings.push(note.help(help));
        }
        for (operation, schema) in payloads {
            let own = schema
                .get("$ref")
                .and_then(Node::as_str)
                .and_then(component);
            let own = own.unwrap_or_else(|| {
                let word = type_name(name);
                let word = match word.ends_with("Event") {
                    true => word,
                    false => format!("{word}Event"),
                };
                let own = references::free(&word, &mut taken);
                set_component(document, &own, schema.clone());
                own
            });
            let at = join("/components/schemas", &own);
            let text = |key| operation.get(key).and_then(Node::as_str).map(str::to_owned);
            let held = document.pointer(&at);
            let properties = held.map(|schema| properties(document, schema));
            let is_object = held.is_some_and(|schema| is_object(document, schema));
            let event = Event {
                name: name.to_owned(),
                description: text("summary").or_else(|| text("description")),
                headers: headers(document, &item.node, operation),
                properties: properties.unwrap_or_default(),
                is_object,
            };
            if let Some(schema) = document.pointer_mut(&at) {
                mark(schema, events.len());
                events.push(event);
            }
        }
    }
    tell_apart(&mut events);
    if document.get(WEBHOOK_SIGNATURE).is_some() && WebhookSignature::read(document).is_none() {
        let message = format!("`{WEBHOOK_SIGNATURE}` does not say how events are signed");
        let note = Finding::new(
            "webhooks",
            Severity::Note,
            message,
            document.key_span(WEBHOOK_SIGNATURE),
        );
        let help = "write `{scheme: standard-webhooks}`, or `{scheme: timestamped, header: NAME}`";
        pass.findings.push(note.help(help));
    }
    ambiguous(&events, &webhooks, pass.findings);
    // Names and texts only, so it cannot fail.
    let events = serde_json::to_value(&events).unwrap_or_default();
    document.set(EVENTS, Node::from(events));
}

/// The schema of what an event holds, where that is JSON.
fn payload(operation: &Node) -> Option<&Node> {
    let content = operation.get("requestBody")?.get("content")?;
    let mut content = content.entries();
    let json = content.find(|(name, _)| media::is_json(&media::essence(name)));
    json?.1.node.get("schema")
}

fn is_object(root: &Node, schema: &Node) -> bool {
    let is_object = |part: &&Node| {
        let name = part.get("type").and_then(Node::as_str);
        name == Some("object") || part.get("properties").is_some()
    };
    parts(root, schema).iter().any(is_object)
}

/// The properties that have only certain texts.
fn properties(root: &Node, schema: &Node) -> Tells {
    let all = parts(root, schema).into_iter();
    let properties = all
        .filter_map(|part| part.get("properties"))
        .flat_map(Node::entries);
    let told = properties.filter_map(|(name, entry)| {
        let schema = resolve(root, &entry.node)?;
        Some((name.to_owned(), texts(schema)?))
    });
    told.collect()
}

/// The headers that have only certain texts.
fn headers(root: &Node, item: &Node, operation: &Node) -> Tells {
    let parameters = [item, operation]
        .into_iter()
        .filter_map(|one| one.get("parameters"));
    let told = parameters.flat_map(Node::items).filter_map(|parameter| {
        let parameter = resolve(root, parameter)?;
        let is_header = parameter.get("in").and_then(Node::as_str) == Some("header");
        let name = parameter
            .get("name")
            .and_then(Node::as_str)
            .filter(|_| is_header)?;
        let schema = resolve(root, parameter.get("schema")?)?;
        Some((name.to_ascii_lowercase(), texts(schema)?))
    });
    told.collect()
}

fn texts(schema: &Node) -> Option<Vec<String>> {
    let values = schema.get("enum")?.items();
    let values = values.filter(|value| !matches!(value.value, Value::Null));
    let texts: Vec<String> = values
        .map(|value| value.as_str().map(str::to_owned))
        .collect::<Option<_>>()?;
    (!texts.is_empty()).then_some(texts)
}

/// Leaves what tells events apart: one text, the event's own name among others, or texts that no
/// other event has there. A list that events share may gain a value.
fn tell_apart(events: &mut [Event]) {
    for Event {
        name,
        headers,
        properties,
        ..
    } in events.iter_mut()
    {
        // Events that have one schema, which lists their names.
        for texts in headers.values_mut().chain(properties.values_mut()) {
            if texts.contains(name) {
                *texts = vec![name.clone()];
            }
        }
    }
    let all: Vec<(Tells, Tells)> = events
        .iter()
        .map(|event| (event.headers.clone(), event.properties.clone()))
        .collect();
    for (index, event) in events.iter_mut().enumerate() {
        let others = || {
            let others = all
                .iter()
                .enumerate()
                .filter(move |(other, _)| *other != index);
            others.map(|(_, tells)| tells)
        };
        event.headers.retain(|name, texts| {
            texts.len() == 1 || others().all(|(headers, _)| is_disjoint(headers.get(name), texts))
        });
        event.properties.retain(|name, texts| {
            texts.len() == 1 || others().all(|(_, all)| is_disjoint(all.get(name), texts))
        });
    }
}

fn is_disjoint(others: Option<&Vec<String>>, texts: &[String]) -> bool {
    others.is_none_or(|others| others.iter().all(|other| !texts.contains(other)))
}

/// Says which events nothing tells apart.
fn ambiguous(events: &[Event], webhooks: &Node, findings: &mut Findings) {
    let mut alike: BTreeMap<_, Vec<&Event>> = BTreeMap::new();
    for event in events {
        let tells = (&event.headers, &event.properties, event.is_object);
        alike.entry(tells).or_default().push(event);
    }
    for events in alike.into_values().filter(|events| events.len() > 1) {
        let first = events[0];
        let names: Vec<String> = events.iter().map(|one| format!("`{}`", one.name)).collect();
        let message = format!("nothing tells these events apart: {}", names.join(", "));
        let span = webhooks.key_span(&first.name);
        let note = Finding::new("webhooks", Severity::Note, message, span);
        findings.push(note.help(
            "the first that a body fits is taken; give each a property or a header with `const`, \
             or with an `enum` of its own",
        ));
    }
}

fn mark(schema: &mut Node, event: usize) {
    let known = schema.get(EVENTS).map(Node::to_json);
    let mut known: Vec<usize> = known
        .and_then(|known| serde_json::from_value(known).ok())
        .unwrap_or_default();
    known.push(event);
    // Numbers only, so it cannot fail.
    schema.set(
        EVENTS,
        Node::from(serde_json::to_value(known).unwrap_or_default()),
    );
}

/// The events of the document as the generator read it, each with the component that it is.
pub(crate) fn read(document: &Node) -> Vec<(Event, String)> {
    let events = document.get(EVENTS).map(Node::to_json);
    let events: Vec<Event> = events
        .and_then(|events| serde_json::from_value(events).ok())
        .unwrap_or_default();
    let schemas = document.pointer("/components/schemas");
    let mut names = BTreeMap::new();
    for (name, schema) in schemas.into_iter().flat_map(Node::entries) {
        let marks = schema.node.get(EVENTS).map(Node::to_json);
        let marks: Vec<usize> = marks
            .and_then(|marks| serde_json::from_value(marks).ok())
            .unwrap_or_default();
        names.extend(marks.into_iter().map(|mark| (mark, name.to_owned())));
    }
    let events = events.into_iter().enumerate();
    events
        .filter_map(|(index, event)| Some((event, names.remove(&index)?)))
        .collect()
}
