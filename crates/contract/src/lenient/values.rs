//! Values of the right form that are none of those that are allowed.

use serde_json::Value as Json;

use super::published::Definition;
use super::{Drop, Holder, Keep, Outcome, Reader};
use crate::lint::nearest;
use crate::source::{Node, Value};

impl Reader<'_> {
    /// A text, number or boolean that may be one of a few, or not below a bound.
    pub(super) fn allowed(
        &mut self,
        node: &mut Node,
        schema: &'static Json,
        holder: Holder<'_>,
    ) -> Outcome {
        let is_type = (holder.definition, holder.key) == (Definition::SCHEMA, "type");
        if is_type {
            return self.of_type(node);
        }
        let json = node.to_json();
        let number = |node: &Json| node.as_f64();
        let is_below = |bound: &str| number(&json).zip(number(&schema[bound]));
        if let Some(known) = schema["enum"].as_array()
            && !known.contains(&json)
        {
            let names = known.iter().filter_map(Json::as_str);
            let help = match json.as_str().and_then(|word| nearest(word, names)) {
                Some(known) => format!("it is ignored; did you mean `{known}`?"),
                None => "it is ignored".to_owned(),
            };
            return self.ignored(node, holder, &help);
        }
        if is_below("minimum").is_some_and(|(value, least)| {
            value < least || value <= least && schema["exclusiveMinimum"] == true
        }) {
            return self.ignored(node, holder, "it is ignored");
        }
        Keep
    }

    fn ignored(&mut self, node: &Node, holder: Holder<'_>, help: &str) -> Outcome {
        if !holder.can_do_without() {
            return Keep;
        }
        let message = format!("{} cannot be that", holder.subject());
        self.tell(message, node.span, help);
        Drop
    }

    /// The type of a schema, which other languages have other words for.
    fn of_type(&mut self, node: &mut Node) -> Outcome {
        let Some(name) = node.as_str().map(str::to_owned) else {
            return Keep;
        };
        if name == "null" {
            self.has_newer = true;
            let message = "the type `null` is none of OpenAPI 3.0";
            self.tell(message, node.span, "read as OpenAPI 3.1 has it");
            return Keep;
        }
        match known_type(&name) {
            Some((known, _)) if known == name => Keep,
            Some((known, _)) => {
                let message = format!("there is no type `{name}`");
                self.tell(message, node.span, &format!("read as `{known}`"));
                // The format is set where the schema is at hand.
                node.value = Value::String(known.to_owned());
                Keep
            }
            None => {
                let message = format!("there is no type `{name}`");
                let known = TYPES.iter().map(|(known, ..)| *known);
                let help = match nearest(&name, known) {
                    Some(known) => format!("read as any JSON; did you mean `{known}`?"),
                    None => "read as any JSON".to_owned(),
                };
                self.tell(message, node.span, &help);
                Drop
            }
        }
    }

    /// Lists and mappings that hold fewer than they must.
    pub(super) fn counted(
        &mut self,
        node: &Node,
        schema: &'static Json,
        holder: Holder<'_>,
    ) -> Outcome {
        let is_empty = node.items().next().is_none();
        if schema["minItems"] == 1 && is_empty {
            let message = format!("{} is empty", holder.subject());
            self.tell(message, holder.span, "it says nothing, and is ignored");
            return Drop;
        }
        Keep
    }
}

/// Words for types, with the type of `OpenAPI` and the format that each means.
const TYPES: [(&str, &str, Option<&str>); 38] = [
    ("string", "string", None),
    ("number", "number", None),
    ("integer", "integer", None),
    ("boolean", "boolean", None),
    ("array", "array", None),
    ("object", "object", None),
    ("str", "string", None),
    ("text", "string", None),
    ("char", "string", None),
    ("varchar", "string", None),
    ("enum", "string", None),
    ("date", "string", Some("date")),
    ("date-time", "string", Some("date-time")),
    ("datetime", "string", Some("date-time")),
    ("time", "string", Some("time")),
    ("uuid", "string", Some("uuid")),
    ("uri", "string", Some("uri")),
    ("url", "string", Some("uri")),
    ("email", "string", Some("email")),
    ("ipv4", "string", Some("ipv4")),
    ("ipv6", "string", Some("ipv6")),
    ("byte", "string", Some("byte")),
    ("binary", "string", Some("binary")),
    ("file", "string", Some("binary")),
    ("password", "string", Some("password")),
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("long", "integer", Some("int64")),
    ("float", "number", Some("float")),
    ("double", "number", Some("double")),
    ("bool", "boolean", None),
    ("list", "array", None),
    ("dict", "object", None),
    ("map", "object", None),
    ("hash", "object", None),
    ("json", "object", None),
    ("struct", "object", None),
];

/// The type and the format that a word means.
pub(super) fn known_type(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let word = word.to_ascii_lowercase();
    let found = TYPES.iter().find(|(known, ..)| *known == word)?;
    Some((found.1, found.2))
}
