//! The comparison of two documents: what it must never drop, what it must never
//! report, and what a change means.

use std::collections::{BTreeSet, HashMap};

use contract::{Document, Source};
use diff::{self, Change};
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

/// Every edit of the fixtures, and of every value the two others that it could become.
fn all_edits(base: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (group, edits) in fixture("edits").as_object().unwrap() {
        for (name, edit) in edits.as_object().unwrap() {
            let mut new = base.clone();
            self::edit(&mut new, edit);
            all.push((format!("{group}: {name}"), new));
        }
    }
    let mut places = Vec::new();
    pointers(base, "", &mut places);
    for at in &places {
        let mut new = base.clone();
        remove(&mut new, at);
        all.push((format!("removes {at}"), new));
        let value = base.pointer(at).unwrap();
        let one = other(value);
        for changed in [other(&one), one] {
            if changed != *value {
                let mut new = base.clone();
                *new.pointer_mut(at).unwrap() = changed.clone();
                all.push((format!("{at} is {changed}"), new));
            }
        }
    }
    all
}

/// The fingerprints of what breaks, with what a reviewer is shown of each.
fn breaks(old: &Value, new: &Value) -> Vec<(String, Value)> {
    let mut changes = changes(old, new);
    changes.retain(|change| change.verdict == diff::Verdict::Breaking);
    let shown = |change: Change| {
        let places = [&change.old.pointer, &change.new.pointer];
        let shown = json!([
            change.title,
            places,
            change.before,
            change.after,
            change.also
        ]);
        (change.fingerprint, shown)
    };
    changes.into_iter().map(shown).collect()
}

#[test]
fn an_approval_covers_what_was_shown() {
    let base = fixture("everything");
    let mut known: HashMap<String, Value> = HashMap::new();
    for (name, new) in all_edits(&base) {
        for (fingerprint, shown) in breaks(&base, &new) {
            let known = known.entry(fingerprint).or_insert_with(|| shown.clone());
            assert_eq!(*known, shown, "{name}");
        }
    }
    assert!(known.len() > 200, "{}", known.len());
}

/// A keyword, and values that each forbid something else.
fn limits() -> Vec<(&'static str, Vec<Value>)> {
    let schemas = || vec![json!({"type": "string"}), json!({"type": "integer"})];
    let lists = || vec![json!([{"type": "string"}]), json!([{"type": "null"}])];
    vec![
        ("additionalProperties", schemas()),
        (
            "allOf",
            vec![json!([{"pattern": "^a"}]), json!([{"pattern": "^b"}])],
        ),
        ("anyOf", lists()),
        ("const", vec![json!("a"), json!("b")]),
        ("contains", schemas()),
        (
            "dependentRequired",
            vec![json!({"a": ["b"]}), json!({"a": ["c"]})],
        ),
        (
            "dependentSchemas",
            vec![json!({"a": {"type": "string"}}), json!({"a": false})],
        ),
        (
            "enum",
            vec![
                json!(["a"]),
                json!(["a", "b"]),
                json!([{"a": 1}]),
                json!([["a"]]),
            ],
        ),
        ("items", schemas()),
        ("maxLength", vec![json!(1), json!(2)]),
        ("multipleOf", vec![json!(3), json!(7)]),
        ("not", schemas()),
        ("oneOf", lists()),
        ("pattern", vec![json!("^a"), json!("^b")]),
        (
            "patternProperties",
            vec![json!({"a": {"type": "string"}}), json!({"a": false})],
        ),
        (
            "propertyNames",
            vec![json!({"maxLength": 1}), json!({"maxLength": 2})],
        ),
        ("required", vec![json!(["a"]), json!(["b"])]),
    ]
}

#[test]
fn an_approval_of_one_limit_covers_no_other() {
    let mut compared = 0;
    for name in EVERYTHING {
        let base = fixture(name);
        let mut places = Vec::new();
        pointers(&base, "", &mut places);
        places.retain(|at| {
            let value = base.pointer(at).unwrap();
            let holder = at.rsplit('/').nth(1).unwrap_or_default();
            value.is_object()
                && (at.ends_with("/schema") || ["properties", "schemas"].contains(&holder))
        });
        for at in &places {
            let has = |key: &str| base.pointer(at).unwrap().get(key).is_some();
            let is_listed = has("const") || has("enum");
            // What stands there already goes, whatever comes.
            let is_free = |key: &str| !(has(key) || is_listed && ["const", "enum"].contains(&key));
            for (key, values) in limits().into_iter().filter(|(key, _)| is_free(key)) {
                let limited = values.iter().map(|value| {
                    let mut new = base.clone();
                    new.pointer_mut(at).unwrap()[key] = value.clone();
                    let breaks = breaks(&base, &new).into_iter();
                    breaks
                        .map(|(fingerprint, _)| fingerprint)
                        .collect::<BTreeSet<_>>()
                });
                let limited: Vec<_> = limited.filter(|breaks| !breaks.is_empty()).collect();
                for (index, one) in limited.iter().enumerate() {
                    for other in &limited[index + 1..] {
                        compared += 1;
                        let is_covered = one.is_subset(other) || other.is_subset(one);
                        assert!(!is_covered, "{name}: `{key}` at {at}");
                    }
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn an_approval_is_of_one_document() {
    let base = fixture("everything");
    let named = |value: &Value, name: &str| Document::parse(Source::new(name, value.to_string()));
    let fingerprints = |new: &Value, name: &str| -> BTreeSet<String> {
        let changes = diff::diff(&named(&base, name), &named(new, name), TODAY);
        changes
            .into_iter()
            .map(|change| change.fingerprint)
            .collect()
    };
    for (edit, new) in all_edits(&base).into_iter().step_by(9) {
        let one = fingerprints(&new, "openapi/a/openapi.yaml");
        let two = fingerprints(&new, "openapi/b/openapi.yaml");
        assert!(one.is_disjoint(&two), "{edit}");
        // The same file on another system.
        assert_eq!(one, fingerprints(&new, "openapi\\a\\openapi.yaml"));
    }
}

#[test]
fn words_of_what_is_approved_may_improve() {
    let base = fixture("everything");
    let named = |description: &str, name: &str| {
        let mut new = base.clone();
        let parameter = json!({
            "name": "page", "in": "query", "required": true, "description": description,
            "schema": {
                "type": "object",
                "properties": {"description": {"type": name, "description": description}},
                "example": {"a": description},
            },
        });
        set(
            &mut new,
            "/paths/~1pets~1{petId}/put/parameters/3",
            parameter,
        );
        breaks(&base, &new).swap_remove(0).0
    };
    assert_eq!(named("One.", "string"), named("Another.", "string"));
    // A property that is called so is no word.
    assert_ne!(named("One.", "string"), named("One.", "integer"));
}
