//! What texts of a document change of the code is known without generating any: here it is held
//! against the code.

use std::collections::BTreeSet;
use std::fs;

use codegen::outline::outline;
use codegen::texts;
use codegen::{Generated, generate};
use contract::lint::gate;
use contract::{Document, Source};
use serde_json::Value;

use crate::pin;

/// Every pointer to a text, whatever it is to the document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let step = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            let keys = ["description", "summary", "title", "example", "version"];
            match value {
                Value::String(_) if keys.contains(&key.as_str()) => found.push(step(key)),
                _ => places(value, &step(key), found),
            }
        }),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn document(value: &Value) -> Document {
    Document::parse(Source::new("api.json", value.to_string()))
}

fn generated(value: &Value) -> Generated {
    generate(&gate(document(value)).unwrap()).unwrap()
}

fn pieces(generated: &Generated) -> BTreeSet<(&'static str, String, String)> {
    let pieces = outline(&generated.code).unwrap().into_iter();
    pieces
        .map(|piece| (piece.kind, piece.name, piece.text))
        .collect()
}

#[test]
fn what_texts_change_is_what_the_code_says() {
    let mut told = 0;
    for file in [
        "openapi/callbell.yaml",
        "tests/fixtures/generate/calls.yaml",
    ] {
        let text = fs::read_to_string(pin::path(file)).unwrap();
        let old = Document::parse(Source::new(file, text)).to_json();
        let before = generated(&old);
        let mut all = Vec::new();
        places(&old, "", &mut all);
        for place in all {
            let mut new = old.clone();
            *new.pointer_mut(&place).unwrap() = "Something else, 2.".into();
            let Some(change) = texts::compare(document(&old).root(), document(&new).root()) else {
                continue;
            };
            let after = generated(&new);
            let differs = before.code != after.code;
            assert_eq!(change.is_documented_anew, differs, "{file}{place}");
            let (before, after) = (pieces(&before), pieces(&after));
            let other: Vec<_> = after.difference(&before).collect();
            assert!(
                other.iter().all(|(kind, ..)| *kind == "operation"),
                "{file}{place}"
            );
            let mut other: Vec<&str> = other.iter().map(|(_, name, _)| name.as_str()).collect();
            other.sort_unstable();
            assert_eq!(change.methods, other, "{file}{place}");
            told += usize::from(differs);
        }
    }
    assert!(told > 30, "only {told} texts are in the code");
}

#[test]
fn one_thing_more_is_more_than_texts() {
    let text = "paths: {/pets: {get: {operationId: listPets, deprecated: true}}}";
    let document = |text: &str| Document::parse(Source::new("a.yaml", text));
    let (less, more) = (text.replace(", deprecated: true", ""), text);
    for (old, new) in [(less.as_str(), more), (more, less.as_str())] {
        let change = texts::compare(document(old).root(), document(new).root());
        assert_eq!(change, None, "{old} {new}");
    }
}
