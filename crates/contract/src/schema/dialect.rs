//! From the schema dialect of an `OpenAPI` version to the draft of JSON Schema that it extends.

use std::collections::HashSet;

use jsonschema::Draft;

use serde_json::{Map, Value, json};

use super::{Direction, discriminator};
use crate::lower::is_newer_version;
use crate::walk::{Kind, Place, pointer};

/// What schemas are written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Dialect {
    /// `OpenAPI` 3.0: draft 4, extended.
    Draft4,
    /// `OpenAPI` 3.1 and newer.
    Draft202012,
}

impl Dialect {
    /// By the version that a document names; 3.0 where it names none.
    pub(super) fn of(document: &Value) -> Self {
        let version = document.get("openapi").and_then(Value::as_str);
        match version.is_some_and(is_newer_version) {
            true => Self::Draft202012,
            false => Self::Draft4,
        }
    }

    pub(super) fn draft(self) -> Draft {
        match self {
            Self::Draft4 => Draft::Draft4,
            Self::Draft202012 => Draft::Draft202012,
        }
    }

    /// The document with every schema in it translated.
    pub(super) fn translate(self, document: &Value, direction: Direction) -> Value {
        let marker = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let translation = Translation {
            dialect: self,
            document,
            marker,
        };
        translation.value(document, Place::ROOT)
    }

    /// Keys that say where a schema is found. Here a schema is found by its place alone.
    fn names_itself(self, key: &str) -> bool {
        match self {
            Self::Draft4 => key == "id",
            Self::Draft202012 => matches!(key, "$id" | "$schema" | "$anchor" | "$dynamicAnchor"),
        }
    }
}

struct Translation<'a> {
    dialect: Dialect,
    document: &'a Value,
    /// What a property says that does not travel this way.
    marker: &'static str,
}

impl<'a> Translation<'a> {
    fn value(&self, value: &'a Value, place: Place) -> Value {
        match value {
            Value::Object(object) => Value::Object(self.object(object, place)),
            Value::Array(items) => {
                let items = items.iter();
                items
                    .map(|item| self.value(item, place.under("")))
                    .collect()
            }
            other => other.clone(),
        }
    }

    fn object(&self, object: &'a Map<String, Value>, place: Place) -> Map<String, Value> {
        let is_schema = place == Place::Object(Kind::Schema);
        let mut out = Map::new();
        for (key, value) in object {
            let value = match (place.under(key), key.as_str()) {
                (Place::Data, "enum" | "const") if is_schema => value.clone(),
                // What is only shown validates nothing.
                (Place::Data, _) => continue,
                (_, key) if is_schema && self.dialect.names_itself(key) => continue,
                (place, _) => self.value(value, place),
            };
            out.insert(key.clone(), value);
        }
        if is_schema {
            if self.dialect == Dialect::Draft4 {
                nullable(object, &mut out);
            }
            self.travel(object, &mut out);
            stored(object, &mut out);
            if let Some(discriminator) = object.get("discriminator") {
                discriminator::decide(discriminator, &mut out);
            }
        }
        out
    }

    /// Frees a request from what only responses hold, and the other way round.
    fn travel(&self, object: &Map<String, Value>, out: &mut Map<String, Value>) {
        let Some(Value::Array(required)) = object.get("required") else {
            return;
        };
        let properties = object.get("properties").and_then(Value::as_object);
        let exempt = |name: &Value| {
            let property = name.as_str().zip(properties).and_then(|(n, p)| p.get(n));
            property.is_some_and(|property| self.is_marked(property))
        };
        let mut seen = HashSet::new();
        // The validator takes a name that stands twice for another one.
        let kept = required
            .iter()
            .filter(|name| !exempt(name) && seen.insert(*name));
        let kept: Vec<Value> = kept.cloned().collect();
        if kept.is_empty() {
            // Draft 4 wants at least one name.
            out.remove("required");
        } else {
            out.insert("required".into(), kept.into());
        }
    }

    /// Whether a property says it, or what it refers to.
    fn is_marked(&self, property: &Value) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![property];
        while let Some(schema) = open.pop() {
            if schema.get(self.marker) == Some(&Value::Bool(true)) {
                return true;
            }
            let reference = schema.get("$ref").and_then(Value::as_str);
            let target = reference.filter(|reference| seen.insert(reference.to_string()));
            let target = target.and_then(pointer);
            open.extend(target.and_then(|at| self.document.pointer(&at)));
            let parts = schema.get("allOf").and_then(Value::as_array);
            open.extend(parts.into_iter().flatten());
        }
        false
    }
}

/// A whole number that is stored in so many bits is none that does not go into them (`OpenAPI`'s
/// registry of formats).
fn stored(object: &Map<String, Value>, out: &mut Map<String, Value>) {
    let (least, most) = match object.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    for (key, exclusive, bound) in [
        ("minimum", "exclusiveMinimum", least),
        ("maximum", "exclusiveMaximum", most),
    ] {
        // What is said is not wider in a document that makes sense.
        if !object.contains_key(key) && !object.contains_key(exclusive) {
            out.insert(key.to_owned(), bound.into());
        }
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use crate::schema::{Direction, Schemas};

    #[test]
    fn a_name_that_is_required_twice_is_required() {
        for version in ["3.0.3", "3.1.0"] {
            let schemas = Schemas::new(json!({
                "openapi": version,
                "components": {"schemas": {"It": {"required": ["a", "b", "c", "a", "b", "c"]}}},
            }));
            let it = schemas
                .get("/components/schemas/It", Direction::Response)
                .unwrap();
            assert!(it.is_valid(&json!({"a": 1, "b": 2, "c": 3})), "{version}");
            assert!(!it.is_valid(&json!({"a": 1, "b": 2})), "{version}");
        }
    }
}
