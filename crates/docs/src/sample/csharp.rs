use super::{Request, Text, indented, no_more, quoted as in_quotes};

/// The methods that `HttpMethod` has.
const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

pub(super) fn write(request: &Request) -> String {
    let body = request.text();
    let mut code = String::new();
    if body.is_some() {
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
    if let Some(body) = body {
        let media_type = request.headers.iter().find(|(name, _)| is_of_body(name));
        let media_type = media_type.and_then(|(_, value)| value.plain());
        let media_type = quoted(media_type.unwrap_or("application/octet-stream"));
        code.push_str(&format!(
            "request.Content = new StringContent({}, Encoding.UTF8, {media_type});\n",
            raw(&body)
        ));
    }
    code + "\nusing var response = await client.SendAsync(request);\n\
            var answer = await response.Content.ReadAsStringAsync();\n\
            if (!response.IsSuccessStatusCode) throw new HttpRequestException($\"{(int)response.StatusCode}: {answer}\");\n\
            Console.WriteLine(answer);\n"
}

fn text(text: &Text) -> String {
    text.within("$", quoted, |variable| {
        format!("{{Environment.GetEnvironmentVariable(\"{variable}\")}}")
    })
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
