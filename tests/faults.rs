//! Every failure times every kind of operation: what the caller learns, how often the
//! server sees the request, how long it takes, and that nothing secret is told.

use std::error::Error as _;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use callbell::types::{CreateContactRequest, ErrorBody, Source};
use callbell::{ApiKey, Client, ErrorKind, Retry};
use sdk_runtime::{Builder, Error, Operation, Transport};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber as _;

use crate::peer::{Act, Peer};
use crate::pin;

const KEY: &str = "SECRETKEY0123456789";
const NAME: &str = "Johanna Secretname";

/// Something that goes wrong, and what must follow from it.
struct Fault {
    name: &'static str,
    happens: Happens,
    kind: ErrorKind,
    status: Option<u16>,
    /// Part of what the caller must be able to read of the body.
    body: &'static str,
    /// Whether the request may be sent again: always, if it was safe, or not at all.
    repeats: Repeats,
    may_have_been_processed: bool,
}

enum Happens {
    NobodyListens,
    NoSuchName,
    NoTls,
    At(Act),
}

#[derive(Clone, Copy, PartialEq)]
enum Repeats {
    Always,
    IfSafe,
    Never,
}

use ErrorKind::*;
use Repeats::*;

/// An answer that knows too much: the contact's name and the key are in its body and in
/// a header.
fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nx-echo: {NAME} {KEY}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len(),
    )
    .into_bytes()
}

fn json_answer(status: &str, body: &Value) -> Act {
    Act::Write(answer(status, "application/json", &body.to_string()))
}

fn refusal(status: &str) -> Act {
    json_answer(status, &json!({ "error": format!("no {NAME} {KEY}") }))
}

fn with_header(act: Act, header: &str) -> Act {
    let Act::Write(bytes) = act else { panic!() };
    let text = String::from_utf8(bytes).unwrap();
    Act::Write(
        text.replacen("\r\n", &format!("\r\n{header}\r\n"), 1)
            .into_bytes(),
    )
}

