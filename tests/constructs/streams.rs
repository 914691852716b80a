//! Responses that are one thing after another: what arrives is there at once, and whatever a server
//! does in the middle has an end.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::generated::{Builder, Client, ErrorKind, StreamError, types::Tick};

/// What a server writes of a body, and what it does then.
#[derive(Clone, Copy)]
enum Body {
    /// All of it, in pieces.
    Whole(&'static str),
    /// All of it, in one piece.
    AtOnce(&'static str),
    /// This, and then it closes a connection that should have more.
    Broken(&'static str),
    /// This, and then nothing more.
    Silent(&'static str),
    /// No response but this status.
    Status(u16),
}

/// A server that gives each connection the next body, and what it was asked.
async fn server(
    media_type: &'static str,
    bodies: &'static [Body],
) -> (Client, UnboundedReceiver<String>) {
    server_for(|builder| builder, media_type, bodies).await
}

async fn server_for(
    set: fn(Builder) -> Builder,
    media_type: &'static str,
    bodies: &'static [Body],
) -> (Client, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = unbounded_channel();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        for body in bodies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 8192];
            let read = stream.read(&mut bytes).await.unwrap();
            let _ = sender.send(String::from_utf8_lossy(&bytes[..read]).into_owned());
            let (text, length) = match body {
                Body::Whole(text) | Body::AtOnce(text) => (*text, text.len()),
                Body::Broken(text) | Body::Silent(text) => (*text, 1 << 20),
                Body::Status(_) => ("", 0),
            };
            let status = match body {
                Body::Status(status) => *status,
                _ => 200,
            };
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            // In pieces, none of which is a whole event.
            let size = match body {
                Body::AtOnce(text) => text.len(),
                _ => 7,
            };
            for piece in text.as_bytes().chunks(size) {
                stream.write_all(piece).await.unwrap();
                stream.flush().await.unwrap();
                tokio::task::yield_now().await;
            }
            if matches!(body, Body::Silent(_)) {
                silent.push(stream);
            }
        }
        std::future::pending::<()>().await;
    });
    let client = set(Builder::new())
        .base_url(&url)
        .idle_timeout(Duration::from_millis(300));
    (client.build().unwrap(), asked)
}

/// What came, and what ended it.
#[derive(Debug)]
struct Came {
    numbers: Vec<i64>,
    error: Option<StreamError>,
}

impl Came {
    fn said(&self) -> String {
        self.error
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

macro_rules! came {
    ($stream:expr, $number:expr) => {{
        let mut stream = $stream;
        let mut came = Came {
            numbers: Vec::new(),
            error: None,
        };
        while let Some(item) = stream.next().await {
            assert!(came.error.is_none(), "an error ends it");
            match item {
                Ok(item) => came.numbers.push($number(item)),
                Err(error) => came.error = Some(error),
            }
        }
        assert!(stream.next().await.is_none(), "what ended has ended");
        came
    }};
}

const EVENTS: &str = "text/event-stream; charset=utf-8";
const LINES: &str = "application/x-ndjson";

async fn events(bodies: &'static [Body]) -> Came {
    let (client, mut asked) = server(EVENTS, bodies).await;
    let events = client.watch().await.unwrap().into_inner();
    let came = came!(events, |event: super::generated::Event<Tick>| event.data.n);
    let head = asked.try_recv().unwrap().to_ascii_lowercase();
    assert!(head.contains("accept: text/event-stream\r\n"), "{head}");
    came
}

#[tokio::test]
async fn events_are_values_of_their_type() {
    let (client, _asked) = server(
        EVENTS,
        &[Body::Whole(": hello\n\nid: 7\nevent: tick\nretry: 5\ndata: {\"n\": 1,\ndata:  \"kind\": \"b\"}\n\ndata: {\"n\": \"2\"}\n\n")],
    )
    .await;
    let mut events = client.watch().await.unwrap().into_inner();
    let first = events.next().await.unwrap().unwrap();
    assert_eq!(
        (first.event.as_str(), first.id.as_deref()),
        ("tick", Some("7"))
    );
    assert_eq!(first.retry, Some(Duration::from_millis(5)));
    // A value that the contract does not list is read, as in any other response.
    assert_eq!(
        (first.data.n, first.data.kind.unwrap().to_string()),
        (1, "b".to_owned())
    );
    let second = events.next().await.unwrap().unwrap();
    assert_eq!(
        (second.data.n, second.event.as_str(), second.id.as_deref()),
        (2, "message", Some("7"))
    );
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn events_without_a_schema_are_text() {
    for operation in ["watch_text", "watch_any"] {
        let (client, _asked) = server(
            EVENTS,
            &[Body::Whole("data: a\ndata: b\n\ndata: [DONE]\n\n")],
        )
        .await;
        let mut events = match operation {
            "watch_text" => client.watch_text().await.unwrap().into_inner(),
            _ => client.watch_any().await.unwrap().into_inner(),
        };
        let first = events.next().await.unwrap().unwrap();
        let second = events.next().await.unwrap().unwrap();
        assert_eq!(
            (first.data.as_str(), second.data.as_str()),
            ("a\nb", "[DONE]")
        );
        assert!(events.next().await.is_none());
    }
}

#[tokio::test]
async fn whatever_happens_in_the_middle_of_events_ends_them() {
    let came = events(&[Body::Whole(
        "data: {\"n\": 1}\n\ndata: [DONE]\n\ndata: {\"n\": 2}\n\n",
    )])
    .await;
    assert_eq!(
        (came.numbers.as_slice(), came.said().as_str()),
        ([1].as_slice(), "")
    );

    let came = events(&[Body::Whole(
        "data: {\"n\": 1}\n\ndata: {\"m\": 2}\n\ndata: {\"n\": 3}\n\n",
    )])
    .await;
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said()
            .contains("event 2 of the response does not fit the contract: `n` is missing"),
        "{came:?}"
    );

    let came = events(&[Body::Whole("data: {\"n\": 1}\n\ndata: {\"n\"")]).await;
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said()
            .contains("the response ends in the middle of event 2"),
        "{came:?}"
    );

    let came = events(&[Body::Broken("data: {\"n\": 1}\n\ndata: {")]).await;
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said()
            .contains("`watch`: the response breaks off after 23 bytes"),
        "{came:?}"
    );
    assert_eq!(came.error.unwrap().kind(), ErrorKind::UnreadableAnswer);

