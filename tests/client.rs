//! The client reads tolerantly, writes strictly, and is set up from the contract.

use callbell::types::{Contact, CreateContactRequest, CreateContactResponse, Source};
use callbell::{ApiKey, BASE_URL, Client, ClientInfo as _, Error, SetupError};
use callbell_sandbox::Sandbox;
use contract::operation::Api;
use serde_json::{Value, json};

use crate::generated::contract;

fn key() -> ApiKey {
    ApiKey::new("YOUR_API_KEY").unwrap()
}

#[test]
fn constants_are_the_contract_s() {
    let api = Api::new(&contract()).unwrap();
    assert_eq!(Some(BASE_URL), api.base_url.as_deref());
    let limit = api.rate_limit.unwrap();
    assert_eq!(callbell::RATE_LIMIT, limit.requests);
    assert_eq!(
        callbell::RATE_LIMIT_PERIOD.as_secs(),
        u64::from(limit.seconds)
    );
    assert_eq!(Client::new(&key()).unwrap().baseurl(), BASE_URL);
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

#[tokio::test]
async fn one_call_gives_the_contact_and_errors_keep_status_and_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let client = Client::with_base_url(&key(), &format!("{}/", sandbox.url())).unwrap();
    let created = client.create_contact(&request).await.unwrap();
    assert_eq!(created.contact.name, "John Doe");

    let prefer = reqwest::header::HeaderMap::from_iter([
        ("prefer".parse().unwrap(), "code=429".parse().unwrap()),
        (
            "authorization".parse().unwrap(),
            "Bearer a".parse().unwrap(),
        ),
    ]);
    let preferring = plain(reqwest::Client::builder().default_headers(prefer));
    let client = Client::new_with_client(sandbox.url(), preferring);
    match client.create_contact(&request).await.unwrap_err() {
        Error::ErrorResponse(answer) => {
            assert_eq!(answer.status(), 429);
            assert_eq!(answer.headers()["retry-after"], "1");
            assert_eq!(answer.error, Some("rate limit exceeded".into()));
        }
        other => panic!("{other:?}"),
    }
}

/// A client of one's own. With the SDK's reqwest alone it has no provider of
/// cryptography until the application chooses one.
fn plain(builder: reqwest::ClientBuilder) -> reqwest::Client {
    // Another test may have chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder.build().unwrap()
}

#[test]
fn a_base_url_is_checked() {
    let refused = [
        ("", "it is not an absolute URL"),
        ("api.callbell.eu", "it is not an absolute URL"),
        ("ftp://example.com", "its scheme is not `https`"),
        ("http://example.com/v1", "the key would travel in the clear"),
        (
            "http://127.0.0.1.example.com/v1",
            "the key would travel in the clear",
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
        let error = Client::with_base_url(&key(), url).unwrap_err();
        assert!(matches!(error, SetupError::BaseUrl { .. }), "{error:?}");
        assert!(error.to_string().contains(reason), "{url}: {error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
    for url in [
        "https://example.com",
        "http://localhost:1/v1",
        "http://[::1]:1",
        " http://127.0.0.1:1/v1/ ",
    ] {
        assert!(Client::with_base_url(&key(), url).is_ok(), "{url}");
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
            Ok(client) => println!("child: {}", client.baseurl()),
            Err(error) => println!("child: {error}"),
        };
    }
    let from_env = |variables: &[_]| child("client::from_env_reads_key_and_base_url", variables);
    let key = ("CALLBELL_API_KEY", "Bearer KEY");
    assert_eq!(from_env(&[key]), BASE_URL);
    assert_eq!(from_env(&[key, ("CALLBELL_BASE_URL", "")]), BASE_URL);
    assert_eq!(
        from_env(&[key, ("CALLBELL_BASE_URL", "http://localhost:1/a/")]),
        "http://localhost:1/a"
    );
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
    let client = Client::with_base_url(&key(), sandbox.url()).unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    match client.create_contact(&request).await {
        Ok(_) => println!("child: created"),
        Err(error) => println!("child: {error}"),
    }
}
