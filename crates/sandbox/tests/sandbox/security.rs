//! Who may call, by every scheme that a contract can name.

use serde_json::{Value, json};

use crate::{asked, of, reason, send};

fn contract(security: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "It", "version": "1"},
        "security": security,
        "paths": {"/it": {"get": {"responses": {
            "204": {"description": "Fine."},
            "401": {"description": "Who?", "content": {"application/json": {
                "schema": {"type": "object", "properties": {"error": {"type": "string"}}},
                "example": {"error": "who are you?"},
            }}},
        }}}},
        "components": {"securitySchemes": {
            "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
            "basic": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}},
            "certificate": {"type": "mutualTLS"},
        }},
    })
}

#[tokio::test]
async fn every_scheme_is_asked_for() {
    type Row<'a> = (Value, &'a str, &'a [(&'a str, &'a str)], u16);
    let rows: Vec<Row<'_>> = vec![
        (json!([{"header": []}]), "", &[("X-Key", "k")], 204),
        (json!([{"header": []}]), "", &[("X-Key", " ")], 401),
        (json!([{"header": []}]), "?key=k", &[], 401),
        (json!([{"query": []}]), "?key=k", &[], 204),
        (json!([{"query": []}]), "?key=", &[], 401),
        (
            json!([{"cookie": []}]),
            "",
            &[("Cookie", "a=b; session=k")],
            204,
        ),
        (json!([{"cookie": []}]), "", &[("Cookie", "session=")], 401),
        (
            json!([{"basic": []}]),
            "",
            &[("Authorization", "Basic dXNlcjpwYXNz")],
            204,
        ),
        (
            json!([{"basic": []}]),
            "",
            &[("Authorization", "Basic dXNlcg==")],
            401,
        ),
        (
            json!([{"basic": []}]),
            "",
            &[("Authorization", "Basic !")],
            401,
        ),
        (
            json!([{"bearer": []}]),
            "",
            &[("Authorization", "bearer k")],
            204,
        ),
        (
            json!([{"bearer": []}]),
            "",
            &[("Authorization", "Bearer k k")],
            401,
        ),
        (
            json!([{"oauth": ["read"]}]),
            "",
            &[("Authorization", "Bearer k")],
            204,
        ),
        (json!([{"oauth": ["read"]}]), "", &[], 401),
        // All of one way, or another way.
        (
            json!([{"header": [], "query": []}]),
            "?key=k",
            &[("X-Key", "k")],
            204,
        ),
        (json!([{"header": [], "query": []}]), "?key=k", &[], 401),
        (json!([{"header": []}, {"query": []}]), "?key=k", &[], 204),
        (json!([{"header": []}, {}]), "", &[], 204),
        (json!([]), "", &[], 204),
    ];
    for (security, query, headers, status) in rows {
        let answer = asked(
            &contract(&security),
            "GET",
            &format!("/it{query}"),
            headers,
            "",
        )
        .await;
        assert_eq!(
            answer.status, status,
            "{security} {query} {headers:?}: {}",
            answer.body
        );
        if status == 401 {
            // What the contract shows of it, and why beside it.
            assert_eq!(answer.body, r#"{"error":"who are you?"}"#);
            assert!(reason(&answer).starts_with("not authorized: the contract asks for "));
        }
    }
}

#[tokio::test]
async fn only_known_keys_pass_where_some_are_known() {
    let contract = contract(&json!([{"basic": []}, {"bearer": []}, {"header": []}]));
    let sandbox = of(&contract)
        .key("pass")
        .key("other")
        .start()
        .await
        .unwrap();
    let url = format!("{}/it", sandbox.url());
    for (name, value, status) in [
        ("authorization", "Basic dXNlcjpwYXNz", 204),
        ("authorization", "Bearer other", 204),
        ("authorization", "Bearer nobody", 401),
        ("x-key", "pass", 204),
        ("x-key", "word", 401),
    ] {
        assert_eq!(
            send(&url, "GET", &[(name, value)], "").await.status,
            status,
            "{value}"
        );
    }
    let challenged = send(&url, "GET", &[], "").await;
    assert!(
        challenged.head.contains("www-authenticate: "),
        "{}",
        challenged.head
    );
}
