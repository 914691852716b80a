//! From the schema dialect of `OpenAPI` 3.0 to JSON Schema draft 4.

use serde_json::{Map, Value, json};

use super::Direction;
use crate::walk::{Kind, Place};

/// The document with every schema in it translated.
pub(super) fn translate(document: &Value, direction: Direction) -> Value {
    translate_at(document, Place::ROOT, direction)
}

fn translate_at(value: &Value, place: Place, direction: Direction) -> Value {
    match value {
        Value::Object(object) => Value::Object(translate_object(object, place, direction)),
        Value::Array(items) => items
            .iter()
            .map(|item| translate_at(item, place.under(""), direction))
            .collect(),
        other => other.clone(),
    }
}

fn translate_object(
    object: &Map<String, Value>,
    place: Place,
    direction: Direction,
) -> Map<String, Value> {
    let is_schema = place == Place::Object(Kind::Schema);
    let mut out = Map::new();
    for (key, value) in object {
        let value = match (place.under(key), key.as_str()) {
            (Place::Data, "enum") if is_schema => value.clone(),
            // What is only shown validates nothing; `id` would rebase references in draft 4.
            (Place::Data, _) => continue,
            (_, "id") if is_schema => continue,
            (place, _) => translate_at(value, place, direction),
        };
        out.insert(key.clone(), value);
    }
    if is_schema {
        nullable(object, &mut out);
        travel(object, &mut out, direction);
    }
    out
}

/// `nullable` counts only beside `type` (`OpenAPI` 3.0.3, section 4.7.24.1).
fn nullable(object: &Map<String, Value>, out: &mut Map<String, Value>) {
    if object.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    if let Some(Value::String(kind)) = object.get("type") {
        out.insert("type".into(), json!([kind, "null"]));
    }
}

/// Frees a request from what only responses hold, and the other way round.
fn travel(object: &Map<String, Value>, out: &mut Map<String, Value>, direction: Direction) {
    let marker = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let Some(Value::Array(required)) = object.get("required") else {
        return;
    };
    let properties = object.get("properties").and_then(Value::as_object);
    let exempt = |name: &Value| {
        let property = name.as_str().zip(properties).and_then(|(n, p)| p.get(n));
        property.and_then(|p| p.get(marker)) == Some(&Value::Bool(true))
    };
    let kept: Vec<Value> = required.iter().filter(|n| !exempt(n)).cloned().collect();
    if kept.is_empty() {
        // Draft 4 wants at least one name.
        out.remove("required");
    } else {
        out.insert("required".into(), kept.into());
    }
}

/// A JSON Pointer as the fragment of a URI (RFC 6901, section 6).
pub(super) fn fragment(pointer: &str) -> String {
    let mut out = String::new();
    for byte in pointer.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
