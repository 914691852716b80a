//! What a security scheme asks for, in a sentence.

use contract::operation::{Location, Scheme};

use crate::words::Words;

/// A sentence in which `{name}` and `{value}` stand for code.
pub(crate) struct Way {
    sentence: &'static str,
    name: String,
    value: String,
}

impl Way {
    pub(crate) fn of(scheme: &Scheme, words: &Words) -> Self {
        let in_authorization = |value: String| (words.in_the_header, "Authorization", value);
        let (sentence, name, value) = match scheme {
            Scheme::ApiKey { location, name } => {
                let sentence = match location {
                    Location::Query | Location::QueryString => words.in_the_query,
                    Location::Cookie => words.in_the_cookie,
                    Location::Header | Location::Path => words.in_the_header,
                };
                (sentence, name.as_str(), "YOUR_API_KEY".to_owned())
            }
            Scheme::Http { scheme } => in_authorization(match scheme.as_str() {
                "bearer" => "Bearer YOUR_API_KEY".to_owned(),
                "basic" => "Basic BASE64(USER:PASSWORD)".to_owned(),
                other => format!("{other} …"),
            }),
            Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
                in_authorization("Bearer YOUR_TOKEN".to_owned())
            }
            Scheme::MutualTls => (words.by_certificate, "", String::new()),
        };
        Self {
            sentence,
            name: name.to_owned(),
            value,
        }
    }

    /// The sentence in pieces, each with the code that follows it; none after the last.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let pieces = self.sentence.split_inclusive('}');
        pieces.map(|piece| match piece.split_once('{') {
            Some((text, "name}")) => (text, Some(self.name.as_str())),
            Some((text, _)) => (text, Some(self.value.as_str())),
            None => (piece, None),
        })
    }
}
