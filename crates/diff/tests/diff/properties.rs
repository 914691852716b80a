//! What holds of every comparison, on the fixtures and, where it is there, on a corpus of
//! documents (`CORPUS=FOLDER`, else `../shared/corpus/docs`).

use std::fs;
use std::path::PathBuf;

use contract::{Document, Source};
use diff::{self, Change, Flow, Verdict};
use serde_json::{Map, Value, json};

use crate::pin;

const TODAY: &str = "2026-11-21";

/// Documents by name. A large one is left out: each is compared many times.
fn documents() -> Vec<(String, Value)> {
    const LARGEST: u64 = 60_000;
    let corpus = std::env::var("CORPUS").map_or(pin::path("../shared/corpus/docs"), PathBuf::from);
    let folders = [
        pin::path("tests/fixtures/diff"),
        pin::path("tests/fixtures/generate"),
        corpus,
    ];
    let mut documents = Vec::new();
    for folder in folders {
        let Ok(files) = fs::read_dir(&folder) else {
            println!("skipped: `{}` is not there", folder.display());
            continue;
        };
        let files = files.map(|file| file.unwrap());
        let small = files.filter(|file| file.metadata().unwrap().len() <= LARGEST);
        let mut paths: Vec<PathBuf> = small.map(|file| file.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let document = Document::parse(Source::read(&path, &name).unwrap());
            if document.root().get("paths").is_some() {
                documents.push((name, document.to_json()));
            }
        }
    }
    assert!(documents.len() > 10, "{}", documents.len());
    documents
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let document = |value: &Value| Document::parse(Source::new("api.json", value.to_string()));
    diff::diff(&document(old), &document(new), TODAY)
}

fn worst(old: &Value, new: &Value) -> Option<Verdict> {
    changes(old, new).first().map(|change| change.verdict)
}

/// Fails with what a change of nothing was said to be.
fn assert_harmless(name: &str, edit: &str, old: &Value, new: &Value) {
    let changes = changes(old, new);
    let harmful = changes
        .iter()
        .filter(|change| change.verdict < Verdict::Compatible);
    let said: Vec<_> = harmful
        .map(|change| format!("{}: {}", change.verdict, change.title))
        .collect();
    assert!(said.is_empty(), "{name}, {edit}: {said:#?}");
}

/// Calls `visit` with every object and the key that says what it is; a property and a
/// component are a `schema`.
fn each(value: &mut Value, key: &str, visit: &mut dyn FnMut(&str, &mut Map<String, Value>)) {
    const NAMES: [&str; 5] = [
        "$defs",
        "definitions",
        "patternProperties",
        "properties",
        "schemas",
    ];
    // Data has no meaning that could stay.
    const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "value"];
    match value {
        Value::Object(map) if NAMES.contains(&key) => {
            for value in map.values_mut() {
                each(value, "schema", visit);
            }
        }
        Value::Object(map) => {
            let parts = map
                .iter_mut()
                .filter(|(key, _)| !DATA.contains(&key.as_str()));
            parts.for_each(|(key, value)| each(value, key, visit));
            visit(key, map);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, key, visit)),
        _ => {}
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| std::cmp::Reverse((*key).clone()));
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)));
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_document_is_no_change_of_itself_in_any_order() {
    for (name, document) in documents() {
        for other in [document.clone(), sorted(&document)] {
            let changes = changes(&document, &other);
            assert!(changes.is_empty(), "{name}: {}", changes[0].title);
        }
    }
}

/// Puts what a reference means in its place, for the given reference.
fn inlined(document: &Value, at: &str) -> Option<Value> {
    let reference = document.pointer(at)?.get("$ref")?.as_str()?;
    let target = document.pointer(reference.strip_prefix('#')?)?.clone();
    let mut new = document.clone();
    *new.pointer_mut(at)? = target;
    Some(new)
}

