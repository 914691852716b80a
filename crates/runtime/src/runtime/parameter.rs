//! How values stand in paths, headers, queries and forms (`OpenAPI` 3.0.3, section 4.7.12.2).

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
pub use progenitor_client::encode_path;
use serde::Serialize;
use serde_json::{Map, Value};

use super::object::sent;

/// Everything but what RFC 3986, section 2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same without what may stand in a value of a query (RFC 3986, section 3.4): `&` ends it, and
/// `+` is read as a space.
const NOT_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'?')
    .remove(b'@');

/// What a cookie cannot have in its value (RFC 6265, section 4.1.1), and `%`.
const NOT_IN_COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

fn encode_cookie(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_COOKIE).to_string()
}

/// A text with everything encoded but what is never reserved.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Encodes neither what is reserved nor what is encoded.
fn encode_unreserved(text: &str) -> String {
    let encode = |text| utf8_percent_encode(text, NOT_IN_QUERY);
    let (mut written, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('%') {
        written.extend(encode(before));
        let digits = after.get(..2);
        let is_encoded =
            digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        written.push_str(if is_encoded { "%" } else { "%25" });
        rest = after;
    }
    written.extend(encode(rest));
    written
}

/// A value in a header, in the style `simple`: `a`, `a,b`, `key,value`; `key=value` where
/// it explodes.
#[must_use]
pub fn simple<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    parts(&to_value(value), explode, str::to_owned).join(",")
}

/// A value in a path, in the style `simple`: as in a header, and encoded.
#[must_use]
pub fn path<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    parts(&to_value(value), explode, encode).join(",")
}

/// A value in a path, in the style `label`: `.a`, `.a,b`; `.a.b` where it explodes.
#[must_use]
pub fn label<T: Serialize + ?Sized>(value: &T, explode: bool) -> String {
    let separator = if explode { "." } else { "," };
    let parts = parts(&to_value(value), explode, encode);
    format!(".{}", parts.join(separator))
}

/// A value in a path, in the style `matrix`: `;name=a`, `;name=a,b`; `;name=a;name=b` where
/// it explodes. What is empty is `;name` (RFC 6570, section 3.2.7).
#[must_use]
pub fn matrix<T: Serialize + ?Sized>(name: &str, value: &T, explode: bool) -> String {
    let name = encode(name);
    let named = |name: &str, value: String| match value.is_empty() {
        true => format!(";{name}"),
        false => format!(";{name}={value}"),
    };
    match to_value(value) {
        Value::Object(object) if explode => set(&object)
            .map(|(key, value)| named(&encode(key), encode(&text(value))))
            .collect(),
        Value::Array(items) if explode => items
            .iter()
            .map(|item| named(&name, encode(&text(item))))
            .collect(),
        value => named(&name, parts(&value, false, encode).join(",")),
    }
}

/// A value as JSON. What cannot be written is `null`; types of contracts can.
#[must_use]
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    to_value(value).to_string()
}

