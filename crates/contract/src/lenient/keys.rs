//! Objects as a whole: what stands under the key of another dialect, what is missing, and what
//! excludes something else.

use super::published::Definition;
use super::values::known_type;
use super::{Drop, Holder, Keep, Outcome, Reader, empty};
use crate::source::{Node, Object, Span};

impl Reader<'_> {
    /// What has to be done before keys are looked at one by one.
    pub(super) fn before(&mut self, node: &mut Node, definition: Definition) {
        match definition.name() {
            "Parameter" | "Header" => self.schema_words(node, definition),
            "Response" => self.schema_of_response(node),
            "Operation" => self.body_parameters(node),
            "Schema" => self.format(node),
            "Paths" => self.rename(node, definition, "begins with no slash", |path| {
                format!("/{path}")
            }),
            "Responses" => self.rename(node, definition, "is no status", |status| {
                status.trim().to_ascii_uppercase()
            }),
            _ => {}
        }
        self.exclusive(node, definition);
    }

    /// What has to be there.
    pub(super) fn after(
        &mut self,
        node: &mut Node,
        definition: Definition,
        holder: Holder<'_>,
    ) -> Outcome {
        let span = node.span.first_line();
        for key in definition.required() {
            if node.get(key).is_some() {
                continue;
            }
            let message = format!("{} lacks `{key}`", definition.noun());
            match missing(definition, key, node) {
                Missing::Is(value, help) => {
                    node.set(key, value);
                    self.tell(message, span, help);
                }
                Missing::Ignored if !holder.key.is_empty() => {
                    self.tell(message, span, "it is ignored");
                    return Drop;
                }
                Missing::Ignored | Missing::Lost => {}
            }
        }
        if definition.name() == "Parameter" {
            self.parameter(node);
        }
        let entries = node
            .entries()
            .filter(|(key, _)| !key.starts_with("x-"))
            .count();
        if definition.is_at_least_one() && entries == 0 {
            *node = any_success(span);
            let message = format!("{} is empty", definition.noun());
            self.tell(message, span, "read as any success, without a body");
        }
        Keep
    }

    /// Keywords of a schema that stand beside the place of the schema, as Swagger 2.0 has them.
    fn schema_words(&mut self, node: &mut Node, definition: Definition) {
        if ["schema", "content", "$ref"]
            .iter()
            .any(|key| node.get(key).is_some())
        {
            return;
        }
        let is_word = |key: &str| {
            let is_own = definition.keys().any(|own| own == key);
            !is_own && Definition::SCHEMA.keys().any(|word| word == key)
        };
        let span = node.span.first_line();
        let mut schema = empty(span);
        let words: Vec<String> = node.entries().map(|(key, _)| key.to_owned()).collect();
        for word in words.iter().filter(|word| is_word(word)) {
            if let Some(value) = node.remove(word) {
                schema.set(word, value);
            }
        }
        let (message, help) = match schema.as_object().is_none_or(Object::is_empty) {
            true => {
                schema.set("type", Node::new("string", span));
                (
                    format!("{} has no `schema`", definition.noun()),
                    "read as text",
                )
            }
            false => (
                format!("{} has a schema's keywords", definition.noun()),
                "read as its `schema`, as Swagger 2.0 had them",
            ),
        };
        node.set("schema", schema);
        self.tell(message, span, help);
    }

    /// Parameters that are the body of a request, or fields of it, as Swagger 2.0 has them.
    fn body_parameters(&mut self, node: &mut Node) {
        let location = |one: &Node| one.get("in").and_then(Node::as_str).map(str::to_owned);
        let is_body = |one: &Node| matches!(location(one).as_deref(), Some("body" | "formData"));
        let Some(parameters) = node.get_mut("parameters").and_then(Node::as_array_mut) else {
            return;
        };
        let (sent, kept): (Vec<Node>, Vec<Node>) =
            std::mem::take(parameters).into_iter().partition(is_body);
        *parameters = kept;
        let Some(span) = sent.first().map(|one| one.span.first_line()) else {
            return;
        };
        let is_whole = |one: &&Node| location(one).as_deref() == Some("body");
        let (media_type, schema, required) = match sent.iter().find(is_whole) {
            Some(body) => {
                let schema = body.get("schema").cloned().unwrap_or_else(|| empty(span));
                let required = body.get("required").is_some_and(Node::is_true);
                ("application/json", schema, required)
            }
            None => form(&sent, span),
        };
        let (mut content, mut body, mut of) = (empty(span), empty(span), empty(span));
        of.set("schema", schema);
        content.set(media_type, of);
        body.set("content", content);
        body.set("required", Node::new(required, span));
        if node.get("requestBody").is_none() {
            node.set("requestBody", body);
        }
        let message = "a parameter is in the body";
        self.tell(
            message,
            span,
            "read as the body of the request, as Swagger 2.0 had it",
        );
    }

    /// The schema of a response, as Swagger 2.0 had it.
    fn schema_of_response(&mut self, node: &mut Node) {
        if node.get("content").is_some() || node.get("schema").is_none() {
            return;
        }
        let span = node.key_span("schema");
        if let Some(schema) = node.remove("schema") {
            let (mut media_type, mut content) = (empty(span), empty(span));
            media_type.set("schema", schema);
            content.set("application/json", media_type);
            node.set("content", content);
            let message = "`schema` is not known in a response";
            self.tell(
                message,
                span,
                "read as its body in JSON, as Swagger 2.0 had it",
            );
        }
    }

    /// The format that goes with a type which is a format.
    fn format(&mut self, node: &mut Node) {
        let Some((name, span)) = node
            .get("type")
            .and_then(|it| Some((it.as_str()?, it.span)))
        else {
            return;
        };
        if let Some((_, Some(format))) = known_type(name)
            && node.get("format").is_none()
        {
            node.set("format", Node::new(format, span));
        }
    }

    /// Keys that were meant to be other ones.
    fn rename(
        &mut self,
        node: &mut Node,
        definition: Definition,
        what: &str,
        meant: impl Fn(&str) -> String,
    ) {
        let Some(object) = node.as_object_mut() else {
            return;
        };
        let is_wrong = |key: &String| definition.form(key).is_none();
        if !object.keys().any(is_wrong) {
            return;
        }
        let mut renamed = Object::new();
        let taken: Vec<String> = object.keys().cloned().collect();
        for (key, entry) in std::mem::take(object) {
            let new = meant(&key);
            let helps = definition.form(&new).is_some() && !taken.contains(&new);
            if definition.form(&key).is_none() && helps && !key.is_empty() {
                let help = format!("read as `{new}`");
                self.tell(format!("`{key}` {what}"), entry.key, &help);
                renamed.insert(new, entry);
            } else {
                renamed.insert(key, entry);
            }
        }
        *object = renamed;
    }

    /// Of two keys that exclude each other, one counts.
    fn exclusive(&mut self, node: &mut Node, definition: Definition) {
        let pairs: &[(&str, &str)] = match definition.name() {
            "Parameter" | "Header" => &[("schema", "content"), ("examples", "example")],
            "MediaType" => &[("examples", "example")],
            "Link" => &[("operationId", "operationRef")],
            _ => &[],
        };
        for (kept, other) in pairs {
            let span = node.key_span(other);
            if node.get(kept).is_some() && node.remove(other).is_some() {
                let noun = definition.noun();
                let message = format!("`{kept}` and `{other}` of {noun} exclude each other");
                self.tell(message, span, &format!("`{other}` is ignored"));
            }
        }
    }

    /// What depends on where a parameter is.
    fn parameter(&mut self, node: &mut Node) {
        let location = node.get("in").and_then(Node::as_str).unwrap_or_default();
        let styles: &[&str] = match location {
            "path" => &["matrix", "label", "simple"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            "cookie" => &["form"],
            _ => return,
        };
        let is_path = location == "path";
        let style = node.get("style").and_then(Node::as_str);
        if style.is_some_and(|style| !styles.contains(&style)) {
            let message = format!("a parameter of the {location} has no such `style`");
            self.tell(message, node.key_span("style"), "it is ignored");
            node.remove("style");
        }
        if is_path && !node.get("required").is_some_and(Node::is_true) {
            let span = match node.get("required") {
                Some(_) => node.key_span("required"),
                None => node.span.first_line(),
            };
            node.set("required", Node::new(true, span));
            let message = "a parameter of the path is not `required: true`";
            self.tell(
                message,
                span,
                "read as required: without it there is no path",
            );
        }
        self.content(node);
    }

    /// A parameter has one media type, and with it nothing else that says how it is written.
    fn content(&mut self, node: &mut Node) {
        let Some(content) = node.get("content") else {
            return;
        };
        let span = node.key_span("content");
        let names: Vec<String> = content.entries().map(|(name, _)| name.to_owned()).collect();
        match names.as_slice() {
            [] => {
                let mut schema = empty(span);
                schema.set("type", Node::new("string", span));
                node.remove("content");
                node.set("schema", schema);
                self.tell("`content` of a parameter is empty", span, "read as text");
                return;
            }
            [_] => {}
            [first, ..] => {
                let message = "a parameter has several media types";
                self.tell(message, span, &format!("read as `{first}`"));
                if let Some(content) = node.get_mut("content").and_then(Node::as_object_mut) {
                    content.retain(|name, _| name == first);
                }
            }
        }
        for key in ["style", "explode", "allowReserved", "example", "examples"] {
            let span = node.key_span(key);
            if node.remove(key).is_some() {
                let message = format!("`{key}` and `content` of a parameter exclude each other");
                self.tell(message, span, &format!("`{key}` is ignored"));
            }
        }
    }
}

