//! Whose header is sent where several have one of a name: the operation's, before that of all
//! requests of a client, before what the client says of itself, before an HTTP client's own.

use callbell_sandbox::Sandbox;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, USER_AGENT};
use sdk_runtime::{Builder, Operation, Request, Transport};

const OPERATION: Operation = Operation {
    id: "call",
    method: "POST",
    path: "/contacts",
    server: None,
    accept: None,
    security: &[],
    idempotent: false,
    idempotency_key: None,
    not_processed: |_| false,
    form: |_| None,
    streamed: false,
};

const TRACE: HeaderName = HeaderName::from_static("x-trace");

fn builder(sandbox: &Sandbox) -> Builder<Transport> {
    Builder::new(sandbox.url(), "test/1")
}

/// What arrives under a name, of a client with a header of all its requests and an operation
/// with one of its own.
async fn arrives(name: HeaderName, of_client: &[&str], of_operation: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::start().await.unwrap();
    let mut builder = builder(&sandbox);
    for value in of_client {
        builder = builder.header(name.clone(), value.parse().unwrap());
    }
    sent(&sandbox, builder.build().unwrap(), &name, of_operation).await
}

async fn sent(
    sandbox: &Sandbox,
    transport: Transport,
    name: &HeaderName,
    of_operation: &[&str],
) -> Vec<String> {
    let mut request = Request::<(), ()>::new(&transport, &OPERATION, |answer| answer.empty());
    request.json("application/json", &serde_json::Value::Null);
    for value in of_operation {
        match value.split_once('=').filter(|_| *name == COOKIE) {
            Some(("id", id)) => request.cookie("id", id),
            Some((_, theme)) => request.cookie("theme", theme),
            None => request.header(name.clone(), value.parse().unwrap()),
        }
    }
    request.await.unwrap();
    let seen = sandbox.take_requests().remove(0);
    let headers = seen.headers.into_iter();
    let named = headers.filter(|(seen, _)| seen == name.as_str());
    named.map(|(_, value)| value).collect()
}

#[tokio::test]
async fn an_operation_s_own_header_counts_before_that_of_all_requests() {
    for name in [TRACE, ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT] {
        assert_eq!(arrives(name.clone(), &["a"], &["b"]).await, ["b"], "{name}");
        assert_eq!(arrives(name.clone(), &[], &["b"]).await, ["b"], "{name}");
    }
    for name in [TRACE, ACCEPT, AUTHORIZATION, USER_AGENT] {
        assert_eq!(arrives(name.clone(), &["a"], &[]).await, ["a"], "{name}");
        assert_eq!(
            arrives(name.clone(), &["z", "a"], &[]).await,
            ["a"],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_body_says_what_it_is() {
    let json = ["application/json"];
    assert_eq!(arrives(CONTENT_TYPE, &["text/plain"], &[]).await, json);
    assert_eq!(arrives(CONTENT_TYPE, &[], &[]).await, json);
}

#[tokio::test]
async fn a_client_is_called_what_it_is_told_last() {
    let sandbox = Sandbox::start().await.unwrap();
    let own = reqwest::Client::builder()
        .user_agent("own")
        .build()
        .unwrap();
    let default = builder(&sandbox).client(own.clone());
    let default = sent(&sandbox, default.build().unwrap(), &USER_AGENT, &[]).await;
    assert_eq!(default, ["test/1"]);
    let told = builder(&sandbox).client(own).user_agent_suffix("shop/2");
    let told = told.header(USER_AGENT, "told".parse().unwrap());
    let told = sent(&sandbox, told.build().unwrap(), &USER_AGENT, &[]).await;
    assert_eq!(told, ["told"]);
}

#[tokio::test]
async fn cookies_stand_in_one_header() {
    let of_client = ["session=1; theme=dark"];
    for (client, operation, expected) in [
        (&of_client[..], &["id=2"][..], "id=2; session=1; theme=dark"),
        (&of_client, &["theme=light"], "theme=light; session=1"),
        (&of_client, &[], "session=1; theme=dark"),
        (&[], &["id=2", "theme=a=b"], "id=2; theme=a=b"),
        (&[], &["id=2"], "id=2"),
    ] {
        assert_eq!(arrives(COOKIE, client, operation).await, [expected]);
    }
}
