//! Documents of strangers: names that Rust, the prelude or generated code need for themselves,
//! texts of every kind of character, and descriptions that are broken Markdown. Each is sound
//! by the specification, so it generates, and its crate and its documentation are built
//! without a warning.
//!
//! `HOSTILE=100 cargo test -p xtask hostile` tries as many more; a number names a document.

use std::collections::HashSet;
use std::env;
use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::{build, run, workspace};

#[test]
fn hostile_documents_are_crates_without_warnings() {
    let more = env::var("HOSTILE").ok().map(|more| more.parse().unwrap());
    let seeds = match more {
        Some(more) => 0..more,
        None => 0..SEEDS,
    };
    let documents = documents(seeds);
    let files: Vec<(&str, &str)> = documents
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = workspace(&files);
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");
    build(folder.path(), "hostile");
}

/// As many as a test run has time for.
const SEEDS: u64 = 4;

fn documents(seeds: Range<u64>) -> Vec<(String, String)> {
    let one = |seed| {
        (
            format!("hostile-{seed}.json"),
            Hostile::new(seed).document(),
        )
    };
    seeds.map(one).collect()
}

/// Words that something else needs.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "ACCEPT", "BASE_URL", "Body", "Box", "Builder", "ByteStream", "CONTENT_TYPE", "COOKIE",
    "Client", "Clone", "ConversionError", "Debug", "Default", "Deref", "Deserialize", "Display",
    "Err", "Error", "ErrorKind", "From", "FromStr", "HeaderValue", "Into", "None", "OPERATION",
    "Ok", "Operation", "Option", "OptionString", "QueryParam", "RATE_LIMIT", "RateLimit",
    "ResponseValue", "Result", "Retry", "Self", "Serialize", "Some", "String", "ToString",
    "Transport", "TryFrom", "USER_AGENT", "Unknown", "Unlisted", "Vec", "VecString", "abstract",
    "HeaderMap", "Place", "Raw", "Request", "Scheme", "SecretString", "Sending", "Settings", "Token",
    "headers", "parameter", "raw", "request", "requests", "schemes", "servers", "settings", "source",
    "async", "await", "body", "bool", "builder", "chrono", "client", "crate", "default",
    "defaults", "deserialize", "dyn", "error", "extra", "f", "f64", "fmt", "format", "from",
    "gen", "i64", "impl", "into", "json", "macro", "matches", "new", "null", "one_or_array",
    "parameter", "parse", "progenitor", "r#type", "regress", "req", "request", "reqwest",
    "response", "sdk_runtime", "self", "serde", "serde_json", "set_new", "static", "status_200",
    "status_404", "std", "str", "super", "tests", "to_string", "transport", "try", "type",
    "types", "union", "url", "uuid", "value", "values", "with_retry", "builder", "unauthenticated",
    "x-extensible-enum", "yield", "1st", "_", "__", "a_b", "aB", "A-b", "+1", "-1",
];

/// Characters of every kind that a name or a text may have.
#[rustfmt::skip]
const CHARACTERS: &[char] = &[
    'a', 'Z', '0', '_', '-', '.', ' ', '\'', '"', '`', '\\', '/', '*', '#', '$', '%', '&', '<',
    '>', '[', ']', '(', ')', '!', '?', '@', '^', '|', '~', '=', '+', ',', ';', ':', 'é', 'ß', 'İ',
    'ǅ', 'Σ', 'ς', 'ʼ', 'ª', '²', 'Ⅷ', '٣', '漢', 'ก', '\u{301}', '\u{e0061}', '🦀', 'ﷺ',
    '\u{200b}', '\u{200d}', '\u{200e}', '\u{202e}', '\u{2028}', '\u{2063}', '\u{2066}',
    '\u{2069}', '\u{feff}', '\u{e000}', '\u{7f}', '\u{85}', '\u{ad}', '\u{fffd}', '\u{1}',
];

