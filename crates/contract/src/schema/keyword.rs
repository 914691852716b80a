//! The keywords of schemas: what each is for, and which version brought it.

/// What a keyword is for (JSON Schema 2020-12, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It demands something of values.
    Constraint,
    /// It tells a reader something, and demands nothing.
    Annotation,
    /// It says how the schema itself is to be read.
    Core,
}

use Role::{Annotation, Constraint, Core};

/// The keywords of 3.0 but for `$ref` (`OpenAPI` 3.0.3, section 4.7.24).
const OLD: [(&str, Role); 35] = [
    ("additionalProperties", Constraint),
    ("allOf", Constraint),
    ("anyOf", Constraint),
    ("default", Annotation),
    ("deprecated", Annotation),
    ("description", Annotation),
    ("discriminator", Constraint),
    ("enum", Constraint),
    ("example", Annotation),
    ("exclusiveMaximum", Constraint),
    ("exclusiveMinimum", Constraint),
    ("externalDocs", Annotation),
    ("format", Constraint),
    ("items", Constraint),
    ("maxItems", Constraint),
    ("maxLength", Constraint),
    ("maxProperties", Constraint),
    ("maximum", Constraint),
    ("minItems", Constraint),
    ("minLength", Constraint),
    ("minProperties", Constraint),
    ("minimum", Constraint),
    ("multipleOf", Constraint),
    ("not", Constraint),
    ("nullable", Constraint),
    ("oneOf", Constraint),
    ("pattern", Constraint),
    ("properties", Constraint),
    ("readOnly", Annotation),
    ("required", Constraint),
    ("title", Annotation),
    ("type", Constraint),
    ("uniqueItems", Constraint),
    ("writeOnly", Annotation),
    ("xml", Annotation),
];

/// What 3.1 adds, for which 3.0 has no words (JSON Schema 2020-12 and the drafts before it).
const NEW: [(&str, Role); 26] = [
    ("$anchor", Core),
    ("$comment", Core),
    ("$dynamicAnchor", Core),
    ("$dynamicRef", Constraint),
    ("$id", Core),
    ("$recursiveAnchor", Core),
    ("$recursiveRef", Constraint),
    ("$schema", Core),
    ("$vocabulary", Core),
    ("contains", Constraint),
    ("definitions", Core),
    ("dependencies", Constraint),
    ("dependentRequired", Constraint),
    ("dependentSchemas", Constraint),
    ("else", Constraint),
    ("examples", Annotation),
    ("id", Core),
    ("if", Constraint),
    ("maxContains", Constraint),
    ("minContains", Constraint),
    ("patternProperties", Constraint),
    ("prefixItems", Constraint),
    ("propertyNames", Constraint),
    ("then", Constraint),
    ("unevaluatedItems", Constraint),
    ("unevaluatedProperties", Constraint),
];

/// What a keyword of any version is for; nothing, where no version knows it.
pub fn role(name: &str) -> Option<Role> {
    let mut all = OLD.iter().chain(&NEW);
    all.find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// Whether 3.0 knows a keyword.
pub(crate) fn is_old(name: &str) -> bool {
    OLD.iter().any(|(known, _)| *known == name)
}

/// The keywords for a purpose that 3.0 does not know.
pub(crate) fn newer(role: Role) -> impl Iterator<Item = &'static str> {
    let of = NEW.iter().filter(move |(_, own)| *own == role);
    of.map(|(name, _)| *name)
}
