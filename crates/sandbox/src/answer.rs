//! What the contract answers: its examples, and values made from its schemas where it shows none.

use std::sync::OnceLock;

use contract::operation::{Example, Header, MediaType, Response};
use contract::schema::{Direction, Schema, Schemas};
use contract::source::Node;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use sampler::Sampler;
use serde_json::Value;

use crate::framing::is_set_by_sender;
use crate::media::{self, essence};
use crate::refusal::{self, Refusal};

/// What goes back to the caller.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// Why the request is refused, if it is.
    pub(crate) refusal: Option<Box<Refusal>>,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    pub(crate) fn json(status: StatusCode, media_type: &HeaderValue, value: &Value) -> Self {
        let mut answer = Self::empty(status);
        answer.headers.insert(CONTENT_TYPE, media_type.clone());
        answer.body = Some(bytes(value));
        answer
    }
}

/// A value as JSON.
pub(crate) fn bytes(value: &Value) -> Bytes {
    // Nothing fails that is written to memory.
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// What values come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) root: &'a Node,
    pub(crate) schemas: &'a Schemas,
    pub(crate) seed: u64,
}

/// A response of the contract, its bodies made when they are first asked for.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) bodies: Vec<ReadyBody>,
    headers: OnceLock<Vec<(HeaderName, HeaderValue)>>,
}

/// A body of a response in one media type.
#[derive(Debug)]
pub(crate) struct ReadyBody {
    /// The media type, as it stands in a header.
    pub(crate) content_type: HeaderValue,
    schema: OnceLock<Option<Schema>>,
    /// What the contract shows, by name.
    shown: OnceLock<Vec<(String, Bytes, Option<Value>)>>,
    /// The first one that fits, by its number.
    fitting: OnceLock<Option<usize>>,
    made: OnceLock<Option<(Bytes, Option<Value>)>>,
    /// The property of what it shows that may hold an explanation.
    explanation: OnceLock<Option<String>>,
}

impl Ready {
    pub(crate) fn new(response: &Response) -> Self {
        Self {
            bodies: response.content.iter().map(ReadyBody::new).collect(),
            headers: OnceLock::new(),
        }
    }

    /// The headers that have an example, and those that are always there.
    pub(crate) fn headers(
        &self,
        response: &Response,
        origin: Origin<'_>,
    ) -> &[(HeaderName, HeaderValue)] {
        self.headers.get_or_init(|| {
            let headers = response.headers.iter();
            let headers =
                headers.filter(|header| !header.name.eq_ignore_ascii_case("content-type"));
            headers.filter_map(|header| one(header, origin)).collect()
        })
    }
}

