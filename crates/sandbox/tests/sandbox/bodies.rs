//! Bodies are read by their media type, and held against its schema.

use serde_json::{Value, json};

use crate::{asked, of, reason};

/// A contract that takes a pet in every form.
fn contract() -> Value {
    let pet = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 2},
            "age": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "home": {"type": "object", "properties": {"floor": {"type": "integer"}}, "required": ["floor"]},
            "id": {"type": "string", "readOnly": true},
            "photo": {"type": "string", "format": "binary"},
            "more": {"type": "object"},
        },
        "additionalProperties": false,
    });
    let form = json!({"schema": pet, "encoding": {"more": {"contentType": "application/json"}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {"post": {
                "requestBody": {"required": true, "content": {
                    "application/json": {"schema": pet},
                    "application/x-www-form-urlencoded": form,
                    "multipart/form-data": form,
                    "text/plain": {"schema": {"type": "string", "maxLength": 5}},
                    "application/x-ndjson": {"schema": {"type": "array", "items": pet}},
                    "image/*": {},
                }},
                "responses": {"204": {"description": "Created."}},
            }},
            "/notes": {"post": {
                "requestBody": {"content": {"application/json": {"schema": pet}}},
                "responses": {"204": {"description": "Noted."}},
            }},
        },
    })
}

async fn sent(content_type: &str, body: &str) -> (u16, String) {
    let answer = asked(
        &contract(),
        "POST",
        "/pets",
        &[("Content-Type", content_type)],
        body,
    )
    .await;
    (answer.status, reason(&answer).to_owned())
}

#[tokio::test]
async fn every_form_of_a_body_is_held_against_its_schema() {
    const FORM: &str = "application/x-www-form-urlencoded";
    for (content_type, body, status, expected) in [
        (
            "application/json; charset=utf-8",
            r#"{"name":"Rex","age":3}"#,
            204,
            "",
        ),
        (
            "application/json",
            r#"{"name":"R"}"#,
            422,
            "at `/name`: `r` is shorter than 2 characters",
        ),
        (
            "application/json",
            r#"{"name":"Rex","#,
            400,
            "the body is not json",
        ),
        (
            FORM,
            "name=Rex&age=3&tags=a&tags=b+c&home[floor]=2&more=%7B%22a%22%3A1%7D",
            204,
            "",
        ),
        (FORM, "name=Rex&tags[]=a&tags[]=b", 204, ""),
        (
            FORM,
            "name=Rex&age=old",
            422,
            "at `/age`: `old` is not of type `integer`",
        ),
        (
            FORM,
            "name=Rex&home[floor]=x",
            422,
            "at `/home/floor`: `x` is not of type `integer`",
        ),
        (
            FORM,
            "name=Rex&more=1%2C",
            400,
            "`more` in the body is not json",
        ),
        (
            FORM,
            "age=3&unknown=1",
            422,
            "the body does not fit the contract",
        ),
        ("text/plain", "short", 204, ""),
        (
            "text/plain",
            "too long",
            422,
            "`too long` is longer than 5 characters",
        ),
        (
            "application/x-ndjson",
            "{\"name\":\"Rex\"}\n{\"name\":\"Tom\"}\n",
            204,
            "",
        ),
        (
            "application/x-ndjson",
            "{\"name\":\"Rex\"}\n{\"age\":1}\n",
            422,
            "at `/1`: `name` is missing",
        ),
        ("image/png", "\u{1}", 204, ""),
        (
            "application/xml",
            "<pet/>",
            415,
            "the body must be of another type",
        ),
        ("", "x", 415, "the body must be of another type"),
        ("application/json", "", 422, "the body is missing"),
    ] {
        let (found, reason) = sent(content_type, body).await;
        assert_eq!(found, status, "{content_type} {body}: {reason}");
        assert!(reason.contains(expected), "{content_type} {body}: {reason}");
    }
}

#[tokio::test]
async fn parts_are_files_texts_and_json() {
    let part = |name: &str, more: &str, body: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{body}\r\n")
    };
    let json = "\r\nContent-Type: application/json";
    let file = "; filename=\"rex.png\"\r\nContent-Type: image/png";
    for (parts, status, expected) in [
        (
            part("name", "", "Rex")
                + &part("age", "", "3")
                + &part("tags", "", "a")
                + &part("tags", "", "b"),
            204,
            "",
        ),
        (part("name", "", "Rex") + &part("tags", "", "a"), 204, ""),
        (
            part("name", "", "Rex") + &part("tags", json, r#"["a"]"#),
            204,
            "",
        ),
        (
            part("name", "", "Rex") + &part("photo", file, "\u{89}PNG"),
            204,
            "",
        ),
        (
            part("name", "", "Rex") + &part("home", json, r#"{"floor":2}"#),
            204,
            "",
        ),
        (
            part("name", "", "Rex") + &part("home", "", r#"{"floor":"2"}"#),
            422,
            "at `/home/floor`",
        ),
        (
            part("name", "", "Rex") + &part("home", "", "{"),
            400,
            "`home` in the body is not json",
        ),
        (part("age", "", "3"), 422, "`name` is missing"),
        (
            part("name", "", "Rex") + &part("name", "", "Tom"),
            422,
            "at `/name`",
        ),
    ] {
        let (found, reason) = sent(
            "multipart/form-data; boundary=b",
            &(parts.clone() + "--b--\r\n"),
        )
        .await;
        assert_eq!(found, status, "{parts}: {reason}");
        assert!(reason.contains(expected), "{parts}: {reason}");
    }
    let (status, reason) = sent("multipart/form-data; boundary=b", "x").await;
    assert_eq!(
        (status, reason.as_str()),
        (
            400,
            "the body is not a form of several parts: the first boundary is missing"
        )
    );
}

#[tokio::test]
async fn a_body_that_need_not_be_there_need_not_be_there() {
    let sandbox = of(&contract()).start().await.unwrap();
    let url = format!("{}/notes", sandbox.url());
    assert_eq!(crate::send(&url, "POST", &[], "").await.status, 204);
    let json = [("content-type", "application/json")];
    assert_eq!(crate::send(&url, "POST", &json, "{}").await.status, 422);
    // What only the server says need not be said by the client, and may.
    let id = r#"{"name":"Rex","id":"1"}"#;
    assert_eq!(crate::send(&url, "POST", &json, id).await.status, 204);
}

#[tokio::test]
async fn a_refusal_tells_twenty_places_and_how_many_more_there_are() {
    let tags: Vec<u32> = (0..300).collect();
    let body = json!({"name": "Rex", "tags": tags}).to_string();
    let answer = asked(
        &contract(),
        "POST",
        "/pets",
        &[("Content-Type", "application/json")],
        &body,
    )
    .await;
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(answer.status, 422);
    assert_eq!(told["violations"].as_array().unwrap().len(), 20);
    assert_eq!(told["further_violations"], 280);
    assert!(answer.body.len() < 4_000, "{}", answer.body.len());
}
