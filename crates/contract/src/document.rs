//! A document, and the proof that it passed the gate.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::bundle::bundle;
use crate::finding::{Finding, Findings};
use crate::operation::Api;
use crate::schema::Schemas;
use crate::source::{self, Node, Object, ReadError, Source, Span};

/// A document with its positions. It may be anything: only [`Checked`] is sound.
#[derive(Clone, Debug)]
pub struct Document {
    source: Source,
    root: Node,
    syntax: Findings,
}

/// A document without errors. Only [`lint::gate`](crate::lint::gate) makes one.
#[derive(Debug)]
pub struct Checked {
    document: Document,
    /// As it was written, where the document was brought down to 3.0.
    written: Option<Node>,
    findings: Findings,
    api: OnceLock<Api>,
}

/// A document with errors, given back by [`lint::gate`](crate::lint::gate).
#[derive(Debug)]
pub struct Rejected {
    /// The document.
    pub document: Document,
    /// What is wrong with it; at least one error.
    pub findings: Findings,
}

impl Document {
    /// Reads the text of a source. What cannot be read becomes findings.
    ///
    /// ```
    /// use contract::{Document, Source};
    /// let document = Document::parse(Source::new("api.yaml", "openapi: 3.0.3\nopenapi: 3.1.0"));
    /// assert_eq!(document.syntax()[0].message, "the key `openapi` stands twice");
    /// ```
    #[must_use]
    pub fn parse(source: Source) -> Self {
        let mut syntax = Findings::new();
        let root = source::parse(source.text(), &mut syntax);
        let nothing = Node {
            value: source::Value::Object(Object::new()),
            span: Span::default(),
        };
        Self {
            source,
            root: root.unwrap_or(nothing),
            syntax,
        }
    }

    /// Reads a document from a file, with the files in its folder that it refers to; `name` is
    /// the name for findings. What it names outside of its folder is not opened.
    ///
    /// # Errors
    /// As [`Source::read`]. What is wrong with the other files becomes findings.
    pub fn read(path: &Path, name: impl Into<String>) -> Result<Self, ReadError> {
        Ok(Self::with_parts(Source::read(path, name)?, path))
    }

    /// The same for a document of a tree that others write to, too: a symbolic link in its
    /// place is followed below `root` only.
    ///
    /// # Errors
    /// As [`Source::read_below`].
    pub fn read_below(
        root: &Path,
        path: &Path,
        name: impl Into<String>,
    ) -> Result<Self, ReadError> {
        Ok(Self::with_parts(
            Source::read_below(root, path, name)?,
            path,
        ))
    }

    fn with_parts(source: Source, path: &Path) -> Self {
        let beside = match path.parent() {
            Some(beside) if beside != Path::new("") => beside,
            _ => Path::new("."),
        };
        let shown = folder(source.name()).to_owned();
        Self::parse_with(source, &mut |part| {
            Source::read_below(beside, &beside.join(part), format!("{shown}{part}"))
        })
    }

    /// Reads the text of a source and of the files that it refers to, which `read` gives by
    /// their paths relative to the folder of the source.
    ///
    /// ```
    /// use contract::{Document, Source};
    /// let text = "components: {schemas: {Pet: {$ref: 'pet.yaml'}}}";
    /// let document = Document::parse_with(Source::new("api.yaml", text), &mut |path| {
    ///     assert_eq!(path, "pet.yaml");
    ///     Ok(Source::new(path, "type: string"))
    /// });
    /// let pet = document.root().pointer("/components/schemas/Pet/type").unwrap();
    /// assert_eq!(document.source().of(pet.span).name(), "pet.yaml");
    /// ```
    #[must_use]
    pub fn parse_with(
        source: Source,
        read: &mut dyn FnMut(&str) -> Result<Source, ReadError>,
    ) -> Self {
        let document = Self::parse(source);
        let name = document.source.name();
        let name = name[folder(name).len()..].to_owned();
        let bundled = bundle(document.root, &name, read);
        let mut syntax = document.syntax;
        syntax.extend(bundled.findings);
        Self {
            source: document.source.with_parts(bundled.parts),
            root: bundled.root,
            syntax,
        }
    }

    /// A document that says nothing, to compare one with that was not there.
    pub fn nothing(name: &str) -> Self {
        Self::parse(Source::new(name, "{}"))
    }

    /// The document without its tree, and the tree.
    pub(crate) fn into_parts(mut self) -> (Self, Node) {
        let root = self.root.take();
        (self, root)
    }

    /// The same document with another tree, as an overlay leaves it.
    #[must_use]
    pub fn with_root(self, root: Node) -> Self {
        Self { root, ..self }
    }

    /// The text that was read, and its name.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// What was wrong with the text.
    #[must_use]
    pub fn syntax(&self) -> &[Finding] {
        &self.syntax
    }

    /// The document without positions.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.root.to_json()
    }
}

impl Checked {
    pub(crate) fn new(document: Document, written: Option<Node>, findings: Findings) -> Self {
        Self {
            document,
            written,
            findings,
            api: OnceLock::new(),
        }
    }

    /// The document in the words of `OpenAPI` 3.0.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The outermost value as it was written.
    #[must_use]
    pub fn written(&self) -> &Node {
        self.written.as_ref().unwrap_or(self.document.root())
    }

    /// The operations as they were written, with what generation leaves out.
    ///
    /// ```
    /// use contract::{Document, Source, lint::gate};
    /// let text = r#"
    /// openapi: 3.1.0
    /// info: {title: Pets, version: 1.0.0}
    /// webhooks: {born: {post: {responses: {'204': {description: Seen.}}}}}
    /// "#;
    /// let checked = gate(Document::parse(Source::new("pets.yaml", text))).unwrap();
    /// assert_eq!(checked.api().webhooks[0].name, "born");
    /// ```
    #[must_use]
    pub fn api(&self) -> &Api {
        self.api.get_or_init(|| Api::read(self.written()))
    }

    /// The schemas as they were written: those that [`Checked::api`] has places of.
    #[must_use]
    pub fn schemas(&self) -> Schemas {
        Schemas::of(self.written())
    }

    /// Warnings and notes; no errors.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The part of a name up to the last slash.
fn folder(name: &str) -> &str {
    let end = name.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    &name[..end]
}
