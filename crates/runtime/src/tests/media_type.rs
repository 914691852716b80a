use proptest::prelude::*;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::runtime::media_type::*;

fn says(values: &[&str], wanted: &str) -> bool {
    let headers = values
        .iter()
        .map(|value| (CONTENT_TYPE, value.parse().unwrap()));
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.append(name, value);
    }
    is(&all, wanted)
}

#[test]
fn parameters_and_case_do_not_count() {
    for value in [
        "application/json",
        "Application/JSON",
        " application/json ; charset=utf-8",
        "application/json;",
        "application/json;a=\"b;c/d\"",
    ] {
        assert!(says(&[value], "application/json"), "{value}");
        assert!(says(&[value], "*/*") && says(&[value], "application/*"));
        assert!(!says(&[value], "application/problem+json"), "{value}");
        assert!(!says(&[value], "text/*"), "{value}");
    }
}

#[test]
fn what_is_no_media_type_is_of_none() {
    for value in ["", ";", "json", "application", "application/", "/json"] {
        assert!(!says(&[value], "*/*"), "{value}");
    }
    assert!(!says(&["application /json"], "*/*"));
    assert!(!says(&["application/json, text/html"], "*/*"));
    let twice = ["application/json", "application/json"];
    assert!(!says(&twice, "application/json") && !says(&[], "*/*"));
}

const TOKEN: &str = "[a-zA-Z0-9!#$%&'+.^_`|~-]{1,12}";
const PARAMETERS: &str =
    "([ \t]{0,2};[ \t]{0,2}([a-z]{1,9}=([a-z0-9-]{1,9}|\"[ -!#-~]{0,9}\"))?){0,3}";

/// What resembles a media type, and what does not.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let near = "[ \t]{0,2}[a-zA-Z*/+;=\", ]{0,20}(/|/json|application/json)?[ -~\t]{0,9}";
    prop_oneof![near.prop_map(String::into_bytes), any::<Vec<u8>>()]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_comes_is_of_one_type_at_most(
        values in proptest::collection::vec(value(), 0..3),
        wanted in prop_oneof!["[ -~]{0,20}", Just("application/json".to_owned())],
    ) {
        let mut headers = HeaderMap::new();
        for value in values {
            if let Ok(value) = value.as_slice().try_into() {
                headers.append(CONTENT_TYPE, value);
            }
        }
        let is_any = is(&headers, "*/*");
        prop_assert!(is_any || !is(&headers, &wanted));
        prop_assert!(!(is(&headers, "application/json") && is(&headers, "text/html")));
        // One value, of a type and a subtype.
        let one = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
        let has_both = one.is_some_and(|value| value.contains(&b'/'));
        prop_assert!(!is_any || has_both && headers.len() == 1);
    }

    #[test]
    fn what_is_said_is_read(
        (first, second, parameters) in (TOKEN, TOKEN, PARAMETERS),
        (before, after) in ("[ \t]{0,2}", "[ \t]{0,2}"),
    ) {
        let essence = format!("{first}/{second}");
        for said in [essence.to_ascii_uppercase(), essence.clone()] {
            let value = format!("{before}{said}{parameters}{after}");
            let wanted = essence.to_ascii_lowercase();
            prop_assert!(says(&[&value], &wanted), "{}", value);
            for range in [format!("{first}/*"), "*/*".to_owned()] {
                prop_assert!(says(&[&value], &range), "{}", value);
            }
            prop_assert!(!says(&[&value], &format!("{wanted}x")), "{}", value);
            prop_assert!(!says(&[&value, &value], &wanted), "{}", value);
        }
    }
}
