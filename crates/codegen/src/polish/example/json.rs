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

    /// Puts the values where they belong.
    pub(super) fn set(&self, printed: &str) -> String {
        let mut text = printed.to_owned();
        for (number, value) in self.0.iter().enumerate() {
            let stand_in = format!("json!({number})");
            let Some(at) = text.find(&stand_in) else {
                continue;
            };
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let line = text[start..].lines().next().unwrap_or_default();
            let indent = line.len() - line.trim_start().len();
            let mut set = on_a_line(value);
            if line.len() + set.len() > WIDTH {
                set = on_lines(value, indent);
            }
            text.replace_range(at..at + stand_in.len(), &format!("json!({set})"));
        }
        text
    }
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
