use serde_json::value::RawValue;

use crate::runtime::pointer::{find, put};

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

#[test]
fn what_stands_at_a_place_is_found() {
    let value = raw(r#"{"a/b": [{"c~": 123456789012345678901}, 2], "": 3, "0": 4, "é": 5}"#);
    let cases = [
        ("/a~1b/0/c~0", Some("123456789012345678901")),
        ("/a~1b/1", Some("2")),
        ("/a~1b/2", None),
        ("/a~1b/-1", None),
        ("/a~1b/1/x", None),
        ("/", Some("3")),
        ("/0", Some("4")),
        ("/\u{e9}", Some("5")),
        ("/c", None),
    ];
    for (pointer, wanted) in cases {
        assert_eq!(
            find(&value, pointer).map(RawValue::get),
            wanted,
            "{pointer}"
        );
    }
    assert_eq!(find(&value, "").unwrap().get(), value.get());
}

#[test]
fn what_is_put_changes_nothing_beside_it() {
    let new = raw("98765432109876543210");
    let put = |body: Option<&str>, pointer| {
        let body = body.map(raw);
        put(body.as_deref(), pointer, &new).map(|body| body.get().to_owned())
    };
    let cases = [
        (None, "/a/b", Some(r#"{"a":{"b":98765432109876543210}}"#)),
        (Some("null"), "/a", Some(r#"{"a":98765432109876543210}"#)),
        (None, "/a/0", None),
        (Some("[1]"), "", Some("98765432109876543210")),
        (
            Some(r#"{"f": [{"page": 1, "n": 1.50}, [ ]]}"#),
            "/f/0/page",
            Some(r#"{"f":[{"n":1.50,"page":98765432109876543210},[ ]]}"#),
        ),
        (Some(r#"{"f": [{"page": 1}]}"#), "/f/1/page", None),
        (Some(r#"{"f": [{"page": 1}]}"#), "/f/page", None),
        (Some(r#"{"f": "text"}"#), "/f/page", None),
        (Some("7"), "/f", None),
    ];
    for (body, pointer, wanted) in cases {
        assert_eq!(put(body, pointer).as_deref(), wanted, "{body:?} {pointer}");
    }
}
