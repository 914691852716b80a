use percent_encoding::utf8_percent_encode;

use super::{Answer, Body, Content, ESCAPED, Field, Part, Request, Text};

pub(super) fn write(request: &Request) -> String {
    let mut lines = vec![format!("curl --fail-with-body {}", text(&request.url))];
    let implied = match request.body {
        Some(_) => "POST",
        None => "GET",
    };
    if request.method == "HEAD" {
        lines.push("--head".to_owned());
    } else if request.method != implied {
        lines.push(format!("--request {}", word(&request.method)));
    }
    match &request.answer {
        Answer::File(name) => lines.push(format!("--output {}", word(name))),
        Answer::Stream => lines.push("--no-buffer".to_owned()),
        Answer::Json | Answer::Text => {}
    }
    for (name, value) in &request.headers {
        lines.push(format!("--header {}", text(&Text::of_header(name, value))));
    }
    if let Some(login) = &request.login {
        lines.push(format!("--user \"${}:${}\"", login.user, login.password));
    }
    match &request.body {
        Some(Body::Form(fields)) => lines.extend(fields.iter().map(field)),
        Some(Body::Pairs(pairs)) => lines.extend(pairs.iter().map(|(name, value)| {
            // The name stands as it is, and must not have a sign of its own.
            let name = utf8_percent_encode(name, ESCAPED);
            format!("--data-urlencode {}", word(&format!("{name}={value}")))
        })),
        Some(Body::File(name)) => {
            lines.push(format!("--data-binary {}", word(&format!("@{name}"))))
        }
        _ => lines.extend(
            request
                .text()
                .map(|body| format!("--data-raw {}", quoted(&body))),
        ),
    }
    lines.join(" \\\n  ")
}

/// A part of a form, in which signs mean something unless it is said that they do not.
fn field(field: &Field) -> String {
    let Field {
        name,
        content,
        media_type,
    } = field;
    let media_type = media_type.as_ref().map(|name| format!(";type={name}"));
    match (content, media_type) {
        (Content::Text(text), None) => {
            format!("--form-string {}", word(&format!("{name}={text}")))
        }
        (Content::Text(text), Some(media_type)) => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            format!(
                "--form {}",
                quoted(&format!("{name}=\"{text}\"{media_type}"))
            )
        }
        (Content::File(file), media_type) => {
            let media_type = media_type.unwrap_or_default();
            format!("--form {}", word(&format!("{name}=@{file}{media_type}")))
        }
    }
}

/// In single quotes, where nothing means anything; in double quotes where there is a variable.
fn text(text: &Text) -> String {
    if let Some(plain) = text.plain() {
        return word(plain);
    }
    let last = text.0.len() - 1;
    let parts = text.0.iter().enumerate().map(|(at, part)| match part {
        Part::Plain(text) => text
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('$', "\\$")
            .replace('`', "\\`"),
        Part::Secret(variable) if at == last => format!("${variable}"),
        // A name goes on with the letters that follow.
        Part::Secret(variable) => format!("${{{variable}}}"),
    });
    format!("\"{}\"", parts.collect::<String>())
}

/// A word of the shell: in quotes, unless all its signs are plain.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