/// A value as JSON in ASCII, which may stand anywhere that text may.
#[must_use]
pub fn ascii_json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut written = String::new();
    // Only texts have other characters, and may have any of them so.
    for character in to_value(value).to_string().chars() {
        match character.is_ascii() {
            true => written.push(character),
            false => {
                let units = character.encode_utf16(&mut [0; 2]).to_vec();
                written.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    written
}

/// How a value stands in a query or in a cookie.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    form: Form,
    /// What is written of a text, where that is not as usual.
    escape: Option<fn(&str) -> String>,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Exploded,
    Joined(&'static str),
    Deep,
}

impl Style {
    /// Each value of a list by the name, each property of an object by its own:
    /// `name=a&name=b`, `key=value`.
    #[must_use]
    pub const fn exploded() -> Self {
        Self::new(Form::Exploded)
    }

    /// A list or an object as one value, with a separator that is not encoded as its parts are:
    /// `name=a,b`, `name=key,value`.
    #[must_use]
    pub const fn joined(separator: &'static str) -> Self {
        Self::new(Form::Joined(separator))
    }

    /// Each property by the way to it, `name[key]=value`. The specification stops at the first
    /// key. What is deeper is as most servers read it: `name[key][deeper]=value`, and a list as an
    /// object whose keys are its positions, `name[key][0]=value`.
    #[must_use]
    pub const fn deep() -> Self {
        Self::new(Form::Deep)
    }

    /// The same with reserved characters as they are, and with what is encoded already
    /// (RFC 6570, section 3.2.3), but for those that would end the value.
    #[must_use]
    pub const fn reserved(self) -> Self {
        Self {
            escape: Some(encode_unreserved),
            ..self
        }
    }

    /// The same with all characters as they are.
    #[must_use]
    pub const fn as_is(self) -> Self {
        Self {
            escape: Some(str::to_owned),
            ..self
        }
    }

    const fn new(form: Form) -> Self {
        Self { form, escape: None }
    }

    /// A value in a query.
    pub(crate) fn query<T: Serialize + ?Sized>(self, name: &str, value: &T) -> String {
        self.pairs(name, value, encode).join("&")
    }

    /// A value in a cookie, of which only what it cannot have is encoded: not all servers decode.
    pub(crate) fn cookie<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Vec<String> {
        self.pairs(name, value, encode_cookie)
    }

    /// A value as `name=value`, once or more often; not at all where it is null, or has nothing
    /// in it (RFC 6570, section 2.3).
    fn pairs<T: Serialize + ?Sized>(
        self,
        name: &str,
        value: &T,
        usual: fn(&str) -> String,
    ) -> Vec<String> {
        let (value, escape) = (to_value(value), self.escape.unwrap_or(usual));
        let mut pairs = Vec::new();
        match (self.form, &value) {
            (Form::Exploded, Value::Object(object)) => {
                for (key, value) in object {
                    field(key, value, &mut pairs);
                }
            }
            (Form::Exploded, value) => field(name, value, &mut pairs),
            (Form::Deep, value) => deepen(name, value, &mut pairs),
            (Form::Joined(separator), value) => {
                let parts = parts(value, false, escape);
                let joined = format!("{}={}", encode(name), parts.join(separator));
                return match parts.is_empty() {
                    true => Vec::new(),
                    false => vec![joined],
                };
            }
        }
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| format!("{}={}", encode(name), escape(value)))
            .collect()
    }
}

/// The properties of a form (`OpenAPI` 3.0.3, section 4.8.15): a list is a field for each
/// of its values, and an object is JSON, where `styles` has nothing else for the property.
#[must_use]
pub fn form<T: Serialize + ?Sized>(body: &T, styles: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let body = to_value(body);
    for (name, value) in body.as_object().into_iter().flatten() {
        let style = styles.iter().find(|(styled, _)| styled == name);
        match (style.map(|(_, style)| *style), value) {
            (_, Value::Null) => {}
            (Some("deepObject"), value) => deepen(name, value, &mut fields),
            (Some("json"), value) => fields.push((name.clone(), value.to_string())),
            (Some("form"), Value::Object(object)) => {
                for (key, value) in object {
                    field(key, value, &mut fields);
                }
            }
            (None | Some("form"), value) => field(name, value, &mut fields),
            (Some(separator), value) => {
                let values = parts(value, false, str::to_owned).join(separator);
                fields.push((name.clone(), values));
            }
        }
    }
    fields
}

/// The same as a query (`OpenAPI` 3.2.0, section 4.12.2).
#[must_use]
pub fn form_query<T: Serialize + ?Sized>(value: &T) -> String {
    let fields = form(value, &[]).into_iter();
    let pairs = fields.map(|(name, value)| format!("{}={}", encode(&name), encode(&value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A value by its name: a list once for each of its values.
fn field(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            let items = items.iter().filter(|item| !item.is_null());
            fields.extend(items.map(|item| (name.to_owned(), text(item))));
        }
        value => fields.push((name.to_owned(), text(value))),
    }
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
            for (index, item) in items.iter().enumerate() {
                deepen(&format!("{name}[{index}]"), item, pairs);
            }
        }
        scalar => pairs.push((name.to_owned(), text(scalar))),
    }
}

/// What cannot be written has no text; types of contracts can.
fn to_value<T: Serialize + ?Sized>(value: &T) -> Value {
    sent(|| serde_json::to_value(value)).unwrap_or_default()
}

/// What stands between separators: the value, its items, or its keys and values.
fn parts(value: &Value, explode: bool, encode: fn(&str) -> String) -> Vec<String> {
    let encoded = |value: &Value| encode(&text(value));
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(encoded).collect(),
        Value::Object(object) => {
            let pairs = set(object).map(|(key, value)| (encode(key), encoded(value)));
            match explode {
                true => pairs.map(|(key, value)| format!("{key}={value}")).collect(),
                false => pairs.flat_map(|(key, value)| [key, value]).collect(),
            }
        }
        scalar => vec![encoded(scalar)],
    }
}

/// The properties that are there.
fn set(object: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.iter().filter(|(_, value)| !value.is_null())
}

/// A scalar as text; what is deeper than a style says as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
