use super::{Body, Content, Field, Request, Text, indented, no_more, quoted as in_quotes};

/// The methods that `HttpMethod` has.
const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

pub(super) fn write(request: &Request) -> String {
    let body = request.text();
    let mut code = String::new();
    let has_type = match &request.body {
        Some(Body::Form(fields)) => fields.iter().any(|field| field.media_type.is_some()),
        Some(Body::Pairs(_)) => false,
        _ => body.is_some(),
    };
    if has_type || request.login.is_some() {
        code.push_str("using System.Text;\n\n");
    }
    let method = match METHODS.contains(&request.method.as_str()) {
        true => {
            let (first, rest) = request.method.split_at(1);
            format!("HttpMethod.{first}{}", rest.to_ascii_lowercase())
        }
        false => format!("new HttpMethod({})", quoted(&request.method)),
    };
    code.push_str(&format!(
        "using var client = new HttpClient();\n\
         using var request = new HttpRequestMessage({method}, {});\n",
        text(&request.url)
    ));
    let is_of_body = |name: &str| name.eq_ignore_ascii_case("content-type");
    for (name, value) in request.headers.iter().filter(|(name, _)| !is_of_body(name)) {
        let (name, value) = (quoted(name), text(value));
        code.push_str(&format!(
            "request.Headers.TryAddWithoutValidation({name}, {value});\n"
        ));
    }
    if let Some(login) = &request.login {
        let pair = [&login.user, &login.password].map(|name| format!("{{{}}}", variable(name)));
        code.push_str(&format!(
            "var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($\"{}\"));\n\
             request.Headers.TryAddWithoutValidation(\"Authorization\", $\"Basic {{login}}\");\n",
            pair.join(":")
        ));
    }
    let media_type = request.headers.iter().find(|(name, _)| is_of_body(name));
    let media_type = media_type.and_then(|(_, value)| value.plain());
    let media_type = media_type.unwrap_or("application/octet-stream");
    let content = match (&request.body, body) {
        (Some(Body::Form(fields)), _) => {
            let parts: String = fields.iter().map(part).collect();
            Some(format!("new MultipartFormDataContent\n{{\n{parts}}}"))
        }
        (Some(Body::Pairs(pairs)), _) => {
            let pairs = pairs.iter();
            let pairs = pairs
                .map(|(name, value)| format!("    new({}, {}),\n", quoted(name), quoted(value)));
            let pairs: String = pairs.collect();
            Some(format!(
                "new FormUrlEncodedContent(new KeyValuePair<string, string>[]\n{{\n{pairs}}})"
            ))
        }
        (Some(Body::File(name)), _) => Some(file(name, Some(media_type))),
        (_, body) => body.map(|body| {
            let (body, media_type) = (raw(&body), quoted(media_type));
            format!("new StringContent({body}, Encoding.UTF8, {media_type})")
        }),
    };
    code.extend(content.map(|content| format!("request.Content = {content};\n")));
    let kept = match request.answer.file() {
        Some(name) => format!(
            "await File.WriteAllBytesAsync({}, await response.Content.ReadAsByteArrayAsync());\n",
            quoted(name)
        ),
        None => "Console.WriteLine(await response.Content.ReadAsStringAsync());\n".to_owned(),
    };
    code + "\nusing var response = await client.SendAsync(request);\n\
            if (!response.IsSuccessStatusCode) throw new HttpRequestException(\n    \
            $\"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}\");\n"
        + &kept
}

fn file(name: &str, media_type: Option<&str>) -> String {
    let content = format!("new ByteArrayContent(File.ReadAllBytes({}))", quoted(name));
    match media_type {
        Some(media_type) => {
            let media_type = quoted(media_type);
            format!("{content} {{ Headers = {{ ContentType = new({media_type}) }} }}")
        }
        None => content,
    }
}

/// A part of a form.
fn part(field: &Field) -> String {
    let (name, media_type) = (quoted(&field.name), field.media_type.as_deref());
    let (content, name) = match &field.content {
        Content::Text(text) => {
            let media_type = media_type.map(|name| format!(", Encoding.UTF8, {}", quoted(name)));
            let media_type = media_type.unwrap_or_default();
            (
                format!("new StringContent({}{media_type})", quoted(text)),
                name,
            )
        }
        Content::File(path) => (file(path, media_type), format!("{name}, {}", quoted(path))),
    };
    format!("    {{ {content}, {name} }},\n")
}

fn variable(name: &str) -> String {
    format!("Environment.GetEnvironmentVariable(\"{name}\")")
}

fn text(text: &Text) -> String {
    match text.secret() {
        Some(name) => variable(name),
        None => text.within("$", quoted, |name| format!("{{{}}}", variable(name))),
    }
}

/// A raw string (C# 11), whose lines stand as far to the right as its end.
fn raw(text: &str) -> String {
    match text.contains('\n') && !text.contains("\"\"\"") && !text.contains('\r') {
        true => format!("\"\"\"\n    {}\n    \"\"\"", indented(text, "    ")),
        false => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| format!("\\U{code:08x}"))
}
