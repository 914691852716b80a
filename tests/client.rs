//! The client reads tolerantly, writes strictly, and is set up from the contract.

use callbell::types::{Contact, CreateContactRequest, CreateContactResponse, Source};
use callbell::{ApiKey, BASE_URL, BuildError, Client, ErrorKind};
use callbell_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::generated::contract;

fn key() -> ApiKey {
    ApiKey::new("YOUR_API_KEY").unwrap()
}

#[test]
fn constants_are_the_contract_s() {
    let contract = contract();
    let api = contract.api();
    assert_eq!(Some(BASE_URL), api.base_url().as_deref());
    let limit = api.rate_limit.unwrap();
    assert_eq!(callbell::RATE_LIMIT, limit.requests);
    assert_eq!(
        callbell::RATE_LIMIT_PERIOD.as_secs(),
        u64::from(limit.seconds)
    );
    let shown = format!("{:?}", Client::new(&key()).unwrap());
    assert!(
        shown.contains(&format!("base_url: {BASE_URL:?}")),
        "{shown}"
    );
    assert!(shown.contains("requests: 300, period: 1s"), "{shown}");
}

fn contact() -> Value {
    json!({
        "uuid": "414a6d692bd645ed803f2e7ce360d4c8", "name": "John Doe", "source": "whatsapp",
        "createdAt": "2020-11-13T21:08:53Z", "href": "https://dash.callbell.eu/contacts/414a",
    })
}

fn read(contact: Value) -> Result<Contact, serde_json::Error> {
    let response: CreateContactResponse = serde_json::from_value(json!({ "contact": contact }))?;
    Ok(response.contact)
}

#[test]
fn both_shapes_are_one_contact() {
    let object = read(contact()).unwrap();
    let array = read(json!([contact()])).unwrap();
    assert_eq!(format!("{object:?}"), format!("{array:?}"));
}

#[test]
fn an_array_of_other_than_one_is_refused() {
    let none = read(json!([])).unwrap_err().to_string();
    assert_eq!(
        none,
        "invalid length 0, expected an object, or an array of exactly one"
    );
    let two = read(json!([contact(), contact()])).unwrap_err().to_string();
    assert_eq!(
        two,
        "invalid length 2, expected an object, or an array of exactly one"
    );
}

#[test]
fn what_is_wrong_in_a_shape_is_said() {
    let mut broken = contact();
    broken["createdAt"] = "yesterday".into();
    let error = read(json!([broken])).unwrap_err().to_string();
    assert_eq!(error, "input contains invalid characters");
    let error = read(json!([{}])).unwrap_err().to_string();
    assert_eq!(error, "missing field `createdAt`");
}

#[test]
fn unknown_fields_and_values_and_nulls_are_read() {
    let mut new = contact();
    new["blockedAt"] = Value::Null;
    new["customFieldsMetadata"] = json!({ "a": [1] });
    new["source"] = "carrier-pigeon".into();
    new["phoneNumber"] = Value::Null;
    new["tags"] = Value::Null;
    new["customFields"] = Value::Null;
    let contact = read(new).unwrap();
    assert_eq!(contact.source, Source::Unknown("carrier-pigeon".into()));
    assert_eq!(contact.phone_number, None);
    assert!(contact.tags.is_empty() && contact.custom_fields.is_empty());
}

#[test]
fn every_source_survives_a_round_trip() {
    for text in [
        "whatsapp",
        "facebook",
        "instagram",
        "telegram",
        "carrier-pigeon",
        "",
    ] {
        let source: Source = serde_json::from_value(text.into()).unwrap();
        assert_eq!(serde_json::to_value(&source).unwrap(), text);
        assert_eq!(source, Source::from(text));
        assert_eq!(source.to_string(), text);
    }
    assert_eq!(Source::from("telegram"), Source::Telegram);
    assert!(serde_json::from_value::<Source>(json!(1)).is_err());
}

#[test]
fn what_is_not_set_is_not_sent() {
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let sent = serde_json::to_string(&request).unwrap();
    assert_eq!(
        sent,
        r#"{"identifier":"1","name":"John Doe","source":"whatsapp"}"#
    );
}

fn client(base_url: &str) -> Result<Client, BuildError> {
    Client::builder(&key()).base_url(base_url).build()
}

