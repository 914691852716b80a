//! What a request carries beside what its operation says.

use reqwest::header::{COOKIE, Entry, HeaderMap, HeaderValue};

/// Adds the headers of all requests of a client where the operation has none of that name: it
/// knows better what it needs, and what it was called with is meant.
pub(crate) fn complete(headers: &mut HeaderMap, of_client: &HeaderMap) {
    let cookies = cookies(headers, of_client);
    for (name, value) in of_client {
        if let Entry::Vacant(vacant) = headers.entry(name) {
            vacant.insert(value.clone());
        }
    }
    if let Some(cookies) = cookies {
        headers.insert(COOKIE, cookies);
    }
}

/// The operation's cookies, and those of the client that have other names: there is one header
/// for all of them (RFC 6265, section 5.4). Nothing where there is one at most anyway.
fn cookies(headers: &HeaderMap, of_client: &HeaderMap) -> Option<HeaderValue> {
    let own: Vec<&HeaderValue> = headers.get_all(COOKIE).iter().collect();
    let names: Vec<_> = own
        .iter()
        .flat_map(|value| pairs(value))
        .map(name)
        .collect();
    let added = of_client.get_all(COOKIE).iter().flat_map(pairs);
    let added = added.filter(|pair| !names.contains(&name(pair)));
    let all = own.iter().map(|value| value.as_bytes()).chain(added);
    let all: Vec<&[u8]> = all.collect();
    if own.is_empty() || all.len() == 1 {
        return None;
    }
    let mut value = HeaderValue::from_bytes(&all.join(&b"; "[..])).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn pairs(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    let pairs = value.as_bytes().split(|byte| *byte == b';');
    pairs
        .map(<[u8]>::trim_ascii)
        .filter(|pair| !pair.is_empty())
}

fn name(pair: &[u8]) -> Option<&[u8]> {
    pair.split(|byte| *byte == b'=').next()
}
