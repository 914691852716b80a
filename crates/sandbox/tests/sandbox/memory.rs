//! What is created is found, listed, changed and deleted, and not found afterwards.

use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use crate::http::Answer;
use crate::{of, send};

const JSON: (&str, &str) = ("content-type", "application/json");

pub(crate) fn contract() -> Value {
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    let body = |schema: &Value| json!({"required": true, "content": {"application/json": {"schema": schema}}});
    let one = |example: &Value| {
        json!({"description": "A pet.", "content": {"application/json": {
            "schema": {"type": "object", "required": ["pet"], "properties": {"pet": pet}},
            "example": {"pet": example},
        }}})
    };
    let rex = json!({"id": "p-100", "name": "Rex", "tags": ["old"], "createdAt": "2020-01-01T00:00:00Z", "href": "https://x.example/p-100"});
    let id = json!({"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}});
    let gone = json!({"description": "Nobody.", "content": {"application/json": {"example": {"error": "none"}}}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {
                "get": {"responses": {"200": {"description": "Pets.", "content": {"application/json": {
                    "schema": {"type": "object", "properties": {"pets": {"type": "array", "items": pet}}},
                    "example": {"pets": [rex], "more": false},
                }}}}},
                "post": {"requestBody": body(&json!({"$ref": "#/components/schemas/NewPet"})), "responses": {"201": one(&rex)}},
            },
            "/pets/{petId}": {
                "parameters": [id],
                "get": {"responses": {"200": one(&rex), "404": gone}},
                "patch": {"requestBody": body(&json!({"type": "object"})), "responses": {"200": one(&rex), "404": gone}},
                "put": {"requestBody": body(&json!({"$ref": "#/components/schemas/NewPet"})), "responses": {"200": one(&rex), "404": gone}},
                "delete": {"responses": {"204": {"description": "Gone."}, "404": gone}},
            },
            "/pets/{petId}/toys": {
                "parameters": [id],
                "get": {"responses": {"200": {"description": "Toys.", "content": {"application/json": {"example": [{"id": 7, "kind": "ball"}]}}}}},
                "post": {"requestBody": body(&json!({"type": "object", "properties": {"kind": {"type": "string"}}})),
                    "responses": {"200": {"description": "A toy.", "content": {"application/json": {"example": {"id": 7, "kind": "ball"}}}}}},
            },
            "/status": {"get": {"responses": {"200": {"description": "Fine.", "content": {"application/json": {"example": {"id": "x"}}}}}}},
        },
        "components": {"schemas": {
            "Pet": {"type": "object", "required": ["id", "name", "createdAt"], "properties": {
                "id": {"type": "string", "readOnly": true},
                "name": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "createdAt": {"type": "string", "format": "date-time", "readOnly": true},
                "href": {"type": "string", "readOnly": true},
            }},
            "NewPet": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}},
            }},
        }},
    })
}

