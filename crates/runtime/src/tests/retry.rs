use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::Operation;
use crate::runtime::form::Form;
use crate::runtime::response::Received;
use crate::runtime::retry::*;

const CREATE: Operation = Operation {
    id: "create",
    method: "POST",
    path: "/",
    server: None,
    accept: None,
    security: &[],
    idempotent: false,
    idempotency_key: None,
    not_processed: |status| matches!(status, 429 | 503),
    form: |status| (status == 503).then(|| Form::json::<String>("application/json")),
    streamed: false,
};
const READ: Operation = Operation {
    idempotent: true,
    ..CREATE
};

#[test]
fn what_may_be_repeated_follows_from_what_may_have_happened() {
    let retry = Retry::default();
    for (outcome, create, read) in [
        (Outcome::Final, false, false),
        (Outcome::NotProcessed, true, true),
        (Outcome::Unknown, false, true),
    ] {
        assert_eq!(retry.may_repeat(&CREATE, outcome), create, "{outcome:?}");
        assert_eq!(retry.may_repeat(&READ, outcome), read, "{outcome:?}");
    }
    assert!(retry.at_least_once().may_repeat(&CREATE, Outcome::Unknown));
    assert!(!retry.at_least_once().may_repeat(&CREATE, Outcome::Final));
}

#[test]
fn the_contract_says_which_statuses_are_safe() {
    let (own, other) = ("\"busy\"", "<html>");
    for (status, body, strict, trusting) in [
        (503, own, Outcome::NotProcessed, Outcome::NotProcessed),
        (503, other, Outcome::Unknown, Outcome::NotProcessed),
        (429, other, Outcome::NotProcessed, Outcome::NotProcessed),
        (502, own, Outcome::Unknown, Outcome::Unknown),
        (404, own, Outcome::Final, Outcome::Final),
    ] {
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let response = Received {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::from_iter([json]),
            body: body.into(),
        };
        let retry = Retry::default();
        assert_eq!(retry.outcome(&CREATE, &response), strict, "{status} {body}");
        let retry = retry.trust_intermediaries(true);
        assert_eq!(
            retry.outcome(&CREATE, &response),
            trusting,
            "{status} {body}"
        );
    }
}

#[test]
fn waits_are_random_below_a_bound_that_doubles() {
    let retry = Retry::default().backoff(Duration::from_millis(100), Duration::from_secs(1));
    for (attempts, bound) in [(1, 100), (2, 200), (4, 800), (5, 1000), (4_000_000, 1000)] {
        let waits: Vec<_> = (0..200).map(|_| retry.wait(attempts, None)).collect();
        let bound = Duration::from_millis(bound);
        assert!(waits.iter().all(|wait| *wait <= bound));
        assert!(waits.iter().any(|wait| *wait < bound / 4));
        assert!(waits.iter().any(|wait| *wait > bound * 3 / 4));
    }
}

#[test]
fn what_the_api_asks_for_is_the_least() {
    let retry = Retry::default();
    let asked = Duration::from_secs(7);
    let wait = retry.wait(1, Some(asked));
    assert!(wait >= asked && wait <= asked + Duration::from_millis(200));
    assert_eq!(retry.wait(1, Some(Duration::MAX)), Duration::MAX);
}
