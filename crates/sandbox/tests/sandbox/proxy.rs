//! Requests are passed on to an API, which is held against its contract.

use std::sync::{Arc, Mutex};

use sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::http::Answer;
use crate::memory::{call, contract};
use crate::{of, send};

/// The contract of an API that names pets by numbers.
fn other() -> Value {
    let mut other = contract();
    let name = "/components/schemas/Pet/properties/name";
    *other.pointer_mut(name).unwrap() = json!({"type": "integer"});
    let shown = "/paths/~1pets/get/responses/200/content/application~1json/example/pets/0/name";
    *other.pointer_mut(shown).unwrap() = json!(7);
    other
}

fn told(proxy: &Sandbox) -> Vec<String> {
    let found = proxy.judge().unwrap().differences();
    let messages = found.findings.iter().map(|finding| finding.message.clone());
    messages.collect()
}

#[tokio::test]
async fn what_an_api_answers_comes_through_and_is_judged() {
    let api = of(&other()).start().await.unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let proxy = of(&contract())
        .proxy(api.url())
        .on_difference(move |source, finding| {
            hears
                .lock()
                .unwrap()
                .push(format!("{}: {}", source.name(), finding.rule));
        })
        .start()
        .await
        .unwrap();
    for _ in 0..2 {
        let headers = [
            ("x-any", "1"),
            ("te", "trailers"),
            ("connection", "x-own"),
            ("x-own", "2"),
        ];
        let url = format!("{}/pets?a=b%20c", proxy.url());
        let Answer { status, body, head } = send(&url, "GET", &headers, "").await;
        assert_eq!(
            (status, body.contains(r#""name":7"#)),
            (200, true),
            "{body}"
        );
        assert!(head.contains("content-type: application/json"), "{head}");
    }
    let seen = &api.requests()[0];
    assert_eq!(seen.path, "/pets?a=b%20c");
    let names: Vec<&str> = seen.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        names.contains(&"x-any") && !names.contains(&"te"),
        "{names:?}"
    );
    assert!(
        !names.contains(&"x-own") && !names.contains(&"accept-encoding"),
        "{names:?}"
    );
    // The status and the body of a refusal come through as well.
    let (status, problem) = call(&proxy, "GET", "/pets/nobody", "").await;
    assert_eq!(
        (status, problem),
        (
            404,
            json!({"error": "there is no `nobody`: it was not created, or it was deleted"})
        )
    );
    assert_eq!(
        told(&proxy),
        [
            "`GET /pets` answers 200 with a body that does not fit: `/pets/*/name` is of another type (2 times)"
        ]
    );
    assert_eq!(*heard.lock().unwrap(), ["it.json: drift-body"]);
    assert_eq!(proxy.judge().unwrap().exchanges(), 3);
    assert_eq!(proxy.requests().len(), 3);
    assert_eq!(proxy.requests()[2].status, Some(404));
}

#[tokio::test]
async fn the_path_of_an_api_takes_the_place_of_the_one_in_the_contract() {
    let based = |base: &str| {
        let mut contract = contract();
        contract["servers"] = json!([{"url": format!("https://api.example{base}")}]);
        contract
    };
    let staging = of(&based("/staging/v1")).start().await.unwrap();
    let proxy = of(&based("/v1"))
        .proxy(staging.url())
        .start()
        .await
        .unwrap();
    assert_eq!(call(&proxy, "GET", "/pets", "").await.0, 200);
    assert_eq!(staging.requests()[0].path, "/staging/v1/pets");
    let same = of(&based("/v1")).start().await.unwrap();
    let origin = same.url().trim_end_matches("/v1");
    let proxy = of(&based("/v1")).proxy(origin).start().await.unwrap();
    assert_eq!(call(&proxy, "GET", "/pets", "").await.0, 200);
    assert_eq!(same.requests()[0].path, "/v1/pets");
    assert!(told(&proxy).is_empty());
}

#[tokio::test]
async fn an_api_that_does_not_answer_is_said_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let proxy = of(&contract()).proxy(&nobody).start().await.unwrap();
    let (status, problem) = call(&proxy, "GET", "/pets", "").await;
    assert_eq!(status, 502);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("the API does not answer: "), "{detail}");
    assert_eq!(proxy.judge().unwrap().exchanges(), 0);
    for wrong in ["api.example", "ftp://api.example", "http://"] {
        let error = of(&contract()).proxy(wrong).start().await.unwrap_err();
        assert!(error.to_string().contains(&format!("`{wrong}`")), "{error}");
    }
}

#[tokio::test]
async fn a_stream_comes_through_as_it_comes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", listener.local_addr().unwrap());
    let (next, more) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        stream
            .write_all(format!("{head}9\r\n{{\"pets\":[\r\n").as_bytes())
            .await
            .unwrap();
        more.await.unwrap();
        stream.write_all(b"3\r\n7]}\r\n0\r\n\r\n").await.unwrap();
    });
    let proxy = of(&contract()).proxy(api).start().await.unwrap();
    let address = proxy.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /pets HTTP/1.1\r\nhost: it\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("{\"pets\":[") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
    }
    assert_eq!(proxy.judge().unwrap().exchanges(), 0);
    next.send(()).unwrap();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(
        told(&proxy),
        ["`GET /pets` answers 200 with a body that does not fit: `/pets/*` is of another type"]
    );
}

#[tokio::test]
async fn what_would_be_another_request_is_not_passed_on() {
    let api = of(&contract()).start().await.unwrap();
    let proxy = of(&contract())
        .proxy(api.url())
        .key("of nobody")
        .start()
        .await
        .unwrap();
    for path in ["/pets/%2E%2e/x", "/pets/../x", "/./pets", "/pets\\..\\x"] {
        let (status, problem) = call(&proxy, "GET", path, "").await;
        assert_eq!(status, 400, "{path}: {problem}");
    }
    assert!(api.requests().is_empty());
    // What is not passed on is written down all the same.
    assert_eq!(proxy.requests().len(), 4);
    // What is only written in another way is passed on.
    assert_eq!(call(&proxy, "GET", "/pets/{a|b}..", "").await.0, 404);
    assert_eq!(api.take_requests()[0].path, "/pets/%7Ba|b%7D..");
    let Answer { status, .. } = send(&format!("{}/pets", proxy.url()), "POST", &[], "").await;
    assert_eq!(status, 422);
    let lengths = api.requests()[0]
        .headers
        .iter()
        .filter(|(name, _)| name == "content-length")
        .count();
    assert_eq!(lengths, 1);
    // Which keys there are is for the API to say.
    assert_eq!(
        told(&proxy),
        ["`POST /pets` answers 422, and the contract has only 201"]
    );
    let error = of(&contract())
        .proxy("http://u:p@127.0.0.1:1")
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("no user") && !error.to_string().contains("u:p"),
        "{error}"
    );
}

#[tokio::test]
async fn a_contract_below_a_path_is_cut_at_a_segment() {
    let based = |base: &str| {
        let mut contract = contract();
        contract["servers"] = json!([{"url": format!("https://api.example{base}")}]);
        contract
    };
    let api = of(&based("/staging")).start().await.unwrap();
    let proxy = of(&based("/api")).proxy(api.url()).start().await.unwrap();
    let origin = proxy.url().trim_end_matches("/api");
    send(&format!("{origin}/apibeta/pets"), "GET", &[], "").await;
    send(&format!("{origin}/api/pets"), "GET", &[], "").await;
    let paths: Vec<String> = api.requests().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/staging/apibeta/pets", "/staging/pets"]);
}
