use super::{Request, Text, indented, no_more, quoted as in_quotes};

const AT: &str = "                ";
const INNER: &str = "                        ";

pub(super) fn write(request: &Request) -> String {
    let mut code = format!(
        "import java.net.URI;\nimport java.net.http.HttpClient;\nimport java.net.http.HttpRequest;\n\
         import java.net.http.HttpResponse;\n\npublic class Main {{\n    \
         public static void main(String[] args) throws Exception {{\n        \
         var request = HttpRequest.newBuilder(URI.create({}))\n",
        text(&request.url)
    );
    for (name, value) in &request.headers {
        code.push_str(&format!("{AT}.header({}, {})\n", quoted(name), text(value)));
    }
    let body = match request.text() {
        Some(body) => format!("HttpRequest.BodyPublishers.ofString({})", block(&body)),
        None => "HttpRequest.BodyPublishers.noBody()".to_owned(),
    };
    code.push_str(&format!(
        "{AT}.method({}, {body})\n{AT}.build();\n",
        quoted(&request.method)
    ));
    code + "        var response = HttpClient.newHttpClient()\n                \
            .send(request, HttpResponse.BodyHandlers.ofString());\n        \
            if (response.statusCode() >= 300) {\n            \
            throw new IllegalStateException(response.statusCode() + \": \" + response.body());\n        \
            }\n        System.out.println(response.body());\n    }\n}\n"
}

fn text(text: &Text) -> String {
    text.joined(" + ", quoted, |variable| {
        format!("System.getenv(\"{variable}\")")
    })
}

/// A block of text (Java 15), whose lines stand as far to the right as its end.
fn block(text: &str) -> String {
    if !text.contains('\n') || text.contains('\r') {
        return quoted(text);
    }
    let escaped = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\"\"");
    format!("\"\"\"\n{INNER}{}\"\"\"", indented(&escaped, INNER))
}

fn quoted(text: &str) -> String {
    in_quotes(text, no_more, |code| {
        let mut units = [0; 2];
        let units = char::from_u32(code).map(|c| c.encode_utf16(&mut units).to_vec());
        let units = units.unwrap_or_default().into_iter();
        units.map(|unit| format!("\\u{unit:04x}")).collect()
    })
}
