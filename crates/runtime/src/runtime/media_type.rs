use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Whether a response says that it is of a media type, or of one in a range such as `*/*`
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