/// Pointers of references that stand alone. In a choice their names tell the branches.
fn references(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if map.len() == 1 && map.contains_key("$ref") {
                found.push(at.to_owned());
            }
            for (key, value) in map {
                if !["oneOf", "anyOf", "example", "examples", "mapping"].contains(&key.as_str()) {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    references(value, &format!("{at}/{key}"), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                references(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn an_inlined_reference_changes_no_verdict() {
    let mut inlinings = 0;
    for (name, document) in documents() {
        let mut places = Vec::new();
        references(&document, "", &mut places);
        // A few of many: each takes a comparison.
        let step = places.len() / 8 + 1;
        for at in places.iter().step_by(step) {
            if let Some(new) = inlined(&document, at) {
                inlinings += 1;
                assert_harmless(&name, at, &document, &new);
                assert_harmless(&name, at, &new, &document);
            }
        }
    }
    assert!(inlinings > 20, "{inlinings}");
}

#[test]
fn the_case_of_what_has_none_changes_no_verdict() {
    for (name, document) in documents() {
        // A reference through a name has the name's case.
        let text = document.to_string();
        if ["\"#/paths/", "\"#/components/headers/"]
            .iter()
            .any(|part| text.contains(part))
        {
            continue;
        }
        let mut new = document.clone();
        each(&mut new, "", &mut |key, map| {
            let is_header = map.get("in") == Some(&json!("header"));
            if let Some(Value::String(name)) = map.get_mut("name").filter(|_| is_header) {
                *name = name.to_uppercase();
            }
            if let Some(Value::String(scheme)) = map.get_mut("scheme") {
                *scheme = scheme.to_uppercase();
            }
            if let Some(Value::String(url)) = map.get_mut("url").filter(|_| key == "servers")
                && let Some(rest) = url.strip_prefix("https://")
            {
                *url = format!("HTTPS://{rest}");
            }
            if key == "headers" && !map.contains_key("schema") {
                let upper = map
                    .iter()
                    .map(|(name, header)| (name.to_uppercase(), header.clone()));
                *map = upper.collect();
            }
            if key == "content" && map.keys().all(|name| name.contains('/')) {
                let upper = map
                    .iter()
                    .map(|(name, media)| (name.to_uppercase(), media.clone()));
                *map = upper.collect();
            }
        });
        assert_harmless(&name, "in upper case", &document, &new);
        assert_harmless(&name, "in lower case", &new, &document);
    }
}

#[test]
fn a_keyword_that_says_nothing_changes_no_verdict() {
    let nothings = [
        json!({"minLength": 0}),
        json!({"minItems": 0, "uniqueItems": false}),
        json!({"minProperties": 0}),
        json!({"required": []}),
        json!({"deprecated": false}),
        json!({"readOnly": false, "writeOnly": false}),
        json!({"nullable": false}),
        json!({"allOf": [{}]}),
        json!({"exclusiveMinimum": false}),
        json!({"x-anything": 1}),
        json!({"title": "Other"}),
    ];
    for (name, document) in documents() {
        let is_3_0 = document["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.0"));
        for nothing in &nothings {
            let keys = nothing.as_object().unwrap();
            if !is_3_0
                && ["nullable", "exclusiveMinimum"]
                    .iter()
                    .any(|key| keys.contains_key(*key))
            {
                continue;
            }
            let mut new = document.clone();
            each(&mut new, "", &mut |key, map| {
                let is_schema = ["schema", "items", "allOf", "oneOf", "anyOf"].contains(&key);
                let is_null = map.get("type") == Some(&json!("null"));
                if is_schema && !is_null && !map.contains_key("$ref") {
                    for (key, value) in keys {
                        map.entry(key).or_insert(value.clone());
                    }
                }
            });
            assert_harmless(&name, &nothing.to_string(), &document, &new);
            assert_harmless(&name, &nothing.to_string(), &new, &document);
        }
    }
}

/// Pairs of schemas of which one is the other, edited once.
fn edits() -> Vec<(Value, Value)> {
    let object = |more: Value| {
        let mut schema = json!({
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        });
        for (key, value) in more.as_object().unwrap() {
            schema[key] = value.clone();
        }
        schema
    };
    let plain = object(json!({}));
    let text = json!({"type": "string"});
    let number = json!({"type": "integer"});
    let list = json!({"type": "array", "items": {"type": "string"}});
    vec![
        (plain.clone(), object(json!({"required": ["a", "b"]}))),
        (plain.clone(), object(json!({"required": ["a", "c"]}))),
        (plain.clone(), object(json!({"minProperties": 2}))),
        (
            plain.clone(),
            object(json!({"additionalProperties": false})),
        ),
        (
            plain.clone(),
            object(json!({"additionalProperties": {"type": "string"}})),
        ),
        (
            plain.clone(),
            object(json!({"properties": {"a": {"type": "integer"}}})),
        ),
        (plain.clone(), object(json!({"not": {"required": ["b"]}}))),
        (plain, list.clone()),
        (text.clone(), json!({"type": "string", "maxLength": 3})),
        (text.clone(), json!({"type": "string", "pattern": "^a"})),
        (text.clone(), json!({"type": "string", "enum": ["a"]})),
        (
            text.clone(),
            json!({"type": "string", "not": {"enum": ["a"]}}),
        ),
        (text.clone(), json!({"type": "string", "nullable": true})),
        (text.clone(), number.clone()),
        (
            json!({"type": "string", "enum": ["a"]}),
            json!({"type": "string", "enum": ["a", "b"]}),
        ),
        (number.clone(), json!({"type": "integer", "minimum": 10})),
        (
            number.clone(),
            json!({"type": "integer", "minimum": 10, "exclusiveMinimum": true}),
        ),
        (number.clone(), json!({"type": "integer", "multipleOf": 3})),
        (number, json!({"type": "number"})),
        (
            list.clone(),
            json!({"type": "array", "items": {"type": "integer"}}),
        ),
        (
            list.clone(),
            json!({"type": "array", "minItems": 1, "items": {"type": "string"}}),
        ),
        (
            list,
            json!({"type": "array", "uniqueItems": true, "items": {"type": "string"}}),
        ),
    ]
}

/// A document whose only schema travels one way, or both.
fn with(schema: &Value, flows: &[Flow]) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    let mut answer = json!({"description": "Done."});
    let mut operation = json!({"operationId": "a"});
    if flows.contains(&Flow::Request) {
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    if flows.contains(&Flow::Response) {
        answer["content"] = content;
    }
    operation["responses"] = json!({"200": answer});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": operation}},
    })
}

#[test]
fn an_edit_inside_of_all_of_means_what_it_means_alone() {
    let parts = [
        json!({}),
        json!({"description": "A part."}),
        json!({"maxProperties": 100}),
    ];
    for (old, new) in edits() {
        for flow in [Flow::Request, Flow::Response] {
            for (old, new) in [(&old, &new), (&new, &old)] {
                let alone = worst(&with(old, &[flow]), &with(new, &[flow]));
                for part in &parts {
                    let inside = |schema| with(&json!({"allOf": [part, schema]}), &[flow]);
                    let inside = worst(&inside(old), &inside(new));
                    assert_eq!(alone, inside, "{flow:?}: {old} to {new} beside {part}");
                }
            }
        }
    }
}

#[test]
fn what_breaks_one_side_is_felt_by_the_other_on_the_way_back() {
    let is_felt = |verdict: Option<Verdict>| verdict.is_some_and(|v| v <= Verdict::Risky);
    for (old, new) in edits() {
        for (old, new) in [(&old, &new), (&new, &old)] {
            for (there, back) in [
                (Flow::Request, Flow::Response),
                (Flow::Response, Flow::Request),
            ] {
                let broken = worst(&with(old, &[there]), &with(new, &[there]));
                let answered = worst(&with(new, &[back]), &with(old, &[back]));
                if broken == Some(Verdict::Breaking) {
                    assert!(is_felt(answered), "{there:?}: {old} to {new}");
                }
            }
        }
    }
}

#[test]
fn both_ways_are_as_bad_as_the_worse_one() {
    for (old, new) in edits() {
        let in_both = worst(
            &with(&old, &[Flow::Request, Flow::Response]),
            &with(&new, &[Flow::Request, Flow::Response]),
        );
        let each = [Flow::Request, Flow::Response];
        let each = each.map(|flow| worst(&with(&old, &[flow]), &with(&new, &[flow])));
        assert_eq!(in_both, each.into_iter().min().flatten(), "{old} to {new}");
    }
}
