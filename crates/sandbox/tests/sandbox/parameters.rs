//! Parameters are read as the contract says that they are written.

use serde_json::{Value, json};

use crate::{asked, reason};

/// A contract of one operation with one parameter.
fn with(parameter: &Value) -> Value {
    let path = match parameter["in"].as_str() {
        Some("path") => "/it/{color}",
        _ => "/it",
    };
    json!({
        "openapi": "3.1.0",
        "info": {"title": "It", "version": "1"},
        "paths": {path: {"get": {
            "parameters": [parameter],
            "responses": {"204": {"description": "Fine."}},
        }}},
    })
}

/// Schemas that one value alone fits, so that it must have been read right.
fn schemas() -> [Value; 3] {
    [
        json!({"type": "string", "enum": ["blue"]}),
        json!({"type": "array", "items": {"type": "string"}, "const": ["blue", "bl ack", "br,own"]}),
        json!({
            "type": "object",
            "properties": {"R": {"type": "integer"}, "G": {"type": "number"}, "B": {"type": "string"}},
            "const": {"R": 100, "G": 200.5, "B": "1 50"},
        }),
    ]
}

/// The table of "Style Examples" (`OpenAPI` 3.1.1, section 4.8.12.2.3): how a text, a list and an
/// object are sent; nothing where a style has no form for it.
#[tokio::test]
async fn every_style_is_read_as_the_specification_shows_it() {
    let query =
        |style: &str, explode: bool| json!({"in": "query", "style": style, "explode": explode});
    let path = |style: &str, explode: bool| json!({"in": "path", "required": true, "style": style, "explode": explode});
    let rows: Vec<(Value, [&str; 3])> = vec![
        (
            path("matrix", false),
            [
                ";color=blue",
                ";color=blue,bl%20ack,br%2Cown",
                ";color=R,100,G,200.5,B,1%2050",
            ],
        ),
        (
            path("matrix", true),
            [
                ";color=blue",
                ";color=blue;color=bl%20ack;color=br%2Cown",
                ";R=100;G=200.5;B=1%2050",
            ],
        ),
        (
            path("label", false),
            [
                ".blue",
                ".blue,bl%20ack,br%2Cown",
                ".R,100,G,200.5,B,1%2050",
            ],
        ),
        (
            path("label", true),
            [
                ".blue",
                ".blue.bl%20ack.br%2Cown",
                ".R=100.G=200%2E5.B=1%2050",
            ],
        ),
        (
            path("simple", false),
            ["blue", "blue,bl%20ack,br%2Cown", "R,100,G,200.5,B,1%2050"],
        ),
        (
            path("simple", true),
            ["blue", "blue,bl%20ack,br%2Cown", "R=100,G=200.5,B=1%2050"],
        ),
        (
            query("form", false),
            [
                "color=blue",
                "color=blue,bl%20ack,br%2Cown",
                "color=R,100,G,200.5,B,1+50",
            ],
        ),
        (
            query("form", true),
            [
                "color=blue",
                "color=blue&color=bl+ack&color=br,own",
                "R=100&G=200.5&B=1%2050",
            ],
        ),
        (
            query("deepObject", true),
            ["", "", "color[R]=100&color%5BG%5D=200.5&color[B]=1%2050"],
        ),
        (
            json!({"in": "cookie", "explode": false}),
            [
                "color=blue",
                "color=blue,bl%20ack,br%2Cown",
                "color=R,100,G,200.5,B,1%2050",
            ],
        ),
        (
            json!({"in": "header"}),
            ["blue", "", "R,100,G,200.5,B,1 50"],
        ),
        (
            json!({"in": "header", "explode": true}),
            ["blue", "", "R=100,G=200.5,B=1 50"],
        ),
    ];
    for (mut parameter, sent) in rows {
        parameter["name"] = "color".into();
        for (schema, sent) in schemas().into_iter().zip(sent) {
            if sent.is_empty() {
                continue;
            }
            parameter["schema"] = schema;
            let contract = with(&parameter);
            let answer = match parameter["in"].as_str() {
                Some("path") => asked(&contract, "GET", &format!("/it/{sent}"), &[], "").await,
                Some("query") => asked(&contract, "GET", &format!("/it?{sent}"), &[], "").await,
                Some("cookie") => asked(&contract, "GET", "/it", &[("Cookie", sent)], "").await,
                _ => asked(&contract, "GET", "/it", &[("Color", sent)], "").await,
            };
            assert_eq!(answer.status, 204, "{parameter} {sent}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn delimited_lists_are_read_with_their_separator_escaped_or_not() {
    let of = |style: &str, schema: &Value| {
        let explode = json!({"name": "color", "in": "query", "style": style, "explode": false});
        let mut parameter = explode;
        parameter["schema"] = schema.clone();
        with(&parameter)
    };
    let list = json!({"type": "array", "items": {"type": "integer"}, "const": [1, 2, 3]});
    let object = json!({
        "type": "object",
        "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}},
        "const": {"R": 1, "G": 2},
    });
    let texts = json!({"type": "array", "items": {"type": "string"}, "const": ["a+b", "%41"]});
    for (style, schema, sent) in [
        ("spaceDelimited", &list, "color=1%202%203"),
        ("spaceDelimited", &list, "color=1+2+3"),
        ("pipeDelimited", &list, "color=1|2|3"),
        ("pipeDelimited", &list, "color=1%7C2%7C3"),
        ("spaceDelimited", &object, "color=R%201%20G%202"),
        ("pipeDelimited", &object, "color=R|1|G|2"),
        // Some clients escape everything.
        ("form", &list, "color=1%2C2%2C3"),
        ("form", &object, "color=R%2C1%2CG%2C2"),
        // What is escaped twice is read once.
        ("form", &texts, "color=a%2Bb,%2541"),
        ("pipeDelimited", &texts, "color=a%2Bb%7C%2541"),
        ("spaceDelimited", &texts, "color=a%2Bb+%2541"),
    ] {
        let answer = asked(&of(style, schema), "GET", &format!("/it?{sent}"), &[], "").await;
        assert_eq!(answer.status, 204, "{style} {sent}: {}", answer.body);
    }
}

#[tokio::test]
async fn deep_objects_hold_lists_and_objects() {
    let schema = json!({
        "type": "object",
        "properties": {
            "tags": {"type": "array", "items": {"type": "integer"}},
            "near": {"type": "object", "properties": {"km": {"type": "number"}, "of": {"type": "string"}}},
            "rows": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        },
        "const": {"tags": [1, 2], "near": {"km": 1.5, "of": "a b"}, "rows": [{"n": 1}, {"n": 2}]},
    });
    let parameter = json!({"name": "f", "in": "query", "style": "deepObject", "schema": schema});
    for sent in [
        "f[tags]=1&f[tags]=2&f[near][km]=1.5&f[near][of]=a+b&f[rows][0][n]=1&f[rows][1][n]=2",
        "f[tags][]=1&f[tags][]=2&f[near][of]=a%20b&f[near][km]=1.5&f[rows][0][n]=1&f[rows][1][n]=2",
    ] {
        let answer = asked(&with(&parameter), "GET", &format!("/it?{sent}"), &[], "").await;
        assert_eq!(answer.status, 204, "{sent}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_parameter_is_told_with_its_place() {
    let contract = json!({
        "openapi": "3.0.3",
        "info": {"title": "It", "version": "1"},
        "paths": {"/it/{id}": {"get": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}},
                {"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 100}},
                {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}, "maxItems": 2}},
                {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}},
                {"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}},
                {"name": "Accept", "in": "header", "required": true, "schema": {"type": "string"}},
                {"name": "on", "in": "query", "schema": {"type": "boolean"}},
            ],
            "responses": {"204": {"description": "Fine."}},
        }}},
    });
    for (sent, header, expected) in [
        ("7?limit=5&unknown=1", None, ""),
        (
            "7?limit=5&ids=1&ids=2&on=true&filter=%7B%22a%22%3A1%7D",
            None,
            "",
        ),
        (
            "0?limit=5",
            None,
            "the path parameter `id` does not fit the contract: 0 is less than the minimum of 1",
        ),
        (
            "x?limit=5",
            None,
            "the path parameter `id` does not fit the contract: `x` is not of type `integer`",
        ),
        (
            "7",
            None,
            "the query parameter `limit` does not fit the contract: it is missing",
        ),
        (
            "7?limit=101",
            None,
            "the query parameter `limit` does not fit the contract: 101 is greater than the maximum of 100",
        ),
        (
            "7?limit=5&ids=1&ids=b",
            None,
            "the query parameter `ids/1` does not fit the contract: `b` is not of type `integer`",
        ),
        (
            "7?limit=5&on=yes",
            None,
            "the query parameter `on` does not fit the contract: `yes` is not of type `boolean`",
        ),
        (
            "7?limit=5&filter=%7B",
            None,
            "the query parameter `filter` does not fit the contract: is not json",
        ),
        (
            "7?limit=5&filter=%7B%7D",
            None,
            "the query parameter `filter` does not fit the contract: `a` is missing",
        ),
        (
            "7?limit=5",
            Some("1"),
            "the header parameter `x-trace` does not fit the contract: `1` is not a valid `uuid`",
        ),
    ] {
        let headers: Vec<(&str, &str)> =
            header.map(|value| ("X-Trace", value)).into_iter().collect();
        let answer = asked(&contract, "GET", &format!("/it/{sent}"), &headers, "").await;
        let status = if expected.is_empty() { 204 } else { 422 };
        assert_eq!(answer.status, status, "{sent}: {}", answer.body);
        assert!(
            reason(&answer).starts_with(expected),
            "{sent}: {}",
            answer.head
        );
    }
}

