//! What once brought a sandbox down, or lost something.

use std::time::Duration;

use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::http::{Answer, send};
use crate::memory::{call, contract};
use crate::{asked, of};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn shown(example: Value) -> Value {
    json!({"200": {"description": "It.", "content": {"application/json": {"example": example}}}})
}

fn with(paths: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "It", "version": "1"}, "paths": paths})
}

#[tokio::test]
async fn names_that_are_nested_for_ever_are_refused() {
    let form = with(json!({"/form": {
        "post": {
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}},
            "responses": {"204": {"description": "Fine."}},
        },
        "get": {
            "parameters": [{"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object"}}],
            "responses": {"204": {"description": "Fine."}},
        },
    }}));
    let deep = format!("a{}=1", "[a]".repeat(20_000));
    let answer = asked(&form, "POST", "/form", &[FORM], &deep).await;
    assert!((400..500).contains(&answer.status), "{}", answer.body);
    let path = format!("/form?f{}=1", "[]".repeat(20_000));
    let answer = asked(&form, "GET", &path, &[], "").await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(
        asked(&form, "GET", "/form?f[a][b]=1", &[], "").await.status,
        204
    );
}

#[tokio::test]
async fn a_create_that_shows_no_identifier_answers_what_it_shows() {
    let job = json!({"id": "j-1", "state": "queued"});
    let jobs = with(json!({
        "/jobs": {"post": {"responses": shown(json!({"id": null, "state": "queued"}))}},
        "/jobs/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"responses": shown(job)},
            "delete": {"responses": {"204": {"description": "Gone."}}},
        },
    }));
    let sandbox = of(&jobs).start().await.unwrap();
    for _ in 0..3 {
        let create = call(&sandbox, "POST", "/jobs", "");
        let (status, _) = timeout(Duration::from_secs(5), create).await.unwrap();
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn members_have_identifiers_whoever_may_say_them() {
    let pet = json!({"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}});
    let body = json!({"content": {"application/json": {"schema": pet}}});
    let answer = json!({"200": {"description": "It.", "content": {"application/json": {
        "schema": pet, "example": {"id": 10, "name": "doggie"},
    }}}});
    let id =
        json!([{"name": "petId", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let store = with(json!({
        "/pet": {"post": {"requestBody": body, "responses": answer}},
        "/pet/{petId}": {"parameters": id, "get": {"responses": answer}},
    }));
    let sandbox = of(&store).start().await.unwrap();
    let (_, first) = call(&sandbox, "POST", "/pet", r#"{"name":"A"}"#).await;
    let (_, second) = call(&sandbox, "POST", "/pet", r#"{"name":"B"}"#).await;
    assert!(
        first["id"].is_number() && first["id"] != second["id"],
        "{first} {second}"
    );
    let (_, read) = call(&sandbox, "GET", &format!("/pet/{}", first["id"]), "").await;
    assert_eq!(read["name"], "A");
    // The one that is there is not lost to another of its identifier.
    let again = json!({"id": first["id"], "name": "C"}).to_string();
    let (status, problem) = call(&sandbox, "POST", "/pet", &again).await;
    assert_eq!(status, 409, "{problem}");
}

#[tokio::test]
async fn what_could_not_be_read_again_is_not_kept() {
    let path = std::env::temp_dir().join(format!("deep-{}.state", std::process::id()));
    let start = || of(&contract()).state(&path).start();
    let sandbox = start().await.unwrap();
    let deep = format!(
        r#"{{"kind":"ball","in":{}1{}}}"#,
        "[".repeat(120),
        "]".repeat(120)
    );
    let (status, problem) = call(&sandbox, "POST", "/pets/a/toys", &deep).await;
    assert_eq!(status, 422, "{problem}");
    let fits = format!(
        r#"{{"kind":"ball","in":{}1{}}}"#,
        "[".repeat(90),
        "]".repeat(90)
    );
    assert_eq!(call(&sandbox, "POST", "/pets/a/toys", &fits).await.0, 200);
    drop(sandbox);
    let sandbox = start().await.unwrap();
    let (_, toys) = call(&sandbox, "GET", "/pets/a/toys", "").await;
    assert_eq!(toys.as_array().unwrap().len(), 2);
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn nobody_sees_a_part_of_a_reset() {
    let pets: Vec<Value> = (0..500)
        .map(|id| json!({"id": id.to_string(), "name": "Rex", "createdAt": "2020-01-01T00:00:00Z"}))
        .collect();
    let sandbox = of(&contract())
        .members("/pets", pets)
        .start()
        .await
        .unwrap();
    let url = format!("{}/pets", sandbox.url());
    let reader = tokio::spawn(async move {
        for _ in 0..100 {
            let Answer { body, .. } = send(&url, "GET", &[], "").await;
            let list: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(list["pets"].as_array().unwrap().len(), 500);
        }
    });
    while !reader.is_finished() {
        sandbox.reset().unwrap();
        tokio::task::yield_now().await;
    }
    reader.await.unwrap();
}

#[tokio::test]
async fn what_is_only_looked_at_takes_no_room() {
    let sandbox = of(&contract()).most(2).start().await.unwrap();
    for number in 0..10 {
        let path = format!("/pets/{number}/toys");
        let (_, toys) = call(&sandbox, "GET", &path, "").await;
        assert_eq!(toys, json!([{"id": 7, "kind": "ball"}]));
    }
    assert_eq!(call(&sandbox, "DELETE", "/pets/nobody", "").await.0, 404);
    assert_eq!(
        call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await.0,
        201
    );
}

#[tokio::test]
async fn a_contract_does_not_say_how_a_message_travels() {
    let mut answer = shown(json!([1]));
    let header = |example: Value| json!({"schema": {"type": "string"}, "example": example});
    answer["200"]["headers"] = json!({
        "Content-Length": header(json!("3948")),
        "Content-Encoding": header(json!("gzip")),
        "Transfer-Encoding": header(json!("chunked")),
        "X-Own": header(json!("it")),
    });
    let framed = with(json!({"/it": {"get": {"responses": answer}}}));
    let Answer { head, body, .. } = asked(&framed, "GET", "/it", &[], "").await;
    assert_eq!(body, "[1]");
    assert!(
        head.contains("content-length: 3\r\n") && head.contains("x-own: it"),
        "{head}"
    );
    assert!(!head.contains("encoding"), "{head}");
}

#[tokio::test]
async fn what_comes_before_an_answer_is_none() {
    let early = with(json!({"/it": {"get": {"responses": {
        "101": {"description": "Switching."}, "202": {"description": "Later."},
    }}}}));
    assert_eq!(asked(&early, "GET", "/it", &[], "").await.status, 202);
    let sandbox: Sandbox = of(&early).start().await.unwrap();
    sandbox.fail([Fault::status(101)]);
    assert_eq!(
        send(&format!("{}/it", sandbox.url()), "GET", &[], "")
            .await
            .status,
        500
    );
}

#[tokio::test]
async fn a_path_with_many_variables_in_a_segment_takes_no_time() {
    let parameter = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    let parameters: Vec<Value> = ["a", "b", "c"].map(parameter).into();
    let many = with(json!({"/c/{a}-{b}-{c}.json": {"get": {
        "parameters": parameters, "responses": {"204": {"description": "Fine."}},
    }}}));
    let dashes = format!("/c/{}", "a-".repeat(4000));
    let answer = asked(&many, "GET", &dashes, &[], "");
    let answer = timeout(Duration::from_secs(10), answer).await.unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(
        asked(&many, "GET", "/c/1-2-3-4.json", &[], "").await.status,
        204
    );
}

#[tokio::test]
async fn what_the_contract_shows_may_be_created_once_more() {
    let sandbox = of(&contract()).start().await.unwrap();
    let rex = r#"{"id":7,"kind":"stick"}"#;
    let create = async || call(&sandbox, "POST", "/pets/a/toys", rex).await;
    assert_eq!(create().await, (200, json!({"id": 7, "kind": "stick"})));
    assert_eq!(create().await.0, 409);
}

#[tokio::test]
async fn a_refusal_that_the_contract_describes_without_a_body_has_none() {
    let bare = with(json!({"/it": {"get": {
        "parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"204": {"description": "Fine."}, "400": {"description": "Wrong."}},
    }}}));
    let answer = asked(&bare, "GET", "/it?n=a", &[], "").await;
    assert_eq!((answer.status, answer.body.as_str()), (400, ""));
    assert!(
        crate::reason(&answer).contains("`n` does not fit"),
        "{}",
        answer.head
    );
}
