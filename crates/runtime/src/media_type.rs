use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Whether an answer says that it is of a media type, or of one in a range such as `*/*`
/// (RFC 9110, sections 8.3.1 and 12.5.1). Parameters do not count. Two headers contradict each
/// other.
pub(crate) fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let said = value.to_str().ok().and_then(parts);
    match (said, parts(wanted)) {
        (Some(said), Some(wanted)) => covers(wanted.0, said.0) && covers(wanted.1, said.1),
        _ => false,
    }
}

fn covers(wanted: &str, said: &str) -> bool {
    wanted == "*" || wanted.eq_ignore_ascii_case(said)
}

/// Type and subtype, without the parameters.
fn parts(text: &str) -> Option<(&str, &str)> {
    let essence = text.split(';').next()?.trim_matches([' ', '\t']);
    let (first, second) = essence.split_once('/')?;
    (is_token(first) && is_token(second)).then_some((first, second))
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
}