#[tokio::test]
async fn whole_numbers_go_into_the_bits_that_they_are_stored_in() {
    let of = |format: &str| json!({"name": format, "in": "query", "schema": {"type": "integer", "format": format}});
    let contract = json!({
        "openapi": "3.0.3",
        "info": {"title": "Numbers", "version": "1"},
        "paths": {"/it": {"get": {
            "parameters": [of("int32"), of("int64"), {"name": "any", "in": "query", "schema": {"type": "integer"}}],
            "responses": {"204": {"description": "Fine."}},
        }}},
    });
    for (query, status) in [
        ("int32=2147483647", 204),
        ("int32=2147483648", 422),
        ("int32=-2147483649", 422),
        ("int64=-9223372036854775808", 204),
        ("int64=-9223372036854775809", 422),
        ("int64=9223372036854775808", 422),
        ("any=9223372036854775808", 204),
    ] {
        let answer = asked(&contract, "GET", &format!("/it?{query}"), &[], "").await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_text_may_be_meant_by_any_alternative() {
    let contract = json!({
        "openapi": "3.0.3",
        "info": {"title": "Pages", "version": "1"},
        "paths": {"/it": {"get": {
            "parameters": [
                {"name": "size", "in": "query", "schema": {
                    "oneOf": [{"type": "integer"}, {"type": "string", "enum": ["all"]}],
                }},
                {"name": "flag", "in": "query", "allowEmptyValue": true, "schema": {"type": "boolean"}},
                {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
                {"name": "few", "in": "query", "schema": {"type": "array", "minItems": 1, "items": {"type": "integer"}}},
            ],
            "responses": {"204": {"description": "Fine."}},
        }}},
    });
    for (query, status) in [
        ("size=7", 204),
        ("size=all", 204),
        ("size=some", 422),
        ("size=7.5", 422),
    ] {
        let answer = asked(&contract, "GET", &format!("/it?{query}"), &[], "").await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
    }
}
