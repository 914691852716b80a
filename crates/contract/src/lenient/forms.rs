//! Values of another form than the one that is asked for.

use serde_json::Value as Json;

use super::published::{Definition, Form};
use super::values::known_type;
use super::{Drop, Holder, Keep, Outcome, Reader, empty};
use crate::source::{Node, Value};

/// Keys without whose value something of a call is not known. What stands under any other key
/// may be ignored.
const MEANING: [(&str, &[&str]); 9] = [
    ("", &["openapi", "info", "paths", "components"]),
    (
        "Components",
        &["schemas", "responses", "parameters", "requestBodies"],
    ),
    (
        "PathItem",
        &[
            "$ref",
            "parameters",
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
        ],
    ),
    ("Operation", &["parameters", "requestBody", "responses"]),
    ("Parameter", &["name", "in", "schema", "content"]),
    ("RequestBody", &["content"]),
    ("Response", &["content"]),
    ("MediaType", &["schema"]),
    (
        "Schema",
        &[
            "$ref",
            "type",
            "properties",
            "items",
            "allOf",
            "oneOf",
            "anyOf",
            "enum",
            "additionalProperties",
        ],
    ),
];

impl Definition {
    /// Whether something of a call is not known without what stands under a key.
    pub(super) fn is_meaning(self, key: &str) -> bool {
        let of = MEANING.iter().find(|(holder, _)| *holder == self.name());
        of.is_some_and(|(_, keys)| keys.contains(&key))
    }
}

impl Holder<'_> {
    /// Whether nothing of a call is lost without the value.
    pub(super) fn can_do_without(&self) -> bool {
        let is_meaning = self.definition.is_meaning(self.key);
        !is_meaning && !matches!(self.definition.name(), "Paths" | "Responses")
    }
}