/// The form that has these fields, and whether it must be sent.
fn form(fields: &[Node], span: Span) -> (&'static str, Node, bool) {
    let (mut properties, mut required) = (empty(span), Vec::new());
    let mut media_type = "application/x-www-form-urlencoded";
    for field in fields {
        let Some(name) = field.get("name").and_then(Node::as_str) else {
            continue;
        };
        if field.get("type").and_then(Node::as_str) == Some("file") {
            media_type = "multipart/form-data";
        }
        let mut schema = field.get("schema").unwrap_or(field).clone();
        ["name", "in", "required"]
            .iter()
            .for_each(|key| drop(schema.remove(key)));
        if field.get("required").is_some_and(Node::is_true) {
            required.push(Node::new(name, span));
        }
        properties.set(name, schema);
    }
    let is_required = !required.is_empty();
    let mut form = empty(span);
    form.set("type", Node::new("object", span));
    form.set("properties", properties);
    if is_required {
        form.set("required", Node::new(required, span));
    }
    (media_type, form, is_required)
}

/// The responses of an operation of which nothing is said.
fn any_success(span: Span) -> Node {
    let (mut response, mut responses) = (empty(span), empty(span));
    response.set("description", Node::new("", span));
    responses.set("2XX", response);
    responses
}

/// What the lack of a key means.
enum Missing {
    /// As if this stood there.
    Is(Node, &'static str),
    /// The object says nothing that can be used.
    Ignored,
    /// Nothing can be known.
    Lost,
}

fn missing(definition: Definition, key: &str, node: &Node) -> Missing {
    let span = node.span.first_line();
    let text = |text: &str| Node::new(text, span);
    match (definition.name(), key) {
        ("Response", "description") => Missing::Is(text(""), "read as no text"),
        ("Info", "title") => Missing::Is(text("API"), "read as `API`"),
        ("Info", "version") => Missing::Is(text("0"), "read as `0`"),
        ("", "paths") => Missing::Is(empty(span), "read as no paths"),
        ("RequestBody", "content") => Missing::Is(empty(span), "read as one that may be left out"),
        ("Operation", "responses") => {
            Missing::Is(any_success(span), "read as any success, without a body")
        }
        ("ServerVariable", "default") => {
            let first = node.get("enum").and_then(|values| values.items().next());
            match first {
                Some(first) => Missing::Is(first.clone(), "read as its first value"),
                None => Missing::Ignored,
            }
        }
        (_, "scopes") => Missing::Is(empty(span), "read as no scopes"),
        ("" | "Info" | "Parameter", _) => Missing::Lost,
        _ => Missing::Ignored,
    }
}
