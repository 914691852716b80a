use serde_json::{Map, Value};

use super::json::{Literal, is_exact};
use super::{Body, Part, Request, Text, indented, quoted as in_quotes};

pub(super) fn write(request: &Request) -> String {
    let mut options = Vec::new();
    if request.method != "GET" {
        options.push(format!("  method: {},\n", quoted(&request.method)));
    }
    if !request.headers.is_empty() {
        let headers = request.headers.iter();
        let headers =
            headers.map(|(name, value)| format!("    {}: {},\n", property(name), text(value)));
        options.push(format!(
            "  headers: {{\n{}  }},\n",
            headers.collect::<String>()
        ));
    }
    match &request.body {
        // Numbers that are larger than JavaScript's are the same only as text.
        Some(Body::Json(value)) if is_exact(value) => options.push(format!(
            "  body: JSON.stringify({}),\n",
            JavaScript.write(value, "  ")
        )),
        Some(_) => {
            let body = request.text().unwrap_or_default();
            options.push(format!("  body: {},\n", template(&body)));
        }
        None => {}
    }
    let options = match options.is_empty() {
        true => String::new(),
        false => format!(", {{\n{}}}", options.concat()),
    };
    let answer = if request.answers_json { "json" } else { "text" };
    format!(
        "const response = await fetch({}{options});\n\
         if (!response.ok) throw new Error(`${{response.status}}: ${{await response.text()}}`);\n\
         console.log(await response.{answer}());\n",
        text(&request.url)
    )
}

struct JavaScript;

impl Literal for JavaScript {
    const INDENT: &'static str = "  ";

    fn object(&self, _: &Map<String, Value>) -> (&'static str, &'static str) {
        ("{", "}")
    }

    fn text(&self, text: &str) -> String {
        quoted(text)
    }

    fn key(&self, key: &str) -> String {
        match key {
            // As a name it would be what the object inherits from.
            "__proto__" => "[\"__proto__\"]: ".to_owned(),
            key => format!("{}: ", property(key)),
        }
    }
}

fn property(name: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let begins = |c: char| !c.is_ascii_digit();
    match name.starts_with(begins) && name.chars().all(is_name) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

fn text(text: &Text) -> String {
    if let Some(plain) = text.plain() {
        return quoted(plain);
    }
    let parts = text.0.iter().map(|part| match part {
        Part::Plain(text) => escaped(text),
        Part::Secret(variable) => format!("${{process.env.{variable}}}"),
    });
    format!("`{}`", parts.collect::<String>())
}

/// A text over several lines.
fn template(text: &str) -> String {
    match text.contains('\n') {
        true => format!("`{}`", indented(&escaped(text), "")),
        false => quoted(text),
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('`', "\\`");
    text.replace("${", "\\${").replace('\r', "\\r")
}

fn quoted(text: &str) -> String {
    in_quotes(text, super::no_more, |code| format!("\\u{{{code:x}}}"))
}
