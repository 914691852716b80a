//! Media types (RFC 9110, section 8.3.1): which one of a contract is meant, and which one is wanted.

use hyper::header::HeaderValue;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// What is said of bytes of which nothing is known.
pub(crate) const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// How closely a range of media types is about one: 3 for the type itself, 1 for any.
fn closeness(range: &str, media_type: &str) -> Option<u8> {
    if range == media_type {
        return Some(3);
    }
    match range.strip_suffix("/*") {
        Some("*") => Some(1),
        Some(kind) => {
            let (own, _) = media_type.split_once('/')?;
            (own == kind).then_some(2)
        }
        None => None,
    }
}

/// Which of the media types of a contract, which may be ranges, a body is of.
pub(crate) fn of_body<'c>(
    known: impl Iterator<Item = &'c str>,
    content_type: &str,
) -> Option<usize> {
    let sent = essence(content_type);
    let close = known.enumerate().filter_map(|(index, range)| {
        let closeness = closeness(&essence(range), &sent)?;
        Some((closeness, index))
    });
    // The first one of those that are equally close.
    let best = close.max_by_key(|(closeness, index)| (*closeness, std::cmp::Reverse(*index)));
    best.map(|(_, index)| index)
}

/// Which of the media types of a contract a caller wants (RFC 9110, section 12.5.1): the first one
/// of those that are wanted most. JSON goes before others of the same weight.
pub(crate) fn wanted<'c>(
    known: impl Iterator<Item = &'c str>,
    accept: Option<&str>,
) -> Option<usize> {
    let ranges: Vec<(String, f32)> = match accept.map(str::trim) {
        None | Some("") => vec![("*/*".to_owned(), 1.0)],
        Some(accept) => accept.split(',').map(weighed).collect(),
    };
    let weights = known.enumerate().filter_map(|(index, media_type)| {
        let media_type = essence(media_type);
        let close = ranges.iter().filter_map(|(range, weight)| {
            // A range of the contract holds something of what is wanted.
            let closeness = closeness(range, &media_type).or(closeness(&media_type, range))?;
            Some((closeness, *weight))
        });
        let (_, weight) = close.max_by(|a, b| a.0.cmp(&b.0))?;
        let is_json = is_json(&media_type);
        (weight > 0.0).then_some((weight, is_json, index))
    });
    let best = weights.max_by(|a, b| {
        let by_weight = a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        by_weight.then(b.2.cmp(&a.2))
    });
    best.map(|(.., index)| index)
}

/// A range of an `Accept`, and how much it is wanted.
fn weighed(range: &str) -> (String, f32) {
    let weight = super::multipart::parameter(range, "q");
    let weight = weight.and_then(|weight| weight.parse().ok());
    (essence(range), weight.unwrap_or(1.0))
}

/// Whether an essence is of JSON (RFC 6839, section 3.1).
pub(crate) fn is_json(essence: &str) -> bool {
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Whether an essence is of JSON in lines (`OpenAPI` 3.2.0, section 4.14.2).
pub(crate) fn is_json_lines(essence: &str) -> bool {
    matches!(
        essence,
        "application/jsonl"
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/json-seq"
    )
}

#[cfg(test)]
mod tests {
    use super::{of_body, wanted};

    #[test]
    fn the_closest_media_type_of_a_body_is_meant() {
        let known = ["application/*", "application/json; charset=utf-8", "*/*"];
        for (sent, expected) in [
            ("Application/JSON", Some(1)),
            ("application/json;charset=x", Some(1)),
            ("application/xml", Some(0)),
            ("text/plain", Some(2)),
        ] {
            assert_eq!(of_body(known.into_iter(), sent), expected, "{sent}");
        }
        assert_eq!(of_body(["a/b"].into_iter(), "a/c"), None);
        assert_eq!(of_body(["a/b"].into_iter(), ""), None);
    }

    #[test]
    fn the_media_type_that_is_wanted_most_is_sent() {
        let known = ["text/csv", "application/json", "application/problem+json"];
        for (accept, expected) in [
            (None, Some(1)),
            (Some("*/*"), Some(1)),
            (Some("text/*"), Some(0)),
            (Some("text/csv;q=0.5, application/*;q=0.4"), Some(0)),
            (Some("application/problem+json"), Some(2)),
            (Some("text/*, application/json;q=0"), Some(0)),
            (Some("image/png"), None),
            (Some("application/json;q=0, */*;q=0"), None),
        ] {
            assert_eq!(wanted(known.into_iter(), accept), expected, "{accept:?}");
        }
        assert_eq!(wanted(["image/*"].into_iter(), Some("image/png")), Some(0));
    }
}
