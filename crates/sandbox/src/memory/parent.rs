//! Whose members those of a collection are: what stands for the variables of its path.

use contract::path::{Part, parts};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::parameter::decode;
use crate::route::captures;

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
        // A path of the contract is none of its kind.
        let fits = captures(wanted, given, &mut variables);
        if !fits || variables.iter().any(|variable| variable.starts_with('{')) {
            return None;
        }
    }
    let decoded: Vec<_> = variables.into_iter().map(decode).collect();
    Some(parent_of(decoded.iter().map(AsRef::as_ref)))
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
    let pieces = parts(template).map(|part| match part {
        Part::Text(text) => text,
        Part::Variable(_) => variables.next().unwrap_or_default(),
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::{concrete, of_path};

    #[test]
    fn a_path_of_a_parent_is_read_as_it_is_told() {
        for (template, path, parent) in [
            ("/pets", "/pets", Some("")),
            ("/pets/{id}/toys", "/pets/7/toys", Some("7")),
            ("/x/{a}-{b}/toys", "/x/1-2/toys", Some("1/2")),
            ("/pets/{id}/toys", "/pets/a%2Fb/toys", Some("a%2Fb")),
            ("/pets/{id}/toys", "/pets/{id}/toys", None),
            ("/pets/{id}/toys", "/pets//toys", None),
            ("/pets", "/dogs", None),
        ] {
            assert_eq!(of_path(template, path).as_deref(), parent, "{path}");
            if let Some(parent) = parent {
                assert_eq!(concrete(template, parent), path);
            }
        }
    }
}
