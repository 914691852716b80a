//! What samples look like.

use contract::schema::Direction;
use serde_json::{Value, json};

use crate::{one, sample};

#[test]
fn what_a_schema_shows_is_taken_where_it_fits() {
    for (schema, expected) in [
        (json!({"type": "string", "example": "Rex"}), json!("Rex")),
        (json!({"type": "integer", "default": 20}), json!(20)),
        (
            json!({"type": "boolean", "default": true, "example": false}),
            json!(false),
        ),
        (
            json!({"type": "string", "enum": ["cat"], "example": "cow"}),
            json!("cat"),
        ),
    ] {
        assert_eq!(one("3.0.3", schema).unwrap(), expected);
    }
    let wrong_type = one("3.0.3", json!({"type": "integer", "example": "seven"})).unwrap();
    assert!(wrong_type.is_u64(), "{wrong_type}");
}

#[test]
fn what_only_the_other_side_says_is_left_out() {
    let schema = json!({
        "type": "object",
        "required": ["id", "password"],
        "properties": {
            "id": {"type": "string", "readOnly": true},
            "password": {"type": "string", "writeOnly": true},
            "name": {"type": "string"},
        },
    });
    let keys = |direction| {
        let value = sample("3.0.3", &json!({"It": schema}), direction, 0).unwrap();
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(Direction::Request), ["password", "name"]);
    assert_eq!(keys(Direction::Response), ["id", "name"]);
}

#[test]
fn what_contains_itself_ends() {
    let node = json!({
        "type": "object",
        "required": ["name", "children"],
        "properties": {
            "name": {"type": "string"},
            "parent": {"$ref": "#/components/schemas/It"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/It"}},
        },
    });
    let value = one("3.0.3", node).unwrap();
    assert!(value.get("parent").is_none(), "{value}");
    // A list that must hold itself is impossible, and says so.
    let endless =
        json!({"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/It"}});
    assert_eq!(one("3.0.3", endless), Err("nothing".to_owned()));
}

#[test]
fn alternatives_are_told_apart_by_their_discriminator() {
    let schemas = json!({
        "It": {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"felis": "#/components/schemas/Cat"}},
        },
        "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["kind", "age"], "properties": {"kind": {"type": "string"}, "age": {"type": "integer"}}},
    });
    let value = sample("3.0.3", &schemas, Direction::Response, 0).unwrap();
    assert_eq!(value["kind"], "felis");
}

#[test]
fn an_alternative_that_contradicts_the_rest_is_not_chosen() {
    let schema = json!({
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "integer", "enum": [3], "allOf": [{"oneOf": [
            {"type": "integer", "enum": [1]}, {"type": "integer", "enum": [3]},
        ]}]}},
    });
    assert_eq!(one("3.0.3", schema).unwrap(), json!({"kind": 3}));
}

#[test]
fn names_say_what_is_meant() {
    let names = [
        "id",
        "uuid",
        "name",
        "firstName",
        "company_name",
        "email",
        "phoneNumber",
        "homepageUrl",
        "city",
        "country",
        "postal_code",
        "description",
        "currency",
        "createdAt",
        "birth_date",
        "color",
        "timezone",
        "tags",
        "anything",
    ];
    let properties: Value = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "string"})))
        .collect();
    let value = one("3.0.3", json!({"type": "object", "properties": properties})).unwrap();
    insta::assert_snapshot!(format!("{value:#}"));
}

#[test]
fn another_seed_gives_other_values() {
    let schemas = json!({"It": {"type": "array", "minItems": 4, "items": {"type": "string", "format": "uuid"}}});
    let of = |seed| sample("3.0.3", &schemas, Direction::Response, seed).unwrap();
    assert_ne!(of(1), of(2));
    let items = of(1);
    assert_ne!(items[0], items[1]);
}
