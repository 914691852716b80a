//! Bounds of time, of rate and of where a request goes.

use std::time::{Duration, Instant, SystemTime};

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Builder, Client, Error, ErrorKind, RateLimit, Retry};
use callbell_sandbox::{Fault, Sandbox};
use sdk_runtime::parameter::Style;
use sdk_runtime::{Operation, Request, Transport};

use crate::peer::{Act, Peer};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn builder(base_url: &str) -> Builder {
    Client::builder(&ApiKey::new("KEY").unwrap()).base_url(base_url)
}

async fn create(client: &Client) -> Result<(), Error> {
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    client.create_contact(&request).await.map(|_| ())
}

#[tokio::test]
async fn attempts_end_with_the_time_for_a_call() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_always(Fault::status(503));
    let retry = Retry::default().attempts(100_000).backoff(ms(10), ms(10));
    let client = builder(sandbox.url()).retry(retry).total_timeout(ms(300));
    let started = Instant::now();
    let error = create(&client.build().unwrap()).await.unwrap_err();
    assert!(started.elapsed() < ms(3000), "{:?}", started.elapsed());
    // The last attempt may be cut off by the end.
    assert!(matches!(
        error.kind(),
        ErrorKind::ServerFault | ErrorKind::TimedOut
    ));
    assert!(error.attempts() > 10, "{error}");
    assert!(sandbox.requests().len() + 1 >= error.attempts() as usize);
    assert!(sandbox.requests().len() <= error.attempts() as usize);
}

#[tokio::test]
async fn an_attempt_ends_with_the_time_for_a_call() {
    let peer = Peer::start(Act::Stall(Vec::new())).await;
    let client = builder(&format!("http://{}", peer.address)).total_timeout(ms(200));
    let started = Instant::now();
    let error = create(&client.build().unwrap()).await.unwrap_err();
    assert!(started.elapsed() >= ms(200) && started.elapsed() < ms(3000));
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let words = "`createContact`: no response came within 200ms, the time for a call; \
                 the request may have been processed";
    assert_eq!(error.to_string(), words);
}

#[tokio::test]
async fn what_the_api_asks_for_is_waited_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(sandbox.url()).build().unwrap();
    sandbox.fail([Fault::rate_limited(1)]);
    let started = Instant::now();
    create(&client).await.unwrap();
    assert!(started.elapsed() >= ms(1000) && started.elapsed() < ms(5000));

    let date = |seconds| {
        let date = SystemTime::now() + Duration::from_secs(seconds);
        httpdate::fmt_http_date(date)
    };
    let dated = Fault::status(503).header("date", &date(100));
    sandbox.fail([dated.header("retry-after", &date(101))]);
    let started = Instant::now();
    create(&client).await.unwrap();
    assert!(started.elapsed() >= ms(900) && started.elapsed() < ms(5000));
}

#[tokio::test]
async fn what_takes_too_long_to_wait_for_is_told_at_once() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail([Fault::rate_limited(3600)]);
    let started = Instant::now();
    let error = create(&builder(sandbox.url()).build().unwrap())
        .await
        .unwrap_err();
    assert!(started.elapsed() < ms(3000));
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 1)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(
        error.refusal().unwrap().error_body().unwrap().error,
        Some("rate limit exceeded".into())
    );
}

/// As many creates at once as there are, by clones; how many got 429.
async fn limited(client: &Client, count: usize) -> usize {
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { create(&client).await })
        })
        .collect();
    let mut limited = 0;
    for call in calls {
        if let Err(error) = call.await.unwrap() {
            assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
            limited += 1;
        }
    }
    limited
}

#[tokio::test]
async fn clones_keep_the_limit_that_the_server_enforces() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.enforce_rate_limit(30, ms(100));
    let client = builder(sandbox.url()).retry(Retry::never());
    let client = client.rate_limit(RateLimit::new(30, ms(100)));
    let started = Instant::now();
    assert_eq!(limited(&client.build().unwrap(), 300).await, 0);
    assert!(started.elapsed() > ms(900), "{:?}", started.elapsed());

    let unlimited = builder(sandbox.url()).retry(Retry::never());
    let unlimited = unlimited.without_rate_limit().build().unwrap();
    assert!(
        limited(&unlimited, 300).await > 100,
        "the server does not enforce"
    );
}

#[tokio::test]
async fn waiting_for_the_limit_is_bounded_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(sandbox.url())
        .rate_limit(RateLimit::new(1, Duration::from_secs(60)))
        .total_timeout(ms(100))
        .build()
        .unwrap();
    create(&client).await.unwrap();
    let error = create(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 0));
    let words = "`createContact`: there was no room for the request within 100ms, the time for a \
                 call; nothing was sent";
    assert_eq!(error.to_string(), words);
    assert!(!error.may_have_been_processed());
    assert_eq!(sandbox.requests().len(), 1);
}

