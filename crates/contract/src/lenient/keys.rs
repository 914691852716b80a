//! Objects as a whole: keys that were meant to be others, what is missing, and what excludes
//! something else.

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
            "cookie" => &["form", "cookie"],
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
