//! A call as a value: its options, when it is sent, what calls share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderName, HeaderValue};
use sdk_runtime::{
    Builder, ErrorKind, File, Operation, Parts, Request, Response, Retry, Transport,
};

use crate::server::{header, server};

const CREATE: Operation = Operation {
    id: "create",
    method: "POST",
    path: "/things",
    server: None,
    accept: None,
    security: &[],
    idempotent: false,
    idempotency_key: None,
    not_processed: |_| false,
    form: |_| None,
    streamed: false,
};
const READ: Operation = Operation {
    method: "GET",
    idempotent: true,
    ..CREATE
};
const SAFE: Operation = Operation {
    idempotency_key: Some("Idempotency-Key"),
    ..CREATE
};

fn retry() -> Retry {
    let ms = Duration::from_millis(1);
    Retry::default().backoff(ms, ms)
}

fn builder(url: &str) -> Builder<Transport> {
    Builder::new(url, "test/1").retry(retry())
}

fn request(transport: &Transport, operation: &'static Operation) -> Request<(), ()> {
    Request::new(transport, operation, |answer: Response| {
        match answer.status() {
            204 => answer.empty(),
            _ => answer.unexpected(),
        }
    })
}

/// Fails so many times, and then succeeds.
async fn failing(times: usize) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let seen = AtomicUsize::new(0);
    let answer = move |_: &str, _: &str| match seen.fetch_add(1, Ordering::SeqCst) < times {
        true => (500, String::new()),
        false => (204, String::new()),
    };
    server(Arc::new(answer)).await
}

#[tokio::test]
async fn a_key_stays_over_the_repetitions_of_a_call() {
    let (url, mut requests) = failing(2).await;
    let transport = builder(&url).build().unwrap();
    let call = request(&transport, &SAFE);
    call.clone().await.unwrap();
    call.await.unwrap();
    let mut own = request(&transport, &SAFE);
    own.parameter("Idempotency-Key", "mine");
    own.await.unwrap();
    let mut keys = Vec::new();
    for _ in 0..5 {
        let head = requests.recv().await.unwrap();
        keys.push(header(&head, "idempotency-key").unwrap().to_owned());
    }
    assert_eq!((&keys[0], &keys[0]), (&keys[1], &keys[2]));
    assert_ne!(keys[0], keys[3]);
    assert_eq!(keys[4], "mine");
    // RFC 9562, section 5.4.
    let groups: Vec<usize> = keys[0].split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert_eq!(keys[0].as_bytes()[14], b'4');

    let (url, mut requests) = failing(1).await;
    let transport = builder(&url).build().unwrap();
    request(&transport, &CREATE).await.unwrap_err();
    let head = requests.recv().await.unwrap();
    assert_eq!(header(&head, "idempotency-key"), None);
}

#[tokio::test]
async fn an_outage_is_not_answered_with_a_storm() {
    let (url, mut requests) = failing(7).await;
    let transport = builder(&url).retry_budget(4).build().unwrap();
    let mut attempts = Vec::new();
    for _ in 0..3 {
        let clone = transport.clone();
        let error = request(&clone, &READ).await.unwrap_err();
        attempts.push(error.attempts());
    }
    assert_eq!(attempts, [4, 2, 1]);
    for _ in 0..5 {
        request(&transport, &READ).await.unwrap();
    }
    let mut seen = 0;
    while requests.try_recv().is_ok() {
        seen += 1;
    }
    assert_eq!(seen, 12);

    // Five successes pay for one repetition, which its success gives back.
    let (url, _requests) = failing(0).await;
    let transport = builder(&url).retry_budget(1).build().unwrap();
    let (failing, _requests) = failing_each_second().await;
    let other = builder(&failing).retry_budget(1).build().unwrap();
    for _ in 0..20 {
        request(&transport, &READ).await.unwrap();
        request(&other, &READ).await.unwrap();
    }
}

/// Fails at the first attempt of every call.
async fn failing_each_second() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let seen = AtomicUsize::new(0);
    let answer = move |_: &str, _: &str| match seen.fetch_add(1, Ordering::SeqCst) % 2 {
        0 => (500, String::new()),
        _ => (204, String::new()),
    };
    server(Arc::new(answer)).await
}

#[tokio::test]
async fn a_trace_is_sent_where_the_application_gives_one() {
    const CONTEXT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let (url, mut requests) = failing(0).await;
    for (given, sent) in [
        (Some(CONTEXT), Some(CONTEXT)),
        (None, None),
        (Some("no\nheader"), None),
    ] {
        let builder = builder(&url).traceparent(move || given.map(str::to_owned));
        let transport = builder.build().unwrap();
        request(&transport, &READ).await.unwrap();
        let head = requests.recv().await.unwrap();
        assert_eq!(header(&head, "traceparent"), sent);
    }
    request(&builder(&url).build().unwrap(), &READ)
        .await
        .unwrap();
    let head = requests.recv().await.unwrap();
    assert_eq!(header(&head, "traceparent"), None);
}

