//! A request that fits an operation, made from its schemas.

use contract::Checked;
use contract::operation::{Location, MediaType, Operation, Parameter, Scheme, Style};
use contract::path::{Part, parts};
use contract::schema::{Direction, Schemas};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sampler::Sampler;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What makes requests.
pub(crate) struct Maker<'a> {
    contract: &'a Checked,
    schemas: &'a Schemas,
    sampler: Sampler<'a>,
}

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Call {
    method: String,
    path: String,
    query: Vec<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// Why a sandbox refused the request, if it did.
    pub(crate) refusal: String,
    pub(crate) body: String,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(contract: &'a Checked, schemas: &'a Schemas) -> Self {
        let sampler = Sampler::new(contract.written(), Direction::Request);
        Self {
            contract,
            schemas,
            sampler,
        }
    }

    /// With all that must be sent.
    pub(crate) fn call(&self, operation: &Operation) -> Call {
        let mut call = Call {
            method: operation.method.clone(),
            path: base(operation),
            ..Call::default()
        };
        let variable = |name: &str| {
            let mut own = operation.parameters.iter();
            let found = own.find(|one| one.location == Location::Path && one.name == name);
            found.map_or_else(|| "1".to_owned(), |parameter| self.segment(parameter))
        };
        let (path, query) = match operation.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (operation.path.as_str(), None),
        };
        for part in parts(path.split('#').next().unwrap_or_default()) {
            match part {
                Part::Text(text) => call.path.push_str(&text.replace(' ', "%20")),
                Part::Variable(name) => call.path.push_str(&variable(name)),
            }
        }
        call.query.extend(query.map(str::to_owned));
        for parameter in operation.parameters.iter().filter(|one| one.required) {
            self.parameter(parameter, &mut call);
        }
        self.credentials(operation, &mut call);
        let content = operation
            .request
            .iter()
            .flat_map(|request| &request.content);
        let mut content: Vec<&MediaType> = content.collect();
        content.sort_by_key(|media_type| !media_type.is_json());
        if let Some(media_type) = content.first() {
            self.body(media_type, &mut call);
        }
        call
    }

    fn value(&self, pointer: &str) -> Value {
        let validator = self.schemas.get(pointer, Direction::Request).ok();
        let fits = |value: &Value| validator.as_ref().is_none_or(|one| one.is_valid(value));
        let sampled = self.sampler.sample(pointer, fits);
        sampled.or_else(|first| first.ok_or(())).unwrap_or_default()
    }

    fn of(&self, parameter: &Parameter) -> Value {
        let content = parameter
            .content
            .as_ref()
            .and_then(|one| one.schema.as_ref());
        let schema = parameter.schema.as_ref().or(content);
        schema.map_or_else(|| "1".into(), |schema| self.value(&schema.origin.pointer))
    }

    fn segment(&self, parameter: &Parameter) -> String {
        let value = self.of(parameter);
        let joined = flat(&value, parameter.explode);
        match parameter.style {
            Style::Label => format!(
                ".{}",
                joined.join(if parameter.explode { "." } else { "," })
            ),
            Style::Matrix => match (parameter.explode, &value) {
                (true, Value::Object(_)) => format!(";{}", joined.join(";")),
                (true, _) => joined
                    .iter()
                    .map(|one| format!(";{}={one}", parameter.name))
                    .collect(),
                (false, _) => format!(";{}={}", parameter.name, joined.join(",")),
            },
            _ => joined.join(","),
        }
    }

    fn parameter(&self, parameter: &Parameter, call: &mut Call) {
        let value = self.of(parameter);
        let name = encoded(&parameter.name);
        match parameter.location {
            Location::Path => {}
            Location::Header => {
                let texts = flat(&value, parameter.explode)
                    .iter()
                    .map(|text| plain(text))
                    .collect::<Vec<_>>();
                call.headers.push((parameter.name.clone(), texts.join(",")));
            }
            Location::Cookie => {
                call.headers.push((
                    "cookie".to_owned(),
                    format!("{name}={}", flat(&value, false).join(",")),
                ));
            }
            Location::QueryString => {}
            Location::Query if parameter.content.is_some() => {
                call.query
                    .push(format!("{name}={}", encoded(&value.to_string())));
            }
            Location::Query => match (&value, parameter.style) {
                (Value::Object(properties), Style::DeepObject) => {
                    for (key, value) in properties {
                        deep(
                            &format!("{}[{key}]", parameter.name),
                            value,
                            &mut call.query,
                        );
                    }
                }
                (Value::Object(properties), _) if parameter.explode => {
                    call.query.extend(properties.iter().map(|(key, value)| {
                        format!("{}={}", encoded(key), flat(value, false).join(","))
                    }));
                }
                (Value::Array(items), _) if parameter.explode => {
                    call.query.extend(
                        items
                            .iter()
                            .map(|item| format!("{name}={}", flat(item, false).join(","))),
                    );
                }
                (_, style) => {
                    let separator = match style {
                        Style::SpaceDelimited => "%20",
                        Style::PipeDelimited => "%7C",
                        _ => ",",
                    };
                    call.query
                        .push(format!("{name}={}", flat(&value, false).join(separator)));
                }
            },
        }
    }

    fn credentials(&self, operation: &Operation, call: &mut Call) {
        let Some(way) = operation.security.as_ref().and_then(|ways| ways.first()) else {
            return;
        };
        for (name, _) in &way.schemes {
            let Some(found) = self.contract.api().security_scheme(name) else {
                continue;
            };
            let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            match &found.scheme {
                Scheme::ApiKey {
                    location: Location::Header,
                    name,
                } => call.headers.push(header(name, "YOUR_API_KEY")),
                Scheme::ApiKey {
                    location: Location::Cookie,
                    name,
                } => {
                    call.headers
                        .push(header("cookie", &format!("{name}=YOUR_API_KEY")));
                }
                Scheme::ApiKey { name, .. } => {
                    call.query.push(format!("{}=YOUR_API_KEY", encoded(name)))
                }
                Scheme::Http { scheme } if scheme == "basic" => {
                    call.headers
                        .push(header("authorization", "Basic dXNlcjpwYXNz"));
                }
                Scheme::Http { scheme } => call
                    .headers
                    .push(header("authorization", &format!("{scheme} YOUR_API_KEY"))),
                Scheme::OAuth2 { .. } | Scheme::OpenIdConnect { .. } => {
                    call.headers
                        .push(header("authorization", "Bearer YOUR_API_KEY"));
                }
                Scheme::MutualTls => {}
            }
        }
    }

    fn body(&self, media_type: &MediaType, call: &mut Call) {
        let schema = media_type
            .schema
            .as_ref()
            .or(media_type.item_schema.as_ref());
        let value = schema.map_or_else(
            || "sample".into(),
            |schema| self.value(&schema.origin.pointer),
        );
        let essence = media_type.name.split(';').next().unwrap_or_default();
        let mut content_type = media_type
            .name
            .replace("*/*", "application/json")
            .replace("/*", "/json");
        call.body = match essence {
            "application/x-www-form-urlencoded" => {
                let mut pairs = Vec::new();
                for (key, value) in value.as_object().into_iter().flatten() {
                    match value {
                        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
                            pairs.extend(items.iter().map(|item| {
                                format!("{}={}", encoded(key), flat(item, false).join(","))
                            }));
                        }
                        value => deep(key, value, &mut pairs),
                    }
                }
                pairs.join("&").into_bytes()
            }
            "multipart/form-data" => {
                content_type = "multipart/form-data; boundary=boundary".to_owned();
                form(&value)
            }
            _ if media_type.is_json() || essence.contains('*') => value.to_string().into_bytes(),
            _ => value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
                .into_bytes(),
        };
        call.headers.push(("content-type".to_owned(), content_type));
    }
}

