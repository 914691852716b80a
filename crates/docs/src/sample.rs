//! One request in nine languages. What a request is is said once ([`Request`]); each language has a
//! module that writes it as its users would.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

mod csharp;
mod curl;
mod go;
mod java;
mod json;
mod node;
mod php;
mod python;
mod ruby;

pub(crate) use json::pretty;

/// What stands in an address as it is (RFC 3986, section 2.3).
pub(crate) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A request as it goes over the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method: `POST`.
    pub method: String,
    /// The address with its query.
    pub url: Text,
    /// Names and values, in order.
    pub headers: Vec<(String, Text)>,
    /// Who calls, where that is said by name and password (RFC 7617).
    pub login: Option<Login>,
    /// What is sent, if anything is.
    pub body: Option<Body>,
    /// What a success gives.
    pub answer: Answer,
}

/// What a success gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A value, as JSON.
    Json,
    /// A text of another media type, or nothing.
    Text,
    /// Bytes, which are kept under this name.
    File(String),
    /// Values one after another, for as long as there are some.
    Stream,
}

impl Answer {
    /// The name of the file that is kept, if one is.
    fn file(&self) -> Option<&str> {
        match self {
            Self::File(name) => Some(name),
            Self::Json | Self::Text | Self::Stream => None,
        }
    }
}

/// What a request sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A value, as JSON.
    Json(Value),
    /// A text of another media type.
    Text(String),
    /// Names and values of a form (HTML, "URL-encoded form data").
    Pairs(Vec<(String, String)>),
    /// A form of several parts (RFC 7578).
    Form(Vec<Field>),
    /// A file of the caller's, by its name.
    File(String),
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the form calls it.
    pub name: String,
    /// What it holds.
    pub content: Content,
    /// What that is, where it is said.
    pub media_type: Option<String>,
}

/// What a part of a form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(String),
    /// A file of the caller's, by its name.
    File(String),
}

/// The variables of the environment that say who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// A text in which something stands that is nobody's business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What stands there.
    Plain(String),
    /// The variable of the environment whose value stands there.
    Secret(String),
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(vec![Part::Plain(text)])
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Text {
    /// The text, if it has no secret.
    fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// The variable of the environment that is the whole text, if one is.
    fn secret(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Secret(variable)] => Some(variable),
            _ => None,
        }
    }

    /// A header as it is sent.
    fn of_header(name: &str, value: &Self) -> Self {
        let mut parts = vec![Part::Plain(format!("{name}: "))];
        parts.extend(value.0.iter().cloned());
        Self::of(parts)
    }

    /// Parts put together: what stands side by side as it is becomes one.
    pub(crate) fn of(parts: Vec<Part>) -> Self {
        let mut out: Vec<Part> = Vec::new();
        for part in parts {
            match (out.last_mut(), part) {
                (Some(Part::Plain(text)), Part::Plain(more)) => text.push_str(&more),
                (_, part) => out.push(part),
            }
        }
        Self(out)
    }

    /// The text as one literal of a language that has variables in its texts: `begin` is what stands
    /// before such a literal, and `quoted` writes what is plain, with quotes around it.
    fn within(
        &self,
        begin: &str,
        quoted: impl Fn(&str) -> String,
        secret: impl Fn(&str) -> String,
    ) -> String {
        if let Some(plain) = self.plain() {
            return quoted(plain);
        }
        let parts = self.0.iter().map(|part| match part {
            Part::Plain(text) => {
                let inner = quoted(text);
                let inner = &inner[1..inner.len() - 1];
                match begin {
                    // In such a literal braces begin something.
                    "" => inner.to_owned(),
                    _ => inner.replace('{', "{{").replace('}', "}}"),
                }
            }
            Part::Secret(variable) => secret(variable),
        });
        format!("{begin}\"{}\"", parts.collect::<String>())
    }

    /// The text as an expression of a language that puts one behind the other with a sign.
    fn joined(
        &self,
        sign: &str,
        quoted: impl Fn(&str) -> String,
        secret: impl Fn(&str) -> String,
    ) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Plain(text) => quoted(text),
            Part::Secret(variable) => secret(variable),
        });
        parts.collect::<Vec<_>>().join(sign)
    }
}