#[tokio::test]
async fn options_are_those_of_one_call() {
    let (url, mut requests) = failing(usize::MAX).await;
    let transport = builder(&url).build().unwrap();
    let mut once = request(&transport, &READ);
    once.retry(Retry::never());
    once.header(
        HeaderName::from_static("x-one"),
        HeaderValue::from_static("1"),
    );
    let shown = format!("{once:?}");
    assert!(
        shown.contains("x-one") && !shown.contains("\"1\""),
        "{shown}"
    );
    assert_eq!(once.await.unwrap_err().attempts(), 1);
    let head = requests.recv().await.unwrap();
    assert_eq!(header(&head, "x-one"), Some("1"));
    assert_eq!(request(&transport, &READ).await.unwrap_err().attempts(), 4);
    let head = requests.recv().await.unwrap();
    assert_eq!(header(&head, "x-one"), None);

    // Nobody answers there.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let transport = builder(&url).build().unwrap();
    let started = Instant::now();
    let mut short = request(&transport, &READ);
    short.timeout(Duration::from_millis(80));
    let error = short.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 1));
    let mut attempts = request(&transport, &READ);
    attempts.attempt_timeout(Duration::from_millis(20));
    let error = attempts.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 4));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_polled() {
    fn is_send<T: Send + 'static>(value: T) -> T {
        value
    }
    let (url, mut requests) = failing(0).await;
    let transport = builder(&url).build().unwrap();
    let call = is_send(request(&transport, &CREATE).into_future());
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(call);
    drop(request(&transport, &CREATE));
    request(&transport, &CREATE).send().await.unwrap();
    assert!(requests.recv().await.unwrap().starts_with("POST"));
    assert!(requests.try_recv().is_err());
}

#[tokio::test]
async fn a_body_that_is_a_stream_is_sent_once() {
    let (url, mut requests) = failing(0).await;
    let transport = builder(&url).build().unwrap();
    let mut bytes = request(&transport, &CREATE);
    bytes.bytes("text/plain", "as often as one likes");
    bytes.clone().await.unwrap();
    bytes.await.unwrap();
    for _ in 0..2 {
        let text = requests.recv().await.unwrap();
        assert!(text.ends_with("as often as one likes"), "{text}");
    }
    let mut stream = request(&transport, &CREATE);
    let once = File::reader(&b"a"[..], Some(1));
    stream.parts("multipart/form-data", Parts::new().file("file", once));
    let clone = stream.clone();
    stream.await.unwrap();
    let error = clone.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`create`: the request cannot be sent: a file that is there once was sent already; nothing was sent"
    );
}

#[tokio::test]
async fn an_operation_is_called_at_its_own_server() {
    const OWN: Operation = Operation {
        server: Some("../v2"),
        ..READ
    };
    const CLEAR: Operation = Operation {
        server: Some("http://example.com"),
        ..READ
    };
    let (url, mut requests) = failing(0).await;
    let transport = builder(&url).build().unwrap();
    request(&transport, &OWN).await.unwrap();
    assert!(
        requests
            .recv()
            .await
            .unwrap()
            .starts_with("GET /v2/things ")
    );
    let error = request(&transport, &CLEAR).await.unwrap_err();
    assert!(
        error.to_string().contains("would travel in the clear"),
        "{error}"
    );
    // Another address is that of every operation.
    let elsewhere = builder("https://example.com")
        .base_url(&url)
        .build()
        .unwrap();
    request(&elsewhere, &OWN).await.unwrap();
    request(&elsewhere, &CLEAR).await.unwrap();
    for _ in 0..2 {
        assert!(
            requests
                .recv()
                .await
                .unwrap()
                .starts_with("GET /v1/things ")
        );
    }
}

#[tokio::test]
async fn what_the_contract_does_not_know_is_called_like_the_rest() {
    use sdk_runtime::{Place, Raw, Scheme};
    use serde_json::{Value, json};

    let answer = |head: &str, _: &str| match head.split(' ').nth(1).unwrap() {
        "/v1/things?a=1&b=2" => (200, r#"{"all":[]}"#.to_owned()),
        "/v1/none" => (204, String::new()),
        _ => (422, r#"{"why":"so"}"#.to_owned()),
    };
    let (url, mut requests) = server(Arc::new(answer)).await;
    let scheme = Scheme {
        name: "key",
        place: Place::Header("X-Key"),
    };
    let transport = builder(&url).credentials(scheme, "K").build().unwrap();
    let raw = |method, path| Raw::<Value>::new(&transport, &method, path);
    let all = raw(reqwest::Method::GET, "/things?a=1").query("b", &2);
    assert_eq!(all.await.unwrap().into_inner(), json!({"all": []}));
    let head = requests.recv().await.unwrap();
    assert_eq!(header(&head, "x-key"), Some("K"));
    let nothing: Raw<()> = Raw::new(&transport, &reqwest::Method::DELETE, "/none");
    nothing.await.unwrap();
    let create = raw(reqwest::Method::POST, "/things").json(&json!({"name": "a"}));
    let error = create.await.unwrap_err();
    assert_eq!(error.refusal(), Some(&json!({"why": "so"})));
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Refused, "raw")
    );
    for path in ["/../v2", "//../../x", "things", "/a/../../b"] {
        let error = raw(reqwest::Method::GET, path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}");
    }
    let create = raw(reqwest::Method::POST, "/things").body("text/\nplain", "a");
    let error = create.await.unwrap_err();
    assert!(error.to_string().contains("media type"), "{error}");
    let method = "QUERY".parse().unwrap();
    let error = raw(method, "/things").await.unwrap_err();
    assert!(error.to_string().contains("`QUERY`"), "{error}");
}
