//! What is answered: examples, values that are made, and what the caller asks for.

use serde_json::{Value, json};

use crate::{asked, of, reason, send};

fn contract() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://example.com/v1"}, {"url": "/other"}],
        "paths": {
            "/pets": {"get": {"responses": {
                "200": {
                    "description": "Pets.",
                    "headers": {
                        "X-Total": {"schema": {"type": "integer"}, "example": 2},
                        "X-Page": {"required": true, "schema": {"type": "string", "enum": ["first"]}},
                    },
                    "content": {
                        "text/csv": {"example": "id\n1\n"},
                        "application/json": {
                            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
                            "examples": {
                                "broken": {"value": [{"name": "Rex"}]},
                                "one": {"value": [{"id": 1001, "name": "Rex"}]},
                                "none": {"value": []},
                            },
                        },
                    },
                },
                "4XX": {"description": "No.", "content": {"application/problem+json": {
                    "schema": {"type": "object", "required": ["code"], "additionalProperties": false,
                        "properties": {"code": {"type": "string", "enum": ["no"]}, "detail": {"type": "string"}}},
                }}},
            }}},
            "/pets/{id}": {"get": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "A pet.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Pet"},
                }}}, "default": {"description": "Else.", "content": {"application/json": {"example": {"error": "else"}}}}},
            }},
            "/events": {"get": {"responses": {"200": {"description": "Events.", "content": {"text/event-stream": {
                "schema": {"type": "object", "required": ["n"], "properties": {"n": {"const": 7}}},
            }}}}}},
        },
        "components": {"schemas": {"Pet": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {
                "id": {"type": "integer", "minimum": 1000},
                "name": {"type": "string"},
                "secret": {"type": "string", "writeOnly": true},
            },
        }}},
    })
}

#[tokio::test]
async fn the_first_example_that_fits_is_sent_with_its_headers() {
    let answer = asked(&contract(), "GET", "/pets", &[], "").await;
    assert_eq!(answer.body, r#"[{"id":1001,"name":"Rex"}]"#);
    for header in [
        "content-type: application/json",
        "x-total: 2",
        "x-page: first",
    ] {
        assert!(answer.head.contains(header), "{}", answer.head);
    }
}

#[tokio::test]
async fn what_has_no_example_is_made_the_same_for_the_same_seed() {
    let of_seed = async |seed: u64| {
        let sandbox = of(&contract()).seed(seed).start().await.unwrap();
        send(&format!("{}/pets/7", sandbox.url()), "GET", &[], "")
            .await
            .body
    };
    let pet: Value = serde_json::from_str(&of_seed(1).await).unwrap();
    assert!(
        pet["id"].as_u64().unwrap() >= 1000 && pet["name"].is_string(),
        "{pet}"
    );
    assert!(pet.get("secret").is_none(), "{pet}");
    assert_eq!(of_seed(1).await, of_seed(1).await);
    assert_ne!(of_seed(1).await, of_seed(2).await);
    let events = asked(&contract(), "GET", "/events", &[], "").await;
    assert_eq!(events.body, "data: {\"n\":7}\n\n");
}

#[tokio::test]
async fn callers_choose_by_accept_and_by_prefer() {
    for (path, header, status, expected) in [
        ("/pets", ("Accept", "text/*"), 200, "id\n1\n"),
        (
            "/pets",
            ("Accept", "application/*"),
            200,
            r#"[{"id":1001,"name":"Rex"}]"#,
        ),
        (
            "/pets",
            ("Accept", "image/png"),
            406,
            "the contract answers with text/csv, application/json, and not with `image/png`",
        ),
        ("/pets", ("Prefer", "example=none"), 200, "[]"),
        (
            "/pets",
            ("Prefer", "example=broken"),
            200,
            r#"[{"name":"Rex"}]"#,
        ),
        ("/pets", ("Prefer", "code=404"), 404, r#""code":"no""#),
        ("/pets", ("Prefer", "code=302"), 404, "prefer one of"),
        (
            "/pets/7",
            ("Prefer", "code=503"),
            503,
            r#"{"error":"else"}"#,
        ),
    ] {
        let answer = asked(&contract(), "GET", path, &[header], "").await;
        assert_eq!(answer.status, status, "{header:?}: {}", answer.body);
        assert!(
            answer.body.contains(expected),
            "{header:?}: {}",
            answer.body
        );
    }
    let made = asked(
        &contract(),
        "GET",
        "/pets",
        &[("Prefer", "dynamic=true")],
        "",
    )
    .await;
    let made: Value = serde_json::from_str(&made.body).unwrap();
    assert!(made[0]["id"].as_u64().unwrap() >= 1000, "{made}");
}

#[tokio::test]
async fn every_server_of_the_contract_is_answered_at() {
    let sandbox = of(&contract()).start().await.unwrap();
    assert!(sandbox.url().ends_with("/v1"));
    let root = sandbox.url().trim_end_matches("/v1").to_owned();
    for (path, method, status) in [
        ("/v1/pets", "GET", 200),
        ("/other/pets", "GET", 200),
        ("/v1/pets", "HEAD", 200),
        ("/pets", "GET", 404),
        ("/v1/pets/", "GET", 404),
        ("/v1/pets", "POST", 405),
        ("/v1/pets", "OPTIONS", 405),
    ] {
        let answer = send(&format!("{root}{path}"), method, &[], "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.body.is_empty(), method == "HEAD", "{method} {path}");
    }
    let nowhere = send(&format!("{root}/pets"), "GET", &[], "").await;
    assert_eq!(
        reason(&nowhere),
        "the contract has no path `/pets`; its paths begin with `/v1`"
    );
    let other = send(&format!("{root}/v1/pets"), "POST", &[], "").await;
    assert!(other.head.contains("allow: get"), "{}", other.head);
    assert!(
        other.head.contains("application/problem+json"),
        "{}",
        other.head
    );
}

#[tokio::test]
async fn a_refusal_has_the_form_that_the_contract_gives_it_as_far_as_that_admits() {
    let refused = asked(&contract(), "GET", "/pets/x", &[], "").await;
    // Nothing says what `default` holds, so that it may hold the explanation.
    let told: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(refused.status, 422);
    assert_eq!(
        told["error"],
        "the path parameter `id` does not fit the contract: `x` is not of type `integer`"
    );
    assert_eq!(
        told["violations"][0],
        json!({"in": "path", "at": "id", "message": "`x` is not of type `integer`"})
    );
    let mut closed = contract();
    closed["paths"]["/pets"]["get"]["parameters"] =
        json!([{"name": "a", "in": "query", "required": true, "schema": {"type": "string"}}]);
    let refused = asked(&closed, "GET", "/pets", &[], "").await;
    let told: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(
        told,
        json!({"code": "no", "detail": "the query parameter `a` does not fit the contract: it is missing"})
    );
    assert!(
        refused.head.contains("application/problem+json"),
        "{}",
        refused.head
    );
}

#[tokio::test]
async fn a_contract_with_errors_is_no_server() {
    let folder = std::env::temp_dir().join(format!("sandbox-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("api.yaml");
    std::fs::write(&path, "openapi: 3.0.3\npaths: {}").unwrap();
    let error = sandbox::Sandbox::from_path(&path).unwrap_err().to_string();
    let told = "api.yaml:1:1: the document lacks `info`";
    assert!(error.ends_with(told), "{error}");
    let nowhere = sandbox::Sandbox::from_path(folder.join("none.yaml"))
        .unwrap_err()
        .to_string();
    assert!(nowhere.contains("none.yaml"), "{nowhere}");
    std::fs::remove_dir_all(&folder).unwrap();
}
