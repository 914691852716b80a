//! The `Prefer` header (RFC 7240) with the preferences of Stoplight Prism.

use hyper::HeaderMap;

/// What the caller wants to be answered with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    pub(crate) code: Option<String>,
    pub(crate) example: Option<String>,
    /// Whether a value is made even where the contract shows one.
    pub(crate) dynamic: bool,
}

impl Prefer {
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        let values = headers.get_all("prefer").iter();
        let values = values.filter_map(|value| value.to_str().ok());
        for preference in values.flat_map(|value| value.split([',', ';'])) {
            let Some((name, value)) = preference.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => prefer.code = Some(value),
                "example" => prefer.example = Some(value),
                "dynamic" => prefer.dynamic = value == "true",
                _ => {}
            }
        }
        prefer
    }
}
