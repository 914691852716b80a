//! Any JSON, as the macro of `serde_json` reads it: the printer of Rust sets what stands in a
//! macro as tokens come.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Number, Value};

/// So wide a line may be.
const WIDTH: usize = 89;

/// The values in an example, for each of which a number stands until it is printed.
#[derive(Default)]
pub(super) struct Values(Vec<Value>);

impl Values {
    /// What stands for a value.
    pub(super) fn add(&mut self, value: &Value) -> TokenStream {
        let number = Literal::usize_unsuffixed(self.0.len());
        self.0.push(value.clone());
        quote!(serde_json::json!(#number))
    }

    /// Puts the values where they belong. What stands in a literal is the contract's, and is
    /// neither looked at nor, once it is there, looked at again.
    pub(super) fn set(&self, printed: &str) -> String {
        let mut text = String::with_capacity(printed.len());
        for line in printed.lines() {
            let indent = line.len() - line.trim_start().len();
            let mut rest = line;
            while let Some((before, number, after)) = stand_in(rest) {
                text.push_str(before);
                if let Some(value) = self.0.get(number) {
                    let mut set = on_a_line(value);
                    if line.len() + set.len() > WIDTH {
                        set = on_lines(value, indent);
                    }
                    text.push_str(&format!("json!({set})"));
                }
                rest = after;
            }
            text.push_str(rest);
            text.push('\n');
        }
        text
    }
}

/// What is before the first number that stands for a value, the number, and what is after it.
fn stand_in(line: &str) -> Option<(&str, usize, &str)> {
    let mut in_literal = false;
    let mut is_escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_literal => is_escaped = true,
            b'"' => in_literal = !in_literal,
            b'j' if !in_literal => {
                let number = line[at..].strip_prefix("json!(");
                let number = number.and_then(|rest| rest.split_once(')'));
                if let Some((number, after)) = number
                    && let Ok(number) = number.parse()
                {
                    return Some((&line[..at], number, after));
                }
            }
            _ => {}
        }
    }
    None
}

fn on_a_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(on_a_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = Literal::string(key);
                format!("{key}: {}", on_a_line(value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => Literal::string(text).to_string(),
        Value::Number(number) => written(number),
        other => other.to_string(),
    }
}

fn on_lines(value: &Value, indent: usize) -> String {
    let (brackets, parts): (_, Vec<String>) = match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| on_lines(item, indent + 4));
            (["[", "]"], items.collect())
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = Literal::string(key);
                format!("{key}: {}", on_lines(value, indent + 4))
            });
            (["{", "}"], entries.collect())
        }
        scalar => return on_a_line(scalar),
    };
    if parts.is_empty() {
        return brackets.concat();
    }
    let [open, close] = brackets;
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 4));
    let parts = parts.join(&format!(",\n{inner}"));
    format!("{open}\n{inner}{parts}\n{outer}{close}")
}

/// A number, which is an `i32` or an `f64` to Rust unless it is told.
fn written(number: &Number) -> String {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) if i32::try_from(whole).is_ok() => whole.to_string(),
        (Some(whole), _) => format!("{whole}_i64"),
        (_, Some(whole)) => format!("{whole}_u64"),
        _ => number.to_string(),
    }
}