fn faults() -> Vec<Fault> {
    let fault = |name, happens, kind, status: u16, body, repeats, may_have_been_processed| Fault {
        name,
        happens,
        kind,
        status: Some(status).filter(|status| *status != 0),
        body,
        repeats,
        may_have_been_processed,
    };
    let at = |act| Happens::At(act);
    let page = format!("<html>{NAME} {KEY}</html>");
    let html = |status| Act::Write(answer(status, "text/html", &page));
    let contact = json!({ "contact": { "name": NAME, "uuid": KEY } });
    let whole = answer("200 OK", "application/json", &contact.to_string());
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\n{more}\r\n\r\n");
    let chunk = format!(
        "{}{:x}\r\n{NAME}\r\n",
        head("transfer-encoding: chunked"),
        NAME.len()
    );
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let gzip = [
        head("content-encoding: gzip\r\ncontent-length: 10").as_bytes(),
        &gzip,
    ]
    .concat();
    let empty = |status: &str| Act::Write(answer(status, "text/plain", ""));
    let moved = with_header(empty("302 Found"), "location: http://127.0.0.1:9/elsewhere");
    let long_wait = with_header(refusal("429 Too Many Requests"), "retry-after: 0");
    let date = "retry-after: Sun, 06 Nov 1994 08:49:37 GMT";
    let dated = with_header(refusal("503 Service Unavailable"), date);
    let cut = |bytes: &[u8]| Act::Write(bytes[..bytes.len() - 10].to_vec());
    let failed = answer(
        "500 Internal Server Error",
        "application/json",
        "{\"error\": \"lost\"}",
    );
    vec![
        fault(
            "refused connection",
            Happens::NobodyListens,
            Unreachable,
            0,
            "",
            Always,
            false,
        ),
        fault(
            "unknown name",
            // By a client of one's own, which may have followed a redirect before.
            Happens::NoSuchName,
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault("no tls", Happens::NoTls, Unreachable, 0, "", Always, false),
        fault(
            "closed without an answer",
            at(Act::Close),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "reset without an answer",
            at(Act::Reset),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "no http",
            at(Act::Write(b"220 smtp\r\n".into())),
            Unreachable,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "no answer in time",
            at(Act::Stall(vec![])),
            TimedOut,
            0,
            "",
            IfSafe,
            true,
        ),
        fault(
            "body stalls",
            at(Act::Stall(chunk.clone().into())),
            TimedOut,
            200,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "unauthorized",
            at(refusal("401 Unauthorized")),
            Unauthorized,
            401,
            KEY,
            Never,
            false,
        ),
        fault(
            "unauthorized by a proxy",
            at(html("401 Unauthorized")),
            Unauthorized,
            401,
            KEY,
            Never,
            false,
        ),
        fault(
            "refused",
            at(refusal("422 Unprocessable Entity")),
            Refused,
            422,
            NAME,
            Never,
            false,
        ),
        fault(
            "refused by a proxy",
            at(html("403 Forbidden")),
            Refused,
            403,
            NAME,
            Never,
            false,
        ),
        fault(
            "rate limited",
            at(long_wait),
            RateLimited,
            429,
            NAME,
            Always,
            false,
        ),
        fault(
            "busy with a date",
            at(dated),
            ServerFault,
            503,
            NAME,
            Always,
            false,
        ),
        fault(
            "busy, a page",
            at(html("503 Service Unavailable")),
            ServerFault,
            503,
            "<html>",
            Always,
            false,
        ),
        fault(
            "failed, empty",
            at(empty("500 Internal Server Error")),
            ServerFault,
            500,
            "",
            IfSafe,
            true,
        ),
        fault(
            "failed, cut",
            at(cut(&failed)),
            ServerFault,
            500,
            "{\"erro",
            IfSafe,
            true,
        ),
        fault(
            "bad gateway, a page",
            at(html("502 Bad Gateway")),
            ServerFault,
            502,
            "<html>",
            IfSafe,
            true,
        ),
        fault(
            "gateway timeout, empty",
            at(empty("504 Gateway Timeout")),
            ServerFault,
            504,
            "",
            IfSafe,
            true,
        ),
        fault(
            "not implemented",
            at(html("501 Not Implemented")),
            ServerFault,
            501,
            "<html>",
            Never,
            true,
        ),
        fault(
            "redirect",
            at(moved),
            UnreadableAnswer,
            302,
            "",
            Never,
            true,
        ),
        fault(
            "unknown success",
            at(empty("204 No Content")),
            UnreadableAnswer,
            204,
            "",
            Never,
            true,
        ),
        fault(
            "empty success",
            at(empty("200 OK")),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, a page",
            at(html("200 OK")),
            UnreadableAnswer,
            200,
            "<html>",
            Never,
            true,
        ),
        fault(
            "success, another shape",
            at(Act::Write(whole.clone())),
            UnreadableAnswer,
            200,
            NAME,
            Never,
            true,
        ),
        fault(
            "success, cut",
            at(cut(&whole)),
            UnreadableAnswer,
            200,
            "{\"contact\"",
            IfSafe,
            true,
        ),
        fault(
            "success, a chunk missing",
            at(Act::Write(chunk.into())),
            UnreadableAnswer,
            200,
            NAME,
            IfSafe,
            true,
        ),
        fault(
            "success, gzip",
            at(Act::Write(gzip)),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, too large",
            at(Act::Endless(head("content-length: 999999999").into())),
            UnreadableAnswer,
            200,
            "",
            Never,
            true,
        ),
        fault(
            "success, endless",
            at(Act::Endless(head("connection: close").into())),
            UnreadableAnswer,
            200,
            "   ",
            Never,
            true,
        ),
    ]
}

/// The operations that the contract may have, by what repeating them does.
const KINDS: [&str; 3] = ["create", "create at least once", "read"];
const ATTEMPTS: u32 = 3;

const READ: Operation = Operation {
    id: "readContact",
    path: "/contacts/{uuid}",
    idempotent: true,
    not_processed: |status| matches!(status, 429 | 503),
    streamed: false,
};

fn quick<C: From<Transport>>(builder: Builder<C>, base_url: &str, own: bool) -> Builder<C> {
    let ms = Duration::from_millis;
    let builder = builder
        .base_url(base_url)
        .retry(Retry::default().attempts(ATTEMPTS).backoff(ms(1), ms(3)))
        .connect_timeout(ms(500))
        .attempt_timeout(ms(250))
        .total_timeout(ms(5000))
        .largest_answer(64 * 1024);
    match own {
        true => builder.client(nameless()),
        false => builder,
    }
}

/// Calls one kind of operation, which fails.
async fn call(kind: &str, base_url: &str, own: bool) -> (Error<ErrorBody>, String) {
    if kind == "read" {
        let header = (
            reqwest::header::AUTHORIZATION,
            format!("Bearer {KEY}").parse().unwrap(),
        );
        let builder = Builder::<Transport>::new("", "test").header(header.0, header.1);
        let transport = quick(builder, base_url, own).build().unwrap();
        let url = format!("{}/contacts/1?name={NAME}", transport.base_url());
        let request = transport.client().get(url);
        let error = match transport.send(&READ, request).await {
            Err(failure) => failure.into(),
            Ok(answer) => match answer.status() {
                200 => answer.json::<callbell::types::Contact, _>().unwrap_err(),
                400..=599 => answer.refused(),
                _ => answer.unexpected(),
            },
        };
        return (error, format!("{transport:?}"));
    }
    let builder = Client::builder(&ApiKey::new(KEY).unwrap());
    let mut client = quick(builder, base_url, own).build().unwrap();
    if kind == "create at least once" {
        let ms = Duration::from_millis;
        let retry = Retry::default().attempts(ATTEMPTS).backoff(ms(1), ms(3));
        client = client.with_retry(retry.at_least_once());
    }
    let request = CreateContactRequest::new("1", NAME, Source::Whatsapp);
    let error = client.create_contact(&request).await.unwrap_err();
    (error, format!("{client:?}"))
}

/// A client that finds no name, as when the resolver is down.
fn nameless() -> reqwest::Client {
    struct Nameless;
    impl reqwest::dns::Resolve for Nameless {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .dns_resolver(Arc::new(Nameless))
        .no_proxy()
        .build()
        .unwrap()
}

/// What `tracing` is told, by all crates and at all levels.
#[derive(Clone, Default)]
pub(crate) struct Traces(Arc<Mutex<Vec<u8>>>);

impl Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Traces {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// A subscriber for one call. Beside it stands one for the process, which listens to
    /// everything and says nothing: other tests would have callsites switched off.
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let everything = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(std::io::sink);
        // It may stand already.
        let _ = tracing::subscriber::set_global_default(everything.finish());
        let traces = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .without_time()
            .with_writer(move || traces.clone())
            .finish()
    }
}

/// The error and all that caused it, as people and as programmers see it.
fn all_words(error: &Error<ErrorBody>) -> String {
    let mut words = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(&format!("{cause}\n{cause:?}\n"));
        source = cause.source();
    }
    words
}

