//! Where a schema speaks of a part of a value.

use super::{Shape, Violation};
use crate::source::{Node, Span, tokens};

/// So deep in one another alternatives are looked into.
const DEPTH: usize = 3;

/// What a document says of a part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Where it says it: at the keyword that is asked for, else at the schema.
    pub span: Span,
    /// The way to the part by names that the document has, with `*` for what only the value says:
    /// `/contacts/*/name`.
    pub path: String,
}

/// Where the schema at a JSON Pointer speaks of what is wrong with a part of a value; nothing where
/// there is no schema.
///
/// ```
/// use contract::schema::{Direction, Schemas, spoken};
/// use contract::{Document, Source};
///
/// let text = "
/// schema:
///   type: array
///   items:
///     properties:
///       name:
///         maxLength: 2
/// ";
/// let document = Document::parse(Source::new("it.yaml", text));
/// let schema = Schemas::of(document.root()).get("/schema", Direction::Response)?;
/// let violation = &schema.check(&serde_json::json!([{"name": "Rex"}]))[0];
/// let spoken = spoken(document.root(), "/schema", violation).unwrap();
/// assert_eq!((spoken.path.as_str(), spoken.span.line), ("/*/name", 7));
/// # Ok::<(), contract::schema::SchemaError>(())
/// ```
#[must_use]
pub fn spoken(root: &Node, schema: &str, violation: &Violation) -> Option<Spoken> {
    let mut at = vec![root.pointer(schema)?];
    let mut path = String::new();
    for token in tokens(&violation.pointer)? {
        let (name, below) = match step(root, &at, &token, DEPTH) {
            Some(Step { is_named, below }) if is_named => (escaped(&token), below),
            Some(Step { below, .. }) => ("*".to_owned(), below),
            // Nothing is said of it, so the last thing that is said is the nearest.
            None => ("*".to_owned(), at.clone()),
        };
        path = format!("{path}/{name}");
        at = below;
    }
    let keyword = violation.keyword.as_str();
    let span = match says(root, &at, violation, DEPTH) {
        Some(part) => part.key_span(keyword),
        None => Shape::of(root, &at).parts.first()?.span.first_line(),
    };
    Some(Spoken { span, path })
}

/// The names of the properties that the schema at a JSON Pointer describes in the part of a value at
/// another one, those of alternatives, too; none where it describes none.
///
/// ```
/// use contract::schema::described;
/// use contract::{Document, Source};
///
/// let text = "schema: {items: {oneOf: [{properties: {a: {}}}, {properties: {b: {}}}]}}";
/// let document = Document::parse(Source::new("it.yaml", text));
/// assert_eq!(described(document.root(), "/schema", "/7"), ["a", "b"]);
/// assert!(described(document.root(), "/schema", "").is_empty());
/// ```
#[must_use]
pub fn described<'a>(root: &'a Node, schema: &str, part: &str) -> Vec<&'a str> {
    let mut at: Vec<&Node> = root.pointer(schema).into_iter().collect();
    for token in tokens(part).into_iter().flatten() {
        match step(root, &at, &token, DEPTH) {
            Some(step) => at = step.below,
            None => return Vec::new(),
        }
    }
    let mut names = Vec::new();
    properties(root, &at, DEPTH, &mut names);
    names
}

fn properties<'a>(root: &'a Node, at: &[&'a Node], depth: usize, names: &mut Vec<&'a str>) {
    let shape = Shape::of(root, at);
    names.extend(
        shape
            .properties
            .keys()
            .filter(|name| !names.contains(name))
            .copied()
            .collect::<Vec<_>>(),
    );
    if depth > 0 {
        for alternative in shape.choices.iter().flat_map(|choice| &choice.schemas) {
            properties(root, &[*alternative], depth - 1, names);
        }
    }
}

struct Step<'a> {
    /// Whether the document has the name.
    is_named: bool,
    below: Vec<&'a Node>,
}

