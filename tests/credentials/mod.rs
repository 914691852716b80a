//! Credentials over the wire: what a client of a contract with every scheme sends, to which
//! operation, and what it does when a token ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use generated::{Builder, Client, ClientCredentials, ErrorKind, Retry, Token};
use tokio::sync::mpsc;

use crate::server::{header, server};

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

/// What travels of a call by which somebody is known: header by header, and the query.
async fn shown(set: impl Fn(Builder) -> Builder, call: Call) -> Result<Vec<String>, String> {
    let (url, mut requests) = server(Arc::new(|_, _| (204, String::new()))).await;
    let client = set(Builder::new().base_url(&url)).build().unwrap();
    call(client).await?;
    let head = requests.recv().await.unwrap();
    let names = ["authorization", "x-key", "cookie"];
    let headers = names.map(|name| header(&head, name).map(|value| format!("{name}: {value}")));
    let query = head.split(' ').nth(1).unwrap().split_once('?');
    let query = query.map(|(_, query)| format!("?{query}"));
    Ok(headers.into_iter().chain([query]).flatten().collect())
}

type Called = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Call = fn(Client) -> Called;

/// A call, and its error for people.
macro_rules! call {
    ($method:ident) => {
        |client: Client| -> Called {
            Box::pin(async move {
                let called = client.$method().await;
                called.map(drop).map_err(|error| error.to_string())
            })
        }
    };
}

#[tokio::test]
async fn each_scheme_stands_at_its_place() {
    let inherits: Call = call!(inherits);
    let token = |builder: Builder| builder.token("T");
    assert_eq!(
        shown(token, inherits).await.unwrap(),
        ["authorization: Bearer T"]
    );
    let both = |builder: Builder| builder.key("K").basic("Ada", "pass:word");
    assert_eq!(
        shown(both, inherits).await.unwrap(),
        ["authorization: Basic QWRhOnBhc3M6d29yZA==", "x-key: K"]
    );
    // The first alternative that can be met, and no more than that.
    let all = |builder: Builder| both(token(builder)).session("S").in_query("Q");
    assert_eq!(
        shown(all, inherits).await.unwrap(),
        ["authorization: Bearer T"]
    );
    let nothing: [&str; 0] = [];
    assert_eq!(shown(all, call!(anybody)).await.unwrap(), nothing);
    assert_eq!(shown(all, call!(perhaps)).await.unwrap(), ["cookie: sid=S"]);
    assert_eq!(shown(token, call!(perhaps)).await.unwrap(), nothing);
    // Who asks for what is declared nowhere is sent what there is.
    assert_eq!(
        shown(token, call!(mistaken)).await.unwrap(),
        ["authorization: Bearer T"]
    );
    let query = |builder: Builder| builder.in_query("a b&c");
    assert_eq!(
        shown(query, call!(others)).await.unwrap(),
        ["?key=a%20b%26c"]
    );
    let hawk = |builder: Builder| builder.hawk("id=\"1\"");
    assert_eq!(
        shown(hawk, call!(others)).await.unwrap(),
        ["authorization: Hawk id=\"1\""]
    );
    let source =
        |builder: Builder| builder.retry_credentials_source(|| async { Ok(Token::new("V")) });
    assert_eq!(
        shown(source, call!(others)).await.unwrap(),
        ["authorization: Bearer V"]
    );
}

#[tokio::test]
async fn what_the_caller_sets_counts() {
    use reqwest::header::AUTHORIZATION;

    let own = |builder: Builder| builder.header(AUTHORIZATION, "Own 1".parse().unwrap());
    assert_eq!(
        shown(own, call!(inherits)).await.unwrap(),
        ["authorization: Own 1"]
    );
    let own_and_token = |builder: Builder| own(builder).token("T");
    assert_eq!(
        shown(own_and_token, call!(inherits)).await.unwrap(),
        ["authorization: Own 1"]
    );
    let none = |builder: Builder| builder.token("T").without_credentials();
    let nothing: [&str; 0] = [];
    assert_eq!(shown(none, call!(inherits)).await.unwrap(), nothing);
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let (url, mut requests) = server(Arc::new(|_, _| (204, String::new()))).await;
    let client = Builder::new().base_url(&url).key("K").build().unwrap();
    let error = client.inherits().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`inherits`: no credentials: set `token`, or `key` and `basic` when the client is built; \
         nothing was sent"
    );
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::NoCredentials, 0)
    );
    assert!(requests.try_recv().is_err());
}

#[test]
fn what_cannot_be_sent_is_told_when_the_client_is_built() {
    for builder in [
        Builder::new().token("Secret\n1"),
        Builder::new().key(""),
        Builder::new().hawk("Secr\u{e9}t"),
    ] {
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains("cannot be sent"), "{error}");
        assert!(
            !shown.contains("Secr") && !error.contains("Secr"),
            "{error}"
        );
    }
}

