//! What is wrong with a request, in the form that the contract gives to errors.

use contract::schema::Violation;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

/// So many violations are told at most.
const MOST: usize = 20;
/// The longest explanation that stands in a header, in characters.
const LONGEST: usize = 400;

/// Why a request is not done.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The statuses that say so, of which the contract may know one; the first, where it knows
    /// none.
    pub(crate) statuses: &'static [u16],
    /// What is wrong, in a line.
    pub(crate) message: String,
    /// What is wrong with each place.
    pub(crate) places: Vec<Place>,
    /// Headers that belong to the status.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether what the contract shows of the status is sent as it is.
    pub(crate) is_plain: bool,
}

/// What is wrong with a place of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// `path`, `query`, `header`, `cookie` or `body`.
    pub(crate) part: &'static str,
    /// The name of a parameter, and where in it; a JSON Pointer in a body.
    at: String,
    message: String,
    /// What the schema says, where it is a schema that says something.
    pub(crate) violation: Option<Violation>,
}

impl Place {
    pub(crate) fn new(
        part: &'static str,
        at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            part,
            at: at.into(),
            message: message.into(),
            violation: None,
        }
    }

    /// The name of a parameter; nothing of a body.
    pub(crate) fn parameter(&self) -> &str {
        let pointer = self
            .violation
            .as_ref()
            .map_or("", |one| one.pointer.as_str());
        self.at.strip_suffix(pointer).unwrap_or(&self.at)
    }

    /// The places of a parameter's or a body's violations.
    pub(crate) fn of(part: &'static str, name: &str, violations: Vec<Violation>) -> Vec<Self> {
        let place = |violation: Violation| Self {
            part,
            at: format!("{name}{}", violation.pointer),
            message: violation.message.clone(),
            violation: Some(violation),
        };
        violations.into_iter().map(place).collect()
    }

    fn told(&self) -> String {
        match (self.part, self.at.as_str()) {
            ("body", "") => format!("the body does not fit the contract: {}", self.message),
            ("body", at) => format!(
                "the body does not fit the contract at `{at}`: {}",
                self.message
            ),
            (part, at) => format!(
                "the {part} parameter `{at}` does not fit the contract: {}",
                self.message
            ),
        }
    }
}

impl Refusal {
    pub(crate) fn new(statuses: &'static [u16], message: impl Into<String>) -> Self {
        Self {
            statuses,
            message: message.into(),
            places: Vec::new(),
            headers: Vec::new(),
            is_plain: false,
        }
    }

    /// The same with what the contract shows, to which nothing is to be added.
    pub(crate) fn plain(self) -> Self {
        Self {
            is_plain: true,
            ..self
        }
    }

    /// Of a request that the contract does not admit: 422 (RFC 9110, section 15.5.21), or 400.
    pub(crate) fn invalid(places: Vec<Place>) -> Option<Self> {
        let message = places.first()?.told();
        Some(Self {
            places,
            ..Self::new(&[422, 400], message)
        })
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The explanation as it may stand in a header.
    pub(crate) fn line(&self) -> HeaderValue {
        let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
        let message = self.message.as_str();
        if message.len() <= LONGEST && message.chars().all(is_plain) {
            return HeaderValue::from_str(message).unwrap_or(HeaderValue::from_static("refused"));
        }
        let plain = |c: char| if is_plain(c) { c } else { ' ' };
        let line: String = message.chars().take(LONGEST).map(plain).collect();
        // It is nothing but what may stand there.
        HeaderValue::try_from(line).unwrap_or(HeaderValue::from_static("refused"))
    }

    /// Where the request does not fit, as far as it is told.
    pub(crate) fn findings(&self) -> Value {
        let first = self.places.iter().take(MOST);
        let told = first
            .map(|place| json!({ "in": place.part, "at": place.at, "message": place.message }));
        told.collect()
    }

    fn violations(&self) -> Value {
        let first = self.places.iter().take(MOST);
        let told = first.map(|place| match place.part {
            "body" => json!({ "at": place.at, "message": place.message }),
            part => json!({ "in": part, "at": place.at, "message": place.message }),
        });
        told.collect()
    }

    /// Problem details (RFC 9457), where the contract has no form for it.
    pub(crate) fn problem(&self, status: u16, title: &str) -> Value {
        let mut problem = json!({ "title": title, "status": status, "detail": self.message });
        self.tell(&mut problem);
        problem
    }

    fn tell(&self, body: &mut Value) {
        if !self.places.is_empty() {
            body["violations"] = self.violations();
        }
        let left = self.places.len().saturating_sub(MOST);
        if left > 0 {
            body["further_violations"] = left.into();
        }
    }

    /// What the contract shows of errors with the explanation in it, as far as `fits` admits: in the
    /// property that is `meant` for it, and the violations beside it.
    pub(crate) fn in_form(
        &self,
        shown: &Value,
        meant: Option<&str>,
        fits: impl Fn(&Value) -> bool,
    ) -> Value {
        let mut body = shown.clone();
        if !body.is_object() || self.is_plain {
            return body;
        }
        if let Some(name) = meant {
            body[name] = self.message.as_str().into();
        }
        let mut told = body.clone();
        self.tell(&mut told);
        match fits(&told) {
            true => told,
            false => body,
        }
    }
}

/// The property that may hold an explanation: any text fits it, the usual names first.
pub(crate) fn explanation(
    properties: &Map<String, Value>,
    fits: impl Fn(&Value) -> bool,
) -> Option<&str> {
    const USUAL: [&str; 6] = [
        "detail",
        "message",
        "error_description",
        "description",
        "error",
        "title",
    ];
    let rank = |name: &str| {
        USUAL
            .iter()
            .position(|usual| *usual == name)
            .unwrap_or(USUAL.len())
    };
    let mut names: Vec<&str> = properties
        .iter()
        .filter(|(_, value)| value.is_string())
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_by_key(|name| rank(name));
    names.into_iter().find(|name| {
        let mut tried = Value::Object(properties.clone());
        tried[*name] = "any text at all: with signs, and 1 number".into();
        fits(&tried)
    })
}