pub(crate) async fn call(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let Answer { status, body, .. } =
        send(&format!("{}{path}", sandbox.url()), method, &[JSON], body).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_member_lives_from_its_creation_to_its_end() {
    let sandbox = of(&contract()).start().await.unwrap();
    let (status, created) = call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    assert_eq!(status, 201);
    let pet = &created["pet"];
    let id = pet["id"].as_str().unwrap();
    // What the server says is its own, and what was not said is not there.
    assert_eq!(pet["name"], "Tom");
    assert!(pet.get("tags").is_none(), "{pet}");
    assert_ne!(id, "p-100");
    assert_eq!(pet["href"], format!("https://x.example/{id}"));
    assert!(pet["createdAt"].as_str().unwrap() > "2026", "{pet}");

    let path = format!("/pets/{id}");
    assert_eq!(
        call(&sandbox, "GET", &path, "").await,
        (200, created.clone())
    );
    let (_, listed) = call(&sandbox, "GET", "/pets", "").await;
    assert_eq!(listed["pets"][0]["name"], "Rex");
    assert_eq!(&listed["pets"][1], pet);
    assert_eq!(listed["more"], false);

    let (status, changed) =
        call(&sandbox, "PATCH", &path, r#"{"tags":["new"],"id":"other"}"#).await;
    assert_eq!(
        (status, &changed["pet"]["tags"], &changed["pet"]["id"]),
        (200, &json!(["new"]), &json!(id))
    );
    // What would not be a pet any more is not done.
    let (_, kept) = call(&sandbox, "PATCH", &path, r#"{"name":7}"#).await;
    assert_eq!(kept, changed);
    let (_, replaced) = call(&sandbox, "PUT", &path, r#"{"name":"Tim"}"#).await;
    assert_eq!(
        (&replaced["pet"]["name"], replaced["pet"].get("tags")),
        (&json!("Tim"), None)
    );
    assert_eq!(replaced["pet"]["createdAt"], pet["createdAt"]);
    assert_eq!(call(&sandbox, "GET", &path, "").await.1, replaced);

    assert_eq!(call(&sandbox, "DELETE", &path, "").await.0, 204);
    for method in ["GET", "DELETE"] {
        let (status, told) = call(&sandbox, method, &path, "").await;
        assert_eq!(status, 404);
        assert_eq!(
            told["error"],
            format!("there is no `{id}`: it was not created, or it was deleted")
        );
    }
    assert_eq!(
        call(&sandbox, "GET", "/pets", "").await.1["pets"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn each_parent_has_members_of_its_own() {
    let sandbox = of(&contract()).start().await.unwrap();
    let (_, toy) = call(&sandbox, "POST", "/pets/p-100/toys", r#"{"kind":"bone"}"#).await;
    assert_eq!((&toy["kind"], toy["id"] == 7), (&json!("bone"), false));
    assert_eq!(
        call(&sandbox, "GET", "/pets/p-100/toys", "").await.1,
        json!([{"id": 7, "kind": "ball"}, toy])
    );
    assert_eq!(
        call(&sandbox, "GET", "/pets/p-200/toys", "").await.1,
        json!([{"id": 7, "kind": "ball"}])
    );
    let remembered = sandbox.remembered();
    assert!(
        remembered.contains(&"POST /pets/{petId}/toys".to_owned()),
        "{remembered:?}"
    );
    assert!(
        !remembered.contains(&"GET /status".to_owned()),
        "{remembered:?}"
    );
    assert_eq!(remembered.len(), 8);
}

#[tokio::test]
async fn what_is_not_processed_is_not_remembered() {
    let sandbox = of(&contract()).start().await.unwrap();
    sandbox.fail([Fault::status(503), Fault::lost(), Fault::reset()]);
    for _ in 0..3 {
        let url = format!("{}/pets", sandbox.url());
        crate::http::try_send(&url, "POST", &[JSON], r#"{"name":"Tom"}"#).await;
    }
    let invalid = call(&sandbox, "POST", "/pets", "{}").await;
    assert_eq!(invalid.0, 422);
    let preferred = [JSON, ("prefer", "code=201")];
    send(
        &format!("{}/pets", sandbox.url()),
        "POST",
        &preferred,
        r#"{"name":"Tom"}"#,
    )
    .await;
    // The one whose response was lost was created all the same.
    assert_eq!(
        call(&sandbox, "GET", "/pets", "").await.1["pets"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nothing_is_forgotten_for_what_is_new() {
    let sandbox = of(&contract()).most(3).start().await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await.0);
    }
    assert_eq!(statuses, [201, 201, 507, 507]);
    assert_eq!(call(&sandbox, "GET", "/pets/p-100", "").await.0, 200);
    call(&sandbox, "DELETE", "/pets/p-100", "").await;
    assert_eq!(
        call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await.0,
        201
    );
}

#[tokio::test]
async fn a_server_without_memory_answers_every_time_as_the_first_time() {
    let sandbox = of(&contract()).stateless().start().await.unwrap();
    let (status, created) = call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await;
    assert_eq!((status, &created["pet"]["name"]), (201, &json!("Rex")));
    assert_eq!(call(&sandbox, "GET", "/pets/anybody", "").await.0, 200);
    assert!(sandbox.remembered().is_empty());
}

#[tokio::test]
async fn lists_have_the_pages_that_the_contract_says() {
    let query = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let mut contract = contract();
    let list = &mut contract["paths"]["/pets"]["get"];
    list["parameters"] = json!([query("limit"), query("after")]);
    list["x-pagination"] = json!({"cursor": "after", "next": "/next", "items": "/pets"});
    list["responses"]["200"]["content"]["application/json"]["example"]["next"] = json!("x");
    let properties =
        &mut list["responses"]["200"]["content"]["application/json"]["schema"]["properties"];
    properties["next"] = json!({"type": ["string", "null"]});
    let sandbox = of(&contract).start().await.unwrap();
    for number in 0..4 {
        call(
            &sandbox,
            "POST",
            "/pets",
            &json!({"name": number.to_string()}).to_string(),
        )
        .await;
    }
    let (mut names, mut path) = (Vec::new(), "/pets?limit=2".to_owned());
    loop {
        let (status, page) = call(&sandbox, "GET", &path, "").await;
        assert_eq!(status, 200);
        let pets = page["pets"].as_array().unwrap();
        names.push(
            pets.iter()
                .map(|pet| pet["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/pets?limit=2&after={next}"),
            None => break,
        }
    }
    assert_eq!(names, [vec!["Rex", "0"], vec!["1", "2"], vec!["3"]]);
    // Without a word of pages in the contract, by the parameters that it has.
    let plain = &mut contract["paths"]["/pets"]["get"];
    plain.as_object_mut().unwrap().remove("x-pagination");
    plain["parameters"] = json!([query("perPage"), query("page")]);
    let sandbox = of(&contract).start().await.unwrap();
    for number in 0..4 {
        call(
            &sandbox,
            "POST",
            "/pets",
            &json!({"name": number.to_string()}).to_string(),
        )
        .await;
    }
    for (query, expected) in [
        ("", 5),
        ("?perPage=2", 2),
        ("?perPage=2&page=3", 1),
        ("?perPage=2&page=4", 0),
        ("?page=1", 5),
    ] {
        let (_, page) = call(&sandbox, "GET", &format!("/pets{query}"), "").await;
        assert_eq!(page["pets"].as_array().unwrap().len(), expected, "{query}");
    }
}

#[tokio::test]
async fn only_what_an_answer_describes_is_given_back() {
    let sandbox = of(&contract()).start().await.unwrap();
    let sent = r#"{"name":"Tom","password":"p","Tags":["a"]}"#;
    let (_, created) = call(&sandbox, "POST", "/pets", sent).await;
    let pet = &created["pet"];
    assert!(pet.get("password").is_none(), "{pet}");
    assert_eq!(pet["tags"], json!(["a"]));
    let path = format!("/pets/{}", pet["id"].as_str().unwrap());
    let (_, changed) = call(&sandbox, "PATCH", &path, sent).await;
    assert!(changed["pet"].get("password").is_none(), "{changed}");
    // What describes nothing admits everything.
    let (_, toy) = call(
        &sandbox,
        "POST",
        "/pets/a/toys",
        r#"{"kind":"ball","size":7}"#,
    )
    .await;
    assert_eq!((&toy["kind"], &toy["size"]), (&json!("ball"), &json!(7)));
}

#[tokio::test]
async fn what_is_created_has_an_address_where_the_contract_says_so() {
    let mut located = contract();
    let created = &mut located["paths"]["/pets"]["post"]["responses"]["201"];
    created["headers"] = json!({"Location": {"schema": {"type": "string"}, "example": "/pets/7"}});
    located["servers"] = json!([{"url": "https://api.example/v1"}]);
    let sandbox = of(&located).start().await.unwrap();
    let url = format!("{}/pets", sandbox.url());
    let Answer { head, body, .. } = send(&url, "POST", &[JSON], r#"{"name":"Tom"}"#).await;
    let created: Value = serde_json::from_str(&body).unwrap();
    let id = created["pet"]["id"].as_str().unwrap();
    assert!(
        head.contains(&format!("location: /v1/pets/{id}\r\n")),
        "{head}"
    );
}