impl Reader<'_> {
    /// Makes an object with known keys of what stands for one.
    pub(super) fn as_object(
        &mut self,
        node: &mut Node,
        definition: Definition,
        holder: Holder<'_>,
    ) -> Outcome {
        let span = node.span;
        match (&node.value, definition.name()) {
            (Value::Object(_), _) => Keep,
            (Value::Null, _) => self.null(node, empty(span), holder),
            (Value::Array(items), _) if items.is_empty() => {
                self.nothing_in(node, empty(span), holder)
            }
            (Value::Bool(everything), "Schema") => {
                let everything = *everything;
                *node = empty(span);
                if !everything {
                    node.set("not", empty(span));
                }
                self.tell(
                    format!("{} is no schema of OpenAPI 3.0", holder.subject()),
                    span,
                    "read as OpenAPI 3.1 has it",
                );
                Keep
            }
            (Value::String(name), "Schema") if known_type(name).is_some() => {
                self.becomes(node, "type", holder, "read as a schema of that type")
            }
            (Value::Array(_), "Schema") if holder.key == "items" => self.tuple(node, holder),
            (Value::String(_), "Discriminator") => {
                self.becomes(node, "propertyName", holder, "read as its `propertyName`")
            }
            (Value::String(_), "Response") => {
                self.becomes(node, "description", holder, "read as its `description`")
            }
            _ => self.unfit(node, "an object", holder),
        }
    }

    /// Makes a mapping of what stands for one.
    pub(super) fn as_map(&mut self, node: &mut Node, holder: Holder<'_>) -> Outcome {
        let span = node.span;
        match &mut node.value {
            Value::Object(_) => Keep,
            Value::Null => self.null(node, empty(span), holder),
            Value::Array(items) if items.is_empty() => self.nothing_in(node, empty(span), holder),
            Value::Array(items) if holder.key == "examples" => {
                let mut named = empty(span);
                for (number, item) in (1..).zip(items.drain(..)) {
                    let mut example = empty(item.span);
                    example.set("value", item);
                    named.set(&number.to_string(), example);
                }
                *node = named;
                let message = format!("{} is a list", holder.subject());
                self.tell(message, span.first_line(), "read as examples without names");
                Keep
            }
            _ => self.unfit(node, "a mapping", holder),
        }
    }

    /// Makes a list of what stands for one.
    pub(super) fn as_list(
        &mut self,
        node: &mut Node,
        schema: &'static Json,
        holder: Holder<'_>,
    ) -> Outcome {
        let span = node.span.first_line();
        let items = Form::new(&schema["items"]);
        match (&mut node.value, &items) {
            (Value::Array(_), _) => Keep,
            (Value::Null, _) => {
                let nothing = Node::new(Vec::new(), node.span);
                self.null(node, nothing, holder)
            }
            (Value::Object(object), _) if object.is_empty() && holder.key != "security" => {
                self.nothing_in(node, Node::new(Vec::new(), node.span), holder)
            }
            (Value::Object(_), form) => {
                let form = form.of(node);
                match self.items_of(node, &form) {
                    Some(items) => {
                        *node = Node::new(items, node.span);
                        let message = format!("{} is no list", holder.subject());
                        self.tell(message, span, "read as a list of what it holds");
                        Keep
                    }
                    None => self.unfit(node, "a list", holder),
                }
            }
            (Value::Bool(_), _)
                if (holder.definition.name(), holder.key) == ("Schema", "required") =>
            {
                let message = "`required` of a schema is no list of names";
                let help = "it is ignored: write the names of required properties in `required` \
                            of the schema that has them in `properties`";
                self.tell(message, span, help);
                Drop
            }
            (_, Form::Scalar(_) | Form::Any) => {
                let item = node.clone();
                *node = Node::new(vec![item], node.span);
                let message = format!("{} is no list", holder.subject());
                self.tell(message, span, "read as a list of one");
                Keep
            }
            _ => self.unfit(node, "a list", holder),
        }
    }

    /// The items of what stands in the place of a list: itself, or what it has under names.
    fn items_of(&self, node: &Node, form: &Form<'static>) -> Option<Vec<Node>> {
        let is_one = match form {
            Form::Object(definition) => {
                let mut keys = definition.keys();
                keys.any(|key| node.get(key).is_some())
            }
            Form::Map(..) | Form::Any => true,
            _ => false,
        };
        if is_one {
            return Some(vec![node.clone()]);
        }
        let held: Vec<Node> = node
            .entries()
            .map(|(_, entry)| entry.node.clone())
            .collect();
        held.iter()
            .all(|held| held.as_object().is_some())
            .then_some(held)
    }

    /// Text, numbers and booleans.
    pub(super) fn scalar(
        &mut self,
        node: &mut Node,
        schema: &'static Json,
        holder: Holder<'_>,
    ) -> Outcome {
        let wanted = schema["type"].as_str().unwrap_or_default();
        let read = match (wanted, &node.value) {
            (_, Value::Null) => {
                self.null(node, empty(holder.span), holder);
                return Drop;
            }
            ("string", Value::String(_)) | ("boolean", Value::Bool(_)) => None,
            ("string", Value::Number(_) | Value::Bool(_)) => {
                Some(Value::String(node.to_json().to_string()))
            }
            ("boolean", Value::String(text)) if text == "true" => Some(Value::Bool(true)),
            ("boolean", Value::String(text)) if text == "false" => Some(Value::Bool(false)),
            ("integer" | "number", Value::Number(number)) => match whole(number) {
                Some(whole) if wanted == "integer" && number.is_f64() => {
                    Some(Value::Number(whole.into()))
                }
                None if wanted == "integer" => return self.unfit(node, "an integer", holder),
                _ => None,
            },
            ("integer" | "number", Value::String(text)) => match text.trim().parse() {
                Ok(number) => Some(Value::Number(number)),
                Err(_) => return self.unfit(node, "a number", holder),
            },
            (_, Value::Array(_))
                if (holder.definition.name(), holder.key) == ("Schema", "type") =>
            {
                return self.types(holder);
            }
            ("string", _) => return self.unfit(node, "text", holder),
            ("boolean", Value::Number(_)) if holder.is_exclusive_bound() => {
                self.has_newer = true;
                let message = format!("{} is a number", holder.subject());
                self.tell(message, holder.span, "read as OpenAPI 3.1 has it");
                return Keep;
            }
            _ => return self.unfit(node, "`true` or `false`", holder),
        };
        if let Some(value) = read {
            node.value = value;
            let message = format!("{} is not {}", holder.subject(), expected(wanted));
            self.tell(message, node.span, "read as what it says; write it so");
        }
        self.allowed(node, schema, holder)
    }

    /// A list of types.
    fn types(&mut self, holder: Holder<'_>) -> Outcome {
        self.has_newer = true;
        let message = "`type` of a schema is a list";
        self.tell(message, holder.span, "read as OpenAPI 3.1 has it");
        Keep
    }

    /// `null` says nothing.
    fn null(&mut self, node: &mut Node, nothing: Node, holder: Holder<'_>) -> Outcome {
        let message = format!("{} is null", holder.subject());
        if !holder.is_entry {
            // What must be there is found missing.
            if holder.definition.required().any(|key| key == holder.key) {
                return Drop;
            }
            self.tell(message, holder.span, "read as if it was not there");
            return Drop;
        }
        self.tell(message, holder.span, "read as one that says nothing");
        *node = nothing;
        Keep
    }

    /// What some programs write for an empty mapping, or for an empty list.
    fn nothing_in(&mut self, node: &mut Node, read: Node, holder: Holder<'_>) -> Outcome {
        let message = format!("{} is empty, and of another form", holder.subject());
        self.tell(message, holder.span, "read as empty");
        *node = read;
        Keep
    }

    /// A schema for each item, as JSON Schema had it before 2020-12.
    fn tuple(&mut self, node: &mut Node, holder: Holder<'_>) -> Outcome {
        let span = node.span;
        let items = node.as_array_mut().map(std::mem::take).unwrap_or_default();
        *node = empty(span);
        node.set("anyOf", Node::new(items, span));
        let message = format!("{} is a list", holder.subject());
        self.tell(message, span.first_line(), "read as items of any of them");
        Keep
    }

    /// A text that stands for an object which has it under one key.
    fn becomes(&mut self, node: &mut Node, key: &str, holder: Holder<'_>, help: &str) -> Outcome {
        let span = node.span;
        let text = std::mem::replace(node, empty(span));
        node.set(key, text);
        self.tell(format!("{} is text", holder.subject()), span, help);
        Keep
    }

    /// A value that cannot be read: it is left out where that loses nothing of a call, else it
    /// stays to be found.
    pub(super) fn unfit(&mut self, node: &Node, wanted: &str, holder: Holder<'_>) -> Outcome {
        if !holder.can_do_without() {
            return Keep;
        }
        let message = format!("{} is not {wanted}", holder.subject());
        self.tell(message, node.span.first_line(), "it is ignored");
        Drop
    }
}

impl Holder<'_> {
    fn is_exclusive_bound(&self) -> bool {
        self.definition == Definition::SCHEMA
            && matches!(self.key, "exclusiveMinimum" | "exclusiveMaximum")
    }
}

fn expected(wanted: &str) -> &'static str {
    match wanted {
        "string" => "text",
        "boolean" => "`true` or `false`",
        _ => "a number",
    }
}

fn whole(number: &serde_json::Number) -> Option<i64> {
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let number = number.as_f64()?;
    #[allow(clippy::cast_possible_truncation)]
    let whole = number as i64;
    #[allow(clippy::cast_precision_loss, clippy::float_cmp)]
    let is_whole = whole as f64 == number;
    is_whole.then_some(whole)
}
