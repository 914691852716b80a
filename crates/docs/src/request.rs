//! Requests of a contract, as its examples have them.

use std::collections::BTreeMap;

use contract::operation::{
    Api, Location, MediaType, Operation, Parameter, Requirement, SchemaAt, Scheme, Style,
};
use contract::path::{Part as Piece, parts};
use contract::schema::{Direction, Shape};
use contract::source::Node;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use sampler::Sampler;
use serde_json::Value;

use crate::fact;
use crate::sample::{Answer, Body, ESCAPED, Login, Part, Request, Text};

mod body;

/// What stands in a value whose reserved characters are sent as they are, but for those that end it.
const RESERVED: &AsciiSet = &ESCAPED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');
/// So many properties are shown of a request although some need not be there.
const MOST_OPTIONAL: usize = 10;

/// What requests are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maker<'a> {
    pub(crate) root: &'a Node,
    pub(crate) api: &'a Api,
    /// How variables of the environment begin: `PETS`.
    pub(crate) prefix: &'a str,
}

impl Maker<'_> {
    /// The request of an operation with a body, if it has one; nothing where the body is of a kind
    /// that is not written here.
    pub(crate) fn request(
        &self,
        operation: &Operation,
        body: Option<(&MediaType, &Value)>,
    ) -> Option<Request> {
        let mut headers = Vec::new();
        let mut query = Vec::new();
        let login = self.credentials(operation, &mut headers, &mut query);
        let answered = answered(operation);
        if let Some(content) = answered {
            headers.push(("Accept".to_owned(), content.name.as_str().into()));
        }
        let mut path = String::new();
        for piece in parts(&operation.path) {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Variable(name) => path.push_str(&self.variable(operation, name)),
            }
        }
        for parameter in operation.parameters.iter().filter(|one| is_sent(one)) {
            let Some(value) = self.value(parameter) else {
                continue;
            };
            match parameter.location {
                Location::Query => query.push(pairs(parameter, &value).into()),
                Location::QueryString => query.push(query_of(&value).into()),
                Location::Header => {
                    headers.push((parameter.name.clone(), plain(&value).into()));
                }
                Location::Cookie => {
                    let cookie = format!("{}={}", parameter.name, escaped(&plain(&value)));
                    headers.push(("Cookie".to_owned(), cookie.into()));
                }
                Location::Path => {}
            }
        }
        let body = match body {
            Some((media_type, value)) => {
                let body = body::of(self.root, media_type, value)?;
                // Whoever writes a form says how its parts are told apart.
                let name = match media_type.name.as_str() {
                    // What it is, only the caller knows.
                    name if name.contains('*') => "application/octet-stream",
                    name => name,
                };
                if !matches!(body, Body::Form(_)) {
                    headers.push(("Content-Type".to_owned(), name.into()));
                }
                Some(body)
            }
            None => None,
        };
        Some(Request {
            method: operation.method.clone(),
            url: self.address(operation, &path, query),
            headers,
            login,
            body,
            answer: answered.map_or(Answer::Text, |content| body::answer(self.root, content)),
        })
    }

    fn address(&self, operation: &Operation, path: &str, query: Vec<Text>) -> Text {
        let (Ok(server) | Err(server)) = server(operation);
        let mut url = vec![Part::Plain(format!("{server}{path}"))];
        for (at, pair) in query.into_iter().enumerate() {
            url.push(Part::Plain(if at == 0 { "?" } else { "&" }.to_owned()));
            url.extend(pair.0);
        }
        Text::of(url)
    }

    /// What shows who calls, in the first way that the operation lets callers in; name and password
    /// by themselves.
    fn credentials(
        &self,
        operation: &Operation,
        headers: &mut Vec<(String, Text)>,
        query: &mut Vec<Text>,
    ) -> Option<Login> {
        let ways = operation.security.iter().flatten();
        let Requirement { schemes } = ways.into_iter().next()?;
        let mut login = None;
        for (name, _) in schemes {
            let Some(scheme) = self.api.security_scheme(name) else {
                continue;
            };
            let mut variables = scheme.scheme.variables(self.prefix).into_iter();
            let (Some(variable), password) = (variables.next(), variables.next()) else {
                continue;
            };
            if let Some(password) = password {
                let user = variable;
                login = Some(Login { user, password });
                continue;
            }
            let (location, name, text) = credential(&scheme.scheme, variable);
            match location {
                Location::Header => headers.push((name, text)),
                Location::Cookie => {
                    let mut cookie = vec![Part::Plain(format!("{name}="))];
                    cookie.extend(text.0);
                    headers.push(("Cookie".to_owned(), Text(cookie)));
                }
                _ => {
                    let mut pair = vec![Part::Plain(format!("{}=", escaped(&name)))];
                    pair.extend(text.0);
                    query.push(Text(pair));
                }
            }
        }
        login
    }

    /// What stands in a path for a variable.
    fn variable(&self, operation: &Operation, name: &str) -> String {
        let mut parameters = operation.parameters.iter();
        let is_it = |one: &&Parameter| one.location == Location::Path && one.name == name;
        let Some(parameter) = parameters.find(is_it) else {
            return format!("{{{name}}}");
        };
        let Some(value) = self.value(parameter) else {
            return format!("{{{name}}}");
        };
        let items = |items: Vec<String>| items.join(",");
        let text = match &value {
            Value::Array(values) => items(values.iter().map(|one| escaped(&plain(one))).collect()),
            Value::Object(object) => {
                let entries = object.iter();
                let sign = if parameter.explode { "=" } else { "," };
                let entries = entries.map(|(key, value)| {
                    format!("{}{sign}{}", escaped(key), escaped(&plain(value)))
                });
                items(entries.collect())
            }
            other => escaped(&plain(other)),
        };
        match parameter.style {
            Style::Label => format!(".{text}"),
            Style::Matrix => format!(";{name}={text}"),
            _ => text,
        }
    }

    /// A value of a parameter: what is shown of it, else one of its schema.
    fn value(&self, parameter: &Parameter) -> Option<Value> {
        let shown = parameter.examples.iter().find_map(|one| one.value.clone());
        let content = parameter.content.as_ref();
        let content = content.and_then(|content| content.schema.as_ref());
        let schema = parameter.schema.as_ref().or(content);
        shown.or_else(|| self.sampled(schema?, Direction::Request))
    }

    /// Values of the parameters that must be there, by name.
    pub(crate) fn parameters(&self, operation: &Operation) -> BTreeMap<String, Value> {
        let required = operation.parameters.iter().filter(|one| one.required);
        let values = required.filter_map(|one| Some((one.name.clone(), self.value(one)?)));
        values.collect()
    }

    /// A value that can be sent, where no example shows one.
    pub(crate) fn made(&self, media_type: &MediaType) -> Option<Value> {
        match &media_type.schema {
            Some(schema) => self.sampled(schema, Direction::Request),
            None => body::is_file(self.root, media_type).then_some(Value::Null),
        }
    }

    /// A value as the client that is generated is given it, with files as such.
    pub(crate) fn given(&self, media_type: &MediaType, value: &Value) -> Value {
        body::given(self.root, media_type, value)
    }

    /// A value of a schema: what it shows, else one that is made.
    pub(crate) fn sampled(&self, schema: &SchemaAt, direction: Direction) -> Option<Value> {
        let pointer = &schema.origin.pointer;
        let node = self.root.pointer(pointer)?;
        let shape = Shape::of(self.root, &[node]);
        if let Some(shown) = shape.examples.first() {
            return Some(shown.to_json());
        }
        let sampler = Sampler::new(self.root, direction).plain();
        let sample = |sampler: Sampler<'_>| {
            let sampled = sampler.sample(pointer, |_| true);
            sampled.or_else(|first| first.ok_or(())).ok()
        };
        let is_long = direction == Direction::Request && shape.properties.len() > MOST_OPTIONAL;
        match shape.required.is_empty() {
            // Of many properties a caller is shown those that must be there, or else some.
            false if is_long => sample(sampler.least()),
            true if is_long => sample(sampler).map(some),
            _ => sample(sampler),
        }
    }
}

