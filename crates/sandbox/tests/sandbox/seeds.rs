//! What is there at the start.

use std::path::PathBuf;

use sandbox::{Call, Duplicate, Error, Rules, Sandbox};
use serde_json::{Map, Value, json};

use crate::memory::{call, contract};
use crate::of;

/// A file of its own, gone with its test.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("seed-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const TOM: &str = "/pets:
  - {id: tom, name: Tom, createdAt: '2020-01-01T00:00:00Z'}
  - {id: kim, name: Kim, createdAt: '2020-01-02T00:00:00Z'}
/pets/tom/toys:
  - {id: 1, kind: mouse}
";

fn names(list: &Value) -> Vec<&str> {
    let pets = list["pets"].as_array().unwrap();
    pets.iter()
        .map(|pet| pet["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_collection_begins_with_what_it_is_given_instead_of_what_the_contract_shows() {
    let file = File::new("tom.yaml", TOM);
    let sandbox = of(&contract()).members_from(&file.0).start().await.unwrap();
    let (_, list) = call(&sandbox, "GET", "/pets", "").await;
    assert_eq!(names(&list), ["Tom", "Kim"]);
    let (_, toys) = call(&sandbox, "GET", "/pets/tom/toys", "").await;
    assert_eq!(toys, json!([{"id": 1, "kind": "mouse"}]));
    // Those of another parent are the contract's.
    let (_, toys) = call(&sandbox, "GET", "/pets/kim/toys", "").await;
    assert_eq!(toys, json!([{"id": 7, "kind": "ball"}]));
    let (status, _) = call(&sandbox, "GET", "/pets/p-100", "").await;
    assert_eq!(status, 404);
    let empty = of(&contract()).members("/pets", []).start().await.unwrap();
    assert!(names(&call(&empty, "GET", "/pets", "").await.1).is_empty());
}

#[tokio::test]
async fn what_a_state_knows_goes_before_what_a_collection_begins_with() {
    let file = File::new("before.yaml", TOM);
    let state = File::new("before.state", "");
    let start = || {
        of(&contract())
            .members_from(&file.0)
            .state(&state.0)
            .start()
    };
    let sandbox = start().await.unwrap();
    call(&sandbox, "DELETE", "/pets/tom", "").await;
    drop(sandbox);
    let sandbox = start().await.unwrap();
    assert_eq!(names(&call(&sandbox, "GET", "/pets", "").await.1), ["Kim"]);
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_place() {
    let file = File::new(
        "unfit.yaml",
        "/pets:\n  - {id: tom, name: 7, createdAt: '2020-01-01T00:00:00Z'}\n  - name: Kim\n/dogs: []\n/status: []\n",
    );
    let error = of(&contract())
        .members_from(&file.0)
        .start()
        .await
        .unwrap_err();
    let Error::Seed(found) = &error else {
        panic!("{error}");
    };
    let told = found.findings.iter().map(|finding| {
        let span = finding.span;
        format!("{}:{}: {}", span.line, span.column, finding.message)
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
    assert!(
        error.to_string().contains("unfit.yaml:2:15: `7` is not"),
        "{error}"
    );
    let error = of(&contract())
        .members(
            "/pets",
            [json!({"name": "Kim", "createdAt": "2020-01-01T00:00:00Z"})],
        )
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`/pets/0`: `id` is missing"),
        "{error}"
    );
    let nothing = File::new("nothing.yaml", "- 1\n");
    let error = of(&contract())
        .members_from(&nothing.0)
        .start()
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("below the path of their collection"),
        "{error}"
    );
}

#[derive(Debug)]
struct Named;

impl Rules for Named {
    fn check(&self, call: &Call<'_>) -> Result<(), String> {
        match call.body {
            Some(body) if body["name"] == "Nobody" => Err("nobody is called so".to_owned()),
            _ => Ok(()),
        }
    }

    fn complete(&self, call: &Call<'_>, member: &mut Map<String, Value>) {
        assert_eq!((call.method, call.path), ("POST", "/pets"));
        member.insert("tags".to_owned(), json!(["new"]));
    }
}

#[tokio::test]
async fn rules_refuse_and_complete_what_is_created() {
    let sandbox = of(&contract()).rules(Named).start().await.unwrap();
    let (status, problem) = call(&sandbox, "POST", "/pets", r#"{"name":"Nobody"}"#).await;
    assert_eq!(
        (status, &problem["detail"]),
        (422, &json!("nobody is called so"))
    );
    let (_, made) = call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    assert_eq!(made["pet"]["tags"], json!(["new"]));
}

async fn twice(duplicate: Duplicate) -> (Sandbox, [(u16, Value); 2]) {
    let builder = of(&contract()).unique("/pets", ["name"], duplicate);
    let sandbox = builder.start().await.unwrap();
    let mut create = Vec::new();
    for _ in 0..2 {
        create.push(call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await);
    }
    (sandbox, create.try_into().unwrap())
}

#[tokio::test]
async fn what_is_created_twice_is_another_one_or_refused_or_the_first() {
    let (_, [first, second]) = twice(Duplicate::Create).await;
    assert!(first.1 != second.1 && second.0 == 201);
    let (_, [first, second]) = twice(Duplicate::Return).await;
    assert_eq!(first, second);
    let (sandbox, [first, (status, problem)]) = twice(Duplicate::Refuse).await;
    assert_eq!(status, 409);
    assert_eq!(
        problem["detail"],
        "there is one with the same `name` already"
    );
    // What is gone leaves its key to others, even of the same state.
    let id = first.1["pet"]["id"].as_str().unwrap();
    call(&sandbox, "DELETE", &format!("/pets/{id}"), "").await;
    let (status, _) = call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn a_state_keeps_the_keys() {
    let state = File::new("keys.state", "");
    let start = || {
        let builder = of(&contract()).unique("/pets", ["name"], Duplicate::Refuse);
        builder.state(&state.0).start()
    };
    for expected in [201, 409] {
        let sandbox = start().await.unwrap();
        let (status, _) = call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn several_lists_of_one_collection_are_one() {
    let pet = |id: &str| json!({"id": id, "name": id, "createdAt": "2020-01-01T00:00:00Z"});
    let both = of(&contract())
        .members("/pets", [pet("a")])
        .members("/pets", [pet("b")]);
    let sandbox = both.start().await.unwrap();
    assert_eq!(
        names(&call(&sandbox, "GET", "/pets", "").await.1),
        ["a", "b"]
    );
    let same = of(&contract())
        .members("/pets", [pet("a")])
        .members("/pets", [pet("a")]);
    let error = same.start().await.unwrap_err().to_string();
    assert!(
        error.contains("the identifier `a` stands in two lists"),
        "{error}"
    );
}

#[tokio::test]
async fn what_changes_its_key_leaves_the_old_one_to_others() {
    let builder = of(&contract()).unique("/pets", ["name"], Duplicate::Refuse);
    let sandbox = builder.start().await.unwrap();
    let create = async |name: &str| {
        let body = json!({"name": name}).to_string();
        call(&sandbox, "POST", "/pets", &body).await
    };
    let (_, tom) = create("Tom").await;
    create("Kim").await;
    let path = format!("/pets/{}", tom["pet"]["id"].as_str().unwrap());
    let (status, problem) = call(&sandbox, "PATCH", &path, r#"{"name":"Kim"}"#).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(
        call(&sandbox, "PATCH", &path, r#"{"name":"Tom","tags":[]}"#)
            .await
            .0,
        200
    );
    assert_eq!(
        call(&sandbox, "PATCH", &path, r#"{"name":"Max"}"#).await.0,
        200
    );
    assert_eq!(create("Tom").await.0, 201);
    assert_eq!(create("Max").await.0, 409);
}
