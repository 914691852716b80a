//! Whose members those of a collection are: what stands for the variables of its path.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::parameter::decode;

/// What does not stand for itself in a segment of a path (RFC 3986, section 3.3).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'?')
    .add(b'{');

/// What stands for the variables of a path in one of its kind.
pub(super) fn of_path(template: &str, path: &str) -> Option<String> {
    let (wanted, given) = (template.split('/'), path.split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut variables = Vec::new();
    for (wanted, given) in wanted.zip(given) {
        match wanted.starts_with('{') && wanted.ends_with('}') {
            true if given.is_empty() || given.starts_with('{') => return None,
            true => variables.push(decode(given).into_owned()),
            false if wanted == given => {}
            false => return None,
        }
    }
    Some(parent_of(variables.iter().map(String::as_str)))
}

/// A parent by what stands for the variables of its path.
pub(crate) fn parent_of<'v>(variables: impl Iterator<Item = &'v str>) -> String {
    let encoded: Vec<String> = variables
        .map(|text| utf8_percent_encode(text, SEGMENT).to_string())
        .collect();
    encoded.join("/")
}

/// The path of a collection of one parent.
pub(crate) fn concrete(template: &str, parent: &str) -> String {
    let mut variables = parent.split('/');
    let segments = template.split('/').map(|segment| {
        match segment.starts_with('{') && segment.ends_with('}') {
            true => variables.next().unwrap_or_default(),
            false => segment,
        }
    });
    segments.collect::<Vec<_>>().join("/")
}
