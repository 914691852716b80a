//! What is sent outside of the body (`OpenAPI` 3.0.3, sections 4.7.12 and 4.7.21).

use super::body::{Example, MediaType, SchemaAt};
use super::reader::{Found, Reader};
use super::{Extensions, Origin};

/// A value of a path, a query, a header or a cookie.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// What it means, as Markdown.
    pub description: Option<String>,
    /// Whether the caller must send it; always for those of a path.
    pub required: bool,
    /// Whether callers should do without it.
    pub deprecated: bool,
    /// How a value that is no plain text is written.
    pub style: Style,
    /// Whether each item or property stands by itself.
    pub explode: bool,
    /// Whether reserved characters are sent as they are.
    pub allow_reserved: bool,
    /// What it may be, where that is said by a schema.
    pub schema: Option<SchemaAt>,
    /// What it may be, where it is a document of a media type.
    pub content: Option<MediaType>,
    /// Values that it may have.
    pub examples: Vec<Example>,
    /// What else it says.
    pub extensions: Extensions,
    /// Where it stands.
    pub origin: Origin,
}

/// A header of a response or of a part.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// What it means, as Markdown.
    pub description: Option<String>,
    /// Whether it is always there.
    pub required: bool,
    /// Whether readers should do without it.
    pub deprecated: bool,
    /// Whether each property of an object stands with its name.
    pub explode: bool,
    /// What it may be, where that is said by a schema.
    pub schema: Option<SchemaAt>,
    /// What it may be, where it is a document of a media type.
    pub content: Option<MediaType>,
    /// Values that it may have.
    pub examples: Vec<Example>,
    /// Where it stands.
    pub origin: Origin,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// In a variable of the path.
    Path,
    /// By name in the query.
    Query,
    /// As the query as a whole (`OpenAPI` 3.2.0, section 4.12.1).
    QueryString,
    /// As a header.
    Header,
    /// In the header `Cookie`.
    Cookie,
}

/// How a value is written (`OpenAPI` 3.0.3, section 4.7.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `name=a&name=b`
    Form,
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a;name=b`
    Matrix,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a|b`
    PipeDelimited,
    /// `name[key]=value`
    DeepObject,
    /// As [`Style::Form`] with nothing escaped (`OpenAPI` 3.2.0, section 4.12.3).
    Cookie,
}

impl Location {
    /// What `in` says.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "path" => Self::Path,
            "query" => Self::Query,
            "querystring" => Self::QueryString,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// What `in` says of it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::QueryString => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    fn default_style(self) -> Style {
        match self {
            Self::Path | Self::Header => Style::Simple,
            Self::Query | Self::QueryString | Self::Cookie => Style::Form,
        }
    }
}

impl Style {
    /// What `style` says.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "form" => Self::Form,
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// Whether items stand by themselves where `explode` is not said.
    pub(super) fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::Cookie)
    }
}

impl Reader<'_> {
    /// The parameters of a path or of an operation.
    pub(super) fn parameters(&self, holder: &Found<'_>) -> Vec<Parameter> {
        let places = holder.below("parameters").into_iter();
        places.filter_map(|(_, at)| self.parameter(at)).collect()
    }

    /// An operation's parameters and those of its path that it does not replace: each has its
    /// name once in a place.
    pub(super) fn effective(&self, operation: &Found<'_>, path: &[Parameter]) -> Vec<Parameter> {
        let own = self.parameters(operation);
        let replaced = |one: &&Parameter| {
            let is_it =
                |other: &Parameter| (&one.name, one.location) == (&other.name, other.location);
            !own.iter().any(is_it)
        };
        let kept: Vec<_> = path.iter().filter(replaced).cloned().collect();
        kept.into_iter().chain(own).collect()
    }

    fn parameter(&self, at: String) -> Option<Parameter> {
        let found = self.found(at)?;
        let location = Location::of(&found.text("in")?)?;
        let style = found.text("style").and_then(|word| Style::of(&word));
        let style = style.unwrap_or_else(|| location.default_style());
        Some(Parameter {
            name: found.text("name")?,
            location,
            description: found.text("description"),
            required: location == Location::Path || found.is_true("required"),
            deprecated: found.is_true("deprecated"),
            style,
            explode: explode(&found, style.explodes()),
            allow_reserved: found.is_true("allowReserved"),
            schema: self.schema(&found, "schema"),
            content: self.content(&found).into_iter().next(),
            examples: self.examples(&found),
            extensions: found.extensions(),
            origin: found.origin,
        })
    }

    /// The headers of a response or of a part.
    pub(super) fn headers(&self, holder: &Found<'_>) -> Vec<Header> {
        let places = holder.below("headers").into_iter();
        let headers = places.filter_map(|(name, at)| {
            let found = self.found(at)?;
            Some(Header {
                name,
                description: found.text("description"),
                required: found.is_true("required"),
                deprecated: found.is_true("deprecated"),
                explode: explode(&found, false),
                schema: self.schema(&found, "schema"),
                content: self.content(&found).into_iter().next(),
                examples: self.examples(&found),
                origin: found.origin,
            })
        });
        headers.collect()
    }
}

pub(super) fn explode(found: &Found<'_>, unsaid: bool) -> bool {
    match found.get("explode") {
        Some(node) => node.is_true(),
        None => unsaid,
    }
}
