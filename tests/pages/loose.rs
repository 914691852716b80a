//! Pages without a type: what they say of the next one may be anything.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::generated::{Builder, Pages, Retry};
use super::{filters, seen};
use crate::server::server;

/// A walk over pages without a type, which are as they are given, and what was asked for.
async fn loose(operation: &str, given: &'static [&'static str]) -> (usize, String, Vec<String>) {
    let number = AtomicUsize::new(0);
    let answer = move |_: &str, _: &str| {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let body = given.get(number).copied();
        (
            200,
            body.unwrap_or_else(|| panic!("page {} is not there", number + 1))
                .to_owned(),
        )
    };
    let (url, mut requests) = server(Arc::new(answer)).await;
    let client = Builder::new()
        .base_url(&url)
        .retry(Retry::never())
        .build()
        .unwrap();
    let said = match operation {
        "list_loose" => ended(client.list_loose().pages()).await,
        "list_counted" => ended(client.list_counted().pages()).await,
        "list_long" => ended(client.list_long().pages()).await,
        "filter_pets" => ended(client.filter_pets(&filters(&[])).pages()).await,
        _ => unreachable!("`{operation}` is in no table"),
    };
    (said.0, said.1, seen(&mut requests))
}

/// How many pages there were, and what is said of the next one.
async fn ended<T: 'static, E: 'static>(mut pages: Pages<T, E>) -> (usize, String) {
    let mut number = 0;
    loop {
        match pages.next().await {
            None => return (number, "it was the last".to_owned()),
            Some(Ok(_)) => number += 1,
            Some(Err(error)) => return (number, error.to_string()),
        }
    }
}

#[tokio::test]
async fn a_page_that_does_not_say_what_it_should_is_not_taken_for_the_last() {
    let cases: [(&str, &'static [&'static str], &str); 13] = [
        (
            "list_loose",
            &[r#"{"data": [1], "more": 1}"#],
            "at `/more` it says neither `true` nor",
        ),
        (
            "list_loose",
            &[r#"{"data": [1], "more": "yes"}"#],
            "at `/more` it says neither",
        ),
        (
            "list_loose",
            &[r#"{"data": {"a": 1}, "more": true}"#],
            "at `/data` it has no list",
        ),
        (
            "list_loose",
            &[r#"{"data": [1], "more": null}"#],
            "it was the last",
        ),
        ("list_loose", &[r#"{"data": [1]}"#], "it was the last"),
        (
            "list_loose",
            &[r#"{"data": null, "more": true}"#],
            "it was the last",
        ),
        (
            "list_loose",
            &[
                r#"{"data": [1], "more": "true", "total": 3.0}"#,
                r#"{"data": [2, 3], "more": true, "total": 3.0}"#,
            ],
            "it was the last",
        ),
        (
            "list_counted",
            &["{}"],
            "it does not say how many pages there are",
        ),
        (
            "list_counted",
            &[r#"{"total": "many"}"#],
            "it does not say how many pages there are",
        ),
        // The walk begins with the second of three.
        (
            "list_counted",
            &[r#"{"total": "3", "n": 2}"#, r#"{"total": 3, "n": 3}"#],
            "it was the last",
        ),
        (
            "list_long",
            &[r#"{"next": [1]}"#],
            "its cursor is neither text nor a number",
        ),
        (
            "list_long",
            &[r#"{"next": true}"#],
            "its cursor is neither text nor a number",
        ),
        (
            "filter_pets",
            &[r#"{"data": [{"id": 1, "name": "a"}], "pages": 2}"#],
            "no place `/filters/0/page`",
        ),
    ];
    for (operation, given, wanted) in cases {
        let (pages, text, requests) = loose(operation, given).await;
        assert_eq!(
            (pages, requests.len()),
            (given.len(), given.len()),
            "{given:?}: {text}"
        );
        assert!(text.contains(wanted), "{given:?}: {text}");
    }
}

#[tokio::test]
async fn a_cursor_keeps_all_its_digits() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let answer = move |_: &str, body: &str| {
        let mut asked = kept.lock().unwrap();
        asked.push(body.to_owned());
        let next = ["9007199254740993.5", "123456789012345678901", "null"][asked.len() - 1];
        (200, format!("{{\"next\": {next}}}"))
    };
    let (url, _requests) = server(Arc::new(answer)).await;
    let client = Builder::new().base_url(&url).build().unwrap();
    let (pages, text) = ended(client.list_long().pages()).await;
    assert_eq!((pages, text.as_str()), (3, "it was the last"));
    let wanted = [
        "",
        r#"{"after":9007199254740993.5}"#,
        r#"{"after":123456789012345678901}"#,
    ];
    assert_eq!(*asked.lock().unwrap(), wanted);
}
