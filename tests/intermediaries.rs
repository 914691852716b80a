//! What is in front of the API may answer in its place, and not tell whether it forwarded the
//! request.

use std::time::Duration;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, Error, Retry};
use callbell_sandbox::{Fault, Sandbox};
use sdk_runtime::{Builder, Operation, Request, Transport};

const ATTEMPTS: u32 = 4;

fn retry() -> Retry {
    let wait = Duration::from_millis(1);
    Retry::default().attempts(ATTEMPTS).backoff(wait, wait)
}

async fn create(sandbox: &Sandbox, retry: Retry) -> Error {
    let builder = Client::builder(&ApiKey::new("YOUR_API_KEY").unwrap());
    let client = builder.base_url(sandbox.url()).retry(retry).build();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let created = client.unwrap().create_contact(&request).await;
    created.unwrap_err()
}

/// How often the API created the contact, of how many requests that it saw.
fn books(sandbox: &Sandbox) -> (usize, usize) {
    let seen = sandbox.take_requests();
    (
        seen.iter().filter(|seen| seen.processed).count(),
        seen.len(),
    )
}

/// What proxies say of themselves, and what looks like the API at first sight.
fn strangers() -> Vec<Fault> {
    let page = |content_type, body: &str| Fault::page(503, content_type, body);
    let own = r#"{"error": "service unavailable"}"#;
    vec![
        page("text/html", "<h1>503 Service Unavailable</h1>"),
        page("text/plain", "upstream connect error"),
        page("application/json", r#"{"message": "Service Unavailable"}"#),
        page("application/json", "{}"),
        page("application/json", "[]"),
        page("application/json", ""),
        page("application/problem+json", own),
        page("text/html", own),
        page("application/json", own)
            .header("content-encoding", "br")
            .header("content-type", ""),
    ]
}

#[tokio::test]
async fn a_create_that_a_proxy_forwarded_is_not_sent_again() {
    let sandbox = Sandbox::start().await.unwrap();
    for proxy in strangers() {
        sandbox.fail_always(proxy.clone().forwarded());
        let error = create(&sandbox, retry()).await;
        assert_eq!(books(&sandbox), (1, 1), "{proxy:?}");
        assert_eq!(
            (error.status().unwrap().as_u16(), error.attempts()),
            (503, 1)
        );
        assert!(error.may_have_been_processed(), "{proxy:?}");
        assert!(
            error
                .to_string()
                .ends_with("; the request may have been processed"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_the_api_itself_did_not_process_is_sent_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let own = r#"{"error": "busy", "since": 3}"#;
    for fault in [
        Fault::status(503),
        Fault::status(429),
        Fault::page(503, "application/json; charset=utf-8", own),
        Fault::page(503, "Application/JSON", own),
        // Whoever says 429 has not forwarded it.
        Fault::page(429, "text/html", "<h1>Too Many Requests</h1>"),
    ] {
        sandbox.fail_always(fault.clone());
        let error = create(&sandbox, retry()).await;
        assert_eq!(books(&sandbox), (0, 4), "{fault:?}");
        assert_eq!(error.attempts(), ATTEMPTS, "{fault:?}");
        assert!(!error.may_have_been_processed(), "{fault:?}");
    }
}

#[tokio::test]
async fn trust_is_a_setting() {
    let sandbox = Sandbox::start().await.unwrap();
    for proxy in strangers() {
        sandbox.fail_always(proxy.clone());
        let error = create(&sandbox, retry().trust_intermediaries(true)).await;
        assert_eq!(error.attempts(), ATTEMPTS, "{proxy:?}");
        assert!(!error.may_have_been_processed(), "{proxy:?}");
        let strict = retry()
            .trust_intermediaries(true)
            .trust_intermediaries(false);
        assert_eq!(create(&sandbox, strict).await.attempts(), 1, "{proxy:?}");
    }
    // What no contract calls unprocessed is not a question of trust.
    sandbox.fail_always(Fault::page(502, "text/html", "<h1>Bad Gateway</h1>"));
    let error = create(&sandbox, retry().trust_intermediaries(true)).await;
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn what_is_harmless_to_repeat_is_repeated_whoever_answers() {
    const READ: Operation = Operation {
        id: "readContact",
        method: "GET",
        path: "/contacts",
        server: None,
        accept: None,
        security: &[],
        idempotent: true,
        idempotency_key: None,
        not_processed: |status| matches!(status, 429 | 503 | 507),
        form: |_| None,
        streamed: false,
    };
    let sandbox = Sandbox::start().await.unwrap();
    let builder = Builder::<Transport>::new(sandbox.url(), "test").retry(retry());
    let transport = builder.build().unwrap();
    let unlisted = Fault::page(507, "text/html", "<h1>Insufficient Storage</h1>");
    for proxy in strangers().into_iter().chain([unlisted]) {
        sandbox.fail_always(proxy.clone());
        let request = Request::<(), ()>::new(&transport, &READ, |answer| answer.unexpected());
        let error = request.await.unwrap_err();
        assert_eq!(error.attempts(), ATTEMPTS, "{proxy:?}");
        assert_eq!(books(&sandbox).1, 4, "{proxy:?}");
    }
    sandbox.fail_always(Fault::page(503, "text/html", "").forwarded());
    let error = create(&sandbox, retry().at_least_once()).await;
    assert_eq!((error.attempts(), books(&sandbox)), (4, (4, 4)));
}
