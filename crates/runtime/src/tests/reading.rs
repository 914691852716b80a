use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::from_json;

#[derive(Debug, Deserialize, PartialEq)]
struct Thing {
    id: i64,
    #[serde(default)]
    price: f64,
    #[serde(default)]
    ready: bool,
    #[serde(default)]
    name: String,
    state: Option<State>,
    #[serde(default)]
    parts: Vec<Thing>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum State {
    Ready,
    #[serde(rename = "404")]
    Gone,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Name(String);

fn reads<T: DeserializeOwned + PartialEq + std::fmt::Debug>(body: &str, expected: T) {
    assert_eq!(
        from_json::<T>(body.as_bytes()).ok(),
        Some(expected),
        "{body}"
    );
}

fn refused<T: DeserializeOwned>(body: &str) -> String {
    match from_json::<T>(body.as_bytes()) {
        Ok(_) => panic!("{body} is read"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn scalars_are_read_as_what_is_asked_for() {
    reads("\"7\"", 7_i64);
    reads("\" 7 \"", 7_u8);
    reads("7.0", 7_i32);
    reads("\"-7.0\"", -7_i64);
    reads("\"18446744073709551615\"", u64::MAX);
    reads("\"0.05\"", 0.05_f64);
    reads("\"1e3\"", 1000.0_f64);
    reads("7", 7.0_f64);
    reads("\"true\"", true);
    reads("\"false\"", false);
    reads("7", "7".to_owned());
    reads("7.50", "7.5".to_owned());
    reads("true", "true".to_owned());
    reads("7", Name("7".to_owned()));
    reads("404", State::Gone);
    reads(
        "[1, \"2\", null]",
        vec![Some("1".to_owned()), Some("2".to_owned()), None],
    );
    reads(
        "{\"7\": \"8\"}",
        std::collections::BTreeMap::from([(7_i64, 8_i64)]),
    );
    // What is asked for is what is there: nothing is read into it.
    reads("\"7\"", serde_json::json!("7"));
    reads("7.0", serde_json::json!(7.0));
}

#[test]
fn what_means_something_else_is_not_read() {
    for body in [
        "\"\"", "\"7a\"", "\"NaN\"", "\"inf\"", "\"0x7\"", "7.5", "true", "null", "[7]", "300",
        "\"300\"",
    ] {
        refused::<u8>(body);
    }
    for body in [
        "\"NaN\"", "\"inf\"", "\"\"", "\"true\"", "true", "null", "{}",
    ] {
        refused::<f64>(body);
    }
    for body in ["\"yes\"", "\"True\"", "1", "0", "\"1\"", "null"] {
        refused::<bool>(body);
    }
    for body in ["null", "[]", "{}"] {
        refused::<String>(body);
    }
    // Beyond these a whole number may have been another.
    refused::<i64>("9007199254740994.0");
    refused::<State>("\"else\"");
}

#[test]
fn a_response_is_read_in_depth() {
    let body = r#"{"id": "1", "price": "99.99", "ready": "true", "name": 5, "state": "ready",
        "parts": [{"id": 2.0, "more": "ignored"}]}"#;
    let part = Thing {
        id: 2,
        price: 0.0,
        ready: false,
        name: String::new(),
        state: None,
        parts: vec![],
    };
    let thing = Thing {
        id: 1,
        price: 99.99,
        ready: true,
        name: "5".to_owned(),
        state: Some(State::Ready),
        parts: vec![part],
    };
    reads(body, thing);
}

#[test]
fn what_does_not_fit_has_a_place_and_no_value() {
    for (body, says) in [
        (
            r#"{"id": "secret"}"#,
            "does not fit the contract at `/id`: expected i64",
        ),
        (
            r#"{"id": 1, "parts": [{"id": 2}, {"id": "secret"}]}"#,
            "does not fit the contract at `/parts/1/id`: expected i64",
        ),
        (
            r#"{"id": 1, "parts": [{"name": "secret"}]}"#,
            "does not fit the contract at `/parts/0`: `id` is missing",
        ),
        (
            r#"{"id": 1, "state": "secret"}"#,
            "does not fit the contract at `/state`: expected one of `ready`, `404`",
        ),
        (
            r#"{"id": 1, "parts": {"secret": 1}}"#,
            "does not fit the contract at `/parts`: expected a sequence",
        ),
        ("[]", "does not fit the contract: expected struct Thing"),
        ("7", "does not fit the contract: expected struct Thing"),
        ("{", "is not JSON at line 1, column 1"),
    ] {
        let told = refused::<Thing>(body);
        assert_eq!(told, says, "{body}");
        assert!(!told.contains("secret"), "{told}");
    }
    assert_eq!(
        refused::<std::collections::BTreeMap<String, i64>>(r#"{"a/b~": []}"#),
        "does not fit the contract at `/a~1b~0`: expected i64"
    );
}

/// As `serde_json` gives numbers where an application has it keep all their digits.
#[test]
fn numbers_are_numbers_whatever_an_application_asks_of_serde_json() {
    use crate::runtime::tagged::Tagged;
    let json = r#"{"kind": "a", "price": {"$serde_json::private::Number": "1.5"}}"#;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let tagged = Tagged::read(&mut deserializer, "kind").unwrap();
    assert_eq!(tagged.tag(), Some("a"));
    let read = tagged.read_or::<std::collections::BTreeMap<String, Value>, _, serde_json::Error>(
        Ok::<_, Value>,
        Err,
    );
    assert_eq!(read.unwrap().unwrap()["price"], serde_json::json!(1.5));
}

#[test]
fn what_is_not_what_it_says_is_kept() {
    use crate::runtime::choice::exactly;
    use crate::runtime::tagged::Tagged;
    type Read = Result<Result<std::collections::BTreeMap<String, i64>, Value>, serde_json::Error>;
    let json = r#"{"kind": "a", "price": []}"#;
    let read = || -> Read {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        Tagged::read(&mut deserializer, "kind")?.read_or(Ok, Err)
    };
    assert_eq!(
        read().unwrap().unwrap_err().to_string(),
        json.replace(' ', "")
    );
    let error = exactly(read).unwrap_err().to_string();
    assert!(error.contains("`/kind`: expected i64"), "{error}");
}