/// A language that samples are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// The shell, by curl.
    Curl,
    /// JavaScript, by `fetch` of Node.
    Node,
    /// Ruby, by `net/http`.
    Ruby,
    /// Go, by `net/http`.
    Go,
    /// PHP, by its curl.
    Php,
    /// Python, by `requests`.
    Python,
    /// C#, by `HttpClient`.
    CSharp,
    /// Java, by `java.net.http`.
    Java,
    /// Rust, by the client that is generated from the contract.
    Rust,
}

/// Every language, in the order in which they are shown.
pub const LANGUAGES: [Language; 9] = [
    Language::Curl,
    Language::Node,
    Language::Ruby,
    Language::Go,
    Language::Php,
    Language::Python,
    Language::CSharp,
    Language::Java,
    Language::Rust,
];

impl Language {
    /// What readers call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "cURL",
            Self::Node => "Node",
            Self::Ruby => "Ruby",
            Self::Go => "Go",
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::CSharp => "C#",
            Self::Java => "Java",
            Self::Rust => "Rust",
        }
    }

    /// What blocks of code in Markdown call it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Curl => "sh",
            Self::Node => "js",
            Self::Ruby => "ruby",
            Self::Go => "go",
            Self::Php => "php",
            Self::Python => "python",
            Self::CSharp => "csharp",
            Self::Java => "java",
            Self::Rust => "rust",
        }
    }
}

impl Request {
    /// The request as code; nothing in Rust, whose client is generated, and where the language has
    /// no way to send it.
    ///
    /// ```
    /// use docs::sample::{Answer, Language, Request};
    ///
    /// let request = Request {
    ///     method: "GET".to_owned(),
    ///     url: "https://api.example/pets?name=it's".into(),
    ///     headers: Vec::new(),
    ///     login: None,
    ///     body: None,
    ///     answer: Answer::Json,
    /// };
    /// let code = request.write(Language::Curl).unwrap();
    /// assert_eq!(code, r"curl --fail-with-body 'https://api.example/pets?name=it'\''s'");
    /// ```
    #[must_use]
    pub fn write(&self, language: Language) -> Option<String> {
        let mut code = match language {
            Language::Curl => curl::write(self),
            Language::Node => node::write(self),
            Language::Ruby => ruby::write(self),
            Language::Go => go::write(self),
            Language::Php => php::write(self)?,
            Language::Python => python::write(self),
            Language::CSharp => csharp::write(self),
            Language::Java => java::write(self),
            Language::Rust => return None,
        };
        code.truncate(code.trim_end().len());
        Some(code)
    }

    /// The body as text, where it is one.
    pub(crate) fn text(&self) -> Option<String> {
        match self.body.as_ref()? {
            Body::Json(value) => Some(pretty(value)),
            Body::Text(text) => Some(text.clone()),
            Body::Pairs(pairs) => Some(encoded(pairs)),
            Body::Form(_) | Body::File(_) => None,
        }
    }

    /// Whether something in it is nobody's business.
    fn has_secret(&self) -> bool {
        let texts = self.headers.iter().map(|(_, value)| value);
        let mut texts = texts.chain([&self.url]);
        self.login.is_some() || texts.any(|text| text.plain().is_none())
    }
}

/// Names and values as they are sent.
fn encoded(pairs: &[(String, String)]) -> String {
    let escape = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A text between double quotes, with escapes as C has them; `more` escapes what a language has
/// besides, and `unicode` what has no sign of its own.
fn quoted(
    text: &str,
    more: impl Fn(char) -> Option<String>,
    unicode: impl Fn(u32) -> String,
) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => out.push_str(&unicode(c.into())),
            c => match more(c) {
                Some(escaped) => out.push_str(&escaped),
                None => out.push(c),
            },
        }
    }
    out.push('"');
    out
}

/// Whether a reader would not see what stands there, or see it in another place.
fn is_unseen(c: char) -> bool {
    c != '\n' && contract::inert::is_control(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn no_more(_: char) -> Option<String> {
    None
}

/// Lines further to the right, but for the first.
fn indented(text: &str, by: &str) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(by);
            out.push_str(line);
        }
    }
    out
}
