use super::{Request, Text, no_more, quoted as in_quotes};

pub(super) fn write(request: &Request) -> String {
    let body = request.text();
    let texts = request.headers.iter().map(|(_, value)| value);
    let mut texts = texts.chain([&request.url]);
    let mut imports = vec!["fmt", "io", "log", "net/http"];
    if texts.any(|text| text.plain().is_none()) {
        imports.push("os");
    }
    if body.is_some() {
        imports.push("strings");
    }
    let imports = imports.iter().map(|name| format!("\t\"{name}\"\n"));
    let mut code = format!(
        "package main\n\nimport (\n{})\n\nfunc main() {{\n",
        imports.collect::<String>()
    );
    let sent = match &body {
        Some(body) => {
            code.push_str(&format!("\tbody := strings.NewReader({})\n", raw(body)));
            "body"
        }
        None => "nil",
    };
    code.push_str(&format!(
        "\trequest, err := http.NewRequest({}, {}, {sent})\n{CHECK}",
        quoted(&request.method),
        text(&request.url)
    ));
    for (name, value) in &request.headers {
        code.push_str(&format!(
            "\trequest.Header.Set({}, {})\n",
            quoted(name),
            text(value)
        ));
    }
    code + "\n\tresponse, err := http.DefaultClient.Do(request)\n"
        + CHECK
        + "\tdefer response.Body.Close()\n\tanswer, err := io.ReadAll(response.Body)\n"
        + CHECK
        + "\tif response.StatusCode >= 300 {\n\t\tlog.Fatalf(\"%s: %s\", response.Status, answer)\n\t}\n\
           \tfmt.Println(string(answer))\n}\n"
}

const CHECK: &str = "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n";

fn text(text: &Text) -> String {
    text.joined("+", quoted, |variable| format!("os.Getenv(\"{variable}\")"))
}

/// As it is, where it can be: what stands between these signs has no escapes, and loses `\r`.
fn raw(text: &str) -> String {
    match text.contains(['`', '\r', '\u{feff}', '\0']) || !text.contains('\n') {
        true => quoted(text),
        false => format!("`{text}`"),
    }
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| format!("\\U{code:08x}"))
}
