//! Values of JSON as text, and as the literals of languages.

use serde_json::{Map, Number, Value};

/// A value over several lines, in two spaces.
pub(crate) fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    // What nobody sees is escaped, so that it is still there when somebody copies it.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match super::is_unseen(c) && c != '\t' {
            true => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            false => out.push(c),
        }
    }
    out
}

/// How a language writes values.
pub(super) trait Literal {
    /// One step to the right.
    const INDENT: &'static str;
    /// What an object stands between,
    fn object(&self, object: &Map<String, Value>) -> (&'static str, &'static str);
    /// and a list.
    const LIST: (&'static str, &'static str) = ("[", "]");
    /// What stands where there is nothing.
    const NULL: &'static str = "null";
    /// True and false.
    const TRUTH: (&'static str, &'static str) = ("true", "false");

    fn text(&self, text: &str) -> String;

    fn number(&self, number: &Number) -> String {
        number.to_string()
    }

    /// A key with what follows it.
    fn key(&self, key: &str) -> String;

    /// The value, whose further lines stand so far to the right.
    fn write(&self, value: &Value, indent: &str) -> String {
        let inner = format!("{indent}{}", Self::INDENT);
        let block = |(open, close): (&str, &str), items: Vec<String>| {
            if items.is_empty() {
                return format!("{open}{close}");
            }
            let items: String = items
                .iter()
                .map(|item| format!("{inner}{item},\n"))
                .collect();
            format!("{open}\n{items}{indent}{close}")
        };
        match value {
            Value::Null => Self::NULL.to_owned(),
            Value::Bool(true) => Self::TRUTH.0.to_owned(),
            Value::Bool(false) => Self::TRUTH.1.to_owned(),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) if items.iter().all(is_short) && items.len() < 5 => {
                let items: Vec<String> = items.iter().map(|item| self.write(item, "")).collect();
                format!("{}{}{}", Self::LIST.0, items.join(", "), Self::LIST.1)
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.write(item, &inner));
                block(Self::LIST, items.collect())
            }
            Value::Object(object) => {
                let entries = object.iter();
                let entries = entries
                    .map(|(key, value)| format!("{}{}", self.key(key), self.write(value, &inner)));
                block(self.object(object), entries.collect())
            }
        }
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() < 30,
        Value::Array(_) | Value::Object(_) => false,
        _ => true,
    }
}

/// Whether numbers are the same after a language read them as floating-point, and wrote them again.
pub(super) fn is_exact(value: &Value) -> bool {
    const LARGEST: i64 = (1 << 53) - 1;
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.abs() <= LARGEST,
            (None, Some(float)) => float.fract() != 0.0 && number.as_u64().is_none(),
            (None, None) => false,
        },
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(object) => object.values().all(is_exact),
        _ => true,
    }
}