    let started = Instant::now();
    let came = events(&[Body::Silent("data: {\"n\": 1}\n\n")]).await;
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said().contains("the server was silent for 300ms"),
        "{came:?}"
    );
    let error = came.error.unwrap();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TimedOut, 1));
    assert!(started.elapsed() >= Duration::from_millis(300));
}

/// The time while nobody asks for more is the caller's own.
#[tokio::test]
async fn silence_counts_while_somebody_waits() {
    let (client, _asked) = server(
        EVENTS,
        &[Body::Whole("data: {\"n\": 1}\n\ndata: {\"n\": 2}\n\n")],
    )
    .await;
    let mut events = client.watch().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap().data.n, 1);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(events.next().await.unwrap().unwrap().data.n, 2);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_event_without_an_end_is_not_kept_for_ever() {
    let (client, _asked) = server_for(
        |builder| builder.largest_answer(32),
        EVENTS,
        &[Body::Silent(
            "data: {\"n\": 1}\n\ndata: 0123456789012345678901234567890123456789",
        )],
    )
    .await;
    let events = client.watch().await.unwrap().into_inner();
    let came = came!(events.reconnecting(), |event: super::generated::Event<
        Tick,
    >| event.data.n);
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said()
            .contains("event 2 of the response is larger than 32 bytes"),
        "{came:?}"
    );
}