/// A token endpoint that gives `T1`, `T2` and so on, for so many seconds, in front of operations
/// that take the tokens from a number on.
async fn machine(
    seconds: u64,
    taken_from: usize,
) -> (Client, Arc<AtomicUsize>, mpsc::UnboundedReceiver<String>) {
    let given = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&given);
    let answer = move |head: &str, body: &str| {
        if head.starts_with("POST /token") {
            assert_eq!(body, "grant_type=client_credentials&scope=read+write");
            // `id:a b` and `s%c`, each as a form has it (RFC 6749, section 2.3.1).
            assert_eq!(
                header(head, "authorization"),
                Some("Basic aWQlM0FhK2I6cyUyNWM=")
            );
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let token = format!(
                "{{\"access_token\":\"T{number}\",\"token_type\":\"Bearer\",\"expires_in\":{seconds}}}"
            );
            return (200, token);
        }
        let token = header(head, "authorization").unwrap();
        let number: usize = token.strip_prefix("Bearer T").unwrap().parse().unwrap();
        match number >= taken_from {
            true => (204, String::new()),
            false => (401, String::new()),
        }
    };
    let (url, requests) = server(Arc::new(answer)).await;
    let credentials = ClientCredentials::new("id:a b", "s%c").scopes(["read", "write"]);
    let builder = Builder::new().base_url(&url).machine_client(credentials);
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let all = format!("{shown} {client:?} {:?}", client.others());
    assert!(!all.contains("s%c") && !all.contains("id:a b"), "{all}");
    (client, given, requests)
}

#[tokio::test]
async fn a_hundred_calls_at_once_ask_for_one_token() {
    let (client, given, _requests) = machine(3600, 1).await;
    let calls = (0..100).map(|_| tokio::spawn(client.others().into_future()));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(given.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_lifetime_is_read_in_any_form() {
    for (lives, asked) in [
        ("18446744073709551615", 1),
        ("\"3600\"", 1),
        ("null", 1),
        ("\"soon\"", 1),
        ("0", 2),
    ] {
        let given = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&given);
        let answer = move |head: &str, _: &str| match head.starts_with("POST /token") {
            true => {
                count.fetch_add(1, Ordering::SeqCst);
                (
                    200,
                    format!("{{\"access_token\":\"T\",\"expires_in\":{lives}}}"),
                )
            }
            false => (204, String::new()),
        };
        let (url, _requests) = server(Arc::new(answer)).await;
        let credentials = ClientCredentials::new("id", "secret");
        let builder = Builder::new().base_url(&url).machine_client(credentials);
        let client = builder.build().unwrap();
        client.others().await.unwrap();
        client.others().await.unwrap();
        assert_eq!(given.load(Ordering::SeqCst), asked, "{lives}");
    }
}

#[tokio::test]
async fn a_token_is_replaced_ahead_of_its_end() {
    let (client, given, _requests) = machine(1, 1).await;
    client.others().await.unwrap();
    client.others().await.unwrap();
    assert_eq!(given.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_millis(950)).await;
    client.others().await.unwrap();
    assert_eq!(given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let (client, given, _requests) = machine(3600, 2).await;
    let calls = (0..20).map(|_| tokio::spawn(client.others().retry(Retry::never()).into_future()));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(given.load(Ordering::SeqCst), 2);

    let (client, given, _requests) = machine(3600, 1000).await;
    let error = client.others().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unauthorized, 2)
    );
    assert_eq!(given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_endpoint_that_refuses_is_told_without_what_it_said() {
    for (status, body, words) in [
        (
            400,
            r#"{"error":"invalid_client"}"#,
            "answered with 400 (`invalid_client`)",
        ),
        (400, r#"{"error":"SECRET"}"#, "answered with 400;"),
        (200, "SECRET", "did not answer with a token;"),
    ] {
        let answer = move |_: &str, _: &str| (status, body.to_owned());
        let (url, _requests) = server(Arc::new(answer)).await;
        let credentials = ClientCredentials::new("id", "SECRET");
        let client = Builder::new().base_url(&url).machine_client(credentials);
        let error = client.build().unwrap().others().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoCredentials);
        let mut all = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            all.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert!(all.contains(words) && !all.contains("SECRET"), "{all}");
    }
}

#[test]
fn servers_have_names_and_variables_values() {
    use generated::servers::{EXAMPLE_COM_V1, region_example_com_base as region};

    assert_eq!(EXAMPLE_COM_V1, generated::BASE_URL);
    assert_eq!(region("us", "v2/x").unwrap(), "https://us.example.com/v2/x");
    for (place, base, words) in [
        (
            "mars",
            "v1",
            "`region` of the server `https://{region}.example.com/{base}` cannot be `mars`: use `eu` or `us`",
        ),
        (
            "eu",
            "v1?key=1",
            "cannot be `v1?key=1`: use letters, digits",
        ),
    ] {
        let error = region(place, base).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
