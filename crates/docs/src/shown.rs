//! What is shown of an operation in a language: the examples for its readers, as calls.

use std::borrow::Cow;

use contract::operation::{Example, MediaType, Operation};
use contract::source::Node;
use serde_json::{Value, json};

use crate::Site;
use crate::edition::Edition;
use crate::request::{Maker, server};
use crate::sample::{Body, Content, Field, LANGUAGES, Language, Part, Request, Text};

/// The extension of an example that is for readers of one language, a tag of BCP 47.
const FOR: &str = "x-language";
/// The extension of an operation with samples that somebody wrote.
const WRITTEN: &str = "x-codeSamples";
/// So many examples of a call are shown at most.
const MOST: usize = 12;

/// One example of a call, in every language.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) code: Vec<(Language, String)>,
    /// Samples in other languages: name, tag and code.
    pub(crate) other: Vec<(String, String, String)>,
    /// What is sent, where that is a text.
    pub(crate) body: Option<String>,
    /// The request as a script reads it.
    pub(crate) request: String,
}

/// The examples of a body for readers of a language: those of their own first, none of another.
pub(crate) fn examples<'c>(edition: &Edition, content: &'c MediaType) -> Vec<&'c Example> {
    let own = edition.tag.split('-').next().unwrap_or_default();
    let language = |example: &Example| {
        let pointer = example.origin.pointer.as_str();
        let node = edition.root.pointer(pointer);
        let said = node.and_then(|node| node.get(FOR)?.as_str());
        said.map(str::to_owned)
    };
    let fits = |example: &&Example| {
        let language = language(example);
        language.is_none_or(|tag| tag == edition.tag || tag == own)
    };
    let mut shown: Vec<&Example> = content.examples.iter().filter(fits).collect();
    shown.sort_by_key(|example| language(example).is_none());
    shown
}

/// The calls of an operation for readers of a language.
pub(crate) fn calls(site: &Site, edition: &Edition, operation: &Operation) -> Vec<Call> {
    let shown = sent(operation).map(|content| examples(edition, content));
    made(site, edition, operation, shown.unwrap_or_default())
}

/// The calls of an operation for all readers.
pub(crate) fn all_calls(site: &Site, edition: &Edition, operation: &Operation) -> Vec<Call> {
    let shown = sent(operation).map(|content| content.examples.iter().collect());
    made(site, edition, operation, shown.unwrap_or_default())
}

/// What all readers are shown of what an operation sends, by name, as the client that is generated
/// is given it.
pub(crate) fn given(site: &Site, edition: &Edition, operation: &Operation) -> Vec<(String, Value)> {
    let Some(content) = sent(operation) else {
        return Vec::new();
    };
    let maker = site.maker(edition);
    let shown = values(&maker, content, content.examples.iter().collect());
    let given = shown
        .into_iter()
        .map(|Shown { name, value, .. }| (name.to_owned(), maker.given(content, &value)));
    given.collect()
}

/// The bodies of what the API itself sends, by their titles.
pub(crate) fn payloads(
    site: &Site,
    edition: &Edition,
    operation: &Operation,
) -> Vec<(String, Value)> {
    let Some(content) = sent(operation) else {
        return Vec::new();
    };
    let maker = site.maker(edition);
    let shown = values(&maker, content, examples(edition, content)).into_iter();
    let payloads = shown.map(|Shown { title, value, .. }| {
        let title = title.unwrap_or(edition.words.example);
        (title.to_owned(), value.into_owned())
    });
    payloads.collect()
}

/// What is shown of what an operation sends.
fn sent(operation: &Operation) -> Option<&MediaType> {
    let content = &operation.request.as_ref()?.content;
    let mut json = content.iter();
    json.find(|one| one.is_json()).or(content.first())
}

/// A value of what is sent.
struct Shown<'c> {
    /// What the contract calls it; nothing where it is made.
    name: &'c str,
    title: Option<&'c str>,
    value: Cow<'c, Value>,
}

/// The values of the examples; one that is made, where none has a value.
fn values<'c>(
    maker: &Maker<'_>,
    content: &'c MediaType,
    examples: Vec<&'c Example>,
) -> Vec<Shown<'c>> {
    let shown = examples.into_iter().take(MOST).filter_map(|example| {
        Some(Shown {
            name: &example.name,
            title: Some(crate::html::heading_of(example)),
            value: Cow::Borrowed(example.value.as_ref()?),
        })
    });
    let mut shown: Vec<Shown<'c>> = shown.collect();
    if shown.is_empty() {
        shown.extend(maker.made(content).map(|value| Shown {
            name: "",
            title: None,
            value: Cow::Owned(value),
        }));
    }
    shown
}

