//! The schema that is published for documents of `OpenAPI` 3.0, as something to go along.

use std::sync::LazyLock;

use heck::ToTitleCase as _;
use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};

use crate::source::{Node, Value};

/// The schema of 2024-10-18, with what has the same form in later versions: the webhooks of 3.1, and
/// of 3.2 the methods and places of parameters.
pub(crate) static PUBLISHED: LazyLock<Json> = LazyLock::new(|| {
    let published = include_str!("../openapi-3.0.json");
    let mut published: Json =
        serde_json::from_str(published).expect("the published schema is JSON");
    let map = |of: &str| {
        let of = format!("#/definitions/{of}");
        json!({"type": "object", "additionalProperties": {"$ref": of}})
    };
    published["properties"]["webhooks"] = map("PathItem");
    let definitions = &mut published["definitions"];
    let methods = &mut definitions["PathItem"]["properties"];
    methods["query"] = json!({"$ref": "#/definitions/Operation"});
    methods["additionalOperations"] = map("Operation");
    definitions["CookieParameter"]["properties"]["style"]["enum"] = json!(["form", "cookie"]);
    definitions["QuerystringParameter"] = json!({
        "required": ["content"],
        "properties": {"in": {"enum": ["querystring"]}},
    });
    if let Some(places) = definitions["Parameter"]["oneOf"].as_array_mut() {
        places.push(json!({"$ref": "#/definitions/QuerystringParameter"}));
    }
    published
});

pub(crate) static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::draft4::new(&PUBLISHED).expect("the published schema is JSON Schema draft 4")
});

/// What the specification calls an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Definition(&'static str);

/// What a value has to be.
#[derive(Clone, Debug)]
pub(super) enum Form<'a> {
    Object(Definition),
    /// Under names that somebody chose, of which some may begin an extension.
    Map(Box<Form<'a>>, bool),
    /// With the schema of the list.
    List(&'a Json),
    /// With the schema of the text, number or boolean.
    Scalar(&'a Json),
    Any,
    /// What counts is what stands there.
    Choice(&'a [Json]),
}

impl Definition {
    pub(super) const ROOT: Self = Self("");
    pub(super) const SCHEMA: Self = Self("Schema");

    pub(super) fn name(self) -> &'static str {
        self.0
    }

    fn schema(self) -> &'static Json {
        match self.0 {
            "" => &PUBLISHED,
            name => &PUBLISHED["definitions"][name],
        }
    }

    fn of_reference(reference: &'static str) -> Self {
        Self(reference.rsplit('/').next().unwrap_or_default())
    }

    /// For a sentence: `a path item`.
    pub(super) fn noun(self) -> String {
        match self.0 {
            "" => "the document".to_owned(),
            "Info" => "`info`".to_owned(),
            "Paths" => "`paths`".to_owned(),
            "Components" => "`components`".to_owned(),
            "Responses" => "`responses`".to_owned(),
            "XML" => "`xml`".to_owned(),
            name if name.ends_with("SecurityScheme") => "a security scheme".to_owned(),
            name => {
                let words = name.to_title_case().to_lowercase();
                let article = match words.starts_with(['a', 'e', 'i', 'o', 'u']) {
                    true => "an",
                    false => "a",
                };
                format!("{article} {words}")
            }
        }
    }

    fn part(self, key: &str) -> Option<&'static Map<String, Json>> {
        self.schema().get(key)?.as_object()
    }

    /// The keys that it may have.
    pub(super) fn keys(self) -> impl Iterator<Item = &'static str> {
        let keys = self.part("properties").into_iter().flatten();
        keys.map(|(key, _)| key.as_str())
    }

    pub(super) fn required(self) -> impl Iterator<Item = &'static str> {
        let names = self.schema()["required"].as_array();
        names.into_iter().flatten().filter_map(Json::as_str)
    }

    /// What stands under a key; nothing, where it must not be there.
    pub(super) fn form(self, key: &str) -> Option<Form<'static>> {
        if let Some(schema) = self.part("properties").and_then(|all| all.get(key)) {
            return Some(Form::new(schema));
        }
        let mut patterns = self.part("patternProperties").into_iter().flatten();
        if let Some((_, schema)) = patterns.find(|(pattern, _)| matches(pattern, key)) {
            return Some(Form::new(schema));
        }
        match &self.schema()["additionalProperties"] {
            Json::Bool(false) => None,
            schema @ Json::Object(_) => Some(Form::new(schema)),
            _ => Some(Form::Any),
        }
    }

    pub(super) fn is_at_least_one(self) -> bool {
        self.schema()["minProperties"] == 1
    }
}

