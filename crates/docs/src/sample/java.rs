use super::{Body, Content, Field, Request, Text, indented, no_more, quoted as in_quotes};

const AT: &str = "                ";
const INNER: &str = "                        ";

pub(super) fn write(request: &Request) -> String {
    let (mut imports, mut before) = (IMPORTS.to_vec(), String::new());
    let body = match &request.body {
        Some(Body::Form(fields)) => {
            imports.push("java.util.UUID");
            let is_file = |field: &Field| matches!(field.content, Content::File(_));
            if fields.iter().any(is_file) {
                imports.push("java.nio.file.Path");
            }
            before.push_str("        var boundary = UUID.randomUUID().toString();\n");
            form(fields)
        }
        Some(Body::File(name)) => {
            imports.push("java.nio.file.Path");
            file(name)
        }
        Some(Body::Json(_) | Body::Text(_) | Body::Pairs(_)) => {
            let body = request.text().unwrap_or_default();
            format!("{PUBLISHERS}.ofString({})", block(&body))
        }
        None => format!("{PUBLISHERS}.noBody()"),
    };
    if let Some(login) = &request.login {
        imports.push("java.util.Base64");
        let [user, password] = [&login.user, &login.password].map(|name| variable(name));
        before.push_str(&format!(
            "        var login = {user} + \":\" + {password};\n"
        ));
    }
    if request.answer.file().is_some() {
        imports.extend(["java.nio.file.Files", "java.nio.file.Path"]);
    }
    imports.sort_unstable();
    imports.dedup();
    let imports = imports.iter().map(|name| format!("import {name};\n"));
    let mut code = format!(
        "{}\npublic class Main {{\n    \
         public static void main(String[] args) throws Exception {{\n{before}        \
         var request = HttpRequest.newBuilder(URI.create({}))\n",
        imports.collect::<String>(),
        text(&request.url)
    );
    for (name, value) in &request.headers {
        code.push_str(&format!("{AT}.header({}, {})\n", quoted(name), text(value)));
    }
    if matches!(request.body, Some(Body::Form(_))) {
        code.push_str(&format!(
            "{AT}.header(\"Content-Type\", \"multipart/form-data; boundary=\" + boundary)\n"
        ));
    }
    if request.login.is_some() {
        code.push_str(&format!(
            "{AT}.header(\"Authorization\", \"Basic \" + Base64.getEncoder().encodeToString(login.getBytes()))\n"
        ));
    }
    code.push_str(&format!(
        "{AT}.method({}, {body})\n{AT}.build();\n",
        quoted(&request.method)
    ));
    let (handler, told, kept) = match request.answer.file() {
        Some(name) => (
            "ofByteArray",
            "new String(response.body())",
            format!("Files.write(Path.of({}), response.body());", quoted(name)),
        ),
        None => (
            "ofString",
            "response.body()",
            "System.out.println(response.body());".to_owned(),
        ),
    };
    code + "        var response = HttpClient.newHttpClient()\n                "
        + &format!(".send(request, HttpResponse.BodyHandlers.{handler}());\n")
        + "        if (response.statusCode() >= 300) {\n            "
        + &format!("throw new IllegalStateException(response.statusCode() + \": \" + {told});\n")
        + &format!("        }}\n        {kept}\n    }}\n}}\n")
}

const IMPORTS: [&str; 4] = [
    "java.net.URI",
    "java.net.http.HttpClient",
    "java.net.http.HttpRequest",
    "java.net.http.HttpResponse",
];
const PUBLISHERS: &str = "HttpRequest.BodyPublishers";

fn file(name: &str) -> String {
    format!("{PUBLISHERS}.ofFile(Path.of({}))", quoted(name))
}

/// A form part by part: this client has none of its own.
fn form(fields: &[Field]) -> String {
    let mut pieces = Vec::new();
    let name = |name: &str| {
        let name = name.replace('"', "%22").replace('\r', "%0D");
        name.replace('\n', "%0A")
    };
    for field in fields {
        let mut head = format!(
            "\r\nContent-Disposition: form-data; name=\"{}\"",
            name(&field.name)
        );
        if let Content::File(file) = &field.content {
            head.push_str(&format!("; filename=\"{file}\""));
        }
        if let Some(media_type) = &field.media_type {
            head.push_str(&format!("\r\nContent-Type: {media_type}"));
        }
        head.push_str("\r\n\r\n");
        let piece = |head: &str| {
            format!(
                "{PUBLISHERS}.ofString(\"--\" + boundary + {})",
                quoted(head)
            )
        };
        match &field.content {
            Content::Text(text) => pieces.push(piece(&format!("{head}{text}\r\n"))),
            Content::File(name) => {
                pieces.extend([piece(&head), file(name)]);
                pieces.push(format!("{PUBLISHERS}.ofString(\"\\r\\n\")"));
            }
        }
    }
    pieces.push(format!(
        "{PUBLISHERS}.ofString(\"--\" + boundary + \"--\\r\\n\")"
    ));
    let pieces: Vec<String> = pieces
        .iter()
        .map(|piece| format!("{INNER}{piece}"))
        .collect();
    format!("{PUBLISHERS}.concat(\n{})", pieces.join(",\n"))
}

fn variable(name: &str) -> String {
    format!("System.getenv(\"{name}\")")
}

fn text(text: &Text) -> String {
    text.joined(" + ", quoted, variable)
}

/// A block of text (Java 15), whose lines stand as far to the right as its end. What ends lines with
/// spaces, or begins them all with some, would lose those (JLS 15, section 3.10.6).
fn block(text: &str) -> String {
    let is_kept = |line: &str| !line.ends_with([' ', '\t']);
    let begins = |line: &str| line.starts_with(|c: char| !c.is_whitespace());
    let fits = text.contains('\n')
        && !text.contains('\r')
        && !text.contains("\"\"\"")
        && !text.ends_with('"')
        && text.split('\n').all(is_kept)
        && text.split('\n').any(begins);
    match fits {
        true => {
            let escaped = text.replace('\\', "\\\\");
            // The end counts as a line, too.
            let end = if text.ends_with('\n') { INNER } else { "" };
            format!("\"\"\"\n{INNER}{}{end}\"\"\"", indented(&escaped, INNER))
        }
        false => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| {
        let mut units = [0; 2];
        let units = char::from_u32(code).map(|c| c.encode_utf16(&mut units).to_vec());
        let units = units.unwrap_or_default().into_iter();
        units.map(|unit| format!("\\u{unit:04x}")).collect()
    })
}
