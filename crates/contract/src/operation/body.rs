//! What is sent in a body (`OpenAPI` 3.0.3, sections 4.7.13 to 4.7.15 and 4.7.19).

use serde_json::Value;

use super::parameter::{Header, Style, explode};
use super::reader::{Found, Reader};
use super::{Extensions, Origin};
use crate::source::Node;
use crate::walk::component;

/// What the caller sends.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// What it is, as Markdown.
    pub description: Option<String>,
    /// Whether the caller must send it.
    pub required: bool,
    /// The media types that it may have, in order.
    pub content: Vec<MediaType>,
    /// What else it says.
    pub extensions: Extensions,
    /// Where it stands.
    pub origin: Origin,
}

/// A body in one form.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// `application/json`, or a range.
    pub name: String,
    /// What it holds.
    pub schema: Option<SchemaAt>,
    /// What each item of a stream is (`OpenAPI` 3.2.0, section 4.14.1).
    pub item_schema: Option<SchemaAt>,
    /// Bodies as they may be.
    pub examples: Vec<Example>,
    /// How properties are sent, where that is not as usual.
    pub encoding: Vec<Encoding>,
    /// Where it stands.
    pub origin: Origin,
}

/// A schema, by its place: [`Schemas`](crate::schema::Schemas) holds values against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaAt {
    /// The component that it refers to.
    pub component: Option<String>,
    /// Where it stands, references not followed.
    pub origin: Origin,
}

/// A value that shows what is meant.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the document calls it; `example` where it has no name.
    pub name: String,
    /// What it shows, in a line.
    pub summary: Option<String>,
    /// What it shows, as Markdown.
    pub description: Option<String>,
    /// The value, if the document has it.
    pub value: Option<Value>,
    /// Where the value is found, if it is elsewhere.
    pub external: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// How a property of a form is sent.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// The media types of its part, as a list with commas.
    pub content_type: Option<String>,
    /// The headers of its part.
    pub headers: Vec<Header>,
    /// How a value that is no plain text is written, if that is said.
    pub style: Option<Style>,
    /// Whether each item or property stands by itself.
    pub explode: bool,
    /// Whether reserved characters are sent as they are.
    pub allow_reserved: bool,
}

impl MediaType {
    /// Whether it is JSON (RFC 6839, section 3.1).
    #[must_use]
    pub fn is_json(&self) -> bool {
        let essence = self.name.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        essence.ends_with("/json") || essence.ends_with("+json")
    }
}

impl Reader<'_> {
    pub(super) fn request(&self, operation: &Found<'_>) -> Option<RequestBody> {
        operation.get("requestBody")?;
        let found = self.found(operation.at("requestBody"))?;
        Some(RequestBody {
            description: found.text("description"),
            required: found.is_true("required"),
            content: self.content(&found),
            extensions: found.extensions(),
            origin: found.origin,
        })
    }

    /// The media types of a body.
    pub(super) fn content(&self, holder: &Found<'_>) -> Vec<MediaType> {
        let places = holder.below("content").into_iter();
        let content = places.filter_map(|(name, at)| {
            let found = self.found(at)?;
            Some(MediaType {
                name,
                schema: self.schema(&found, "schema"),
                item_schema: self.schema(&found, "itemSchema"),
                examples: self.examples(&found),
                encoding: self.encoding(&found),
                origin: found.origin,
            })
        });
        content.collect()
    }

    /// The schema below a key.
    pub(super) fn schema(&self, holder: &Found<'_>, key: &str) -> Option<SchemaAt> {
        let node = holder.get(key)?;
        let reference = node.get("$ref").and_then(Node::as_str);
        Some(SchemaAt {
            component: reference.and_then(component),
            origin: self.origin(&holder.at(key)),
        })
    }

    /// The examples of a body, a parameter or a header: those with names first.
    pub(super) fn examples(&self, holder: &Found<'_>) -> Vec<Example> {
        let places = holder.below("examples").into_iter();
        let named = places.filter_map(|(name, at)| {
            let found = self.found(at)?;
            let value = found.get("value").or_else(|| found.get("dataValue"));
            Some(Example {
                name,
                summary: found.text("summary"),
                description: found.text("description"),
                value: value.map(Node::to_json),
                external: found.text("externalValue"),
                origin: found.origin,
            })
        });
        let only = holder.get("example").map(|value| Example {
            name: "example".to_owned(),
            summary: None,
            description: None,
            value: Some(value.to_json()),
            external: None,
            origin: self.origin(&holder.at("example")),
        });
        named.chain(only).collect()
    }

    fn encoding(&self, media_type: &Found<'_>) -> Vec<Encoding> {
        let places = media_type.below("encoding").into_iter();
        let encoding = places.filter_map(|(property, at)| {
            let found = self.found(at)?;
            let style = found.text("style").and_then(|word| Style::of(&word));
            Some(Encoding {
                property,
                content_type: found.text("contentType"),
                headers: self.headers(&found),
                style,
                explode: explode(&found, style.unwrap_or(Style::Form).explodes()),
                allow_reserved: found.is_true("allowReserved"),
            })
        });
        encoding.collect()
    }
}
