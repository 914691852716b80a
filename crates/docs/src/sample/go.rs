use super::{Body, Content, Field, Request, Text, no_more, quoted as in_quotes};

pub(super) fn write(request: &Request) -> String {
    let body = request.text();
    let is_form = matches!(request.body, Some(Body::Form(_)));
    let has_files = match &request.body {
        Some(Body::Form(fields)) => fields.iter().any(is_part),
        body => matches!(body, Some(Body::File(_))),
    };
    let has_pairs = matches!(request.body, Some(Body::Pairs(_)));
    let is_kept = request.answer.file().is_some();
    let mut imports = vec!["io", "log", "net/http"];
    if !is_kept || is_form && has_files {
        imports.push("fmt");
    }
    if is_form {
        imports.extend(["bytes", "mime/multipart"]);
    }
    if is_form && has_files {
        imports.push("net/textproto");
    }
    if has_files || is_kept || request.has_secret() {
        imports.push("os");
    }
    if body.is_some() {
        imports.push("strings");
    }
    if has_pairs {
        imports.push("net/url");
    }
    imports.sort_unstable();
    let imports = imports.iter().map(|name| format!("\t\"{name}\"\n"));
    let mut code = format!(
        "package main\n\nimport (\n{})\n\nfunc main() {{\n",
        imports.collect::<String>()
    );
    let sent =
        match (&request.body, &body) {
            (Some(Body::Pairs(pairs)), _) => {
                code.push_str("\tform := url.Values{}\n");
                code.extend(pairs.iter().map(|(name, value)| {
                    format!("\tform.Add({}, {})\n", quoted(name), quoted(value))
                }));
                "strings.NewReader(form.Encode())"
            }
            (_, Some(body)) => {
                code.push_str(&format!("\tbody := strings.NewReader({})\n", raw(body)));
                "body"
            }
            (Some(Body::Form(fields)), _) => {
                code.push_str("\tbody := &bytes.Buffer{}\n\tform := multipart.NewWriter(body)\n");
                code.extend(fields.iter().map(written));
                code.push_str("\tform.Close()\n\n");
                "body"
            }
            (Some(Body::File(name)), _) => {
                code.push_str(&format!(
                    "\tbody, err := os.Open({})\n{CHECK}",
                    quoted(name)
                ));
                "body"
            }
            _ => "nil",
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
    if is_form {
        code.push_str("\trequest.Header.Set(\"Content-Type\", form.FormDataContentType())\n");
    }
    if let Some(login) = &request.login {
        let [user, password] = [&login.user, &login.password].map(|name| variable(name));
        code.push_str(&format!("\trequest.SetBasicAuth({user}, {password})\n"));
    }
    let kept = match request.answer.file() {
        Some(name) => format!(
            "\tif err := os.WriteFile({}, answer, 0o644); err != nil {{\n\t\tlog.Fatal(err)\n\t}}\n",
            quoted(name)
        ),
        None => "\tfmt.Println(string(answer))\n".to_owned(),
    };
    let attach = if is_form && has_files { ATTACH } else { "" };
    code + "\n\tresponse, err := http.DefaultClient.Do(request)\n"
        + CHECK
        + "\tdefer response.Body.Close()\n\tanswer, err := io.ReadAll(response.Body)\n"
        + CHECK
        + "\tif response.StatusCode >= 300 {\n\t\tlog.Fatalf(\"%s: %s\", response.Status, answer)\n\t}\n\
" + &kept
        + "}\n"
        + attach
}

/// Whether a part of a form needs more than its name.
fn is_part(field: &Field) -> bool {
    field.media_type.is_some() || matches!(field.content, Content::File(_))
}

/// A line that adds a part to a form.
fn written(field: &Field) -> String {
    let name = quoted(&field.name);
    let media_type = field.media_type.as_deref();
    match &field.content {
        Content::Text(text) if !is_part(field) => {
            format!("\tform.WriteField({name}, {})\n", quoted(text))
        }
        Content::Text(text) => format!(
            "\tattach(form, {name}, \"\", {}, []byte({}))\n",
            quoted(media_type.unwrap_or("text/plain")),
            quoted(text)
        ),
        Content::File(file) => format!(
            "\tattach(form, {name}, {file}, {}, read({file}))\n",
            quoted(media_type.unwrap_or("application/octet-stream")),
            file = quoted(file)
        ),
    }
}

const ATTACH: &str = "
func read(file string) []byte {
\tcontent, err := os.ReadFile(file)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\treturn content
}

func attach(form *multipart.Writer, name, file, mediaType string, content []byte) {
\tdisposition := fmt.Sprintf(\"form-data; name=%q\", name)
\tif file != \"\" {
\t\tdisposition += fmt.Sprintf(\"; filename=%q\", file)
\t}
\tpart, err := form.CreatePart(textproto.MIMEHeader{
\t\t\"Content-Disposition\": {disposition},
\t\t\"Content-Type\":        {mediaType},
\t})
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tpart.Write(content)
}
";

fn variable(name: &str) -> String {
    format!("os.Getenv(\"{name}\")")
}

const CHECK: &str = "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n";

fn text(text: &Text) -> String {
    text.joined("+", quoted, variable)
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