#[tokio::test]
async fn one_call_gives_the_contact() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let client = client(&format!("{}/", sandbox.url())).unwrap();
    let created = client.create_contact(&request).await.unwrap();
    assert_eq!(created.contact.name, "John Doe");
    assert_eq!(created.status(), 200);
    assert_eq!(created.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn an_http_client_of_ones_own_sends_the_key_too() {
    let prefer = ("prefer".parse().unwrap(), "code=401".parse().unwrap());
    let own = reqwest::Client::builder()
        .default_headers(reqwest::header::HeaderMap::from_iter([prefer]))
        .build()
        .unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder(&key()).base_url(sandbox.url()).client(own);
    let client = client.user_agent_suffix("shop/1.2").build().unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let error = client.create_contact(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let seen = &sandbox.requests()[0];
    let header = |name| {
        seen.headers
            .iter()
            .find(|(n, _)| n == name)
            .unwrap()
            .1
            .as_str()
    };
    assert_eq!(header("authorization"), "Bearer YOUR_API_KEY");
    assert_eq!(header("prefer"), "code=401");
    assert_eq!(header("user-agent"), "callbell/0.1.0 shop/1.2");
}

#[test]
fn a_base_url_is_checked() {
    let refused = [
        ("", "it is not an absolute URL"),
        ("api.callbell.eu", "it is not an absolute URL"),
        ("ftp://example.com", "its scheme is not `https`"),
        (
            "http://example.com/v1",
            "credentials would travel in the clear",
        ),
        (
            "http://127.0.0.1.example.com/v1",
            "credentials would travel in the clear",
        ),
        ("https://example.com/v1?a=b", "paths are appended to it"),
        (
            "https://user:SECRET@example.com?a=b",
            "paths are appended to it",
        ),
        ("https://user:SECRET@", "it is not an absolute URL"),
        (
            "https://user:SECRET@example.com",
            "it must not hold a user or password",
        ),
    ];
    for (url, reason) in refused {
        let error = client(url).unwrap_err();
        assert!(matches!(error, BuildError::BaseUrl { .. }), "{error:?}");
        assert!(error.to_string().contains(reason), "{url}: {error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
    for url in [
        "https://example.com?key=SECRET",
        "SECRET",
        "https://a:SECRET@b",
    ] {
        let builder = Client::builder(&key()).base_url(url);
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        let shown = format!("{shown} {error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }
    for url in [
        "https://example.com",
        "http://localhost:1/v1",
        "http://[::1]:1",
        " http://127.0.0.1:1/v1/ ",
    ] {
        assert!(client(url).is_ok(), "{url}");
    }
}

/// Set in the processes that tests start of themselves: the environment of this
/// one belongs to all tests.
const CHILD: &str = "CALLBELL_TEST_CHILD";

/// Runs a test again in a process with these variables, and gives what it says.
fn child(test: &str, variables: &[(&str, &str)]) -> String {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).env(CHILD, "1");
    for name in [callbell::API_KEY_VARIABLE, callbell::BASE_URL_VARIABLE] {
        child.env_remove(name);
    }
    let output = child.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.split_once("child: "));
    line.unwrap().1.to_owned()
}

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

#[test]
fn from_env_reads_key_and_base_url() {
    if is_child() {
        return match Client::from_env() {
            Ok(client) => println!("child: {client:?}"),
            Err(error) => println!("child: {error}"),
        };
    }
    let from_env = |variables: &[_]| child("client::from_env_reads_key_and_base_url", variables);
    let key = ("CALLBELL_API_KEY", "Bearer KEY");
    for (variables, base_url) in [
        (&[key] as &[_], BASE_URL),
        (&[key, ("CALLBELL_BASE_URL", "")], BASE_URL),
        (
            &[key, ("CALLBELL_BASE_URL", "http://localhost:1/a/")],
            "http://localhost:1/a",
        ),
    ] {
        let shown = from_env(variables);
        assert!(
            shown.contains(&format!("base_url: {base_url:?}")),
            "{shown}"
        );
    }
    let missing = "`CALLBELL_API_KEY` is not set; set it to the API key of the account";
    assert_eq!(from_env(&[]), missing);
    assert_eq!(from_env(&[("CALLBELL_API_KEY", " ")]), missing);
    assert!(from_env(&[("CALLBELL_API_KEY", "Bearer")]).starts_with("the API key is empty"));
}

#[tokio::test]
async fn a_key_in_the_clear_goes_through_no_proxy() {
    if !is_child() {
        // Nothing listens on this port: a call through it would fail.
        let proxy = ("HTTP_PROXY", "http://127.0.0.1:9");
        let test = "client::a_key_in_the_clear_goes_through_no_proxy";
        assert_eq!(child(test, &[proxy]), "created");
        return;
    }
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(sandbox.url()).unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    match client.create_contact(&request).await {
        Ok(_) => println!("child: created"),
        Err(error) => println!("child: {error}"),
    }
}