/// The bound is one of each, and not of what arrives at once.
#[tokio::test]
async fn many_small_values_are_not_a_large_one() {
    const LINE: &str = "{\"n\": 1}\n{\"n\": 1}\n{\"n\": 1}\n{\"n\": 1}\n{\"n\": 1}\n{\"n\": 1}\n";
    let small = |builder: Builder| builder.largest_answer(12);
    let (client, _asked) = server_for(small, LINES, &[Body::AtOnce(LINE)]).await;
    let came = came!(client.export().await.unwrap().into_inner(), |tick: Tick| {
        tick.n
    });
    assert_eq!((came.numbers.len(), came.said().as_str()), (6, ""));
    const LARGE: &str = "{\"n\": 1}\n{\"n\": 1000000000}";
    let (client, _asked) = server_for(small, LINES, &[Body::Silent(LARGE)]).await;
    let came = came!(client.export().await.unwrap().into_inner(), |tick: Tick| {
        tick.n
    });
    assert_eq!(came.numbers, [1]);
    assert!(
        came.said()
            .contains("value 2 of the response is larger than 12 bytes"),
        "{came:?}"
    );
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_none() {
    let (client, _asked) = server("application/json", &[Body::Whole("{\"n\": 1}")]).await;
    let error = client.watch().await.unwrap_err();
    assert!(error.to_string().contains("no stream of events"), "{error}");
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
    let (client, _asked) = server("application/json", &[Body::Status(404)]).await;
    assert_eq!(client.watch().await.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn who_asks_for_it_is_connected_again() {
    const AGAIN: &[Body] = &[
        Body::Whole("retry: 10\n\nid: a\ndata: {\"n\": 1}\n\n"),
        Body::Broken("data: {\"n\": 2}\n\nid: b\ndata: {"),
        Body::Silent("id: c\ndata: {\"n\": 3}\n\n"),
        Body::Status(204),
    ];
    let (client, mut asked) = server(EVENTS, AGAIN).await;
    let events = client.watch().await.unwrap().into_inner().reconnecting();
    let came = came!(events, |event: super::generated::Event<Tick>| event.data.n);
    assert_eq!(
        (came.numbers.as_slice(), came.said().as_str()),
        ([1, 2, 3].as_slice(), "")
    );
    let ids = std::iter::from_fn(|| asked.try_recv().ok()).map(|head| {
        let head = head.to_ascii_lowercase();
        let id = head
            .lines()
            .find_map(|line| line.strip_prefix("last-event-id: "));
        id.map(str::to_owned)
    });
    let ids: Vec<_> = ids.collect();
    // The one that did not end gave no identifier.
    assert_eq!(
        ids,
        [None, Some("a".into()), Some("b".into()), Some("c".into())]
    );

    // A connection that brings nothing is not asked for again at once, whatever it says.
    const NOTHING: &[Body] = &[Body::Whole("retry: 0\n\n"), Body::Status(204)];
    let (client, _asked) = server(EVENTS, NOTHING).await;
    let events = client.watch().await.unwrap().into_inner().reconnecting();
    let started = Instant::now();
    let came = came!(events, |event: super::generated::Event<Tick>| event.data.n);
    assert_eq!((came.numbers.len(), came.said().as_str()), (0, ""));
    assert!(started.elapsed() >= Duration::from_secs(3));

    const REFUSED: &[Body] = &[
        Body::Whole("retry: 1\ndata: {\"n\": 1}\n\n"),
        Body::Status(401),
    ];
    let (client, _asked) = server(EVENTS, REFUSED).await;
    let events = client.watch().await.unwrap().into_inner().reconnecting();
    let came = came!(events, |event: super::generated::Event<Tick>| event.data.n);
    assert_eq!(came.numbers, [1]);
    assert_eq!(came.error.unwrap().kind(), ErrorKind::Unauthorized);
    // Who does not ask is told.
    let came = self::events(AGAIN).await;
    assert_eq!(came.numbers, [1]);
}

#[tokio::test]
async fn lines_are_values_of_their_type() {
    let cases: [(&'static [Body], &[i64], &str); 5] = [
        (
            &[Body::Whole("{\"n\": 1}\n\n{\"n\": \"2\"}\r\n{\"n\": 3}")],
            &[1, 2, 3],
            "",
        ),
        (
            &[Body::Whole("{\"n\": 1}\n{\"n\": 2")],
            &[1],
            "value 2 of the response is not JSON",
        ),
        (
            &[Body::Whole("{\"n\": 1}\n[]\n{\"n\": 2}\n")],
            &[1],
            "value 2 of the response does not fit",
        ),
        (
            &[Body::Broken("{\"n\": 1}\n{\"n\": 2")],
            &[1],
            "the response breaks off after 16 bytes",
        ),
        (
            &[Body::Silent("{\"n\": 1}\n{\"n\": 2}\n")],
            &[1, 2],
            "the server was silent for 300ms",
        ),
    ];
    for (bodies, numbers, wanted) in cases {
        let (client, mut asked) = server(LINES, bodies).await;
        let values = client.export().await.unwrap().into_inner();
        let came = came!(values, |tick: Tick| tick.n);
        assert_eq!(came.numbers, numbers, "{came:?}");
        assert!(
            came.said().contains(wanted) && came.error.is_none() == wanted.is_empty(),
            "{came:?}"
        );
        assert!(
            asked
                .try_recv()
                .unwrap()
                .contains("accept: application/x-ndjson\r\n")
        );
    }
}

#[tokio::test]
async fn bytes_have_an_end_whatever_the_server_does() {
    let cases: [(&'static [Body], &str); 3] = [
        (&[Body::Whole("0123456789")], ""),
        (
            &[Body::Broken("0123456789")],
            "`download`: the response breaks off after 10 bytes",
        ),
        (
            &[Body::Silent("0123456789")],
            "`download`: the server was silent for 300ms",
        ),
    ];
    for (bodies, wanted) in cases {
        let (client, _asked) = server("application/pdf", bodies).await;
        let mut bytes = client.download().await.unwrap().into_inner();
        let mut came = Vec::new();
        let error = loop {
            match bytes.next().await {
                Some(Ok(piece)) => came.extend_from_slice(&piece),
                Some(Err(error)) => break error.to_string(),
                None => break String::new(),
            }
        };
        assert_eq!(came, b"0123456789");
        assert!(
            error.contains(wanted) && error.is_empty() == wanted.is_empty(),
            "{error}"
        );
        assert!(bytes.next().await.is_none());
    }
    let whole = &[Body::Whole("0123456789"), Body::Whole("0123456789")];
    let (client, _asked) = server("application/pdf", whole).await;
    let bytes = client.download().await.unwrap().into_inner();
    assert_eq!(bytes.collect(10).await.unwrap(), "0123456789");
    let bytes = client.download().await.unwrap().into_inner();
    let error = bytes.collect(9).await.unwrap_err().to_string();
    assert!(
        error.contains("the response is larger than 9 bytes"),
        "{error}"
    );
}
