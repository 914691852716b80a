//! Every failure times every kind of operation: what the caller learns, how often the
//! server sees the request, how long it takes, and that nothing secret is told.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use callbell::types::{CreateContactError, CreateContactRequest, Source};
use callbell::{ApiKey, Client, Retry};
use sdk_runtime::{Builder, Error, Form, Operation, Request, Transport};
use tracing::instrument::WithSubscriber as _;

use crate::peer::{Act, Peer};
use crate::pin;
use crate::traces::Traces;
use table::{Fault, Happens, Repeats, faults};

mod table;

const KEY: &str = "SECRETKEY0123456789";
const NAME: &str = "Johanna Secretname";

/// The operations that the contract may have, by what repeating them does.
const KINDS: [&str; 3] = ["create", "create at least once", "read"];
const ATTEMPTS: u32 = 3;

const READ: Operation = Operation {
    id: "readContact",
    method: "GET",
    path: "/contacts/{uuid}",
    server: None,
    accept: None,
    security: &[],
    idempotent: true,
    idempotency_key: None,
    not_processed: |status| matches!(status, 429 | 503),
    form: |status| {
        (status == 503).then(|| Form::json_as("application/json", CreateContactError::Status503))
    },
    streamed: false,
};

/// The settings of a client, whether the contract's or any.
macro_rules! quick {
    ($builder:expr, $base_url:expr, $own:expr) => {{
        let ms = Duration::from_millis;
        let builder = $builder
            .base_url($base_url)
            .retry(Retry::default().attempts(ATTEMPTS).backoff(ms(1), ms(3)))
            .connect_timeout(ms(500))
            .attempt_timeout(ms(250))
            .total_timeout(ms(5000))
            .largest_answer(64 * 1024);
        match $own {
            true => builder.client(nameless()),
            false => builder,
        }
    }};
}

/// Calls one kind of operation, which fails.
async fn call(kind: &str, base_url: &str, own: bool) -> (Error<CreateContactError>, String) {
    if kind == "read" {
        let header = (
            reqwest::header::AUTHORIZATION,
            format!("Bearer {KEY}").parse().unwrap(),
        );
        let builder = Builder::<Transport>::new("", "test").header(header.0, header.1);
        let transport = quick!(builder, base_url, own).build().unwrap();
        let mut request = Request::new(&transport, &READ, |answer| match answer.status() {
            200 => answer.json::<callbell::types::Contact, _>(),
            400..=599 => answer.refused_as(CreateContactError::Status4XX),
            _ => answer.unexpected(),
        });
        request.variable("uuid", "1".to_owned());
        request.query("name", NAME);
        let debug = format!("{transport:?} {request:?}");
        return (request.await.unwrap_err(), debug);
    }
    let builder = Client::builder(&ApiKey::new(KEY).unwrap());
    let mut client = quick!(builder, base_url, own).build().unwrap();
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
    reqwest::Client::builder()
        .dns_resolver(Arc::new(Nameless))
        .no_proxy()
        .build()
        .unwrap()
}

/// The error and all that caused it, as people and as programmers see it.
fn all_words(error: &Error<CreateContactError>) -> String {
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
            Repeats::Always => ATTEMPTS,
            Repeats::IfSafe if is_safe => ATTEMPTS,
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