fn form(value: &Value) -> Vec<u8> {
    let mut body = String::new();
    let mut part = |name: &str, value: &Value| {
        let (kind, text) = match value {
            Value::String(text) => ("", text.clone()),
            Value::Object(_) | Value::Array(_) => {
                ("Content-Type: application/json\r\n", value.to_string())
            }
            other => ("", other.to_string()),
        };
        let name = name.replace('"', "%22");
        body += &format!(
            "--boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{text}\r\n"
        );
    };
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => items.iter().for_each(|item| part(name, item)),
            value => part(name, value),
        }
    }
    (body + "--boundary--\r\n").into_bytes()
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(properties) => {
            for (key, value) in properties {
                deep(&format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                deep(&format!("{name}[{index}]"), item, pairs);
            }
        }
        scalar => pairs.push(format!("{}={}", encoded(name), encoded(&text(scalar)))),
    }
}

/// Each item or property by itself, escaped.
fn flat(value: &Value, explode: bool) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(|item| encoded(&text(item))).collect(),
        Value::Object(properties) => {
            let pairs = properties.iter();
            let pairs = pairs.map(|(key, value)| (encoded(key), encoded(&text(value))));
            match explode {
                true => pairs.map(|(key, value)| format!("{key}={value}")).collect(),
                false => pairs.flat_map(|(key, value)| [key, value]).collect(),
            }
        }
        scalar => vec![encoded(&text(scalar))],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Nothing is escaped in a header.
fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// The path of the first server.
fn base(operation: &Operation) -> String {
    let url = operation
        .servers
        .first()
        .map(|server| server.resolved())
        .unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]).to_owned(),
        None => url,
    };
    path.trim_end_matches('/').to_owned()
}

impl Call {
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(crate) async fn send(&self, origin: &str) -> Result<Answer, String> {
        let host = origin.trim_start_matches("http://");
        let query = match self.query.is_empty() {
            true => String::new(),
            false => format!("?{}", self.query.join("&")),
        };
        let mut head = format!(
            "{} {}{query} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
            self.method, self.path
        );
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\n\r\n", self.body.len());
        let failed = |error: std::io::Error| error.to_string();
        let mut stream = TcpStream::connect(host).await.map_err(failed)?;
        stream.write_all(head.as_bytes()).await.map_err(failed)?;
        stream.write_all(&self.body).await.map_err(failed)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.map_err(failed)?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").ok_or("no answer")?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let header = |name: &str| {
            let mut lines = head.lines();
            let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.unwrap_or_default().to_owned()
        };
        Ok(Answer {
            status: status.ok_or("no status")?,
            content_type: header("content-type"),
            refusal: header("sandbox-refusal"),
            body: body.to_owned(),
        })
    }
}