/// A call with each example; one without a body, where nothing is sent.
fn made(
    site: &Site,
    edition: &Edition,
    operation: &Operation,
    examples: Vec<&Example>,
) -> Vec<Call> {
    let maker = site.maker(edition);
    let Some(content) = sent(operation) else {
        let named = ("", operation.path.as_str());
        let call = call(site, &maker, operation, named, None);
        return call.into_iter().collect();
    };
    let shown = values(&maker, content, examples).into_iter();
    let calls = shown.filter_map(|Shown { name, title, value }| {
        let named = (name, title.unwrap_or(edition.words.example));
        call(site, &maker, operation, named, Some((content, &value)))
    });
    calls.collect()
}

fn call(
    site: &Site,
    maker: &Maker<'_>,
    operation: &Operation,
    (name, title): (&str, &str),
    body: Option<(&MediaType, &Value)>,
) -> Option<Call> {
    let request = maker.request(operation, body)?;
    let written = written(maker.root, operation);
    let mut code = Vec::new();
    for language in LANGUAGES {
        let by_hand = written.iter().find(|one| one.is_of(language));
        let sample = match (by_hand, language) {
            (Some(by_hand), _) => Some(by_hand.code.clone()),
            (None, Language::Rust) => site
                .rust
                .get(&(operation.title(), name.to_owned()))
                .cloned(),
            (None, language) => request.write(language),
        };
        code.extend(sample.map(|sample| (language, sample)));
    }
    let other = written
        .into_iter()
        .filter(|one| !LANGUAGES.iter().any(|known| one.is_of(*known)));
    let other = other.map(|one| (one.name, one.tag, one.code));
    Some(Call {
        name: name.to_owned(),
        title: title.to_owned(),
        other: other.collect(),
        request: told(&request, operation).to_string(),
        body: request.text(),
        code,
    })
}

/// A sample that somebody wrote.
struct Written {
    name: String,
    tag: String,
    code: String,
}

impl Written {
    fn is_of(&self, language: Language) -> bool {
        let is = |name: &str| self.tag.eq_ignore_ascii_case(name);
        is(language.name())
            || is(language.tag())
            || match language {
                Language::Curl => is("bash") || is("shell"),
                Language::Node => is("javascript"),
                _ => false,
            }
    }
}

fn written(root: &Node, operation: &Operation) -> Vec<Written> {
    let node = root.pointer(&operation.origin.pointer);
    let samples = node.and_then(|node| node.get(WRITTEN));
    let samples = samples.into_iter().flat_map(Node::items);
    let samples = samples.filter_map(|sample| {
        let tag = sample.get("lang")?.as_str()?;
        let label = sample.get("label").and_then(Node::as_str);
        Some(Written {
            name: label.unwrap_or(tag).to_owned(),
            tag: tag.to_owned(),
            code: sample.get("source")?.as_str()?.trim_end().to_owned(),
        })
    });
    samples.collect()
}

/// A request for a script: `null` stands where the key does, and `true` where it does in base64;
/// in a form, and for a body, `null` stands for a file of the reader's.
fn told(request: &Request, operation: &Operation) -> Value {
    let parts = |text: &Text| -> Value {
        let parts = text.0.iter().map(|part| match part {
            Part::Plain(text) => json!(text),
            Part::Secret(_) => Value::Null,
        });
        parts.collect()
    };
    let headers = request.headers.iter();
    let mut headers: Vec<Value> = headers
        .map(|(name, value)| json!([name, parts(value)]))
        .collect();
    if request.login.is_some() {
        headers.push(json!(["Authorization", ["Basic ", true]]));
    }
    let form: Vec<Value> = match &request.body {
        Some(Body::Form(fields)) => fields.iter().map(field).collect(),
        Some(Body::File(_)) => vec![json!([null, null, null])],
        _ => Vec::new(),
    };
    let (server, is_known) = match server(operation) {
        Ok(server) => (server, true),
        Err(example) => (example, false),
    };
    json!({
        "method": request.method, "url": parts(&request.url), "headers": headers,
        "server": server, "isKnown": is_known,
        "body": request.text(), "form": form,
    })
}

/// A part of a form: its name, its text, and what that is.
fn field(field: &Field) -> Value {
    let text = match &field.content {
        Content::Text(text) => Some(text),
        Content::File(_) => None,
    };
    json!([field.name, text, field.media_type])
}