/// The patterns that the schema has for keys.
fn matches(pattern: &str, key: &str) -> bool {
    let is_digit = |range: std::ops::RangeInclusive<u8>, at: usize| {
        key.as_bytes()
            .get(at)
            .is_some_and(|byte| range.contains(byte))
    };
    match pattern {
        "^x-" => key.starts_with("x-"),
        "^\\/" => key.starts_with('/'),
        "^\\$ref$" => key == "$ref",
        "^[1-5](?:\\d{2}|XX)$" => {
            key.len() == 3
                && is_digit(b'1'..=b'5', 0)
                && (key.ends_with("XX") || is_digit(b'0'..=b'9', 1) && is_digit(b'0'..=b'9', 2))
        }
        _ => true,
    }
}

impl Form<'static> {
    pub(super) fn new(schema: &'static Json) -> Self {
        if let Some(reference) = schema["$ref"].as_str() {
            return Self::definition(Definition::of_reference(reference));
        }
        if let Some(choice) = schema["oneOf"].as_array() {
            return Self::Choice(choice);
        }
        match schema["type"].as_str() {
            Some("object") => Self::map(schema),
            Some("array") => Self::List(schema),
            Some(_) => Self::Scalar(schema),
            None => Self::Any,
        }
    }

    fn definition(definition: Definition) -> Self {
        let is_map = definition.part("properties").is_none()
            && matches!(definition.schema()["type"].as_str(), Some("object"))
            && definition.0 != "Paths";
        match definition.schema()["oneOf"].as_array() {
            Some(choice) if definition.0 == "SecurityScheme" => Self::Choice(choice),
            _ if is_map && definition.0 != "Reference" => Self::map(definition.schema()),
            _ => Self::Object(definition),
        }
    }

    fn map(schema: &'static Json) -> Self {
        let is_open = schema["patternProperties"].get("^x-").is_some();
        Self::Map(Box::new(entries(schema)), is_open)
    }

    /// The form that a value is meant to have, where there are several.
    pub(super) fn of(&self, node: &Node) -> Self {
        let Self::Choice(choice) = self else {
            return self.clone();
        };
        if node.get("$ref").is_some() {
            // What refers is not gone into.
            return Self::Any;
        }
        let forms = || {
            choice
                .iter()
                .map(Self::new)
                .filter(|form| !form.is_reference())
        };
        let is_meant = |form: &Self| match form {
            Self::Scalar(schema) => schema["type"] == "boolean" && is_boolean(node),
            Self::Object(definition) => definition.is_of_type(node) && !is_boolean(node),
            _ => true,
        };
        let meant = forms().find(is_meant).or_else(|| forms().next());
        meant.map_or(Self::Any, |form| form.of(node))
    }

    fn is_reference(&self) -> bool {
        matches!(self, Self::Object(Definition("Reference")))
    }
}

impl Definition {
    /// Whether an object has the `type` that the definition is for, if it is for one.
    fn is_of_type(self, node: &Node) -> bool {
        let wanted = &self.schema()["properties"]["type"]["enum"][0];
        match wanted
            .as_str()
            .filter(|_| self.0.ends_with("SecurityScheme"))
        {
            Some(wanted) => node.get("type").and_then(Node::as_str) == Some(wanted),
            None => true,
        }
    }
}

fn is_boolean(node: &Node) -> bool {
    matches!(node.value, Value::Bool(_)) || matches!(node.as_str(), Some("true" | "false"))
}

/// What stands under the names of a mapping.
fn entries(schema: &'static Json) -> Form<'static> {
    let patterns = schema["patternProperties"].as_object();
    let mut patterns = patterns.into_iter().flatten();
    let pattern = patterns.find(|(pattern, _)| *pattern != "^x-");
    match (&schema["additionalProperties"], pattern) {
        (Json::Object(_), _) => Form::new(&schema["additionalProperties"]),
        (_, Some((_, schema))) => Form::new(schema),
        _ => Form::Any,
    }
}