/// Pieces of Markdown that mean something, or do not.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "words", "**", "_", "`", "``", "```", "```rust", "```json", "~~~", "````\n", "    indented",
    "\ttab", "> ", "- ", "1. ", "# ", "---", "===", "| a | b |\n|---|---|", "|", "[x](y)",
    "[x](<y z>)", "[x]", "[x][y]", "[x][]", "[y]: z", "[y]: https://example.com 'title'",
    "![x](y.png)", "[![x](y)](z)", "[a](b/c#d)", "[a](javascript:b)", "[^1]", "[^1]: note",
    "[Vec<u8>]", "[`Vec`]", "[crate::types]", "<b>", "</b>", "<b", "<br/>", "<!--", "-->",
    "<script>", "</script>", "<pre>", "<?php", "<![CDATA[", "<Vec<T>>",
    "<a href=\"https://a.b\">c</a>", "<a href='x'>", "https://example.com/a_b_c",
    "http://a.b/(c)", "<https://example.com>", "<mailto:a@example.com>", "<x:y>",
    "www.example.com", "&lt;b&gt;", "&#x202e;", "\\", "\\[x]", "\\`", "{", "}", "{{}}", "$x$",
    "*/", "/*", "///", "//!", "\"#", "#![a]", "\\u{202e}", "'", "\n", "\n\n", "\r\n", "  \n",
    "- [ ] task", "- [x] done", "Term\n: what", "# Errors", "# Panics", "- 404: x",
    "Sends a `GET` request to `/`", "Arguments:", "*a", "[", "]", "](", "![", "~~", "<", ">",
];

struct Hostile {
    random: fastrand::Rng,
    schemas: Vec<String>,
}

