//! Parts of forms (`OpenAPI` 3.0.3, section 4.7.14.3; RFC 7578).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::source::Node;
use crate::walk::resolve;

/// How a property is sent as a part of a form, or as several if it is a list.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Whether it is a file, or each of its items is.
    pub is_file: bool,
    /// What the contract says that it is, where that is one media type.
    pub media_type: Option<String>,
}

impl Part {
    /// What a property is. `content_type` is what its encoding says: media types with commas.
    ///
    /// ```
    /// use contract::form::Part;
    /// use contract::{Document, Source};
    ///
    /// let text = "photo: {type: array, items: {type: string, format: binary}}";
    /// let document = Document::parse(Source::new("api.yaml", text));
    /// let photo = document.root().get("photo").unwrap();
    /// let part = Part::of(document.root(), photo, Some("image/png"));
    /// assert!(part.is_file);
    /// assert_eq!(part.media_type.as_deref(), Some("image/png"));
    /// ```
    #[must_use]
    pub fn of(root: &Node, property: &Node, content_type: Option<&str>) -> Self {
        let is_bytes =
            content_type.is_some_and(|said| !said.split(',').any(|one| is_text(one.trim())));
        let is_file = match resolve(root, property) {
            Some(schema) if is(schema, "array") => {
                let items = schema.get("items").and_then(|items| resolve(root, items));
                items.is_some_and(|items| is_file(items, is_bytes))
            }
            Some(schema) => is_file(schema, is_bytes),
            None => false,
        };
        // Of several, the caller says which.
        let media_type = content_type.filter(|said| !said.contains([',', '*']));
        Self {
            is_file,
            media_type: media_type.map(str::to_owned),
        }
    }
}

/// The key of what stands for a file among values.
const FILE: &str = "$file";

/// What stands for a file among values, by its name: it has no other value in JSON.
///
/// ```
/// use contract::form::{file, file_name};
/// assert_eq!(file_name(&file("photo.png")), Some("photo.png"));
/// assert_eq!(file_name(&"photo.png".into()), None);
/// ```
#[must_use]
pub fn file(name: &str) -> Value {
    json!({ FILE: name })
}

/// The name of the file that a value stands for, if it does.
#[must_use]
pub fn file_name(value: &Value) -> Option<&str> {
    value.get(FILE)?.as_str()
}

fn is_text(media_type: &str) -> bool {
    media_type.contains("json") || media_type.starts_with("text/")
}

/// Whether a value of a schema is a file: bytes, or what has no type, which is sent as such
/// (`OpenAPI` 3.1.0, section 4.8.14.4).
fn is_file(schema: &Node, is_bytes: bool) -> bool {
    let text = |key| schema.get(key).and_then(Node::as_str);
    let format = text("format");
    let is_binary = format == Some("binary");
    if is(schema, "file") {
        return true;
    }
    // What is encoded is text.
    let is_encoded = format == Some("byte") || text("contentEncoding").is_some();
    let is_media = text("contentMediaType").is_some_and(|said| !is_text(said));
    if is(schema, "string") {
        return is_binary || (is_bytes || is_media) && !is_encoded;
    }
    schema.get("type").is_none() && (is_bytes || is_binary || is_media && !is_encoded)
}

/// Whether a schema is of a type, beside which it may be null.
fn is(schema: &Node, name: &str) -> bool {
    let types = schema.get("type");
    let listed: Vec<_> = types.into_iter().flat_map(Node::items).collect();
    let mut said = types.into_iter().chain(listed).filter_map(Node::as_str);
    said.next()
        .is_some_and(|first| first == name || first == "null" && said.next() == Some(name))
        && said.all(|other| other == "null")
}