/// The address before the path of an operation, without a `/` at its end; an error where it depends on
/// where the document is found, with one that only shows what it looks like.
pub(crate) fn server(operation: &Operation) -> Result<String, String> {
    let server = operation.servers.first().map(|server| server.resolved());
    let server = server.unwrap_or_default();
    let server = server.trim_end_matches('/');
    match server.contains("://") {
        true => Ok(server.to_owned()),
        false => Err(format!("https://api.example{server}")),
    }
}

/// Where the credentials of a scheme stand, the name that they have there, and what is sent.
fn credential(scheme: &Scheme, variable: String) -> (Location, String, Text) {
    let secret = Part::Secret(variable);
    let authorization = |word: &str, secret: Part| {
        let text = Text(vec![Part::Plain(format!("{word} ")), secret]);
        (Location::Header, "Authorization".to_owned(), text)
    };
    match scheme {
        Scheme::ApiKey { location, name } => (*location, name.clone(), Text(vec![secret])),
        Scheme::Http { scheme } if scheme != "bearer" => authorization(scheme, secret),
        Scheme::Http { .. }
        | Scheme::OAuth2 { .. }
        | Scheme::OpenIdConnect { .. }
        | Scheme::MutualTls => authorization("Bearer", secret),
    }
}

/// The first properties of an object that hold no others.
fn some(value: Value) -> Value {
    const MOST: usize = 5;
    let Value::Object(object) = value else {
        return value;
    };
    let entries = object.into_iter();
    let short = entries.filter(|(_, value)| !value.is_object() && !value.is_array());
    Value::Object(short.take(MOST).collect())
}

