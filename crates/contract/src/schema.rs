//! The schemas of a document as validators.
//!
//! `OpenAPI` 3.0 schemas are an extended subset of JSON Schema draft 4 and 5
//! (`OpenAPI` 3.0.3, section 4.7.24), those of 3.1 are JSON Schema 2020-12 with words of its own
//! (`OpenAPI` 3.1.1, section 4.8.24). The document is translated once to the draft that it is
//! written in and then addressed by JSON Pointer, so that every `$ref` means the same as in the
//! document.

use std::sync::{LazyLock, OnceLock};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use crate::lower::{is_newer, name_places};
use crate::source::Node;
use dialect::Dialect;

mod dialect;
mod discriminator;
pub mod keyword;
mod place;
mod shape;
mod types;
mod violation;

pub use place::{Spoken, described, spoken};
pub use shape::{Alternatives, Bounds, Discriminator, Shape};
pub use types::Types;
pub use violation::Violation;
pub(crate) use violation::violations;

/// The address of the document among the validators; nothing is fetched.
const ADDRESS: &str = "urn:contract";

/// Which way a value travels: a request need not hold what is `readOnly`, a
/// response not what is `writeOnly` (`OpenAPI` 3.0.3, section 4.7.24.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From client to server.
    Request,
    /// From server to client.
    Response,
}

impl Direction {
    /// The way back.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
        }
    }
}

/// The schemas of one document.
#[derive(Debug)]
pub struct Schemas {
    dialect: Dialect,
    document: Value,
    request: OnceLock<Registry<'static>>,
    response: OnceLock<Registry<'static>>,
}

/// A schema that values can be checked against.
#[derive(Debug)]
pub struct Schema(Validator);

/// Why a schema cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SchemaError(String);

impl Schemas {
    /// The schemas of a document. They are translated when first asked for.
    #[must_use]
    pub fn new(document: Value) -> Self {
        Self {
            dialect: Dialect::of(&document),
            document,
            request: OnceLock::new(),
            response: OnceLock::new(),
        }
    }

    /// The schemas of a document that may refer to them by name.
    #[must_use]
    pub fn of(root: &Node) -> Self {
        match is_newer(root) {
            true => {
                let mut root = root.clone();
                name_places(&mut root);
                Self::new(root.to_json())
            }
            false => Self::new(root.to_json()),
        }
    }

    /// The schema that stands at a JSON Pointer.
    ///
    /// # Errors
    /// When nothing stands there, or a `$ref` or pattern cannot be used.
    ///
    /// ```
    /// use contract::schema::{Direction, Schemas};
    /// let document = serde_json::json!({
    ///     "components": {"schemas": {"Name": {"type": "string", "nullable": true}}}
    /// });
    /// let schemas = Schemas::new(document);
    /// let name = schemas.get("/components/schemas/Name", Direction::Request)?;
    /// assert!(name.check(&serde_json::json!(null)).is_empty());
    /// assert_eq!(name.check(&serde_json::json!(1))[0].message, "`1` is not of type `string` or `null`");
    /// # Ok::<(), contract::schema::SchemaError>(())
    /// ```
    pub fn get(&self, pointer: &str, direction: Direction) -> Result<Schema, SchemaError> {
        let registry = self.registry(direction)?;
        let reference = json!({ "$ref": format!("{ADDRESS}#{}", dialect::fragment(pointer)) });
        let options = jsonschema::options()
            .with_draft(self.dialect.draft())
            .with_registry(registry)
            .should_validate_formats(true);
        // Drafts that are older than these formats do not know them, and `OpenAPI` does: its registry
        // of formats has them.
        let options = FORMATS
            .iter()
            .fold(options, |options, (format, validator)| {
                options.with_format(*format, |text: &str| is_of_format(validator, text))
            });
        options
            .build(&reference)
            .map(Schema)
            .map_err(|error| SchemaError(error.to_string()))
    }

    fn registry(&self, direction: Direction) -> Result<&Registry<'static>, SchemaError> {
        let cell = match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        };
        if cell.get().is_none() {
            // Nobody else can have set it in between.
            let _ = cell.set(self.translated(direction)?);
        }
        cell.get()
            .ok_or_else(|| SchemaError("no schemas".to_owned()))
    }
}

impl Schemas {
    fn translated(&self, direction: Direction) -> Result<Registry<'static>, SchemaError> {
        let document = self.dialect.translate(&self.document, direction);
        Registry::new()
            .draft(self.dialect.draft())
            .add(ADDRESS, document)
            .and_then(|builder| builder.prepare())
            .map_err(|error| SchemaError(error.to_string()))
    }
}

/// Formats of the newest draft that draft 4 does not have.
const NEWER: [&str; 13] = [
    "date",
    "duration",
    "idn-email",
    "idn-hostname",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri-reference",
    "uri-template",
    "uuid",
];

static FORMATS: LazyLock<Vec<(&str, Option<Validator>)>> = LazyLock::new(|| {
    let of_format = |format: &str| {
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let options = options.should_validate_formats(true);
        options.build(&json!({ "format": format })).ok()
    };
    NEWER.map(|format| (format, of_format(format))).into()
});

fn is_of_format(validator: &Option<Validator>, text: &str) -> bool {
    let value = Value::from(text);
    validator
        .as_ref()
        .is_none_or(|validator| validator.is_valid(&value))
}

impl Schema {
    /// Whether a value fits.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Everything that is wrong with a value; nothing when it is valid.
    #[must_use]
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        violations(&self.0, value)
    }
}
