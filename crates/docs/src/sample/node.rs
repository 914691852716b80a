use serde_json::{Map, Value};

use super::json::{Literal, is_exact};
use super::{Answer, Body, Content, Field, Part, Request, Text, indented, quoted as in_quotes};

pub(super) fn write(request: &Request) -> String {
    let mut before = String::new();
    let mut options = Vec::new();
    if request.method != "GET" {
        options.push(format!("  method: {},\n", quoted(&request.method)));
    }
    let login = request.login.iter().map(|login| {
        let pair = [&login.user, &login.password].map(|name| format!("${{process.env.{name}}}"));
        let pair = format!("Buffer.from(`{}`).toString(\"base64\")", pair.join(":"));
        format!("    Authorization: `Basic ${{{pair}}}`,\n")
    });
    let headers = request.headers.iter();
    let headers =
        headers.map(|(name, value)| format!("    {}: {},\n", property(name), text(value)));
    let headers: Vec<String> = login.chain(headers).collect();
    if !headers.is_empty() {
        options.push(format!("  headers: {{\n{}  }},\n", headers.concat()));
    }
    match &request.body {
        // Numbers that are larger than JavaScript's are the same only as text.
        Some(Body::Json(value)) if is_exact(value) => options.push(format!(
            "  body: JSON.stringify({}),\n",
            JavaScript.write(value, "  ")
        )),
        Some(Body::Form(fields)) => {
            if fields
                .iter()
                .any(|field| matches!(field.content, Content::File(_)))
            {
                before.push_str(OPEN);
            }
            before.push_str("const form = new FormData();\n");
            before.extend(fields.iter().map(appended));
            before.push('\n');
            options.push("  body: form,\n".to_owned());
        }
        Some(Body::Pairs(pairs)) => {
            let pairs = pairs.iter();
            let pairs =
                pairs.map(|(name, value)| format!("    [{}, {}],\n", quoted(name), quoted(value)));
            let pairs: String = pairs.collect();
            options.push(format!("  body: new URLSearchParams([\n{pairs}  ]),\n"));
        }
        Some(Body::File(name)) => {
            before.push_str(OPEN);
            options.push(format!("  body: await openAsBlob({}),\n", quoted(name)));
        }
        Some(Body::Json(_) | Body::Text(_)) => {
            let body = request.text().unwrap_or_default();
            options.push(format!("  body: {},\n", template(&body)));
        }
        None => {}
    }
    let options = match options.is_empty() {
        true => String::new(),
        false => format!(", {{\n{}}}", options.concat()),
    };
    let answer = match &request.answer {
        Answer::File(name) => {
            before.insert_str(0, "import { writeFile } from \"node:fs/promises\";\n\n");
            format!("await writeFile({}, response.body);", quoted(name))
        }
        Answer::Json => "console.log(await response.json());".to_owned(),
        Answer::Stream => {
            "for await (const piece of response.body) process.stdout.write(piece);".to_owned()
        }
        Answer::Text => "console.log(await response.text());".to_owned(),
    };
    format!(
        "{before}const response = await fetch({}{options});\n\
         if (!response.ok) throw new Error(`${{response.status}}: ${{await response.text()}}`);\n\
         {answer}\n",
        text(&request.url)
    )
}

const OPEN: &str = "import { openAsBlob } from \"node:fs\";\n\n";

/// A line that adds a part to a form.
fn appended(field: &Field) -> String {
    let name = quoted(&field.name);
    let media_type = field.media_type.as_ref();
    let media_type = media_type.map(|name| format!(", {{ type: {} }}", quoted(name)));
    match (&field.content, media_type) {
        (Content::Text(text), None) => format!("form.append({name}, {});\n", quoted(text)),
        (Content::Text(text), Some(media_type)) => {
            format!(
                "form.append({name}, new Blob([{}]{media_type}));\n",
                quoted(text)
            )
        }
        (Content::File(file), media_type) => {
            let (file, media_type) = (quoted(file), media_type.unwrap_or_default());
            format!("form.append({name}, await openAsBlob({file}{media_type}), {file});\n")
        }
    }
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
    if let Some(variable) = text.secret() {
        return format!("process.env.{variable}");
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