/// What a success gives: JSON, where it has the choice.
fn answered(operation: &Operation) -> Option<&MediaType> {
    let successes = operation.responses.iter().filter(|response| {
        let codes = response.status.codes();
        codes.is_some_and(|(first, _)| first / 100 == 2)
    });
    let contents = successes.map(|response| response.content.as_slice());
    let contents = contents.into_iter().find(|content| !content.is_empty())?;
    let mut json = contents.iter();
    let content = json.find(|one| one.is_json()).or(contents.first())?;
    Some(content).filter(|content| !content.name.contains('*'))
}

/// What a caller sends who sends what is necessary, and no credentials twice.
fn is_sent(parameter: &Parameter) -> bool {
    let is_said_elsewhere = |name: &str| {
        ["accept", "authorization", "content-type"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    };
    let is_shown = parameter.required || !parameter.examples.is_empty();
    let is_header = parameter.location == Location::Header;
    is_shown && !parameter.deprecated && !(is_header && is_said_elsewhere(&parameter.name))
}

/// Names and values as a form has them: each item of a list by itself.
fn form(value: &Value) -> Vec<(String, String)> {
    let entries = value.as_object().into_iter().flatten();
    let pairs = entries.flat_map(|(key, value)| match value {
        Value::Array(items) => items
            .iter()
            .map(|item| (key.clone(), plain(item)))
            .collect(),
        other => vec![(key.clone(), plain(other))],
    });
    pairs.collect()
}

/// The same as a query has them.
fn query_of(value: &Value) -> String {
    let pairs = form(value).into_iter();
    let pairs = pairs.map(|(key, value)| format!("{}={}", escaped(&key), escaped(&value)));
    match value {
        Value::Object(_) => pairs.collect::<Vec<_>>().join("&"),
        other => escaped(&plain(other)),
    }
}

/// A parameter of a query in its style.
fn pairs(parameter: &Parameter, value: &Value) -> String {
    let name = escaped(&parameter.name);
    let escaped = |text: &str| match parameter.allow_reserved {
        true => utf8_percent_encode(text, RESERVED).to_string(),
        false => escaped(text),
    };
    if parameter.content.is_some() {
        return format!("{name}={}", escaped(&value.to_string()));
    }
    let separator = match parameter.style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    let texts = |items: &[Value]| -> Vec<String> {
        items.iter().map(|item| escaped(&plain(item))).collect()
    };
    match value {
        Value::Array(items) if parameter.explode => {
            let pairs = texts(items)
                .into_iter()
                .map(|item| format!("{name}={item}"));
            pairs.collect::<Vec<_>>().join("&")
        }
        Value::Array(items) => format!("{name}={}", texts(items).join(separator)),
        Value::Object(object) => {
            let entries = object
                .iter()
                .map(|(key, value)| (escaped(key), escaped(&plain(value))));
            let entries: Vec<String> = match (parameter.style, parameter.explode) {
                (Style::DeepObject, _) => entries
                    .map(|(key, value)| format!("{name}%5B{key}%5D={value}"))
                    .collect(),
                (_, true) => entries
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect(),
                (_, false) => {
                    let flat: Vec<String> = entries
                        .map(|(key, value)| format!("{key}{separator}{value}"))
                        .collect();
                    return format!("{name}={}", flat.join(separator));
                }
            };
            entries.join("&")
        }
        other => format!("{name}={}", escaped(&plain(other))),
    }
}

/// A value as the text that is sent for it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => fact::plain(other),
    }
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}
