use serde_json::{Map, Value};

use super::json::Literal;
use super::{Answer, Body, Content, Field, Request, Text, no_more, quoted as in_quotes};

/// The methods that `requests` has functions for.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn write(request: &Request) -> String {
    let (function, first) = match METHODS.contains(&request.method.as_str()) {
        true => (request.method.to_ascii_lowercase(), String::new()),
        false => (
            "request".to_owned(),
            format!("    {},\n", quoted(&request.method)),
        ),
    };
    let mut arguments = vec![first, format!("    {},\n", text(&request.url))];
    let is_json = matches!(request.body, Some(Body::Json(_)));
    // `json` says what it is.
    let headers = request.headers.iter().filter(|(name, value)| {
        !(is_json && name == "Content-Type" && value.plain() == Some("application/json"))
    });
    let headers: Vec<String> = headers
        .map(|(name, value)| format!("        {}: {},\n", quoted(name), text(value)))
        .collect();
    if !headers.is_empty() {
        arguments.push(format!("    headers={{\n{}    }},\n", headers.concat()));
    }
    if let Some(login) = &request.login {
        let [user, password] = [&login.user, &login.password].map(|name| variable(name, '"'));
        arguments.push(format!("    auth=({user}, {password}),\n"));
    }
    match &request.body {
        Some(Body::Json(value)) => {
            arguments.push(format!("    json={},\n", Python.write(value, "    ")));
        }
        Some(Body::Text(body)) => {
            arguments.push(format!("    data={}.encode(),\n", quoted(body)));
        }
        Some(Body::Form(fields)) => arguments.push(format!(
            "    files=[\n{}    ],\n",
            fields.iter().map(part).collect::<String>()
        )),
        Some(Body::Pairs(pairs)) => {
            let pairs = pairs.iter();
            let pairs = pairs
                .map(|(name, value)| format!("        ({}, {}),\n", quoted(name), quoted(value)));
            arguments.push(format!("    data=[\n{}    ],\n", pairs.collect::<String>()));
        }
        Some(Body::File(name)) => {
            arguments.push(format!("    data=open({}, \"rb\"),\n", quoted(name)));
        }
        None => {}
    }
    let imports = match request.has_secret() {
        true => "import os\n\nimport requests\n",
        false => "import requests\n",
    };
    let answer = match &request.answer {
        Answer::File(name) => format!(
            "with open({}, \"wb\") as file:\n    file.write(response.content)",
            quoted(name)
        ),
        Answer::Json => "print(response.json())".to_owned(),
        Answer::Stream => "for line in response.iter_lines():\n    print(line.decode())".to_owned(),
        Answer::Text => "print(response.text)".to_owned(),
    };
    if request.answer == Answer::Stream {
        arguments.push("    stream=True,\n".to_owned());
    }
    format!(
        "{imports}\nresponse = requests.{function}(\n{}    timeout=30,\n)\n\
         response.raise_for_status()\n{answer}\n",
        arguments.concat()
    )
}

/// A part of a form: its name, and a file's name, what it holds and what that is.
fn part(field: &Field) -> String {
    let (name, held) = match &field.content {
        Content::Text(text) => ("None".to_owned(), quoted(text)),
        Content::File(file) => (quoted(file), format!("open({}, \"rb\")", quoted(file))),
    };
    let media_type = field.media_type.as_ref();
    let media_type = media_type.map(|name| format!(", {}", quoted(name)));
    let media_type = media_type.unwrap_or_default();
    format!(
        "        ({}, ({name}, {held}{media_type})),\n",
        quoted(&field.name)
    )
}

fn variable(name: &str, quote: char) -> String {
    format!("os.environ[{quote}{name}{quote}]")
}

struct Python;

impl Literal for Python {
    const INDENT: &'static str = "    ";
    const NULL: &'static str = "None";
    const TRUTH: (&'static str, &'static str) = ("True", "False");

    fn object(&self, _: &Map<String, Value>) -> (&'static str, &'static str) {
        ("{", "}")
    }

    fn text(&self, text: &str) -> String {
        quoted(text)
    }

    fn key(&self, key: &str) -> String {
        format!("{}: ", quoted(key))
    }
}

fn text(text: &Text) -> String {
    match text.secret() {
        Some(name) => variable(name, '"'),
        None => text.within("f", quoted, |name| format!("{{{}}}", variable(name, '\''))),
    }
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| format!("\\U{code:08x}"))
}
