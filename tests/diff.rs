//! The comparison of two documents: what it must never drop, what it must never
//! report, and what a change means.

use contract::diff::{self, Change};
use contract::{Document, Source};
use serde_json::{Map, Value, json};

use crate::pin;

const TODAY: &str = "2026-11-21";

fn document(value: &Value) -> Document {
    Document::parse(Source::new("api.json", value.to_string()))
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    diff::diff(&document(old), &document(new), TODAY)
}

fn fixture(name: &str) -> Value {
    let path = pin::path(&format!("tests/fixtures/diff/{name}.yaml"));
    let document = Document::parse(Source::read(&path, name).unwrap());
    assert!(document.syntax().is_empty(), "{:?}", document.syntax());
    document.to_json()
}

const EVERYTHING: [&str; 2] = ["everything", "everything-3.1"];

/// Every pointer of a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let at = format!("{at}/{}", escaped(key));
                pointers(value, &at, found);
                found.push(at);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                pointers(value, &at, found);
                found.push(at);
            }
        }
        _ => {}
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.remove(&last);
        }
        Value::Array(items) => {
            items.remove(last.parse().unwrap());
        }
        _ => unreachable!("a pointer leads through objects and arrays"),
    }
}

/// Another value of the same kind, unlike any in the fixtures.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => json!(number.wrapping_sub(1)),
            None => json!(number.as_f64().unwrap() + 1.0),
        },
        Value::String(text) if text.starts_with("#/") => json!("#/components/schemas/Nowhere"),
        Value::String(text) => json!(format!("{text}z")),
        other => other.clone(),
    }
}

#[test]
fn no_edit_is_dropped() {
    for name in EVERYTHING {
        let old = fixture(name);
        let mut places = Vec::new();
        pointers(&old, "", &mut places);
        assert!(places.len() > 90);
        let mut silent = Vec::new();
        let mut check = |what: &str, at: &str, new: &Value| {
            if changes(&old, new).is_empty() {
                silent.push(format!("{name}: {what} {at}"));
            }
        };
        for at in &places {
            let mut new = old.clone();
            remove(&mut new, at);
            check("removed", at, &new);

            let mut new = old.clone();
            let place = new.pointer_mut(at).unwrap();
            match place {
                Value::Object(map) => {
                    map.insert("surprising".to_owned(), json!({"type": "string"}));
                }
                Value::Array(items) => items.push(json!("surprising")),
                value => *value = other(value),
            }
            check("changed", at, &new);
        }
        assert!(silent.is_empty(), "{silent:#?}");
    }
}

/// Reverses every mapping.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries = map.iter().rev();
            let entries = entries.map(|(key, value)| (key.clone(), reversed(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// Reverses the lists whose order means nothing.
fn reordered(value: &mut Value) {
    const LISTS: [&str; 8] = [
        "allOf",
        "anyOf",
        "enum",
        "oneOf",
        "parameters",
        "required",
        "security",
        "tags",
    ];
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                reordered(value);
                if let (Value::Array(items), true) = (value, LISTS.contains(&key.as_str())) {
                    items.reverse();
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(reordered),
        _ => {}
    }
}

#[test]
fn order_and_format_are_no_change() {
    for name in EVERYTHING {
        let old = fixture(name);
        assert_eq!(titles(&changes(&old, &old)), [""; 0]);
        assert_eq!(titles(&changes(&old, &reversed(&old))), [""; 0]);
        let mut new = old.clone();
        reordered(&mut new);
        assert_ne!(old, new);
        assert_eq!(titles(&changes(&old, &new)), [""; 0]);
    }
}

fn titles(changes: &[Change]) -> Vec<String> {
    let title = |change: &Change| format!("{}: {}", change.verdict, change.title);
    changes.iter().map(title).collect()
}

#[test]
fn inline_or_shared_is_no_change() {
    let old = fixture("everything");
    let mut new = old.clone();
    let error = old.pointer("/components/schemas/Error").unwrap().clone();
    *new.pointer_mut("/components/responses/Failed/content/application~1json/schema")
        .unwrap() = error;
    let trace = old.pointer("/components/parameters/Trace").unwrap().clone();
    *new.pointer_mut("/paths/~1pets~1{petId}/put/parameters/1")
        .unwrap() = trace;
    assert_ne!(old, new);
    assert_eq!(titles(&changes(&old, &new)), [""; 0]);
    assert_eq!(titles(&changes(&new, &old)), [""; 0]);
}

/// Applies `remove`, `set`, `move`, then what is under `then`.
fn edit(value: &mut Value, edit: &Value) {
    for pointer in edit["remove"].as_array().into_iter().flatten() {
        remove(value, pointer.as_str().unwrap());
    }
    for (pointer, new) in edit["set"].as_object().into_iter().flatten() {
        set(value, pointer, new.clone());
    }
    for (from, to) in edit["move"].as_object().into_iter().flatten() {
        let moved = value.pointer(from).unwrap().clone();
        remove(value, from);
        set(value, to.as_str().unwrap(), moved);
    }
    if let Some(then) = edit.get("then") {
        self::edit(value, then);
    }
}

fn set(value: &mut Value, pointer: &str, new: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/").replace("~0", "~");
    match value
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("no `{parent}`"))
    {
        Value::Object(map) => {
            map.insert(last, new);
        }
        Value::Array(items) => match items.get_mut(last.parse::<usize>().unwrap()) {
            Some(item) => *item = new,
            None => items.push(new),
        },
        _ => panic!("`{parent}` holds nothing"),
    }
}

#[test]
fn edits_mean_what_is_pinned() {
    let base = fixture("everything");
    let groups = fixture("edits");
    let mut texts = Vec::new();
    for (group, edits) in groups.as_object().unwrap() {
        let mut text = String::new();
        for (name, edit) in edits.as_object().unwrap() {
            let mut new = base.clone();
            self::edit(&mut new, edit);
            let changes = changes(&base, &new);
            assert!(!changes.is_empty(), "{group}: {name}");
            text.push_str(&format!("{name}\n"));
            for change in &changes {
                text.push_str(&format!("  {}: {}\n", change.verdict, change.title));
                for reason in &change.reasons {
                    let flow = match reason.flow {
                        Some(diff::Flow::Request) => "request, ",
                        Some(diff::Flow::Response) => "response, ",
                        None => "",
                    };
                    text.push_str(&format!("    {flow}{}: {}\n", reason.verdict, reason.text));
                }
            }
            text.push('\n');
        }
        texts.push((group.clone(), text));
    }
    pin::all("diff", texts);
}