/// Nothing where the contract shows what cannot stand in a header.
fn one(header: &Header, origin: Origin<'_>) -> Option<(HeaderName, HeaderValue)> {
    let shown = header
        .examples
        .first()
        .and_then(|example| example.value.clone());
    let made = || {
        let at = header.required.then_some(header.schema.as_ref()?)?;
        make(origin, &at.origin.pointer, None)
    };
    let text = match shown.or_else(made)? {
        Value::String(text) => text,
        Value::Array(items) => {
            let texts = items.iter().map(|item| match item {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            texts.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
    if is_set_by_sender(&name) {
        return None;
    }
    Some((name, HeaderValue::from_str(&text).ok()?))
}

impl ReadyBody {
    fn new(media_type: &MediaType) -> Self {
        let content_type = HeaderValue::from_str(&media_type.name);
        Self {
            content_type: content_type.unwrap_or(media::BYTES),
            schema: OnceLock::new(),
            shown: OnceLock::new(),
            fitting: OnceLock::new(),
            made: OnceLock::new(),
            explanation: OnceLock::new(),
        }
    }

    /// What values of it are held against.
    pub(crate) fn schema(&self, media_type: &MediaType, origin: Origin<'_>) -> Option<&Schema> {
        let schema = self.schema.get_or_init(|| {
            let at = &media_type.schema.as_ref()?.origin.pointer;
            origin.schemas.get(at, Direction::Response).ok()
        });
        schema.as_ref()
    }

    /// The contract's example of a name.
    pub(crate) fn named(&self, media_type: &MediaType, name: &str) -> Option<Bytes> {
        let mut shown = self.shown(media_type).iter();
        let found = shown.find(|(known, ..)| known == name);
        found.map(|(_, bytes, _)| bytes.clone())
    }

    fn shown(&self, media_type: &MediaType) -> &[(String, Bytes, Option<Value>)] {
        self.shown.get_or_init(|| {
            let examples = media_type.examples.iter();
            let shown = examples.filter_map(|Example { name, value, .. }| {
                let value = value.clone()?;
                let (bytes, value) = written(&essence(&media_type.name), value);
                Some((name.clone(), bytes, value))
            });
            shown.collect()
        })
    }

    /// The first example that fits, else a value that is made, else what there is. With `dynamic`
    /// a value that is made goes first.
    pub(crate) fn usual(
        &self,
        media_type: &MediaType,
        origin: Origin<'_>,
        dynamic: bool,
    ) -> Option<(Bytes, Option<&Value>)> {
        let shown = self.shown(media_type);
        let of = |at: usize| {
            shown
                .get(at)
                .map(|(_, bytes, value)| (bytes.clone(), value.as_ref()))
        };
        let fitting = || {
            let fits = |value: Option<&Value>| match (value, self.schema(media_type, origin)) {
                (Some(value), Some(schema)) => schema.is_valid(value),
                _ => true,
            };
            shown.iter().position(|(.., value)| fits(value.as_ref()))
        };
        if !dynamic && let Some(at) = *self.fitting.get_or_init(fitting) {
            return of(at);
        }
        let made = self.made.get_or_init(|| self.make(media_type, origin));
        let made = made.as_ref();
        made.map(|(bytes, value)| (bytes.clone(), value.as_ref()))
            .or_else(|| of(0))
    }

    /// What it shows of an error, and the property of it that may hold an explanation.
    pub(crate) fn of_error(
        &self,
        media_type: &MediaType,
        origin: Origin<'_>,
    ) -> Option<(&Value, Option<&str>)> {
        let shown = self.usual(media_type, origin, false)?.1?;
        let explanation = self.explanation.get_or_init(|| {
            let schema = self.schema(media_type, origin);
            let fits = |value: &Value| schema.is_none_or(|schema| schema.is_valid(value));
            refusal::explanation(shown.as_object()?, fits).map(str::to_owned)
        });
        Some((shown, explanation.as_deref()))
    }

    fn make(&self, media_type: &MediaType, origin: Origin<'_>) -> Option<(Bytes, Option<Value>)> {
        let essence = essence(&media_type.name);
        if let Some(item) = &media_type.item_schema {
            let value = make(origin, &item.origin.pointer, None)?;
            let text = match essence.as_str() {
                "text/event-stream" => event(&value),
                "application/json-seq" => format!("\u{1e}{value}\n"),
                _ => format!("{value}\n"),
            };
            return Some((text.into(), None));
        }
        let Some(at) = &media_type.schema else {
            return Some(written(&essence, "sample".into()));
        };
        let value = make(origin, &at.origin.pointer, self.schema(media_type, origin))?;
        Some(match essence.as_str() {
            "text/event-stream" => (format!("data: {value}\n\n").into(), None),
            essence => written(essence, value),
        })
    }
}

/// An event whose fields are properties (`OpenAPI` 3.2.0, section 4.14.4), or its data.
fn event(value: &Value) -> String {
    let fields = value
        .as_object()
        .filter(|fields| fields.contains_key("data"));
    let Some(fields) = fields else {
        return format!("data: {value}\n\n");
    };
    let lines = fields.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {}\n", text.replace('\n', " ")),
        other => format!("{name}: {other}\n"),
    });
    lines.collect::<String>() + "\n"
}

/// A value in the form of a media type, and the value where it is JSON.
fn written(essence: &str, value: Value) -> (Bytes, Option<Value>) {
    if media::is_json(essence) || essence == "*/*" || essence == "application/*" {
        return (bytes(&value), Some(value));
    }
    match value {
        Value::String(text) => (text.into(), None),
        other => (other.to_string().into(), None),
    }
}

/// A value of the schema at a pointer: the one that fits, else the first one that was tried.
fn make(origin: Origin<'_>, at: &str, schema: Option<&Schema>) -> Option<Value> {
    let sampler = Sampler::new(origin.root, Direction::Response).seed(origin.seed);
    let own = match schema {
        Some(_) => None,
        None => origin.schemas.get(at, Direction::Response).ok(),
    };
    let schema = schema.or(own.as_ref());
    let fits = |value: &Value| schema.is_none_or(|schema| schema.is_valid(value));
    sampler
        .sample(at, fits)
        .or_else(|first| first.ok_or(()))
        .ok()
}
