//! Text that knows where it stands: a document is text first, then a tree with the place of every
//! value. What is found in it points there, and is drawn for people or written for programs.
#![warn(missing_docs)]

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

mod conflict;
pub mod escape;
pub mod finding;
pub mod inert;
mod node;
mod parse;
pub mod report;
mod span;

pub use finding::{Finding, Findings, Severity};
pub use node::tokens;
pub use node::{Entry, Node, Object, Value};
pub use parse::parse;
pub use span::Span;

/// The largest document that is read, in bytes: a wrong file is refused before it
/// fills the memory.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The text of a document and the name under which a reader knows it.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    /// The other files that the document is made of.
    parts: Vec<Source>,
}

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read `{name}`: {error}")]
    Io {
        /// The document.
        name: String,
        /// What the operating system said.
        error: io::Error,
    },
    /// A folder stands where a document was expected.
    #[error("cannot read `{name}`: it is a folder; name the document in it")]
    Folder {
        /// The folder.
        name: String,
    },
    /// A pipe or a device stands there, which may never end.
    #[error("cannot read `{name}`: it is a pipe or a device; an OpenAPI document is a file")]
    NoFile {
        /// What stands there.
        name: String,
    },
    /// A symbolic link leads out of the folder that the document may be read from.
    #[error("cannot read `{name}`: a symbolic link leads outside; put the file itself there")]
    Outside {
        /// The link.
        name: String,
    },
    /// The document is larger than [`MAX_BYTES`].
    #[error(
        "cannot read `{name}`: it is larger than {} MiB; split the document",
        MAX_BYTES / 1024 / 1024
    )]
    TooLarge {
        /// The document.
        name: String,
    },
    /// The document is not text.
    #[error(
        "cannot read `{name}`:{line}:{column}: not UTF-8 text; an OpenAPI document is YAML or JSON in UTF-8"
    )]
    NotText {
        /// The document.
        name: String,
        /// Line of the first byte that is not text, from 1.
        line: usize,
        /// Column of that byte, from 1.
        column: usize,
    },
}

impl Source {
    /// A document from text, under the name that findings show.
    ///
    /// ```
    /// let source = source::Source::new("api.yaml", "openapi: 3.0.3");
    /// assert_eq!(source.name(), "api.yaml");
    /// ```
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Self {
            name: name.into(),
            text,
            parts: Vec::new(),
        }
    }

    /// Reads a document from a file and keeps `name` for findings.
    ///
    /// # Errors
    /// When the file cannot be read, is no file, is larger than [`MAX_BYTES`],
    /// or is not UTF-8.
    pub fn read(path: &Path, name: impl Into<String>) -> Result<Self, ReadError> {
        let name = name.into();
        let io = |error| ReadError::Io {
            name: name.clone(),
            error,
        };
        // Opening a pipe waits for whoever writes to it.
        let kind = fs::metadata(path).map_err(io)?.file_type();
        if kind.is_dir() {
            return Err(ReadError::Folder { name });
        }
        if !kind.is_file() {
            return Err(ReadError::NoFile { name });
        }
        let file = fs::File::open(path).map_err(io)?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(io)?;
        Self::from_bytes(name, bytes)
    }

    /// The same for a file that somebody else names: links are followed below `folder` only.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when a symbolic link leads out of the folder.
    pub fn read_below(
        folder: &Path,
        path: &Path,
        name: impl Into<String>,
    ) -> Result<Self, ReadError> {
        let name = name.into();
        let real = |path: &Path| {
            let name = name.clone();
            path.canonicalize()
                .map_err(|error| ReadError::Io { name, error })
        };
        match real(path)?.starts_with(real(folder)?) {
            true => Self::read(path, name),
            false => Err(ReadError::Outside { name }),
        }
    }

    /// A document from bytes, as they come from a file or a revision.
    ///
    /// # Errors
    /// When there are more than [`MAX_BYTES`], or they are not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, ReadError> {
        let name = name.into();
        if bytes.len() as u64 > MAX_BYTES {
            return Err(ReadError::TooLarge { name });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(not_text(
                name,
                error.as_bytes(),
                error.utf8_error().valid_up_to(),
            )),
        }
    }

    /// The name under which a reader knows the document, usually its path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The other files that the document is made of, in the order of their numbers in spans.
    #[must_use]
    pub fn parts(&self) -> &[Source] {
        &self.parts
    }

    /// The file that a span is about.
    #[must_use]
    pub fn of(&self, span: Span) -> &Source {
        let part = usize::from(span.file).checked_sub(1);
        part.and_then(|part| self.parts.get(part)).unwrap_or(self)
    }

    /// The same document with the other files that it is made of.
    #[must_use]
    pub fn with_parts(self, parts: Vec<Source>) -> Self {
        Self { parts, ..self }
    }

    /// The document as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn not_text(name: String, bytes: &[u8], at: usize) -> ReadError {
    let before = &bytes[..at];
    let line_start = before
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |i| i + 1);
    ReadError::NotText {
        name,
        line: before.iter().filter(|&&b| b == b'\n').count() + 1,
        column: at - line_start + 1,
    }
}
