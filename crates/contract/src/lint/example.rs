#![doc = include_str!("example.md")]

use super::{Context, Findings, Kind, Node, Rule, Severity, Site, cyclic_ref, join};
use crate::effort::is_bearable;
use crate::finding::has_errors;
use crate::schema::Direction;

pub(super) const RULE: Rule = Rule {
    name: "example",
    severity: Severity::Warning,
    summary: "every example is valid against its schema",
    explanation: include_str!("example.md"),
    check,
};

fn check(context: &Context<'_>, out: &mut Findings) {
    for example in examples(context) {
        let Example {
            schema,
            direction,
            node,
        } = example;
        value(&RULE, context, &schema, direction, node, out);
    }
}

/// A value that shows what a schema means.
pub(super) struct Example<'a> {
    /// JSON Pointer to the schema.
    pub(super) schema: String,
    direction: Direction,
    pub(super) node: &'a Node,
}

/// Every example of a document.
pub(super) fn examples<'a>(context: &Context<'a>) -> Vec<Example<'a>> {
    let mut found = Vec::new();
    for site in &context.sites {
        match site.kind {
            Kind::Schema => {
                if let Some(node) = site.node.get("example") {
                    found.push(Example {
                        schema: site.pointer.clone(),
                        direction: site.direction,
                        node,
                    });
                }
            }
            Kind::MediaType if is_json(&site.pointer) => beside_schema(context, site, &mut found),
            Kind::Parameter | Kind::Header => beside_schema(context, site, &mut found),
            _ => {}
        }
    }
    found
}

/// `example` and `examples` beside a `schema`.
fn beside_schema<'a>(context: &Context<'a>, site: &Site<'a>, found: &mut Vec<Example<'a>>) {
    if site.node.get("schema").is_none() {
        return;
    }
    let named = site
        .node
        .get("examples")
        .into_iter()
        .flat_map(Node::entries);
    let named = named.filter_map(|(_, entry)| context.resolve(&entry.node)?.get("value"));
    for node in site.node.get("example").into_iter().chain(named) {
        found.push(Example {
            schema: join(&site.pointer, "schema"),
            direction: site.direction,
            node,
        });
    }
}

/// Checks one value that stands in the document against the schema at `schema`.
pub(super) fn value(
    rule: &Rule,
    context: &Context<'_>,
    schema: &str,
    direction: Direction,
    node: &Node,
    out: &mut Findings,
) {
    // A value checked against a chain without end could never be done.
    if out
        .iter()
        .any(|finding| finding.rule == cyclic_ref::RULE.name)
    {
        return;
    }
    let bears = |at| is_bearable(context.root, at, node);
    if !context.root.pointer(schema).is_none_or(bears) {
        let name = rule.name;
        let message = format!("the {name} is not checked: too many schemas lead to one another");
        let mut finding = rule.finding(message, node.span.first_line());
        finding.severity = Severity::Note;
        return out.push(finding.help("name each schema once in `allOf`, `anyOf` or `oneOf`"));
    }
    let validator = match context.schemas().get(schema, direction) {
        Ok(validator) => validator,
        // What makes a schema unusable is an error already, found by its own rule.
        Err(_) if has_errors(out) => return,
        Err(error) => {
            let span = context.root.locate(schema);
            let message = format!("the schema cannot be used: {error}");
            return out.push(rule.finding(message, span.first_line()));
        }
    };
    let value = node.to_json();
    let violations = validator.check(&value);
    // A component is nobody's request and nobody's response: either will do.
    if schema.starts_with("/components/")
        && !violations.is_empty()
        && let Ok(other) = context.schemas().get(schema, direction.other())
        && other.check(&value).is_empty()
    {
        return;
    }
    for violation in violations {
        let subject = match violation.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at `{pointer}`"),
        };
        let span = match violation.pointer.as_str() {
            "" => node.span,
            pointer => node.locate(pointer),
        };
        let name = rule.name;
        let schema_span = context.root.locate(schema);
        out.push(
            rule.finding(
                format!(
                    "the {name} contradicts its schema{subject}: {}",
                    violation.message
                ),
                span.first_line(),
            )
            .related(schema_span, "the schema")
            .help(format!("correct the {name} or the schema")),
        );
    }
}

fn is_json(pointer: &str) -> bool {
    let media_type = pointer.rsplit('/').next().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.ends_with("~1json") || media_type.ends_with("+json")
}
