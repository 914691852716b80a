//! `cargo bench -p callbell-handwritten`: a create over loopback, by the SDK and by hand,
//! against a server that does nothing but answer.
//!
//! To count instructions, run `-- --once serve` and then, with the URL that it prints,
//! `-- --once sdk URL CALLS` and `-- --once hand URL CALLS` below `valgrind
//! --tool=callgrind`, each with two numbers of calls: the difference is theirs alone.
#![allow(missing_docs)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client};
use callbell_handwritten::{CreateContact, client, create_contact};
use criterion::{BatchSize, Criterion};
use tokio::runtime::{Builder, Runtime};

const BODY: &str = r#"{"contact":{"uuid":"414a6d692bd645ed803f2e7ce360d4c8","name":"John Doe","phoneNumber":"123456789","avatarUrl":null,"createdAt":"2020-11-13T21:08:53Z","source":"whatsapp","href":"https://dash.callbell.eu/contacts/414a6d692bd645ed803f2e7ce360d4c8","tags":["Interested"],"assignedUser":null,"customFields":{"Billing Address":"Main Street 1"}}}"#;

/// A server that answers every request alike; gives its base URL.
fn server() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    let length = BODY.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    let answer = format!("{head} {length}\r\n\r\n{BODY}");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            let _ = stream.set_nodelay(true);
            thread::spawn(move || {
                let mut request = [0; 4096];
                // Requests are small and come one at a time: one read is one request.
                while stream.read(&mut request).is_ok_and(|read| read > 0) {
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(url)
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

async fn by_sdk(client: &Client) -> String {
    let request = CreateContactRequest::new("123456789", "John Doe", Source::Whatsapp)
        .tags(["Interested"])
        .custom_fields([("Billing Address", "Main Street 1")]);
    let created = client.create_contact(&request).await;
    created
        .expect("the server answers")
        .into_inner()
        .contact
        .uuid
}

async fn by_hand(client: &reqwest::Client, url: &str) -> String {
    let request = CreateContact {
        identifier: "123456789".into(),
        name: "John Doe".into(),
        source: "whatsapp".into(),
        tags: vec!["Interested".into()],
        custom_fields: [("Billing Address".into(), "Main Street 1".into())].into(),
        ..CreateContact::default()
    };
    create_contact(client, url, &request)
        .await
        .expect("the server answers")
        .uuid
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args()
        .skip_while(|argument| argument != "--once")
        .skip(1);
    let once = arguments.next();
    let url = arguments.next().map_or_else(server, Ok)?;
    let calls = arguments.next().map_or(Ok(200), |calls| calls.parse())?;
    let sdk = Client::builder(&ApiKey::new("YOUR_API_KEY")?).base_url(&url);
    // Full speed: how fast the limit is, is no cost.
    let sdk = sdk.rate_limit(callbell::RateLimit::new(
        1_000_000,
        callbell::RATE_LIMIT_PERIOD,
    ));
    let (sdk, hand) = (sdk.build()?, client("YOUR_API_KEY")?);
    match once.as_deref() {
        Some("sdk") => runtime()?.block_on(async {
            for _ in 0..calls {
                by_sdk(&sdk).await;
            }
        }),
        Some("hand") => runtime()?.block_on(async {
            for _ in 0..calls {
                by_hand(&hand, &url).await;
            }
        }),
        Some("serve") => loop {
            println!("{url}");
            thread::park();
        },
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            let mut group = criterion.benchmark_group("create");
            group.bench_function("hand", |b| {
                b.to_async(runtime().expect("tokio starts")).iter_batched(
                    || (),
                    |()| by_hand(&hand, &url),
                    BatchSize::SmallInput,
                );
            });
            group.bench_function("sdk", |b| {
                b.to_async(runtime().expect("tokio starts")).iter_batched(
                    || (),
                    |()| by_sdk(&sdk),
                    BatchSize::SmallInput,
                );
            });
            group.finish();
            criterion.final_summary();
        }
    }
    Ok(())
}
