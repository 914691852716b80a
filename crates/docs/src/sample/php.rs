use serde_json::{Map, Value};

use super::json::{Literal, is_exact};
use super::{Body, Part, Request, Text, quoted as in_quotes};

pub(super) fn write(request: &Request) -> String {
    let mut options = Vec::new();
    if request.method == "HEAD" {
        options.push("    CURLOPT_NOBODY => true,\n".to_owned());
    } else {
        options.push(format!(
            "    CURLOPT_CUSTOMREQUEST => {},\n",
            quoted(&request.method)
        ));
    }
    if !request.headers.is_empty() {
        let headers = request.headers.iter().map(|(name, value)| {
            let mut header = Text(vec![Part::Plain(format!("{name}: "))]);
            header.0.extend(value.0.iter().cloned());
            format!("        {},\n", text(&header))
        });
        options.push(format!(
            "    CURLOPT_HTTPHEADER => [\n{}    ],\n",
            headers.collect::<String>()
        ));
    }
    match &request.body {
        Some(Body::Json(value)) if is_exact(value) => options.push(format!(
            "    CURLOPT_POSTFIELDS => json_encode({}),\n",
            Php.write(value, "    ")
        )),
        Some(_) => {
            let body = request.text().unwrap_or_default();
            options.push(format!("    CURLOPT_POSTFIELDS => {},\n", single(&body)));
        }
        None => {}
    }
    options.push("    CURLOPT_RETURNTRANSFER => true,\n".to_owned());
    format!(
        "<?php\n\n$curl = curl_init({});\ncurl_setopt_array($curl, [\n{}]);\n\
         $answer = curl_exec($curl);\n\
         $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);\n\
         if ($answer === false || $status >= 300) {{\n    \
             exit(\"$status: \" . ($answer ?: curl_error($curl)) . PHP_EOL);\n}}\n\
         echo $answer, PHP_EOL;\n",
        text(&request.url),
        options.concat()
    )
}

struct Php;

impl Literal for Php {
    const INDENT: &'static str = "    ";

    /// An array whose keys are those of a list would be one, and an empty one is.
    fn object(&self, object: &Map<String, Value>) -> (&'static str, &'static str) {
        match object.keys().all(|key| key.parse::<i64>().is_ok()) {
            true => ("(object) [", "]"),
            false => ("[", "]"),
        }
    }

    fn text(&self, text: &str) -> String {
        quoted(text)
    }

    fn key(&self, key: &str) -> String {
        format!("{} => ", quoted(key))
    }
}

fn text(text: &Text) -> String {
    text.joined(" . ", quoted, |variable| format!("getenv(\"{variable}\")"))
}

/// Over several lines: between single quotes nearly nothing means anything.
fn single(text: &str) -> String {
    match text.contains('\r') {
        true => quoted(text),
        false => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

fn quoted(text: &str) -> String {
    let more = |c: char| (c == '$').then(|| "\\$".to_owned());
    in_quotes(text, more, |code| format!("\\u{{{code:x}}}"))
}
