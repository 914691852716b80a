//! A proxy of the environment that gives no connection. Each call has a process of its own,
//! because its environment is the process's.

use std::env;
use std::error::Error as _;
use std::process::Command;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, Retry};

use crate::peer::{Act, Peer};

/// Not a secret that anybody has, but none that may be shown.
const PASSWORD: &str = "PROXYSECRET";

#[ignore = "is called by the test below"]
#[tokio::test]
async fn call() {
    let key = ApiKey::new("YOUR_API_KEY").unwrap();
    let builder = Client::builder(&key).retry(Retry::never());
    let client = builder.base_url(&env::var("API").unwrap()).build().unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let error = client.create_contact(&request).await.unwrap_err();
    println!("MESSAGE {error}\n{error:?} {client:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        println!("{cause} {cause:?}");
        source = cause.source();
    }
}

/// What the caller of an API is told, with a proxy.
fn told(api: &str, proxy: &str) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "proxies::call", "--nocapture"])
        .env_remove("REQUEST_METHOD")
        .envs([
            ("API", api),
            ("HTTPS_PROXY", proxy),
            ("NO_PROXY", "localhost"),
        ])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(!text.contains(PASSWORD) && !text.contains("user"), "{text}");
    let mut lines = text.lines();
    let message = lines.find_map(|line| line.split_once("MESSAGE "));
    message.unwrap().1.to_owned()
}

#[tokio::test]
async fn a_proxy_that_gives_no_connection_is_named_without_its_credentials() {
    let api = "https://api.example.com/v1";
    let refused = Peer::start(Act::Write(b"HTTP/1.1 403 Forbidden\r\n\r\n".into())).await;
    let unpaid = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    let unpaid = Peer::start(Act::Write(unpaid.into())).await;
    for (proxy, why) in [
        ("127.0.0.1:9", "Connection refused"),
        (&refused.address, "tunnel error: unsuccessful"),
        (&unpaid.address, "proxy authorization required"),
    ] {
        let url = format!("http://user:{PASSWORD}@{proxy}");
        let told = tokio::task::spawn_blocking(move || told(api, &url)).await;
        let told = told.unwrap();
        let expected = format!(
            "`createContact`: no connection to `api.example.com` through the proxy `{proxy}`: "
        );
        assert!(told.starts_with(&expected) && told.contains(why), "{told}");
        assert!(told.ends_with("; it was not processed") || told.ends_with("; nothing was sent"));
    }
}

#[test]
fn what_goes_past_the_proxy_does_not_name_it() {
    let told = told("https://localhost:9/v1", "http://127.0.0.1:8");
    let expected = "`createContact`: no connection to `localhost:9`: Connection refused";
    assert!(told.starts_with(expected), "{told}");
}
