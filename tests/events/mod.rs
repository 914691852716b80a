//! Events that come in: which one a request is, and what is said of one that is none.

use std::time::Duration;

use generated::webhooks::{Event, verifier};
use generated::{SignatureError, Verify, WebhookError};
use reqwest::header::HeaderMap;

mod receiver;

#[rustfmt::skip]
#[allow(unreachable_pub, dead_code, unused_imports)]
mod generated;

fn headers(event: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(event) = event {
        headers.insert("x-event", event.parse().unwrap());
    }
    headers
}

fn parsed(event: Option<&str>, body: &str) -> Result<Event, WebhookError> {
    Event::parse(&headers(event), body.as_bytes())
}

#[test]
fn an_event_is_known_by_what_it_says() {
    let born = parsed(
        None,
        r#"{"kind": "born", "name": "Rex", "mood": "hungry", "more": 1}"#,
    )
    .unwrap();
    // It is read as a response is: what the contract does not list is kept.
    let Event::PetBorn(born) = born else {
        panic!("{born:?}")
    };
    assert_eq!(
        (born.name.as_str(), born.mood.unwrap().to_string()),
        ("Rex", "hungry".to_owned())
    );
    let shipped = parsed(None, r#"{"kind": "shipped", "parcel": 7}"#).unwrap();
    assert!(
        matches!(&shipped, Event::Shipped(one) if one.parcel == "7"),
        "{shipped:?}"
    );
    let sold = parsed(Some("sold"), r#"{"price": "2.50", "name": "Rex"}"#).unwrap();
    assert!(
        matches!(&sold, Event::PetSold(one) if one.price == 2.5),
        "{sold:?}"
    );
    let named = parsed(Some("named"), r#"{"name": "Rex", "price": 1}"#).unwrap();
    assert!(matches!(named, Event::PetNamed(_)), "{named:?}");
    // One schema lists the names of several.
    let fed = parsed(None, r#"{"type": "pet.fed"}"#).unwrap();
    assert!(matches!(fed, Event::PetFed(_)), "{fed:?}");
    // Without a header, what fits.
    let sold = parsed(None, r#"{"price": 2}"#).unwrap();
    assert!(matches!(sold, Event::PetSold(_)), "{sold:?}");
}

#[test]
fn an_event_that_the_contract_does_not_know_is_kept() {
    for (event, body) in [
        (None, r#"{"kind": "grown", "size": 3}"#),
        (Some("lost"), r#"{"since": 1}"#),
        (None, r#"{"type": "pet.walked"}"#),
        (None, "[1]"),
        (None, "null"),
    ] {
        let unknown = parsed(event, body).unwrap();
        let Event::Unknown(kept) = unknown else {
            panic!("{body}: {unknown:?}")
        };
        assert_eq!(
            kept,
            serde_json::from_str::<serde_json::Value>(body).unwrap()
        );
    }
}

#[test]
fn an_event_in_another_form_is_told_with_its_place() {
    let cases = [
        (
            None,
            r#"{"kind": "shipped", "parcel": {}}"#,
            "event `shipped`: the body does not fit the contract at `/parcel`: expected a string",
        ),
        (
            Some("sold"),
            "{}",
            "event `pet.sold`: the body does not fit the contract: `price` is missing",
        ),
        (
            None,
            "{\n1",
            "the body of an event is not JSON at line 2, column 1",
        ),
        (
            None,
            "",
            "the body of an event is not JSON at line 1, column 0",
        ),
    ];
    for (event, body, wanted) in cases {
        let error = parsed(event, body).unwrap_err().to_string();
        assert_eq!(error, wanted, "{body}");
    }
}

#[test]
fn a_signature_is_checked_as_the_contract_says() {
    let verifier = verifier("not a secret");
    let mut headers = headers(Some("sold"));
    let error = Event::verified(&verifier, &headers, b"{}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the event has no header `X-Pets-Signature`"
    );
    // Signed in 2001.
    headers.insert("x-pets-signature", SIGNED.parse().unwrap());
    let body = br#"{"price": 2}"#;
    let error = Event::verified(&verifier, &headers, body).unwrap_err();
    assert!(
        error.to_string().starts_with("the event was signed "),
        "{error}"
    );
    let patient = verifier.tolerance(Duration::from_secs(u64::MAX / 4));
    assert!(matches!(
        Event::verified(&patient, &headers, body),
        Ok(Event::PetSold(_))
    ));
    let error = Event::verified(&patient, &headers, b"{}").unwrap_err();
    assert_eq!(error.to_string(), "no signature of the event is right");
}

/// By another program.
const SIGNED: &str =
    "t=1000000000,v1=3bb752f7d501173899f385c849660d2c577bc1790d6e8ad8b0d4750c8a1120e0";

#[test]
fn an_event_that_nobody_signed_is_refused() {
    let verify = |headers: &HeaderMap, _: &[u8]| match headers.get("x-event") {
        Some(event) if event == "sold" => Ok(()),
        Some(_) => Err(SignatureError::Wrong),
        None => Err(SignatureError::Missing("x-event".to_owned())),
    };
    let verified =
        |event: Option<&str>| Event::verified(&verify, &headers(event), br#"{"price": 2}"#);
    assert!(matches!(verified(Some("sold")), Ok(Event::PetSold(_))));
    let error = verified(Some("named")).unwrap_err();
    assert!(matches!(
        error,
        WebhookError::Signature(SignatureError::Wrong)
    ));
    assert_eq!(error.to_string(), "no signature of the event is right");
    assert_eq!(
        verified(None).unwrap_err().to_string(),
        "the event has no header `x-event`"
    );
    assert!(verify.verify(&headers(None), b"").is_err());
}
