//! What the sandbox says of itself.

use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use crate::http::Answer;
use crate::memory::{call, contract};
use crate::{of, send};

/// Calls the sandbox's own part with its token.
async fn own(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Answer {
    let url = format!("{}/__sandbox/{path}", sandbox.url());
    let token = format!("Bearer {}", sandbox.token());
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
    ];
    send(&url, method, &headers, body).await
}

async fn told(sandbox: &Sandbox, path: &str) -> Value {
    let Answer { status, body, .. } = own(sandbox, "GET", path, "").await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn requests_are_told_with_what_is_wrong_with_them_and_without_credentials() {
    let sandbox = of(&contract()).start().await.unwrap();
    let url = format!("{}/pets", sandbox.url());
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Bearer secret-of-mine"),
        ("cookie", "session=secret-of-mine"),
    ];
    send(&url, "POST", &headers, r#"{"name":"Tom"}"#).await;
    send(&url, "POST", &headers, r#"{"name":7}"#).await;
    sandbox.fail([Fault::lost()]);
    assert!(crate::http::try_send(&url, "GET", &[], "").await.is_none());
    let all = told(&sandbox, "requests").await;
    let [first, second, third] = all.as_array().unwrap().as_slice() else {
        panic!("{all}");
    };
    assert_eq!(first["path"], "/pets");
    assert_eq!(first["processed"], true);
    assert_eq!(first["response"]["status"], 201);
    assert_eq!(first["body"], r#"{"name":"Tom"}"#);
    assert!(first["response"]["body"].as_str().unwrap().contains("Tom"));
    assert_eq!(second["processed"], false);
    assert_eq!(
        second["findings"],
        json!([{"in": "body", "at": "/name", "message": "`7` is not of type `string`"}])
    );
    assert!(third.get("response").is_none());
    assert!(!all.to_string().contains("secret-of-mine"), "{all}");
    // Its own calls are not among them.
    let later = told(&sandbox, "requests?after=2").await;
    assert_eq!(later, json!([third]));
    assert_eq!(own(&sandbox, "DELETE", "requests", "").await.status, 204);
    assert_eq!(told(&sandbox, "requests").await, json!([]));
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn nobody_without_the_token_is_told_anything() {
    let sandbox = of(&contract()).start().await.unwrap();
    let other = of(&contract()).start().await.unwrap();
    assert_ne!(sandbox.token(), other.token());
    let wrong = format!("Bearer {}", other.token());
    for path in ["requests", "traffic.har", "state", "faults"] {
        let url = format!("{}/__sandbox/{path}", sandbox.url());
        for headers in [&[][..], &[("authorization", wrong.as_str())][..]] {
            let Answer { status, head, .. } = send(&url, "GET", headers, "").await;
            assert_eq!(status, 401, "{path}");
            assert!(head.contains("application/problem+json"), "{head}");
        }
    }
    // The page and the contract tell nothing.
    for (path, expected) in [("", "<!doctype html>"), ("openapi.yaml", "openapi: 3.1.0")] {
        let url = format!("{}/__sandbox/{path}", sandbox.url());
        let Answer { status, body, .. } = send(&url, "GET", &[], "").await;
        assert_eq!(status, 200);
        assert!(body.starts_with(expected) && !body.contains(sandbox.token()));
    }
    let origin = [("origin", "http://localhost:3000")];
    let url = format!("{}/__sandbox/requests", sandbox.url());
    let Answer { head, .. } = send(&url, "GET", &origin, "").await;
    assert!(!head.contains("access-control"), "{head}");
    let expected = format!("{}/__sandbox/#token={}", sandbox.url(), sandbox.token());
    assert_eq!(sandbox.admin_url(), expected);
}

#[tokio::test]
async fn the_state_is_told_added_to_and_reset() {
    let tom = json!({"id": "tom", "name": "Tom", "createdAt": "2020-01-01T00:00:00Z"});
    let builder = of(&contract()).members("/pets", [tom.clone()]);
    let sandbox = builder.start().await.unwrap();
    assert_eq!(told(&sandbox, "state").await, json!({"/pets": [tom]}));
    let kim = r#"{"/pets":[{"id":"kim","name":"Kim","createdAt":"2020-01-01T00:00:00Z"}],
        "/pets/a%2Fb/toys":[{"id":1,"kind":"mouse"}]}"#;
    assert_eq!(own(&sandbox, "PATCH", "state", kim).await.status, 204);
    let (_, list) = call(&sandbox, "GET", "/pets", "").await;
    assert_eq!(list["pets"][1]["name"], "Kim");
    let state = told(&sandbox, "state").await;
    // What the contract shows was there before.
    let toys = json!([{"id": 7, "kind": "ball"}, {"id": 1, "kind": "mouse"}]);
    assert_eq!(state["/pets/a%2Fb/toys"], toys);
    assert_eq!(call(&sandbox, "GET", "/pets/a%2Fb/toys", "").await.1, toys);
    let wrong = own(
        &sandbox,
        "PATCH",
        "state",
        r#"{"/pets":[{"id":1}],"/dogs":[]}"#,
    )
    .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("`/pets/0`: `name` is missing"),
        "{}",
        wrong.body
    );
    assert!(
        wrong.body.contains("no collection `/dogs`"),
        "{}",
        wrong.body
    );
    assert_eq!(
        own(&sandbox, "PATCH", "state", r#"{"/pets":7}"#)
            .await
            .status,
        422
    );
    assert_eq!(own(&sandbox, "DELETE", "state", "").await.status, 204);
    assert_eq!(told(&sandbox, "state").await, json!({"/pets": [tom]}));
}

#[tokio::test]
async fn faults_come_over_the_wire_and_for_one_operation_only() {
    let sandbox = of(&contract()).start().await.unwrap();
    let faults = json!({
        "next": [
            {"kind": "status", "status": 503, "operation": "POST /pets", "headers": {"retry-after": "1"}},
            {"kind": "page", "status": 502, "body": "<p>Bad", "delay_ms": 1},
        ],
        "weather": {"errors": 0, "latency_ms": [1, 2]},
    });
    let answer = own(&sandbox, "PATCH", "faults", &faults.to_string()).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    let told_faults = told(&sandbox, "faults").await;
    assert_eq!(told_faults["next"][0]["operation"], "POST /pets");
    assert_eq!(
        told_faults["weather"],
        json!({"errors": 0.0, "latency_ms": [1, 2]})
    );
    // The first one waits for its operation.
    assert_eq!(call(&sandbox, "GET", "/pets", "").await.0, 502);
    assert_eq!(call(&sandbox, "GET", "/pets", "").await.0, 200);
    assert_eq!(
        call(&sandbox, "POST", "/pets", r#"{"name":"Tom"}"#).await.0,
        503
    );
    let always = r#"{"always":{"kind":"status","status":500}}"#;
    assert_eq!(own(&sandbox, "PATCH", "faults", always).await.status, 204);
    assert_eq!(call(&sandbox, "GET", "/pets", "").await.0, 500);
    assert_eq!(own(&sandbox, "DELETE", "faults", "").await.status, 204);
    assert_eq!(call(&sandbox, "GET", "/pets", "").await.0, 200);
    assert_eq!(told(&sandbox, "faults").await, json!({"next": []}));
    for wrong in [
        r#"{"next":[{"kind":"never"}]}"#,
        r#"{"nxt":[]}"#,
        r#"{"weather":{"latency_ms":[2,1]}}"#,
    ] {
        let answer = own(&sandbox, "PATCH", "faults", wrong).await;
        assert_eq!(answer.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn only_callers_of_this_machine_have_pages_that_call() {
    let sandbox = of(&contract()).start().await.unwrap();
    let url = format!("{}/pets", sandbox.url());
    for origin in [
        "http://localhost:3000",
        "https://127.0.0.1",
        "http://[::1]:8080",
        "http://app.localhost",
    ] {
        let Answer { head, status, .. } = send(&url, "GET", &[("origin", origin)], "").await;
        assert_eq!(status, 200);
        let allowed = format!("access-control-allow-origin: {origin}\r\n");
        assert!(
            head.contains(&allowed) && head.contains("vary: origin"),
            "{head}"
        );
        assert!(
            head.contains("access-control-expose-headers: content-type"),
            "{head}"
        );
    }
    let asks = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization, x-any"),
        ("access-control-request-private-network", "true"),
    ];
    let preflight = send(&format!("{url}/p-100"), "OPTIONS", &asks, "").await;
    assert_eq!(preflight.status, 204);
    for expected in [
        "access-control-allow-methods: patch",
        "access-control-allow-headers: authorization, x-any",
        "access-control-allow-private-network: true",
    ] {
        assert!(preflight.head.contains(expected), "{}", preflight.head);
    }
    for origin in [
        "https://evil.example",
        "http://localhost.evil.example",
        "null",
    ] {
        let Answer { head, .. } = send(&url, "GET", &[("origin", origin)], "").await;
        assert!(!head.contains("access-control"), "{head}");
    }
    let closed = of(&contract()).without_cors().start().await.unwrap();
    let url = format!("{}/pets", closed.url());
    let Answer { head, .. } = send(&url, "GET", &asks[..1], "").await;
    assert!(!head.contains("access-control"), "{head}");
    assert_eq!(send(&url, "OPTIONS", &asks, "").await.status, 405);
}

#[tokio::test]
async fn events_are_sent_over_the_wire() {
    let mut events = contract();
    events["x-webhook-signature"] = json!({"scheme": "standard-webhooks"});
    events["webhooks"] = json!({"pet.born": {"post": {
        "parameters": [{"name": "X-Event", "in": "header", "schema": {"const": "born"}}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewPet"}}}},
        "responses": {"201": {"description": "Seen."}},
    }}});
    let sandbox = of(&events).start().await.unwrap();
    // It takes its own events: a pet is created.
    let handler = of(&contract()).start().await.unwrap();
    let event = json!({"name": "pet.born", "url": format!("{}/pets", handler.url()),
        "secret": "whsec_bm90IGEgc2VjcmV0", "times": 2, "late_seconds": 60});
    let body = json!({"events": [event], "mixed": 1}).to_string();
    let answer = own(&sandbox, "POST", "webhooks", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let sent: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(sent[1]["status"], 201);
    assert_eq!(sent[0]["described"], true);
    let requests = handler.requests();
    assert_eq!(requests.len(), 2);
    let header = |name: &str| {
        let found = requests[0].headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    assert_eq!(header("x-event"), "born");
    assert!(header("webhook-id").starts_with("msg_"));
    assert!(header("webhook-signature").starts_with("v1,"));
    // It is the same event.
    assert_eq!(
        requests[0]
            .headers
            .iter()
            .find(|(name, _)| name == "webhook-id"),
        requests[1]
            .headers
            .iter()
            .find(|(name, _)| name == "webhook-id")
    );
    let at: u64 = header("webhook-timestamp").parse().unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert!((60..70).contains(&(now.as_secs() - at)), "{at}");
    let unknown = r#"{"events":[{"name":"pet.lost","url":"http://127.0.0.1:1"}]}"#;
    let answer = own(&sandbox, "POST", "webhooks", unknown).await;
    assert!(
        answer.status == 422 && answer.body.contains("it has `pet.born`"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_key_is_told_nowhere() {
    let keyed = json!({
        "openapi": "3.0.3",
        "info": {"title": "Keyed", "version": "1"},
        "paths": {"/it": {"get": {
            "parameters": [{"name": "api_key", "in": "query", "schema": {"type": "string", "maxLength": 4}}],
            "security": [{"key": []}],
            "responses": {"204": {"description": "Fine."}},
        }}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}},
    });
    let sandbox = of(&keyed).start().await.unwrap();
    let url = format!("{}/it?api_key=secret-of-mine", sandbox.url());
    let referer = ("referer", "https://x.example/?api_key=secret-of-mine");
    let Answer { status, head, body } = send(&url, "GET", &[referer], "").await;
    assert_eq!(status, 422);
    let all = told(&sandbox, "requests").await.to_string() + &head + &body;
    assert!(!all.contains("secret-of-mine"), "{all}");
    let refused = own(&sandbox, "PATCH", "faults", "7").await;
    assert!(refused.body.contains("\"status\":422"), "{}", refused.body);
}
