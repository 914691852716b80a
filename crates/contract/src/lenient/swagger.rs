//! What Swagger 2.0 had in another place: sections at the root, bodies and forms among the
//! parameters, keywords of a schema beside them, the schema of a response.

use super::published::Definition;
use super::{Reader, empty};
use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Object, Span, Value};

/// A section at the root, and the one of components that it became.
const MOVED: [(&str, &str); 3] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
];

/// Moves each to its place. What stands there already counts.
pub(super) fn sections(root: &mut Node, findings: &mut Findings) {
    for (key, section) in MOVED {
        let span = root.key_span(key);
        let is_section = root.get(key).is_some_and(|held| held.as_object().is_some());
        let Some(mut held) = root.remove(key).filter(|_| is_section) else {
            continue;
        };
        let moved = held.as_object_mut().map(std::mem::take).unwrap_or_default();
        let mut components = object(root.remove("components"), span);
        let mut there = object(components.remove(section), span);
        if let Some(there) = there.as_object_mut() {
            for (name, entry) in moved {
                there.entry(name).or_insert(entry);
            }
        }
        components.set(section, there);
        root.set("components", components);
        redirect(
            root,
            &format!("#/{key}/"),
            &format!("#/components/{section}/"),
        );
        let message = format!("`{key}` is not known in the document");
        let finding = Finding::new(crate::lint::STRUCTURE, Severity::Warning, message, span);
        let help = format!("read as `components.{section}`, as Swagger 2.0 had it");
        findings.push(finding.help(help));
    }
}

/// What was there, if it was an object.
fn object(node: Option<Node>, span: Span) -> Node {
    let object = node.filter(|node| node.as_object().is_some());
    object.unwrap_or_else(|| Node::new(Object::new(), span))
}

/// Lets texts that lead to one place lead to another.
fn redirect(node: &mut Node, from: &str, to: &str) {
    if let Some(rest) = node.as_str().and_then(|text| text.strip_prefix(from)) {
        node.value = Value::String(format!("{to}{rest}"));
    }
    for item in node.as_array_mut().into_iter().flatten() {
        redirect(item, from, to);
    }
    for (_, entry) in node.as_object_mut().into_iter().flatten() {
        redirect(&mut entry.node, from, to);
    }
}

impl Reader<'_> {
    /// Keywords of a schema that stand beside the place of the schema, as Swagger 2.0 has them.
    pub(super) fn schema_words(&mut self, node: &mut Node, definition: Definition) {
        if ["schema", "content", "$ref"]
            .iter()
            .any(|key| node.get(key).is_some())
        {
            return;
        }
        let is_word = |key: &str| {
            let is_own = definition.keys().any(|own| own == key);
            !is_own && Definition::SCHEMA.keys().any(|word| word == key)
        };
        let span = node.span.first_line();
        let mut schema = empty(span);
        let words: Vec<String> = node.entries().map(|(key, _)| key.to_owned()).collect();
        for word in words.iter().filter(|word| is_word(word)) {
            if let Some(value) = node.remove(word) {
                schema.set(word, value);
            }
        }
        let (message, help) = match schema.as_object().is_none_or(Object::is_empty) {
            true => {
                schema.set("type", Node::new("string", span));
                (
                    format!("{} has no `schema`", definition.noun()),
                    "read as text",
                )
            }
            false => (
                format!("{} has a schema's keywords", definition.noun()),
                "read as its `schema`, as Swagger 2.0 had them",
            ),
        };
        node.set("schema", schema);
        self.tell(message, span, help);
    }

    /// Parameters that are the body of a request, or fields of it, as Swagger 2.0 has them.
    pub(super) fn body_parameters(&mut self, node: &mut Node) {
        let location = |one: &Node| one.get("in").and_then(Node::as_str).map(str::to_owned);
        let is_body = |one: &Node| matches!(location(one).as_deref(), Some("body" | "formData"));
        let Some(parameters) = node.get_mut("parameters").and_then(Node::as_array_mut) else {
            return;
        };
        let (sent, kept): (Vec<Node>, Vec<Node>) =
            std::mem::take(parameters).into_iter().partition(is_body);
        *parameters = kept;
        let Some(span) = sent.first().map(|one| one.span.first_line()) else {
            return;
        };
        let is_whole = |one: &&Node| location(one).as_deref() == Some("body");
        let (media_type, schema, required) = match sent.iter().find(is_whole) {
            Some(body) => {
                let schema = body.get("schema").cloned().unwrap_or_else(|| empty(span));
                let required = body.get("required").is_some_and(Node::is_true);
                ("application/json", schema, required)
            }
            None => form(&sent, span),
        };
        let help = match node.get("requestBody") {
            Some(_) => "it is ignored: there is a `requestBody`",
            None => {
                let mut body = empty(span);
                body.set("content", content(media_type, schema, span));
                body.set("required", Node::new(required, span));
                node.set("requestBody", body);
                "read as the body of the request, as Swagger 2.0 had it"
            }
        };
        self.tell("a parameter is in the body", span, help);
    }

    /// The schema of a response, as Swagger 2.0 had it.
    pub(super) fn schema_of_response(&mut self, node: &mut Node) {
        if node.get("content").is_some() || node.get("schema").is_none() {
            return;
        }
        let span = node.key_span("schema");
        if let Some(schema) = node.remove("schema") {
            node.set("content", content("application/json", schema, span));
            let message = "`schema` is not known in a response";
            self.tell(
                message,
                span,
                "read as its body in JSON, as Swagger 2.0 had it",
            );
        }
    }
}

/// Content of one media type.
fn content(media_type: &str, schema: Node, span: Span) -> Node {
    let (mut of, mut content) = (empty(span), empty(span));
    of.set("schema", schema);
    content.set(media_type, of);
    content
}

/// The form that has these fields, and whether it must be sent.
fn form(fields: &[Node], span: Span) -> (&'static str, Node, bool) {
    let (mut properties, mut required) = (empty(span), Vec::new());
    let mut media_type = "application/x-www-form-urlencoded";
    for field in fields {
        let Some(name) = field.get("name").and_then(Node::as_str) else {
            continue;
        };
        if field.get("type").and_then(Node::as_str) == Some("file") {
            media_type = "multipart/form-data";
        }
        let mut schema = field.get("schema").unwrap_or(field).clone();
        ["name", "in", "required"]
            .iter()
            .for_each(|key| drop(schema.remove(key)));
        if field.get("required").is_some_and(Node::is_true) {
            required.push(Node::new(name, span));
        }
        properties.set(name, schema);
    }
    let is_required = !required.is_empty();
    let mut form = empty(span);
    form.set("type", Node::new("object", span));
    form.set("properties", properties);
    if is_required {
        form.set("required", Node::new(required, span));
    }
    (media_type, form, is_required)
}
