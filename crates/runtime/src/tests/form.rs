use serde::Serialize;

use crate::runtime::form::*;

#[derive(serde::Deserialize, Serialize)]
struct Refusal {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default)]
    code: u32,
}

#[test]
fn what_says_nothing_that_is_known_does_not_fit() {
    for (body, expected) in [
        (r#"{"error": "busy"}"#, true),
        (r#"{"error": "busy", "more": [1]}"#, true),
        (r#"{"code": 7}"#, true),
        (r#"{"error": null}"#, false),
        (r#"{"message": "busy"}"#, false),
        (r#"{"error": 1}"#, false),
        ("{}", false),
        ("", false),
        (r#"{"error": "bu"#, false),
        ("<html>", false),
    ] {
        assert_eq!(fits::<Refusal>(body.as_bytes()), expected, "{body}");
    }
    assert!(fits::<String>(b"\"busy\"") && !fits::<String>(b"busy"));
}