impl Hostile {
    fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            schemas: Vec::new(),
        }
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.random.usize(..of.len())]
    }

    /// A name that may be anything but empty.
    fn name(&mut self) -> String {
        let word = self.pick(WORDS).to_owned();
        match self.random.u8(..4) {
            0 => word,
            1 => format!("{word}{}", self.characters(1..4)),
            2 => format!("{}{word}", self.characters(1..3)),
            _ => self.characters(1..6),
        }
    }

    fn characters(&mut self, count: Range<usize>) -> String {
        let count = self.random.usize(count);
        let one = |random: &mut fastrand::Rng| CHARACTERS[random.usize(..CHARACTERS.len())];
        (0..count).map(|_| one(&mut self.random)).collect()
    }

    /// Different names.
    fn names(&mut self, count: Range<usize>) -> Vec<String> {
        let count = self.random.usize(count);
        let mut seen = HashSet::new();
        let names = (0..count).map(|_| self.name());
        let names: Vec<String> = names.collect();
        names
            .into_iter()
            .filter(|name| seen.insert(name.clone()))
            .collect()
    }

    fn description(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.random.usize(1..14) {
            text.push_str(self.pick(PIECES));
            text.push_str(self.pick(&["", " ", " ", "\n", "\n\n", "\n    ", "\n> ", "\n- "]));
            if self.random.u8(..8) == 0 {
                text.push_str(&self.characters(1..4));
            }
        }
        text
    }

    fn document(&mut self) -> String {
        // OpenAPI 3.0.3, section 4.7.7: the names of components are letters, digits and `.-_`.
        let is_plain = |name: &&&str| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
        };
        let words: Vec<&str> = WORDS.iter().filter(is_plain).copied().collect();
        let mut seen = HashSet::new();
        for _ in 0..24 {
            let name = match self.random.bool() {
                true => self.pick(&words).to_owned(),
                false => format!(
                    "{}{}{}",
                    self.pick(&words),
                    self.pick(&[".", "-", "_", ""]),
                    self.pick(&words)
                ),
            };
            if seen.insert(name.clone()) {
                self.schemas.push(name);
            }
        }
        let mut schemas = Map::new();
        for name in self.schemas.clone() {
            let schema = self.component();
            schemas.insert(name, schema);
        }
        let mut paths = Map::new();
        let mut ids = HashSet::new();
        for number in 0..20 {
            let id = self.name();
            let id = ids.insert(id.clone()).then_some(id);
            let (path, item) = self.path(number, id);
            paths.insert(path, item);
        }
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": self.name(), "version": self.name(), "description": self.description()},
            "servers": self.servers(),
            "security": self.requirements(),
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": self.security_schemes()},
        });
        format!("{document:#}")
    }

    fn path(&mut self, number: usize, id: Option<String>) -> (String, Value) {
        let mut parameters = Vec::new();
        let mut path = format!("/{number}");
        for name in self.names(0..3) {
            // What ends a variable or the path cannot be its name.
            let name = name.replace(['/', '{', '}', '?', '#'], "");
            if !name.is_empty() && !path.contains(&format!("{{{name}}}")) {
                path.push_str(&format!("/{{{name}}}"));
                parameters.push(self.parameter(&name, "path"));
            }
        }
        for place in ["query", "header", "cookie"] {
            for name in self.names(0..4) {
                parameters.push(self.parameter(&name, place));
            }
        }
        let method = self.pick(&[
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ]);
        let mut operation = json!({
            "summary": self.description(),
            "description": self.description(),
            "parameters": parameters,
            "responses": self.responses(),
        });
        if let Some(id) = id {
            operation["operationId"] = id.into();
        }
        if self.random.bool() {
            operation["security"] = self.requirements();
        }
        if self.random.u8(..4) == 0 {
            operation["servers"] = self.servers();
            operation["x-idempotency-key"] = true.into();
        }
        if ["put", "post", "patch"].contains(&method) && self.random.bool() {
            operation["requestBody"] = self.body();
        }
        (path, json!({method: operation}))
    }

    fn parameter(&mut self, name: &str, place: &str) -> Value {
        json!({
            "name": name,
            "in": place,
            "required": place == "path" || self.random.bool(),
            "description": self.description(),
            "schema": match self.random.bool() {
                true => self.text(),
                false => self.reference(),
            },
        })
    }

    fn body(&mut self) -> Value {
        let media = self.pick(&[
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/plain",
        ]);
        json!({
            "description": self.description(),
            "required": self.random.bool(),
            "content": {media: {"schema": self.reference()}},
        })
    }

    fn responses(&mut self) -> Value {
        let mut responses = Map::new();
        for status in ["200", "202", "204", "4XX", "404", "409", "5XX", "default"] {
            if status == "200" || self.random.u8(..3) == 0 {
                let mut response = json!({"description": self.description()});
                for name in self.names(0..3) {
                    let ty = self
                        .pick(&["string", "integer", "boolean", "array"])
                        .to_owned();
                    response["headers"][name] = json!({"description": self.description(), "schema": {"type": ty, "items": {}}});
                }
                match self.random.u8(..4) {
                    0 => {}
                    1 => {
                        response["content"] = json!({"text/plain": {"schema": {"type": "string"}}})
                    }
                    2 => {
                        response["content"] =
                            json!({"application/json": {"schema": self.schema(2)}})
                    }
                    _ => {
                        response["content"] =
                            json!({"application/json": {"schema": self.reference()}})
                    }
                }
                responses.insert(status.to_owned(), response);
            }
        }
        responses.into()
    }

    /// The names of schemes are those of schemas, and some that begin with a digit.
    fn scheme_names(&self) -> Vec<String> {
        let digits = ["1", "404-x", "_", "9_"].map(str::to_owned);
        self.schemas.iter().take(8).cloned().chain(digits).collect()
    }

    fn security_schemes(&mut self) -> Value {
        let mut schemes = Map::new();
        for name in self.scheme_names() {
            let scheme = match self.random.u8(..8) {
                0 => json!({"type": "http", "scheme": "bearer"}),
                1 => json!({"type": "http", "scheme": "basic"}),
                2 => json!({"type": "http", "scheme": "SCRAM-SHA-256"}),
                3 => json!({"type": "openIdConnect", "openIdConnectUrl": "https://example.com"}),
                4 => json!({"type": "oauth2", "flows": {"clientCredentials": {
                    "tokenUrl": "/token?a=\"{}", "scopes": {},
                }}}),
                _ => {
                    let place = self.pick(&["query", "header", "cookie"]).to_owned();
                    json!({"type": "apiKey", "in": place, "name": self.name()})
                }
            };
            schemes.insert(name, scheme);
            let description = self.description();
            if let Some((_, scheme)) = schemes.iter_mut().next_back() {
                scheme["description"] = description.into();
            }
        }
        schemes.into()
    }

    fn requirements(&mut self) -> Value {
        let names = self.scheme_names();
        let mut all = Vec::new();
        for _ in 0..self.random.usize(..3) {
            let mut one = Map::new();
            for _ in 0..self.random.usize(..3) {
                one.insert(names[self.random.usize(..names.len())].clone(), json!([]));
            }
            all.push(one);
        }
        json!(all)
    }

    fn servers(&mut self) -> Value {
        let mut servers = vec![json!({"url": "https://api.example.com"})];
        for _ in 0..self.random.usize(..3) {
            let mut url = "https://api.example.com".to_owned();
            let mut variables = Map::new();
            for name in self.names(0..3) {
                let name = name.replace(['/', '{', '}', '?', '#'], "");
                if !name.is_empty() {
                    url.push_str(&format!("/{{{name}}}"));
                    let default = self.name();
                    let values = match self.random.bool() {
                        true => json!([default]),
                        false => Value::Null,
                    };
                    let mut variable =
                        json!({"default": default, "description": self.description()});
                    if !values.is_null() {
                        variable["enum"] = values;
                    }
                    variables.insert(name, variable);
                }
            }
            servers.push(
                json!({"url": url, "description": self.description(), "variables": variables}),
            );
        }
        servers.into()
    }

    fn reference(&mut self) -> Value {
        let at = self.random.usize(..self.schemas.len());
        json!({"$ref": format!("#/components/schemas/{}", self.schemas[at])})
    }

    fn component(&mut self) -> Value {
        match self.random.u8(..8) {
            0 => self.text(),
            1 => {
                json!({"oneOf": [self.object(1), {"type": "string"}], "description": self.description()})
            }
            _ => self.object(2),
        }
    }

    /// Text: any, of a form, one of a list, or one of an open list.
    fn text(&mut self) -> Value {
        let mut text = json!({"type": "string", "description": self.description()});
        match self.random.u8(..6) {
            0 => text["enum"] = self.names(1..8).into(),
            1 => text["x-extensible-enum"] = self.names(1..8).into(),
            2 => text["pattern"] = "^[\"a`-z\\\\]+$".into(),
            3 => text["format"] = "date-time".into(),
            4 => {
                let values = self.names(1..5);
                text["default"] = values[0].as_str().into();
                text["enum"] = values.into();
            }
            _ => text["default"] = self.name().into(),
        }
        text
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut properties = Map::new();
        for name in self.names(0..7) {
            let schema = self.schema(depth);
            properties.insert(name, schema);
        }
        let required = properties.keys().filter(|_| self.random.bool());
        let required: Vec<String> = required.cloned().collect();
        let mut object = json!({
            "type": "object",
            "description": self.description(),
            "properties": properties,
        });
        if !required.is_empty() {
            object["required"] = required.into();
        }
        match self.random.u8(..6) {
            0 => object["additionalProperties"] = json!({"type": "string"}),
            1 => object["additionalProperties"] = false.into(),
            _ => {}
        }
        object
    }

    fn schema(&mut self, depth: usize) -> Value {
        match self.random.u8(..8) {
            0 => json!({"type": "integer", "default": 1, "description": self.description()}),
            1 => json!({"type": "boolean", "default": true, "description": self.description()}),
            2 | 3 => self.reference(),
            4 if depth > 0 => json!({"type": "array", "items": self.schema(depth - 1)}),
            5 if depth > 0 => self.object(depth - 1),
            _ => self.text(),
        }
    }
}
