//! How values stand in paths, headers, queries and forms (`OpenAPI` 3.0.3, section 4.7.12.2).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
pub use progenitor_client::encode_path;
use serde::Serialize;
use serde_json::Value;

use super::object::sent;

/// Everything but what RFC 3986, section 2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A value in a header, in the style `simple`: `a`, `a,b`, `key,value`; `key=value` where
/// it explodes.
#[must_use]
pub fn simple<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    parts(&json(value), explode, str::to_owned).join(",")
}

/// A value in a path, in the style `simple`: as in a header, and encoded.
#[must_use]
pub fn path<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    parts(&json(value), explode, encode).join(",")
}

/// A value in a path, in the style `label`: `.a`, `.a,b`; `.a.b` where it explodes.
#[must_use]
pub fn label<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    let separator = if explode { "." } else { "," };
    let parts = parts(&json(value), explode, encode);
    format!(".{}", parts.join(separator))
}

/// A value in a path, in the style `matrix`: `;name=a`, `;name=a,b`; `;name=a;name=b` where
/// it explodes.
#[must_use]
pub fn matrix<T: Serialize + ?Sized>(name: &str, value: &T, explode: bool) -> String {
    let (value, name) = (json(value), encode(name));
    let parts = parts(&value, explode, encode);
    match explode {
        true if value.is_object() => parts.iter().map(|part| format!(";{part}")).collect(),
        true => parts.iter().map(|part| format!(";{name}={part}")).collect(),
        false => format!(";{name}={}", parts.join(",")),
    }
}

/// A list as one parameter of the query, between its values `separator`, which is not encoded
/// as the values are.
#[must_use]
pub fn joined<T: Serialize + ?Sized>(name: &str, value: &T, separator: &str) -> String {
    let values = parts(&json(value), false, encode).join(separator);
    format!("{}={values}", encode(name))
}

/// The properties of a form (`OpenAPI` 3.0.3, section 4.8.15): a list is a field for each
/// of its values, and an object is JSON, where `styles` has nothing else for the property.
#[must_use]
pub fn form<T: Serialize + ?Sized>(body: &T, styles: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let body = json(body);
    for (name, value) in body.as_object().into_iter().flatten() {
        let style = styles.iter().find(|(styled, _)| styled == name);
        match (style.map(|(_, style)| *style), value) {
            (_, Value::Null) => {}
            (Some("deepObject"), value) => deepen(name, value, &mut fields),
            (Some("form"), Value::Object(object)) => {
                for (key, value) in object {
                    fields.push((key.clone(), text(value)));
                }
            }
            (Some(separator), value) if separator != "form" => {
                let values = parts(value, false, str::to_owned).join(separator);
                fields.push((name.clone(), values));
            }
            (_, Value::Array(items)) => {
                let items = items.iter().filter(|item| !item.is_null());
                fields.extend(items.map(|item| (name.clone(), text(item))));
            }
            (_, value) => fields.push((name.clone(), text(value))),
        }
    }
    fields
}

/// The properties of an object as parameters of their own, `name[key]=value`, and so on
/// for what they hold.
#[must_use]
pub fn deep_object<T: Serialize + ?Sized>(name: &str, value: &T) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    deepen(name, &json(value), &mut pairs);
    pairs
}

fn deepen(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                deepen(&format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for item in items {
                deepen(name, item, pairs);
            }
        }
        scalar => pairs.push((name.to_owned(), text(scalar))),
    }
}

/// What cannot be written has no text; types of contracts can.
fn json<T: Serialize + ?Sized>(value: &T) -> Value {
    sent(|| serde_json::to_value(value)).unwrap_or_default()
}

/// What stands between separators: the value, its items, or its keys and values.
fn parts(value: &Value, explode: bool, encode: fn(&str) -> String) -> Vec<String> {
    let encoded = |value: &Value| encode(&text(value));
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(encoded).collect(),
        Value::Object(object) => {
            let set = object.iter().filter(|(_, value)| !value.is_null());
            let pairs = set.map(|(key, value)| (encode(key), encoded(value)));
            match explode {
                true => pairs.map(|(key, value)| format!("{key}={value}")).collect(),
                false => pairs.flat_map(|(key, value)| [key, value]).collect(),
            }
        }
        scalar => vec![encoded(scalar)],
    }
}

/// A scalar as text; what is deeper than a style says as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
