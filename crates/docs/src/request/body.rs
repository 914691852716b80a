//! Bodies in the form of their media type.

use contract::form;
use contract::operation::MediaType;
use contract::schema::Shape;
use contract::source::Node;
use serde_json::Value;

use super::plain;
use crate::sample::{Answer, Body, Content, Field};

/// What files are called whose media type is one of these; the others have no such ending.
const ENDINGS: [(&str, &str); 14] = [
    ("application/gzip", "gz"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("audio/mpeg", "mp3"),
    ("image/gif", "gif"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/webp", "webp"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
    ("video/mp4", "mp4"),
];

/// The body that a value is; nothing where a media type has no such body.
pub(super) fn of(root: &Node, media_type: &MediaType, value: &Value) -> Option<Body> {
    if media_type.is_json() {
        return Some(Body::Json(value.clone()));
    }
    let essence = essence(&media_type.name);
    match (essence, value) {
        ("application/x-www-form-urlencoded", Value::Object(_)) => {
            Some(Body::Pairs(super::form(value)))
        }
        ("multipart/form-data", Value::Object(_)) => {
            Some(Body::Form(parts(root, media_type, value)))
        }
        _ if essence.starts_with("multipart/") => None,
        (name, Value::String(text)) if name.ends_with("xml") => Some(Body::Text(text.clone())),
        _ if is_file(root, media_type) => Some(Body::File(file("body", Some(essence)))),
        (name, Value::String(text)) if !name.contains('*') => Some(Body::Text(text.clone())),
        _ => None,
    }
}

/// What a success of a media type gives.
pub(super) fn answer(root: &Node, media_type: &MediaType) -> Answer {
    let essence = essence(&media_type.name);
    match essence {
        _ if media_type.is_json() => Answer::Json,
        "text/event-stream" | "application/jsonl" | "application/x-ndjson" => Answer::Stream,
        _ if essence.ends_with("xml") || essence.starts_with("text/") => Answer::Text,
        _ if is_file(root, media_type) => Answer::File(file("answer", Some(essence))),
        _ => Answer::Text,
    }
}

/// A value as the client that is generated is given it, with files as such.
pub(super) fn given(root: &Node, media_type: &MediaType, value: &Value) -> Value {
    let mut given = value.clone();
    match of(root, media_type, value) {
        Some(Body::File(name)) => return form::file(&name),
        Some(Body::Form(fields)) => {
            for Field { name, content, .. } in fields {
                let (Content::File(file), Some(held)) = (content, given.get_mut(&name)) else {
                    continue;
                };
                match held {
                    Value::Array(items) => items.fill(form::file(&file)),
                    held => *held = form::file(&file),
                }
            }
        }
        _ => {}
    }
    given
}

/// Whether a body is bytes: its schema says so, or nothing and its media type is no text.
pub(super) fn is_file(root: &Node, media_type: &MediaType) -> bool {
    let node = media_type.schema.as_ref();
    let node = node.and_then(|schema| root.pointer(&schema.origin.pointer));
    let said = essence(&media_type.name);
    match node {
        Some(node) => form::Part::of(root, node, Some(said)).is_file,
        None => {
            !said.starts_with("text/") && !said.starts_with("multipart/") && !media_type.is_json()
        }
    }
}

/// The parts of a form, as an object has them.
fn parts(root: &Node, media_type: &MediaType, value: &Value) -> Vec<Field> {
    let schema = media_type.schema.as_ref();
    let schema = schema.and_then(|schema| root.pointer(&schema.origin.pointer));
    let shape = schema.map(|schema| Shape::of(root, &[schema]));
    let object = value.as_object().into_iter().flatten();
    let parts = object.flat_map(|(name, value)| {
        let mut encoding = media_type.encoding.iter();
        let said = encoding.find(|one| one.property == *name);
        let said = said.and_then(|one| one.content_type.as_deref());
        let property = shape
            .as_ref()
            .and_then(|shape| shape.properties.get(name.as_str()));
        let property = property.and_then(|nodes| nodes.first());
        let part = property.map(|node| form::Part::of(root, node, said));
        fields(name, value, &part.unwrap_or_default())
    });
    parts.collect()
}

/// The parts that a value is sent as: each item of a list by itself, objects as JSON
/// (`OpenAPI` 3.0.3, section 4.7.14.3).
fn fields(name: &str, value: &Value, part: &form::Part) -> Vec<Field> {
    let said = part.media_type.as_deref();
    let field = |content: Content, media_type: Option<&str>| Field {
        name: name.to_owned(),
        content,
        media_type: media_type.map(str::to_owned),
    };
    let is_json = said.is_some_and(|said| said.contains("json"));
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if !is_json => {
            let items = items.iter();
            items.flat_map(|item| fields(name, item, part)).collect()
        }
        _ if part.is_file => vec![field(Content::File(file(name, said)), said)],
        Value::Array(_) | Value::Object(_) => {
            let media_type = said.unwrap_or("application/json");
            vec![field(Content::Text(value.to_string()), Some(media_type))]
        }
        other => vec![field(Content::Text(plain(other)), said)],
    }
}

/// What a file is called: as the part of the form, with the ending of its media type.
fn file(name: &str, media_type: Option<&str>) -> String {
    let stem: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let stem = match stem.trim_matches('-') {
        "" => "file",
        stem => stem,
    };
    let mut endings = ENDINGS.iter();
    match endings.find(|(known, _)| Some(*known) == media_type) {
        Some((_, ending)) => format!("{stem}.{ending}"),
        None => stem.to_owned(),
    }
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}