fn step<'a>(root: &'a Node, at: &[&'a Node], token: &str, depth: usize) -> Option<Step<'a>> {
    let shape = Shape::of(root, at);
    if let Some(below) = shape.properties.get(token) {
        return Some(Step {
            is_named: true,
            below: below.clone(),
        });
    }
    let alternatives = shape.choices.iter().flat_map(|choice| &choice.schemas);
    let steps = alternatives.filter_map(|one| match depth {
        0 => None,
        _ => step(root, &[*one], token, depth - 1),
    });
    let (named, unnamed): (Vec<_>, Vec<_>) = steps.partition(|step| step.is_named);
    let below = match token.parse::<usize>() {
        Ok(index) if shape.prefix_items.len() > index => shape.prefix_items[index].clone(),
        Ok(_) if !shape.items.is_empty() => shape.items,
        _ => shape.additional_properties,
    };
    let is_named = false;
    let own = (!below.is_empty()).then_some(Step { is_named, below });
    named.into_iter().chain(own).chain(unnamed).next()
}

/// The schema that has the keyword, and names what is missing where something is.
fn says<'a>(
    root: &'a Node,
    at: &[&'a Node],
    violation: &Violation,
    depth: usize,
) -> Option<&'a Node> {
    let shape = Shape::of(root, at);
    let is_meant = |node: &Node| match &violation.missing {
        Some(missing) => node.items().any(|name| name.as_str() == Some(missing)),
        None => true,
    };
    let own = shape
        .parts
        .iter()
        .find(|part| part.get(&violation.keyword).is_some_and(is_meant));
    own.copied().or_else(|| {
        let mut alternatives = shape.choices.iter().flat_map(|choice| &choice.schemas);
        alternatives.find_map(|one| match depth {
            0 => None,
            _ => says(root, &[*one], violation, depth - 1),
        })
    })
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Violation, spoken};
    use crate::{Document, Source};

    #[test]
    fn what_only_a_value_says_is_no_part_of_the_way() {
        let text = "
Envelope:
  oneOf:
    - {$ref: '#/Page'}
    - {$ref: '#/Error'}
Page:
  properties:
    data:
      type: array
      items: {allOf: [{$ref: '#/Pet'}]}
    by_owner:
      additionalProperties: {$ref: '#/Pet'}
    pair:
      prefixItems: [{type: string}, {$ref: '#/Pet'}]
Error: {properties: {error: {type: string}}}
Pet:
  properties:
    a/b: {type: string}
    self: {$ref: '#/Pet'}
";
        let document = Document::parse(Source::new("it.yaml", text));
        for (part, keyword, line, path) in [
            ("/data/3/a~1b", "type", 18, "/data/*/a~1b"),
            ("/data", "type", 9, "/data"),
            (
                "/by_owner/john@example.com/self/a~1b",
                "type",
                18,
                "/by_owner/*/self/a~1b",
            ),
            ("/pair/1/a~1b", "maxLength", 18, "/pair/*/a~1b"),
            ("/error", "type", 15, "/error"),
            ("/nobody/knows", "type", 3, "/*/*"),
            ("", "oneOf", 3, ""),
        ] {
            let violation = violation(part, keyword);
            let found = spoken(document.root(), "/Envelope", &violation).unwrap();
            assert_eq!(found.path, path, "{part}");
            assert_eq!(found.span.line, line, "{part}");
        }
        let violation = violation("", "type");
        assert_eq!(spoken(document.root(), "/None", &violation), None);
    }

    fn violation(part: &str, keyword: &str) -> Violation {
        Violation {
            pointer: part.to_owned(),
            message: String::new(),
            keyword: keyword.to_owned(),
            missing: None,
        }
    }

    #[test]
    fn what_is_missing_is_said_where_it_is_named() {
        let text = "
It:
  allOf:
    - {required: [a]}
    - {required: [b]}
";
        let document = Document::parse(Source::new("it.yaml", text));
        let missing = Violation {
            missing: Some("b".to_owned()),
            ..violation("", "required")
        };
        let found = spoken(document.root(), "/It", &missing).unwrap();
        assert_eq!(found.span.line, 5);
    }
}
