use reqwest::header::{HeaderMap, HeaderValue, LINK};

use crate::runtime::link::{next, next_in};

#[test]
fn the_next_page_is_found_among_all_links() {
    let cases = [
        (
            "<https://a/?page=2>; rel=\"next\"",
            Some("https://a/?page=2"),
        ),
        ("<https://a/?page=2>;rel=next", Some("https://a/?page=2")),
        ("</b>; rel=prev, </c>; rel=next", Some("/c")),
        ("</b>; rel=\"prev NEXT\"", Some("/b")),
        ("</b,c;d>; REL=\"next\"", Some("/b,c;d")),
        ("</b>; title=\"a, <x>; rel=next\"; rel=last", None),
        (
            "</b>; title=\"\\\"; rel=next\"; rel=last, </c>; rel=next",
            Some("/c"),
        ),
        ("</b>; rel=last; rel=next", None),
        ("</b>; rel=next; anchor=\"/other\"", None),
        (
            "</b>; rel=nextish, </c>; rel=\"http://example.com/next\"",
            None,
        ),
        ("</b>; crossorigin; rel=next", Some("/b")),
        ("</b> rubbish; rel=next, </c>; rel=next", Some("/c")),
        (" , </b> ; rel = next", Some("/b")),
        ("b; rel=next", None),
        ("b; rel=next, </c>; rel=next", Some("/c")),
        ("<b; rel=next, </c>; rel=next", Some("/c")),
        ("</b>; title=\"\u{fffd}\"; rel=next", Some("/b")),
        ("<b; rel=next", None),
        ("<b>; rel=\"next", Some("b")),
        ("", None),
    ];
    for (field, wanted) in cases {
        assert_eq!(next_in(field), wanted, "{field}");
    }
}

#[test]
fn a_header_of_any_bytes_is_read() {
    let mut headers = HeaderMap::new();
    headers.append(LINK, HeaderValue::from_static("</a>; rel=prev"));
    let bytes = b"</b>; title=\"\xff\xe9\"; rel=next";
    headers.append(LINK, HeaderValue::from_bytes(bytes).unwrap());
    assert_eq!(next(&headers).as_deref(), Some("/b"));
}
