//! What is left out of everything that is shown: who callers are.

use std::collections::HashSet;

use contract::operation::{Api, Location, Scheme};

/// What stands in the place of a credential.
pub(crate) const REDACTED: &str = "[redacted]";
/// Headers that hold credentials (RFC 9110, section 11; RFC 6265, section 4).
const HEADERS: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// The names of what holds credentials.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    headers: HashSet<String>,
    parameters: HashSet<String>,
}

impl Redaction {
    /// Of HTTP, and of the keys that a contract has.
    pub(crate) fn of(api: &Api) -> Self {
        let mut redaction = Self {
            headers: HEADERS.map(str::to_owned).into(),
            parameters: HashSet::new(),
        };
        for scheme in &api.security_schemes {
            if let Scheme::ApiKey { location, name } = &scheme.scheme {
                match location {
                    Location::Header => redaction.headers.insert(name.to_ascii_lowercase()),
                    Location::Query => redaction.parameters.insert(name.clone()),
                    // All cookies are left out.
                    _ => false,
                };
            }
        }
        redaction
    }

    pub(crate) fn headers(&self, headers: Vec<(String, String)>) -> Vec<(String, String)> {
        let shown = headers.into_iter().map(|(name, value)| {
            match self.headers.contains(&name.to_ascii_lowercase()) {
                true => (name, REDACTED.to_owned()),
                // Addresses may have a key in them.
                false if value.contains('?') => {
                    let value = self.path(&value);
                    (name, value)
                }
                false => (name, value),
            }
        });
        shown.collect()
    }

    /// An address, or a path, with its query.
    pub(crate) fn path(&self, path: &str) -> String {
        let Some((path, query)) = path.split_once('?') else {
            return path.to_owned();
        };
        let pairs = query.split('&').map(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let decoded = crate::parameter::decode_plus(name);
            match self.parameters.contains(decoded.as_ref()) {
                true => format!("{name}={REDACTED}"),
                false => pair.to_owned(),
            }
        });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use contract::{Document, Source, lint};

    use super::Redaction;

    #[test]
    fn credentials_of_http_and_of_the_contract_are_left_out() {
        let document = "
openapi: 3.0.3
info: {title: It, version: '1'}
paths: {/it: {get: {responses: {'200': {description: It.}}}}}
components:
  securitySchemes:
    header: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: 'api key'}
security: [{header: []}, {query: []}]
";
        let source = Source::new("it.yaml", document);
        let contract = lint::admit(Document::parse(source)).unwrap();
        let redaction = Redaction::of(contract.api());
        let headers = ["accept", "authorization", "x-key", "Cookie"];
        let headers = headers.map(|name| (name.to_owned(), "it".to_owned()));
        let shown = redaction.headers(headers.into());
        let shown: Vec<_> = shown.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(shown, ["it", "[redacted]", "[redacted]", "[redacted]"]);
        assert_eq!(
            redaction.path("/it?a=1&api+key=it&api%20key=it&b"),
            "/it?a=1&api+key=[redacted]&api%20key=[redacted]&b"
        );
        assert_eq!(redaction.path("/it"), "/it");
    }
}
