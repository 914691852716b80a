//! What is remembered in a file outlives its server.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::http::Answer;
use crate::{of, send};

fn contract() -> Value {
    let pet = json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "integer", "readOnly": true}, "name": {"type": "string"},
    }});
    let answer = |example: Value| json!({"description": "It.", "content": {"application/json": {"example": example}}});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {
                "get": {"responses": {"200": answer(json!([{"id": 1, "name": "Rex"}]))}},
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": pet}}},
                    "responses": {"200": answer(json!({"id": 1, "name": "Rex"}))},
                },
            },
            "/pets/{id}": {"delete": {"parameters": id, "responses": {"204": {"description": "Gone."}}}},
        },
    })
}

/// A file of its own, gone with its test.
struct State(PathBuf);

impl State {
    fn new(name: &str) -> Self {
        let name = format!("sandbox-{}-{name}.state", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Creates a pet with a server of the state, or takes one away, and lists what there is.
async fn then(state: &State, method: &str, path: &str, body: &str) -> Vec<(u64, String)> {
    let sandbox = of(&contract()).state(&state.0).start().await.unwrap();
    let url = sandbox.url();
    let json = [("content-type", "application/json")];
    if !method.is_empty() {
        send(&format!("{url}{path}"), method, &json, body).await;
    }
    let Answer { body, .. } = send(&format!("{url}/pets"), "GET", &[], "").await;
    let pets: Vec<Value> = serde_json::from_str(&body).unwrap();
    let pet = |pet: &Value| {
        (
            pet["id"].as_u64().unwrap(),
            pet["name"].as_str().unwrap().to_owned(),
        )
    };
    pets.iter().map(pet).collect()
}

fn named(pets: &[(u64, String)]) -> Vec<&str> {
    pets.iter().map(|(_, name)| name.as_str()).collect()
}

#[tokio::test]
async fn the_next_server_knows_what_the_last_one_was_told() {
    let state = State::new("next");
    assert_eq!(
        named(&then(&state, "POST", "/pets", r#"{"name":"Tom"}"#).await),
        ["Rex", "Tom"]
    );
    // What the contract shows does not come back, and no identifier is given out again.
    assert_eq!(named(&then(&state, "DELETE", "/pets/1", "").await), ["Tom"]);
    let pets = then(&state, "POST", "/pets", r#"{"name":"Tim"}"#).await;
    assert_eq!(named(&pets), ["Tom", "Tim"]);
    assert_ne!(pets[0].0, pets[1].0);
    assert_eq!(then(&state, "", "", "").await, pets);
}

#[tokio::test]
async fn a_line_that_was_not_written_to_its_end_was_told_to_nobody() {
    let state = State::new("torn");
    then(&state, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    let whole = fs::read(&state.0).unwrap();
    let torn = [&whole[..], b"[\"put\",\"/pets\",\"\",\"9\",9,{\"id\":9"].concat();
    fs::write(&state.0, torn).unwrap();
    assert_eq!(
        named(&then(&state, "POST", "/pets", r#"{"name":"Tim"}"#).await),
        ["Rex", "Tom", "Tim"]
    );
    assert_eq!(
        named(&then(&state, "", "", "").await),
        ["Rex", "Tom", "Tim"]
    );
}

#[tokio::test]
async fn the_first_line_may_be_one_that_was_not_written_to_its_end() {
    let state = State::new("first");
    for torn in ["", "[", "[\"put\",\"/pe"] {
        fs::write(&state.0, torn).unwrap();
        assert_eq!(
            named(&then(&state, "POST", "/pets", r#"{"name":"Tom"}"#).await),
            ["Rex", "Tom"],
            "{torn}"
        );
    }
}

#[tokio::test]
async fn what_the_contract_shows_is_there_whenever_a_server_was_killed() {
    let state = State::new("killed");
    then(&state, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    let whole = fs::read(&state.0).unwrap();
    for end in 0..=whole.len() {
        fs::write(&state.0, &whole[..end]).unwrap();
        let pets = then(&state, "", "", "").await;
        let expected: &[&str] = match end == whole.len() {
            true => &["Rex", "Tom"],
            false => &["Rex"],
        };
        assert_eq!(named(&pets), expected, "{end} of {}", whole.len());
    }
}

#[tokio::test]
async fn two_servers_do_not_keep_their_state_in_one_file() {
    let state = State::new("two");
    let first = of(&contract()).state(&state.0).start().await.unwrap();
    let second = || of(&contract()).state(&state.0).start();
    let error = second().await.unwrap_err().to_string();
    assert!(
        error.ends_with("another server keeps its own in it; stop that one, or name another file"),
        "{error}"
    );
    drop(first);
    assert_eq!(
        named(&then(&state, "POST", "/pets", r#"{"name":"Tom"}"#).await),
        ["Rex", "Tom"]
    );
}

#[tokio::test]
async fn a_file_of_something_else_is_left_as_it_is() {
    let state = State::new("other");
    for text in ["name: Rex\n", "no line", "[\"put\",\"/pets\",\"\"]\n"] {
        fs::write(&state.0, text).unwrap();
        let error = of(&contract())
            .state(&state.0)
            .start()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("is no state of a sandbox"), "{error}");
        assert_eq!(fs::read_to_string(&state.0).unwrap(), text);
    }
    let nowhere = of(&contract())
        .state("/nowhere/at/all")
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        nowhere.starts_with("cannot keep the state in `/nowhere/at/all`: "),
        "{nowhere}"
    );
}

#[tokio::test]
async fn a_state_of_many_changes_is_written_anew() {
    let state = State::new("anew");
    let sandbox = of(&contract()).state(&state.0).start().await.unwrap();
    let json = [("content-type", "application/json")];
    for _ in 0..600 {
        let created = send(
            &format!("{}/pets", sandbox.url()),
            "POST",
            &json,
            r#"{"name":"Tom"}"#,
        )
        .await;
        let pet: Value = serde_json::from_str(&created.body).unwrap();
        send(
            &format!("{}/pets/{}", sandbox.url(), pet["id"]),
            "DELETE",
            &[],
            "",
        )
        .await;
    }
    drop(sandbox);
    let before = fs::metadata(&state.0).unwrap().len();
    let pets = then(&state, "POST", "/pets", r#"{"name":"Tim"}"#).await;
    assert_eq!(named(&pets), ["Rex", "Tim"]);
    assert!(pets[1].0 > 600, "{pets:?}");
    let after = fs::metadata(&state.0).unwrap().len();
    assert!(after < 1_000 && before > 10_000, "{before} {after}");
    assert_eq!(then(&state, "", "", "").await, pets);
}