/// A listener whose queue is full does not answer, as a host that is gone.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut filling = Vec::new();
    while let Ok(connected) =
        tokio::time::timeout(ms(50), tokio::net::TcpStream::connect(address)).await
    {
        filling.push(connected.unwrap());
    }
    let client = builder(&format!("http://{address}")).connect_timeout(ms(100));
    let client = client.retry(Retry::default().attempts(2).backoff(ms(1), ms(1)));
    let started = Instant::now();
    let error = create(&client.build().unwrap()).await.unwrap_err();
    assert!(started.elapsed() >= ms(200) && started.elapsed() < ms(3000));
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unreachable, 2)
    );
    assert!(!error.may_have_been_processed());
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let (sandbox, elsewhere) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/contacts", elsewhere.url());
        sandbox.fail([Fault::status(status).header("location", &target)]);
        let error = create(&builder(sandbox.url()).build().unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.headers().unwrap()["location"], target);
    }
    assert_eq!(
        (sandbox.requests().len(), elsewhere.requests().len()),
        (5, 0)
    );
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_not_sent() {
    const OPERATION: Operation = Operation {
        id: "readContact",
        method: "GET",
        path: "/contacts",
        server: None,
        accept: None,
        security: &[],
        idempotent: true,
        idempotency_key: None,
        not_processed: |_| false,
        form: |_| None,
        streamed: false,
    };
    let sandbox = Sandbox::start().await.unwrap();
    let transport = sdk_runtime::Builder::<Transport>::new(sandbox.url(), "test")
        .build()
        .unwrap();
    type Fill = fn(&mut Request<(), ()>);
    let fills: [(Fill, &str); 3] = [
        (|it| it.parameter("x-name", "John\nDoe"), "`x-name`"),
        (
            |it| it.cookie_in(Style::exploded().as_is(), "name", "John\nDoe"),
            "cookie",
        ),
        (
            |it| it.cookie_in(Style::exploded().as_is(), "name", "a;role=Doe"),
            "cookie",
        ),
    ];
    for (fill, subject) in fills {
        let mut request = Request::new(&transport, &OPERATION, |answer| answer.empty());
        fill(&mut request);
        let error = request.await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidRequest, 0)
        );
        let words = format!("{error} {error:?}");
        assert!(
            words.contains("nothing was sent") && words.contains(subject) && !words.contains("Doe"),
            "{words}"
        );
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_redirect_that_a_client_of_ones_own_follows_is_no_success() {
    let (sandbox, elsewhere) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    let client = builder(sandbox.url()).client(reqwest::Client::new());
    let client = client.build().unwrap();
    let target = format!("{}/contacts", elsewhere.url());
    sandbox.fail([Fault::status(307).header("location", &target)]);
    let error = create(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
    assert!(error.may_have_been_processed());
    // And where it leads to nobody, the create is not sent again.
    sandbox.fail([Fault::status(307).header("location", "http://127.0.0.1:9/")]);
    let error = create(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unreachable, 1)
    );
    assert!(error.may_have_been_processed());
    assert_eq!(sandbox.requests().len(), 2);
}

#[tokio::test]
async fn a_parameter_of_the_path_leads_nowhere_else() {
    const OPERATION: Operation = Operation {
        id: "deleteContact",
        method: "DELETE",
        path: "/contacts/{uuid}",
        server: None,
        accept: None,
        security: &[],
        idempotent: true,
        idempotency_key: None,
        not_processed: |_| false,
        form: |_| None,
        streamed: false,
    };
    let sandbox = Sandbox::start().await.unwrap();
    let transport = sdk_runtime::Builder::<Transport>::new(sandbox.url(), "test")
        .build()
        .unwrap();
    let request = |uuid: &str| {
        let read = |answer: sdk_runtime::Response| answer.unexpected();
        let mut request = Request::<(), ()>::new(&transport, &OPERATION, read);
        request.variable("uuid", uuid.to_owned());
        request
    };
    for uuid in ["..", "%2e%2E", ".", "", "a/b"] {
        let error = request(uuid).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{uuid}");
    }
    assert_eq!(sandbox.requests().len(), 0);
    let mut request = request("1");
    request.query("a", "/../b");
    assert_eq!(request.await.unwrap_err().status().unwrap(), 404);
}

#[tokio::test]
async fn no_room_after_an_answer_tells_the_answer() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_always(Fault::status(503));
    let client = builder(sandbox.url())
        .rate_limit(RateLimit::new(1, Duration::from_secs(60)))
        .total_timeout(ms(200))
        .retry(Retry::default().backoff(ms(1), ms(1)))
        .build()
        .unwrap();
    let error = create(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::ServerFault, 1)
    );
    assert!(!error.may_have_been_processed());
}
