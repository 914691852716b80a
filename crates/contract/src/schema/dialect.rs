//! From the schema dialect of `OpenAPI` 3.0 to JSON Schema draft 4.

use serde_json::{Map, Value, json};

use super::Direction;

/// Keywords whose value is data and that validate nothing.
const DATA: [&str; 3] = ["default", "example", "examples"];
/// Keywords whose value maps names, not keywords, to objects.
const NAMED: [&str; 10] = [
    "callbacks",
    "content",
    "headers",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "variables",
];

/// The document with every schema in it translated.
pub(super) fn translate(value: &Value, direction: Direction) -> Value {
    match value {
        Value::Object(object) => Value::Object(translate_object(object, direction)),
        Value::Array(items) => items.iter().map(|v| translate(v, direction)).collect(),
        other => other.clone(),
    }
}

fn translate_object(object: &Map<String, Value>, direction: Direction) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in object {
        let value = match (key.as_str(), value) {
            // `example` and friends are data; `id` would rebase references in draft 4.
            (key, _) if DATA.contains(&key) => continue,
            ("id", _) => continue,
            (key, Value::Object(names)) if NAMED.contains(&key) => names
                .iter()
                .map(|(name, value)| (name.clone(), translate(value, direction)))
                .collect(),
            ("enum", value) => value.clone(),
            (key, _) if key.starts_with("x-") => continue,
            (_, value) => translate(value, direction),
        };
        out.insert(key.clone(), value);
    }
    nullable(object, &mut out);
    travel(object, &mut out, direction);
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
