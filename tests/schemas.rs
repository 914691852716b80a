//! What generation lost: the schema of each Rust type beside the contract's.

use std::collections::BTreeSet;

use callbell::types;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use crate::generated::contract;
use crate::pin;

fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|s| s.inline_subschemas = false);
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

#[test]
fn what_generation_lost_is_as_pinned() {
    let document = contract().document().to_json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut lines = Vec::new();
    for (name, contract) in schemas {
        let rust = match name.as_str() {
            "Contact" => of::<types::Contact>(),
            "CreateContactRequest" => of::<types::CreateContactRequest>(),
            "CreateContactResponse" => of::<types::CreateContactResponse>(),
            "ErrorBody" => of::<types::ErrorBody>(),
            "Source" => of::<types::Source>(),
            other => panic!("`{other}` has no type here; add it"),
        };
        let required = contract["required"].as_array().cloned().unwrap_or_default();
        let mut contract = facts(contract);
        // What may be left out is also read when it is null, on purpose.
        let is_told = |fact: &String| match fact.strip_suffix("/type: \"null\"") {
            Some(at) => required
                .iter()
                .any(|name| at.rsplit('/').next() == name.as_str()),
            None => true,
        };
        contract.retain(is_told);
        let mut rust = facts(&rust);
        rust.retain(is_told);
        // A `$ref` of the contract cannot have words; its Rust field can.
        rust.retain(|fact| match fact.split_once("/description: ") {
            Some((at, _)) => !contract
                .iter()
                .any(|f| f.starts_with(&format!("{at}/$ref: "))),
            None => true,
        });
        lines.extend(
            contract
                .difference(&rust)
                .map(|fact| format!("- {name}{fact}")),
        );
        lines.extend(
            rust.difference(&contract)
                .map(|fact| format!("+ {name}{fact}")),
        );
    }
    pin::one("schemas", "lost", &format!("{}\n", lines.join("\n")));
}

/// What a schema says, one fact a line: `/properties/name/type: string`.
fn facts(schema: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    collect(&plain(schema), "", &mut out);
    out
}

fn collect(value: &Value, at: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                collect(value, &format!("{at}/{key}"), out);
            }
        }
        // Order and number are no matter here.
        Value::Array(items) if at.ends_with("/required") || at.ends_with("/type") => {
            out.extend(items.iter().map(|item| format!("{at}: {item}")));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{at}/{index}"), out);
            }
        }
        other => drop(out.insert(format!("{at}: {other}"))),
    }
}

/// Both dialects in the words of one, without what only names or shows. A `$ref`
/// that a dialect wraps in `allOf` to stand beside its words is the `$ref` alone.
fn plain(schema: &Value) -> Value {
    const WORDS: [&str; 7] = [
        "$schema",
        "definitions",
        "title",
        "example",
        "nullable",
        "x-extensible-enum",
        "default",
    ];
    let object = match schema {
        Value::Object(object) => object,
        Value::Array(items) => return items.iter().map(plain).collect(),
        // `true` allows everything, as `{}` does.
        Value::Bool(true) => return Value::Object(Map::new()),
        other => return other.clone(),
    };
    let mut out = Map::new();
    for (key, value) in object {
        let value = match key.as_str() {
            key if WORDS.contains(&key) => continue,
            "properties" => {
                let entries = value.as_object().unwrap().iter();
                entries
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect()
            }
            "$ref" => value.as_str().unwrap().rsplit('/').next().unwrap().into(),
            _ => plain(value),
        };
        out.insert(key.clone(), value);
    }
    if let Some(Value::Array(parts)) = out.get("allOf")
        && let [Value::Object(only)] = parts.as_slice()
    {
        let only = only.clone();
        out.remove("allOf");
        out.extend(only);
    }
    if object.get("nullable") == Some(&Value::Bool(true)) {
        out.insert("type".into(), serde_json::json!([object["type"], "null"]));
    }
    Value::Object(out)
}
