//! Forms of several parts (RFC 7578).

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use super::file::{File, Pieces, Whole};
use super::object::{Nothing, sent};

/// A form of several parts, in the order in which they are added.
///
/// ```
/// use sdk_runtime::{File, Parts};
///
/// let form = Parts::new()
///     .text("title", "Anna")
///     .file("photo", File::bytes("…").named("anna.png").media_type("image/png"));
/// assert!(form.is_repeatable());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Parts {
    parts: Vec<(String, File)>,
    /// Why it cannot be sent.
    fault: Option<String>,
}

impl Parts {
    /// A form without parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A part that is text.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.file(name, File::bytes(text.into()))
    }

    /// A part that is a file. Several may have one name.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, file: impl Into<File>) -> Self {
        self.parts.push((name.into(), file.into()));
        self
    }

    /// A value in the way that OpenAPI has for its type (3.0.3, section 4.7.15.1): a scalar as text,
    /// each of a list as a part of its own, an object as JSON. What has a media type of JSON is one
    /// part; null is none.
    #[must_use]
    pub fn value<V: Serialize + ?Sized>(
        mut self,
        name: &str,
        value: &V,
        media_type: Option<&str>,
    ) -> Self {
        match sent(|| serde_json::to_value(value)) {
            Ok(value) => self.add(name, value, media_type),
            Err(error) => {
                let fault = || format!("the part `{name}` cannot be written: {error}");
                self.fault.get_or_insert_with(fault);
                self
            }
        }
    }

    /// The same of what is left out while it holds nothing.
    #[must_use]
    pub fn optional<V: Nothing + Serialize>(
        self,
        name: &str,
        value: &V,
        media_type: Option<&str>,
    ) -> Self {
        match value.is_nothing() {
            true => self,
            false => self.value(name, value, media_type),
        }
    }

    fn add(mut self, name: &str, value: Value, media_type: Option<&str>) -> Self {
        let is_json = media_type.is_some_and(|name| name.contains("json"));
        let (text, media_type) = match value {
            Value::Null => return self,
            value if is_json => (value.to_string(), media_type),
            Value::String(text) => (text, media_type),
            Value::Array(items) => {
                let add = |parts: Self, item| parts.add(name, item, media_type);
                return items.into_iter().fold(self, add);
            }
            Value::Object(_) => (value.to_string(), media_type.or(Some("application/json"))),
            value => (value.to_string(), media_type),
        };
        let mut file = File::bytes(text);
        file.media_type = media_type.map(str::to_owned);
        self.parts.push((name.to_owned(), file));
        self
    }

    /// The files of a property, under the media type that the contract gives them.
    #[must_use]
    pub fn files(
        self,
        name: &str,
        files: impl IntoIterator<Item = File>,
        media_type: Option<&str>,
    ) -> Self {
        files.into_iter().fold(self, |parts, mut file| {
            if file.media_type.is_none() {
                file.media_type = media_type.map(str::to_owned);
            }
            // Servers know a file by its having a name.
            if file.name().is_none() {
                file = file.named(name);
            }
            parts.file(name, file)
        })
    }

    /// Whether it can be sent again: whether every file can.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.parts.iter().all(|(_, file)| file.is_repeatable())
    }

    /// What is sent, how many bytes that are, and the media type.
    ///
    /// # Errors
    /// Why it cannot be.
    pub(crate) fn pieces(&self, media_type: &str) -> Result<(Pieces, Option<u64>, String), String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        // Nobody can have put it into a file.
        let boundary = uuid::Uuid::new_v4().simple().to_string();
        let mut chain = VecDeque::new();
        let mut length = Some(0_u64);
        let mut add = |pieces: Pieces, size: Option<u64>| {
            chain.push_back(pieces);
            length = length
                .zip(size)
                .and_then(|(all, size)| all.checked_add(size));
        };
        for (name, file) in &self.parts {
            let head = head(&boundary, name, file)?;
            let size = head.len() as u64;
            add(whole(head), Some(size));
            let (pieces, size) = file.pieces()?;
            add(pieces, size);
            add(whole("\r\n".to_owned()), Some(2));
        }
        let end = format!("--{boundary}--\r\n");
        let size = end.len() as u64;
        add(whole(end), Some(size));
        let media_type = format!("{media_type}; boundary={boundary}");
        Ok((Box::pin(Chain(chain)), length, media_type))
    }
}

fn whole(text: String) -> Pieces {
    Box::pin(Whole(Some(Bytes::from(text))))
}

/// What stands in front of a part.
fn head(boundary: &str, name: &str, file: &File) -> Result<String, String> {
    let mut head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
        quoted(name)
    );
    if let Some(name) = file.name() {
        let _ = write!(head, "; filename=\"{}\"", quoted(name));
    }
    head.push_str("\r\n");
    let media_type = file.media_type.as_deref();
    // A file that nobody describes is bytes (RFC 7578, section 4.4).
    let media_type = media_type.or(file.name().map(|_| "application/octet-stream"));
    let mut lines = Vec::new();
    lines.extend(media_type.map(|media_type| ("Content-Type", media_type)));
    for (name, value) in &file.headers {
        let value = value.to_str();
        let value = value.map_err(|_| format!("the header `{name}` of a part is no text"))?;
        lines.push((name.as_str(), value));
    }
    for (name, value) in lines {
        if value.contains(['\r', '\n']) {
            return Err(format!(
                "the header `{name}` of a part has more than one line"
            ));
        }
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    Ok(head)
}

/// A name as browsers write it (WHATWG, HTML Living Standard, section 4.10.21.8).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// One after another.
struct Chain(VecDeque<Pieces>);

impl Stream for Chain {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(first) = self.0.front_mut() {
            if let Some(piece) = ready!(first.as_mut().poll_next(context)) {
                return Poll::Ready(Some(piece));
            }
            self.0.pop_front();
        }
        Poll::Ready(None)
    }
}
