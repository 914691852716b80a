use super::{Part, Request, Text};

pub(super) fn write(request: &Request) -> String {
    let mut lines = vec![format!("curl --fail-with-body {}", text(&request.url))];
    let body = request.text();
    let implied = if body.is_some() { "POST" } else { "GET" };
    if request.method == "HEAD" {
        lines.push("--head".to_owned());
    } else if request.method != implied {
        lines.push(format!("--request {}", word(&request.method)));
    }
    for (name, value) in &request.headers {
        let mut header = Text(vec![Part::Plain(format!("{name}: "))]);
        header.0.extend(value.0.iter().cloned());
        lines.push(format!("--header {}", text(&header)));
    }
    if let Some(body) = body {
        lines.push(format!("--data-raw {}", quoted(&body)));
    }
    lines.join(" \\\n  ")
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
