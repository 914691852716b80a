//! What a caller names stays when the contract grows: types, fields and variants of a document
//! are those of the same document with more in it.

use codegen::generate;
use codegen::surface::{ItemKind, Surface, read};
use contract::lint::gate;
use contract::{Document, Source};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Names as long as people give them.
const LONG: [&str; 4] = [
    "notification_preferences",
    "orchestration_path",
    "authentication_method",
    "effective_permissions",
];

fn alternative() -> impl Strategy<Value = Value> {
    let object =
        |property: &str| json!({"type": "object", "properties": {property: {"type": "string"}}});
    prop::sample::select(vec![
        json!({"type": "string"}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "enum": ["all", "none"]}),
        json!({"type": "integer"}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "array", "items": object("colour")}),
        json!({"$ref": "#/components/schemas/Pet"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Pet"}, object("owner")]}),
        json!({"allOf": [{"$ref": "#/components/schemas/Pet"}, {"description": "A pet."}]}),
        json!({"title": "With colour", "type": "object", "properties": {"colour": {"type": "string"}}}),
        json!({"type": "object", "required": ["kind", "a"], "properties": {"kind": {"type": "string", "enum": ["a"]}, "a": object("x")}}),
        json!({"type": "object", "required": ["kind", "b"], "properties": {"kind": {"type": "string", "enum": ["b"]}, "b": {"type": "string"}}}),
        object("first"),
        json!({"type": "object", "required": ["second", "third"], "properties": {"second": object("y"), "third": {"type": "integer"}}}),
        json!({"type": "object", "additionalProperties": {"type": "integer"}}),
    ])
}

/// An object that holds a schema as deep as the names lead.
fn deep(names: &[&str], inner: &Value) -> Value {
    match names {
        [] => inner.clone(),
        [first, rest @ ..] => {
            json!({"type": "object", "properties": {*first: deep(rest, inner)}})
        }
    }
}

fn document(holder: &Value) -> Value {
    let pet = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Growth", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "get", "responses": {"200": {
            "description": "Found",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Holder"}}},
        }}}}},
        "components": {"schemas": {"Holder": holder, "Pet": pet}},
    })
}

fn surface(document: &Value) -> Surface {
    let document = Document::parse(Source::new("growth.json", document.to_string()));
    let checked = gate(document).unwrap();
    read(&generate(&checked).unwrap().code).unwrap()
}

/// Every type and member of the smaller is in the larger, and what it holds is what it held.
fn assert_kept(small: &Value, large: &Value) -> Result<(), TestCaseError> {
    let (old, new) = (surface(small), surface(large));
    let members = [ItemKind::Type, ItemKind::Field, ItemKind::Variant];
    for (path, item) in old.iter().filter(|(_, item)| members.contains(&item.kind)) {
        let kept = new.get(path).map(|kept| &kept.contract);
        prop_assert_eq!(kept, Some(&item.contract), "{}\n{}", path, large);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A text and a number keep the choice one that nothing in it tells apart.
    #[test]
    fn an_alternative_is_called_the_same_beside_another(
        alternatives in prop::collection::vec(alternative(), 1..5),
        more in alternative(),
        depth in 0..4_usize,
    ) {
        let always = [json!({"type": "number"}), json!({"type": "boolean"})];
        let choice = |more: Option<&Value>| {
            let branches = always.iter().chain(&alternatives).chain(more);
            document(&deep(&LONG[..depth], &json!({"oneOf": branches.collect::<Vec<_>>()})))
        };
        assert_kept(&choice(None), &choice(Some(&more)))?;
    }

    #[test]
    fn a_type_is_called_the_same_beside_another(
        schema in alternative(),
        more in alternative(),
        depth in 0..4_usize,
    ) {
        let holder = |more: Option<&Value>| {
            let mut holder = deep(&LONG, &deep(&LONG[..depth], &schema));
            if let Some(more) = more {
                let beside = deep(&LONG[..depth], more);
                holder["properties"]["orchestration_path"] = deep(&LONG[1..], &beside);
            }
            document(&holder)
        };
        assert_kept(&holder(None), &holder(Some(&more)))?;
    }
}
