//! The sandbox answers from the contract, and says what is wrong with a request.

use std::time::{Duration, Instant};

use callbell_sandbox::{Fault, Sandbox};

use crate::http::{Answer, send, try_send};
use crate::pin;

const MINIMAL: &str = r#"{"identifier":"123456789","source":"whatsapp","name":"John Doe"}"#;
const BEARER: (&str, &str) = ("authorization", "Bearer YOUR_API_KEY");
const JSON: (&str, &str) = ("content-type", "application/json");

async fn create(headers: &[(&str, &str)], body: &str) -> Answer {
    let sandbox = Sandbox::start().await.unwrap();
    send(
        &format!("{}/contacts", sandbox.url()),
        "POST",
        headers,
        body,
    )
    .await
}

async fn preferring(prefer: &str) -> Answer {
    create(&[BEARER, JSON, ("prefer", prefer)], MINIMAL).await
}

#[tokio::test]
async fn a_valid_request_gets_the_first_example() {
    let answer = create(&[BEARER, JSON], MINIMAL).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/json"));
    assert!(
        answer.body.starts_with(r#"{"contact":[{"uuid":"414a6d69"#),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn an_example_can_be_preferred() {
    let answer = preferring("example=object").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.starts_with(r#"{"contact":{"uuid""#),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_status_can_be_preferred_with_its_headers() {
    let answer = preferring("code=429").await;
    assert_eq!(answer.status, 429);
    assert!(answer.head.contains("retry-after: 1"));
    assert_eq!(answer.body, r#"{"error":"rate limit exceeded"}"#);
}

#[tokio::test]
async fn a_status_of_a_range_is_answered_by_the_range() {
    let answer = preferring("code=503").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (503, r#"{"error":"service unavailable"}"#)
    );
}

#[tokio::test]
async fn an_example_of_another_status_brings_its_status() {
    assert_eq!(preferring("example=rateLimited").await.status, 429);
}

#[tokio::test]
async fn what_the_contract_does_not_have_is_404() {
    for prefer in [
        "code=302",
        "example=nobody",
        "code=429, example=object",
        "code=x",
    ] {
        assert_eq!(preferring(prefer).await.status, 404, "{prefer}");
    }
}

#[tokio::test]
async fn only_a_bearer_token_passes() {
    let wrong = [
        "Bearer",
        "Bearer ",
        "Basic YOUR_API_KEY",
        "Bearer Bearer YOUR_API_KEY",
        "YOUR_API_KEY",
    ];
    for value in wrong {
        let answer = create(&[("authorization", value), JSON], MINIMAL).await;
        assert_eq!(answer.status, 401, "{value}");
        assert_eq!(answer.body, r#"{"error":"not authorized"}"#);
    }
    assert_eq!(create(&[JSON], MINIMAL).await.status, 401);
}

#[tokio::test]
async fn refusals_read_as_pinned() {
    let bodies = [
        ("missing", r#"{"source":"whatsapp"}"#),
        (
            "wrong_types",
            r#"{"identifier":1,"source":"whatsapp","name":null,"tags":"a,b"}"#,
        ),
        (
            "wrong_item",
            r#"{"identifier":"1","source":"sms","name":"a","tags":["a",2]}"#,
        ),
        (
            "wrong_email",
            r#"{"identifier":"1","source":"sms","name":"a","assigned_user":"me"}"#,
        ),
        ("not_an_object", "[]"),
        ("not_json", r#"{"identifier":"#),
        ("empty", ""),
    ];
    let mut texts = Vec::new();
    for (name, body) in bodies {
        let answer = create(&[BEARER, JSON], body).await;
        let value: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        texts.push((name.to_owned(), format!("{} {value:#}\n", answer.status)));
    }
    let answer = create(&[BEARER, ("content-type", "text/plain")], MINIMAL).await;
    texts.push((
        "not_declared_json".to_owned(),
        format!("{} {}\n", answer.status, answer.body),
    ));
    pin::all("refusals", texts);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = sandbox.url();
    let path = send(&format!("{url}/nothing"), "POST", &[BEARER], "").await;
    assert_eq!(path.status, 404);
    assert!(path.body.contains("no path `/v1/nothing`"), "{}", path.body);
    let method = send(&format!("{url}/contacts"), "GET", &[BEARER], "").await;
    assert_eq!(method.status, 405);
    assert!(method.head.contains("allow: post"), "{}", method.head);
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(10 * 1024 * 1024));
    let answer = create(&[BEARER, JSON], &large).await;
    assert_eq!(answer.status, 413);
    assert_eq!(
        answer.body,
        r#"{"error":"the body is larger than 10485760 bytes"}"#
    );
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox
        .url()
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    drop(sandbox);
    tokio::task::yield_now().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn faults_come_one_request_each_and_say_whether_it_was_processed() {
    let faults = [
        (Fault::status(500), 500, false),
        (Fault::page(200, "text/html", "<h1>"), 200, false),
        (Fault::delay(Duration::from_millis(50)), 200, true),
        (Fault::content_type("text/html"), 200, true),
        (Fault::truncated(), 200, true),
        (Fault::lost(), 0, true),
        (Fault::reset(), 0, false),
    ];
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/contacts", sandbox.url());
    sandbox.fail(faults.iter().map(|(fault, ..)| fault.clone()));
    for (fault, status, processed) in faults {
        let started = Instant::now();
        let answer = try_send(&url, "POST", &[BEARER, JSON], MINIMAL).await;
        let took = started.elapsed();
        assert_eq!(answer.as_ref().map_or(0, |a| a.status), status, "{fault:?}");
        assert_eq!(sandbox.take_requests()[0].processed, processed, "{fault:?}");
        assert_eq!(
            took >= Duration::from_millis(50),
            fault == Fault::delay(Duration::from_millis(50))
        );
        let is_html = answer
            .as_ref()
            .is_some_and(|a| a.head.contains("content-type: text/html"));
        assert_eq!(
            is_html,
            format!("{fault:?}").contains("text/html"),
            "{fault:?}"
        );
        let whole = answer.is_some_and(|a| a.body.ends_with('}'));
        let cut = [Fault::truncated(), Fault::lost(), Fault::reset()].contains(&fault);
        assert_eq!(!whole, cut || is_page(&fault), "{fault:?}");
    }
    assert_eq!(
        send(&url, "POST", &[BEARER, JSON], MINIMAL).await.status,
        200
    );
    sandbox.fail_always(Fault::status(503));
    for _ in 0..3 {
        assert_eq!(
            send(&url, "POST", &[BEARER, JSON], MINIMAL).await.status,
            503
        );
    }
    sandbox.recover();
    assert_eq!(
        send(&url, "POST", &[BEARER, JSON], MINIMAL).await.status,
        200
    );
}

fn is_page(fault: &Fault) -> bool {
    *fault == Fault::page(200, "text/html", "<h1>")
}