async fn check(fault: &Fault) -> String {
    let mut seen = String::new();
    for kind in KINDS {
        let (peer, address) = match &fault.happens {
            Happens::At(act) => {
                let peer = Peer::start(act.clone()).await;
                let address = format!("http://{}/v1", peer.address);
                (Some(peer), address)
            }
            Happens::NoTls => {
                let peer = Peer::start(Act::Close).await;
                let address = format!("https://{}/v1", peer.address);
                (Some(peer), address)
            }
            Happens::NobodyListens => (None, "http://127.0.0.1:9/v1".to_owned()),
            Happens::NoSuchName => (None, "https://nobody.invalid/v1".to_owned()),
        };
        let own = matches!(fault.happens, Happens::NoSuchName);
        let traces = Traces::default();
        let started = Instant::now();
        let call = call(kind, &address, own).with_subscriber(traces.subscriber());
        let (error, client) = call.await;
        let took = started.elapsed();

        let is_safe = kind != "create";
        let sent = match fault.repeats {
            Always => ATTEMPTS,
            IfSafe if is_safe => ATTEMPTS,
            _ => 1,
        };
        let context = format!("{}, {kind}: {error:?}", fault.name);
        // The read of the test has its own idea of what fits.
        assert_eq!(error.kind(), fault.kind, "{context}");
        assert_eq!(
            error.status().map(|s| s.as_u16()),
            fault.status,
            "{context}"
        );
        assert_eq!(error.attempts(), sent, "{context}");
        assert_eq!(
            error.may_have_been_processed(),
            fault.may_have_been_processed,
            "{context}"
        );
        let body = String::from_utf8_lossy(error.body());
        assert!(body.contains(fault.body), "{context}: {body}");
        assert_eq!(
            error.headers().is_some(),
            fault.status.is_some(),
            "{context}"
        );
        if let Some(peer) = &peer
            && !matches!(fault.happens, Happens::NoTls)
        {
            assert_eq!(peer.requests(), sent as usize, "{context}");
            assert!(
                peer.written() < 16 * 1024 * 1024,
                "{context}: {}",
                peer.written()
            );
        }
        // Of the machine, which may be busy; a whole call could take 5 s.
        let bound = Duration::from_millis(300) * sent + Duration::from_secs(3);
        assert!(took < bound, "{context}: {took:?}");
        let traced = traces.text();
        assert!(
            traced.contains("http.request.method"),
            "{context}: {traced}"
        );
        for secret in [KEY, NAME, "Johanna", "Secretname"] {
            let words = all_words(&error);
            assert!(!words.contains(secret), "{context}: {words}");
            assert!(!client.contains(secret), "{context}: {client}");
            assert!(!traced.contains(secret), "{context}: {traced}");
        }
        let shown = match peer {
            Some(peer) => error.to_string().replace(&peer.address, "127.0.0.1:PORT"),
            None => error.to_string(),
        };
        seen.push_str(&format!("{kind}\n  {shown}\n"));
    }
    seen
}

#[tokio::test]
async fn every_failure_says_what_happened_and_nothing_else() {
    let mut seen = Vec::new();
    for fault in faults() {
        seen.push((
            fault.name.replace([' ', ','], "_").replace("__", "_"),
            check(&fault).await,
        ));
    }
    pin::all("errors", seen);
}
