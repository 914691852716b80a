use serde_json::{Map, Value};

use super::json::Literal;
use super::{Body, Request, Text, no_more, quoted as in_quotes};

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
    match &request.body {
        Some(Body::Json(value)) => {
            arguments.push(format!("    json={},\n", Python.write(value, "    ")));
        }
        Some(Body::Text(body)) => {
            arguments.push(format!("    data={}.encode(),\n", quoted(body)));
        }
        None => {}
    }
    let imports = match has_secret(request) {
        true => "import os\n\nimport requests\n",
        false => "import requests\n",
    };
    let answer = if request.answers_json {
        "json()"
    } else {
        "text"
    };
    format!(
        "{imports}\nresponse = requests.{function}(\n{}    timeout=30,\n)\n\
         response.raise_for_status()\nprint(response.{answer})\n",
        arguments.concat()
    )
}

fn has_secret(request: &Request) -> bool {
    let texts = request.headers.iter().map(|(_, value)| value);
    let mut texts = texts.chain([&request.url]);
    texts.any(|text| text.plain().is_none())
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
    text.within("f", quoted, |variable| {
        format!("{{os.environ['{variable}']}}")
    })
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| format!("\\U{code:08x}"))
}
