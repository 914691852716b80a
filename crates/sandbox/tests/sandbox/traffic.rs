//! What was asked and answered is saved, and played back.

use std::path::PathBuf;

use sandbox::Fault;
use serde_json::{Value, json};

use crate::http::Answer;
use crate::memory::{call, contract};
use crate::{of, send};

/// A file of its own, gone with its test.
struct Archive(PathBuf);

impl Archive {
    fn new(name: &str) -> Self {
        let name = format!("traffic-{}-{name}.har", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn with(name: &str, value: &Value) -> Self {
        let archive = Self::new(name);
        std::fs::write(&archive.0, value.to_string()).unwrap();
        archive
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn what_is_saved_is_played_back_by_another_sandbox() {
    let archive = Archive::new("saved");
    let sandbox = of(&contract()).start().await.unwrap();
    let secret = [
        ("content-type", "application/json"),
        ("authorization", "Bearer secret-of-mine"),
    ];
    let url = format!("{}/pets", sandbox.url());
    let tom = send(&url, "POST", &secret, r#"{"name":"Tom"}"#).await.body;
    let kim = send(&url, "POST", &secret, r#"{"name":"Kim"}"#).await.body;
    let again = send(&url, "POST", &secret, r#"{"name":"Tom"}"#).await.body;
    sandbox.fail([Fault::lost()]);
    assert!(
        crate::http::try_send(&format!("{url}?x=%20y"), "GET", &[], "")
            .await
            .is_none()
    );
    sandbox.save_traffic(&archive.0).unwrap();
    let text = std::fs::read_to_string(&archive.0).unwrap();
    assert!(!text.contains("secret-of-mine"), "{text}");
    let har: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let lost = &har["log"]["entries"][3];
    assert_eq!(lost["response"]["status"], 0);
    assert_eq!(
        lost["request"]["queryString"],
        json!([{"name": "x", "value": " y"}])
    );

    let played = of(&contract()).play(&archive.0).start().await.unwrap();
    let url = format!("{}/pets", played.url());
    let mut bodies = Vec::new();
    for name in ["Kim", "Tom", "Tom", "Tom"] {
        let body = json!({"name": name}).to_string();
        let Answer { status, body, .. } = send(&url, "POST", &secret, &body).await;
        assert_eq!(status, 201);
        bodies.push(body);
    }
    // Those of the same request take turns.
    assert_eq!(bodies, [kim, tom.clone(), again, tom]);
    // What is not processed takes no turn.
    let next = of(&contract()).play(&archive.0).start().await.unwrap();
    next.fail([Fault::status(503)]);
    let url = format!("{}/pets", next.url());
    assert_eq!(
        send(&url, "POST", &secret, r#"{"name":"Tom"}"#)
            .await
            .status,
        503
    );
    let tom = send(&url, "POST", &secret, r#"{"name":"Tom"}"#).await.body;
    assert_eq!(tom, bodies[1]);
    // What is not in it, and what had no answer, is answered as ever.
    assert_eq!(call(&played, "GET", "/pets?x=%20y", "").await.0, 200);
    assert_eq!(call(&played, "GET", "/nobody", "").await.0, 404);
}

#[tokio::test]
async fn an_archive_of_a_browser_is_played_back() {
    let response = |content: Value| {
        json!({"status": 200, "headers": [
            {"name": ":status", "value": "200"},
            {"name": "Content-Type", "value": "application/json"},
            {"name": "Content-Encoding", "value": "gzip"},
            {"name": "X-From", "value": "there"},
        ], "content": content})
    };
    let entry = |path: &str, content: Value| {
        json!({"request": {"method": "GET", "url": format!("https://api.example{path}")},
            "response": response(content)})
    };
    let har = json!({"log": {"entries": [
        entry("/pets#top", json!({"text": "eyJwZXRzIjpbXX0=", "encoding": "base64"})),
        entry("/status?a=b", json!({"text": "{}"})),
    ]}});
    let archive = Archive::with("browser", &har);
    let sandbox = of(&contract()).play(&archive.0).start().await.unwrap();
    let url = sandbox.url();
    let Answer { head, body, .. } = send(&format!("{url}/pets"), "GET", &[], "").await;
    assert_eq!(body, r#"{"pets":[]}"#);
    assert!(
        head.contains("x-from: there") && !head.contains("gzip"),
        "{head}"
    );
    let Answer { body, .. } = send(&format!("{url}/status?a=b"), "GET", &[], "").await;
    assert_eq!(body, "{}");
    let none = Archive::with("none", &json!({"log": 1}));
    let error = of(&contract()).play(&none.0).start().await.unwrap_err();
    assert!(error.to_string().contains("is no HTTP Archive"), "{error}");
}
