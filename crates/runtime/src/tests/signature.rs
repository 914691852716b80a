use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{HeaderMap, HeaderName};
use sha2::Sha256;

use crate::{SignatureError, Verifier, Verify as _};

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        let name: HeaderName = name.parse().unwrap();
        (name, value.parse().unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn said(result: Result<(), SignatureError>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "right".to_owned())
}

/// The example that Standard Webhooks publishes for its libraries. Its secret is put together, so
/// that nobody takes it for one.
fn published() -> (String, HeaderMap, &'static [u8]) {
    let secret = ["whsec", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"].join("_");
    let headers = headers(&[
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        (
            "webhook-signature",
            "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,abc v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ]);
    (secret, headers, br#"{"test": 2432232314}"#)
}

#[test]
fn the_published_example_of_standard_webhooks_is_right() {
    let (secret, headers, body) = published();
    let verifier = Verifier::standard(secret.as_str()).unwrap();
    let now = at(1_614_265_330 + 300);
    assert_eq!(said(verifier.verify_at(&headers, body, now)), "right");
    // Long ago.
    let error = verifier.verify(&headers, body).unwrap_err();
    assert!(matches!(error, SignatureError::OutOfTime(_)), "{error}");
    for (now, off) in [(331 + 300, "301s"), (330 - 301, "301s")] {
        let error = said(verifier.verify_at(&headers, body, at(1_614_265_000 + now)));
        assert_eq!(error, format!("the event was signed {off} from now"));
    }
    let other = br#"{"test": 2432232315}"#;
    assert_eq!(
        said(verifier.verify_at(&headers, other, now)),
        "no signature of the event is right"
    );
    let unknown = Verifier::standard("bm90IGEgc2VjcmV0").unwrap();
    assert_eq!(
        said(unknown.verify_at(&headers, body, now)),
        "no signature of the event is right"
    );
    // While keys rotate, either is right.
    let both = Verifier::standard("bm90IGEgc2VjcmV0")
        .unwrap()
        .and(secret)
        .unwrap();
    assert_eq!(said(both.verify_at(&headers, body, now)), "right");
    assert!(Verifier::standard("whsec_?").is_err());
    assert!(Verifier::standard("").is_err() && Verifier::standard("whsec_").is_err());
    assert!(!format!("{both:?}").contains("bm90"));
}

/// `t` and the body, as the family of Stripe's and Callbell sign them.
fn signed(secret: &str, time: u64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.").as_bytes());
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_key_of_a_timestamped_signature_is_the_whole_secret() {
    // HMAC-SHA256 of `1234567890.{}` by `key`, as another program makes it.
    assert_eq!(signed("key", 1_234_567_890, b"{}"), OTHER_PROGRAM_S);
    let secret = ["whsec", "x"].join("_");
    let verifier = Verifier::timestamped("X-Callbell-Signature", secret.as_str()).refuse_replays();
    let right = signed(&secret, 1000, b"{}");
    let upper = signed(&secret, 1001, b"{}").to_uppercase();
    let cases = [
        (format!("t=1000,v1={right}"), 1000, "right"),
        (format!("t=1000,v1={right}"), 1300, "the event came before"),
        (
            format!("t=1000,v1={right}"),
            1301,
            "the event was signed 301s from now",
        ),
        (
            format!("t=1000,v1={right}"),
            699,
            "the event was signed 301s from now",
        ),
        (
            format!("v1=00, v0={right}, v1={upper} ,t=1001"),
            1001,
            "right",
        ),
        (
            format!("t=1002,v1={right}"),
            1000,
            "no signature of the event is right",
        ),
        (
            format!("t=1000,v0={right}"),
            1000,
            "the header `X-Callbell-Signature` of the event has another form",
        ),
        (
            format!("v1={right}"),
            1000,
            "the header `X-Callbell-Signature` of the event has another form",
        ),
        (
            format!("t=+1000,v1={right}"),
            1000,
            "the header `X-Callbell-Signature` of the event has another form",
        ),
        (
            "t=1000,v1=0".to_owned(),
            1000,
            "the header `X-Callbell-Signature` of the event has another form",
        ),
    ];
    for (value, now, wanted) in cases {
        let headers = headers(&[("x-callbell-signature", &value)]);
        assert_eq!(
            said(verifier.verify_at(&headers, b"{}", at(now))),
            wanted,
            "{value}"
        );
    }
    let empty = Verifier::timestamped("x-callbell-signature", "");
    let forged = format!("t=1000,v1={}", signed("", 1000, b"{}"));
    let forged = headers(&[("x-callbell-signature", &forged)]);
    let error = said(empty.verify_at(&forged, b"{}", at(1000)));
    assert_eq!(error, "no signature of the event is right");
    let none = said(verifier.verify(&HeaderMap::new(), b"{}"));
    assert_eq!(none, "the event has no header `X-Callbell-Signature`");
    // A standard library decodes the secret, and is wrong here.
    let (_, published, body) = published();
    let error = verifier.verify_at(&published, body, at(1_614_265_330));
    assert_eq!(
        said(error),
        "the event has no header `X-Callbell-Signature`"
    );
}

const OTHER_PROGRAM_S: &str = "cf8a8a0d578371b4cb55a4129b9615d057d07f848cdf63d07a1b99b39182958a";
