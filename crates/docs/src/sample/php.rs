use std::collections::HashSet;

use serde_json::{Map, Value};

use super::json::{Literal, is_exact};
use super::{Body, Content, Field, Request, Text, quoted as in_quotes};

/// Nothing where two parts of a form have one name: a key of an array stands once.
pub(super) fn write(request: &Request) -> Option<String> {
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
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| format!("        {},\n", text(&Text::of_header(name, value))));
        options.push(format!(
            "    CURLOPT_HTTPHEADER => [\n{}    ],\n",
            headers.collect::<String>()
        ));
    }
    if let Some(login) = &request.login {
        let [user, password] = [&login.user, &login.password].map(|name| variable(name));
        options.push(format!(
            "    CURLOPT_USERPWD => {user} . \":\" . {password},\n"
        ));
    }
    match &request.body {
        Some(Body::Json(value)) if is_exact(value) => options.push(format!(
            "    CURLOPT_POSTFIELDS => json_encode({}),\n",
            Php.write(value, "    ")
        )),
        Some(Body::Form(fields)) => {
            let names: HashSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            if names.len() < fields.len() {
                return None;
            }
            options.push(format!(
                "    CURLOPT_POSTFIELDS => [\n{}    ],\n",
                fields.iter().map(part).collect::<String>()
            ));
        }
        Some(Body::Pairs(pairs)) => {
            let names: HashSet<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
            options.push(match names.len() == pairs.len() {
                true => {
                    let pairs = pairs.iter().map(|(name, value)| {
                        format!("        {} => {},\n", quoted(name), quoted(value))
                    });
                    let pairs: String = pairs.collect();
                    format!("    CURLOPT_POSTFIELDS => http_build_query([\n{pairs}    ]),\n")
                }
                // A key of an array stands once.
                false => {
                    let body = request.text().unwrap_or_default();
                    format!("    CURLOPT_POSTFIELDS => {},\n", single(&body))
                }
            });
        }
        Some(Body::File(name)) => options.push(format!(
            "    CURLOPT_POSTFIELDS => file_get_contents({}),\n",
            quoted(name)
        )),
        Some(Body::Json(_) | Body::Text(_)) => {
            let body = request.text().unwrap_or_default();
            options.push(format!("    CURLOPT_POSTFIELDS => {},\n", single(&body)));
        }
        None => {}
    }
    options.push("    CURLOPT_RETURNTRANSFER => true,\n".to_owned());
    let kept = match request.answer.file() {
        Some(name) => format!("file_put_contents({}, $answer);", quoted(name)),
        None => "echo $answer, PHP_EOL;".to_owned(),
    };
    Some(format!(
        "<?php\n\n$curl = curl_init({});\ncurl_setopt_array($curl, [\n{}]);\n\
         $answer = curl_exec($curl);\n\
         $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);\n\
         if ($answer === false || $status >= 300) {{\n    \
             exit(\"$status: \" . ($answer ?: curl_error($curl)) . PHP_EOL);\n}}\n\
         {kept}\n",
        text(&request.url),
        options.concat()
    ))
}

/// A part of a form. Only files have a media type.
fn part(field: &Field) -> String {
    let name = quoted(&field.name);
    match (&field.content, &field.media_type) {
        (Content::Text(text), _) => format!("        {name} => {},\n", quoted(text)),
        (Content::File(file), media_type) => {
            let media_type = media_type.as_ref();
            let media_type = media_type.map(|name| format!(", {}", quoted(name)));
            format!(
                "        {name} => new CURLFile({}{}),\n",
                quoted(file),
                media_type.unwrap_or_default()
            )
        }
    }
}

fn variable(name: &str) -> String {
    format!("getenv(\"{name}\")")
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
    text.joined(" . ", quoted, variable)
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
