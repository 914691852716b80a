use serde_json::{Map, Value};

use super::json::Literal;
use super::{Body, Content, Field, Request, Text, quoted as in_quotes};

/// The methods that `net/http` has classes for.
const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

pub(super) fn write(request: &Request) -> String {
    let is_json = matches!(request.body, Some(Body::Json(_)));
    let mut code = String::new();
    if is_json {
        code.push_str("require \"json\"\n");
    }
    code.push_str(&format!(
        "require \"net/http\"\n\nuri = URI({})\n",
        text(&request.url)
    ));
    let class = match METHODS.contains(&request.method.as_str()) {
        true => {
            let (first, rest) = request.method.split_at(1);
            format!("Net::HTTP::{first}{}.new(uri)", rest.to_ascii_lowercase())
        }
        false => format!(
            "Net::HTTPGenericRequest.new({}, true, true, uri)",
            quoted(&request.method)
        ),
    };
    code.push_str(&format!("request = {class}\n"));
    for (name, value) in &request.headers {
        code.push_str(&format!("request[{}] = {}\n", quoted(name), text(value)));
    }
    if let Some(login) = &request.login {
        let [user, password] = [&login.user, &login.password].map(|name| variable(name));
        code.push_str(&format!("request.basic_auth({user}, {password})\n"));
    }
    match &request.body {
        Some(Body::Json(value)) => {
            code.push_str(&format!(
                "request.body = JSON.generate({})\n",
                Ruby.write(value, "")
            ));
        }
        Some(Body::Text(body)) => code.push_str(&format!("request.body = {}\n", quoted(body))),
        Some(Body::Form(fields)) => code.push_str(&format!(
            "request.set_form([\n{}], \"multipart/form-data\")\n",
            fields.iter().map(part).collect::<String>()
        )),
        Some(Body::Pairs(pairs)) => {
            let pairs = pairs.iter();
            let pairs =
                pairs.map(|(name, value)| format!("  [{}, {}],\n", quoted(name), quoted(value)));
            code.push_str(&format!(
                "request.set_form_data([\n{}])\n",
                pairs.collect::<String>()
            ));
        }
        Some(Body::File(name)) => {
            code.push_str(&format!("request.body = File.binread({})\n", quoted(name)));
        }
        None => {}
    }
    let kept = match request.answer.file() {
        Some(name) => format!("File.binwrite({}, response.body)", quoted(name)),
        None => "puts response.body".to_owned(),
    };
    code + "\nresponse = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == \"https\") do |http|\n  \
              http.request(request)\nend\n\
            abort \"#{response.code}: #{response.body}\" unless response.is_a?(Net::HTTPSuccess)\n\
" + &kept
        + "\n"
}

/// A line of a form. Only files have a media type.
fn part(field: &Field) -> String {
    let name = quoted(&field.name);
    match (&field.content, &field.media_type) {
        (Content::Text(text), _) => format!("  [{name}, {}],\n", quoted(text)),
        (Content::File(file), None) => format!("  [{name}, File.open({})],\n", quoted(file)),
        (Content::File(file), Some(media_type)) => format!(
            "  [{name}, File.open({}), {{ content_type: {} }}],\n",
            quoted(file),
            quoted(media_type)
        ),
    }
}

fn variable(name: &str) -> String {
    format!("ENV.fetch(\"{name}\")")
}

struct Ruby;

impl Literal for Ruby {
    const INDENT: &'static str = "  ";
    const NULL: &'static str = "nil";

    fn object(&self, _: &Map<String, Value>) -> (&'static str, &'static str) {
        ("{", "}")
    }

    fn text(&self, text: &str) -> String {
        quoted(text)
    }

    fn key(&self, key: &str) -> String {
        format!("{} => ", quoted(key))
    }
}

fn text(text: &Text) -> String {
    match text.secret() {
        Some(name) => variable(name),
        None => text.within("", quoted, |name| format!("#{{{}}}", variable(name))),
    }
}

fn quoted(text: &str) -> String {
    let more = |c: char| (c == '#').then(|| "\\#".to_owned());
    // Only before these it would begin something.
    let is_needed = ["#{", "#$", "#@"].iter().any(|sign| text.contains(sign));
    in_quotes(
        text,
        |c| more(c).filter(|_| is_needed),
        |code| format!("\\u{{{code:x}}}"),
    )
}
