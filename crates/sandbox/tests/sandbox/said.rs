//! What cannot be seen by paths and answers is said by `x-sandbox`.

use serde_json::{Value, json};

use crate::memory::call;
use crate::of;

/// An API of procedures, whose paths are no collections.
fn procedures() -> Value {
    let person = json!({"id": "p-1", "email": "ann@example.com", "name": "Ann"});
    let answer = |example: Value| json!({"200": {"description": "It.", "content": {"application/json": {"example": example}}}});
    let one = || answer(json!({"ok": true, "result": {"person": person}, "of": {"id": "x"}}));
    let body = json!({"content": {"application/json": {"schema": {"type": "object", "properties": {
        "email": {"type": "string"}, "name": {"type": "string"},
    }}}}});
    let id =
        json!([{"name": "who", "in": "query", "required": true, "schema": {"type": "string"}}]);
    let of = |action: &str| json!({"action": action, "collection": "/people", "member": "/result/person", "parameter": "who"});
    let operation = |action: &str| json!({"x-sandbox": of(action), "parameters": id, "requestBody": body, "responses": one()});
    let mut add = operation("create");
    add["x-sandbox"] = json!({"action": "create", "collection": "/people", "id": "id",
        "member": "/result/person", "unique": ["email"]});
    add.as_object_mut().unwrap().remove("parameters");
    json!({
        "openapi": "3.0.3",
        "info": {"title": "People", "version": "1"},
        "paths": {
            "/people.add": {"post": add},
            "/people.get": {"post": operation("read")},
            "/people.change": {"post": operation("update")},
            "/people.put": {"post": operation("replace")},
            "/people.remove": {"post": operation("delete")},
            "/people.all": {"post": {
                "x-sandbox": {"action": "list", "collection": "/people", "member": "/result"},
                "responses": answer(json!({"result": [], "errors": []})),
            }},
            "/login": {"post": {
                "x-sandbox": false,
                "responses": answer(json!({"id": "s-1"})),
            }},
        },
    })
}

#[tokio::test]
async fn procedures_remember_as_they_say() {
    let sandbox = of(&procedures()).start().await.unwrap();
    let (_, list) = call(&sandbox, "POST", "/people.all", "").await;
    assert_eq!(list, json!({"result": [], "errors": []}));
    let bob = r#"{"email":"bob@example.com","name":"Bob"}"#;
    let (_, added) = call(&sandbox, "POST", "/people.add", bob).await;
    let id = added["result"]["person"]["id"].as_str().unwrap();
    assert_eq!(added["of"]["id"], "x");
    let get = format!("/people.get?who={id}");
    let (_, got) = call(&sandbox, "POST", &get, "{}").await;
    assert_eq!(
        got["result"]["person"],
        json!({"id": id, "email": "bob@example.com", "name": "Bob"})
    );
    let (status, problem) = call(&sandbox, "POST", "/people.add", bob).await;
    assert_eq!(status, 409, "{problem}");
    let change = format!("/people.change?who={id}");
    let (_, changed) = call(&sandbox, "POST", &change, r#"{"name":"Rob"}"#).await;
    assert_eq!(changed["result"]["person"]["name"], "Rob");
    let put = format!("/people.put?who={id}");
    call(&sandbox, "POST", &put, r#"{"name":"Bobby"}"#).await;
    let (_, list) = call(&sandbox, "POST", "/people.all", "").await;
    assert_eq!(list["result"], json!([{"id": id, "name": "Bobby"}]));
    assert_eq!(sandbox.members("/people").len(), 1);
    let remove = format!("/people.remove?who={id}");
    assert_eq!(call(&sandbox, "POST", &remove, "{}").await.0, 200);
    assert_eq!(call(&sandbox, "POST", &get, "{}").await.0, 404);
    // What creates nothing answers the same again.
    let first = call(&sandbox, "POST", "/login", "").await;
    assert_eq!(call(&sandbox, "POST", "/login", "").await, first);
    let remembered = sandbox.remembered();
    assert_eq!(remembered.len(), 6, "{remembered:?}");
}
