//! Values of paths, queries, headers and cookies, read from how they are written (`OpenAPI` 3.0.3,
//! section 4.7.12, "Style Values" and "Style Examples").

use std::borrow::Cow;

use contract::operation::{Header, Location, Parameter, Style};
use contract::source::Node;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::coercion::{Coercion, scalar};

/// How a parameter is read.
#[derive(Debug)]
pub(crate) struct Reader {
    name: String,
    location: Location,
    style: Style,
    explode: bool,
    /// Whether it is a document of JSON.
    is_json: bool,
    /// Whether it may be sent with nothing (`OpenAPI` 3.0.3, section 4.7.12.2.1, `allowEmptyValue`).
    allows_empty: bool,
    coercion: Coercion,
}

/// What a request says outside of its body.
pub(crate) struct Sent<'r> {
    /// What stands in the path for each variable, as it was sent.
    pub(crate) variables: Vec<(&'r str, &'r str)>,
    /// The query, as it was sent.
    pub(crate) query: Pairs<'r>,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(&'r str, &'r str)>,
}

/// Names and values that were sent as they stand here, in order.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'r>(Vec<(Cow<'r, str>, &'r str)>);

impl<'r> Pairs<'r> {
    /// The pairs of a query or a form (URL Standard, section 5.1). Values are not decoded, because
    /// some styles put separators between what is.
    pub(crate) fn of(query: &'r str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_plus(name), value)
        });
        Self(pairs.collect())
    }

    /// The cookies of all headers (RFC 6265, section 4.2.1).
    pub(crate) fn of_cookies(headers: &[(&'r str, &'r str)]) -> Self {
        let cookies = headers.iter().filter(|(name, _)| *name == "cookie");
        let pairs = cookies.flat_map(|(_, value)| value.split(';'));
        let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.map(|(name, value)| (decode(name), value)).collect())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'r str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| *value)
    }

    /// The first value of a name.
    pub(crate) fn first(&self, name: &str) -> Option<Cow<'r, str>> {
        self.all(name).next().map(decode_plus)
    }

    /// The names, each as often as it was sent.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }
}

pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// A plus stands for a space in queries and forms.
pub(crate) fn decode_plus(text: &str) -> Cow<'_, str> {
    match text.contains('+') {
        true => decode(&text.replace('+', " ")).into_owned().into(),
        false => decode(text),
    }
}

fn decode_value(text: &str) -> String {
    decode_plus(text).into_owned()
}

impl Reader {
    pub(crate) fn new(root: &Node, parameter: &Parameter) -> Self {
        let content = parameter.content.as_ref();
        let is_json = content.is_some_and(|content| content.is_json());
        let schema = content.and_then(|content| content.schema.as_ref());
        let schema = parameter.schema.as_ref().or(schema);
        Self {
            name: match parameter.location {
                Location::Header => parameter.name.to_ascii_lowercase(),
                _ => parameter.name.clone(),
            },
            location: parameter.location,
            style: parameter.style,
            explode: parameter.explode,
            is_json,
            allows_empty: root
                .pointer(&parameter.origin.pointer)
                .and_then(|node| node.get("allowEmptyValue"))
                .is_some_and(Node::is_true),
            coercion: match schema {
                Some(schema) => Coercion::of(root, &schema.origin.pointer),
                None => Coercion::default(),
            },
        }
    }

    /// How a header of a response is read, whose style is always the same (`OpenAPI` 3.0.3, section
    /// 4.7.21).
    pub(crate) fn of_header(root: &Node, header: &Header) -> Self {
        let content = header.content.as_ref();
        let schema = content.and_then(|content| content.schema.as_ref());
        let schema = header.schema.as_ref().or(schema);
        Self {
            name: header.name.to_ascii_lowercase(),
            location: Location::Header,
            style: Style::Simple,
            explode: header.explode,
            is_json: content.is_some_and(|content| content.is_json()),
            allows_empty: false,
            coercion: schema.map_or_else(Coercion::default, |schema| {
                Coercion::of(root, &schema.origin.pointer)
            }),
        }
    }

    /// How a property of a form is read, which is as a parameter of a query is.
    pub(crate) fn of_property(
        name: &str,
        coercion: &Coercion,
        style: Style,
        explode: bool,
    ) -> Self {
        Self {
            name: name.to_owned(),
            location: Location::Query,
            style,
            explode,
            is_json: false,
            allows_empty: false,
            coercion: coercion.clone(),
        }
    }

    /// Whether it is sent with nothing, and may be.
    pub(crate) fn is_empty(&self, sent: &Sent<'_>) -> bool {
        self.allows_empty && sent.query.all(&self.name).eq([""])
    }

    /// Whether what it reads may be a text as it is.
    pub(crate) fn may_be_text(&self) -> bool {
        self.coercion.may_be_text()
    }

    /// The value, if it was sent.
    ///
    /// # Errors
    /// Why it is no JSON, where it should be.
    pub(crate) fn read(&self, sent: &Sent<'_>) -> Result<Option<Value>, String> {
        let value = match self.location {
            Location::Path => {
                let found = sent.variables.iter().find(|(name, _)| *name == self.name);
                found.map(|(_, raw)| *raw).map(Cow::Borrowed)
            }
            Location::Header => self.header(sent),
            Location::Query => return self.pairs(&sent.query),
            Location::Cookie => return self.pairs(&Pairs::of_cookies(&sent.headers)),
            Location::QueryString => return Ok(Some(self.whole(sent))),
        };
        value.map(|raw| self.value(&raw)).transpose()
    }

    /// A value of a path or a header.
    ///
    /// # Errors
    /// Why it is no JSON, where it should be.
    pub(crate) fn value(&self, raw: &str) -> Result<Value, String> {
        match self.is_json {
            true => json(&decode(raw)),
            false => Ok(self.one(raw)),
        }
    }

    /// The values of all headers of the name (RFC 9110, section 5.3).
    fn header<'r>(&self, sent: &Sent<'r>) -> Option<Cow<'r, str>> {
        let mut values = sent.headers.iter().filter(|(name, _)| *name == self.name);
        let (_, first) = values.next()?;
        let rest: Vec<&str> = values.map(|(_, value)| *value).collect();
        Some(match rest.is_empty() {
            true => Cow::Borrowed(first),
            false => format!("{first},{}", rest.join(",")).into(),
        })
    }

    /// A query as a whole (`OpenAPI` 3.2.0, section 4.12.1).
    fn whole(&self, sent: &Sent<'_>) -> Value {
        let mut object = Map::new();
        for name in sent.query.names() {
            let values: Vec<&str> = sent.query.all(name).collect();
            let value = several(self.coercion.property(name), &values);
            object.insert(name.to_owned(), value);
        }
        Value::Object(object)
    }

    /// The same where it is no document.
    fn one(&self, raw: &str) -> Value {
        let text = match self.style {
            Style::Label => raw.strip_prefix('.').unwrap_or(raw),
            Style::Matrix => raw.strip_prefix(';').unwrap_or(raw),
            _ => raw,
        };
        let separator = match (self.style, self.explode) {
            (Style::Label, true) => '.',
            // As OpenAPI 3.0.3 has it in its table, and none before or after.
            (Style::Label, false) if !text.contains(',') => '.',
            (Style::Matrix, true) => ';',
            _ => ',',
        };
        let named = |text: &str| match text.split_once('=') {
            Some((name, value)) if decode(name) == self.name => value.to_owned(),
            _ => text.to_owned(),
        };
        let is_header = self.location == Location::Header;
        let decoded = |text: &str| match is_header {
            // Nothing in a header is escaped (OpenAPI 3.0.3, section 4.7.12.1).
            true => text.trim().to_owned(),
            false => decode(text).into_owned(),
        };
        let has_name = self.style == Style::Matrix;
        let has_parts = text.contains(['=', ',']);
        if self.coercion.is_object() && (has_parts || !self.coercion.is_scalar()) {
            let text = match has_name && !self.explode {
                true => named(text),
                false => text.to_owned(),
            };
            let parts: Vec<&str> = text.split(separator).collect();
            return self.object(&parts, decoded);
        }
        if self.coercion.is_list() {
            let text = match has_name && !self.explode {
                true => named(text),
                false => text.to_owned(),
            };
            let items = match is_header {
                true => text.split(separator).collect(),
                false => split(&text, separator),
            };
            let items = items
                .into_iter()
                .map(|item| match has_name && self.explode {
                    true => decoded(&named(item)),
                    false => decoded(item),
                });
            let items: Vec<String> = items.collect();
            return match items.as_slice() {
                [only] if self.coercion.is_scalar() => self.coercion.scalar(only),
                items => self.coercion.list(items.iter().map(String::as_str)),
            };
        }
        let text = if has_name {
            named(text)
        } else {
            text.to_owned()
        };
        self.coercion.scalar(&decoded(&text))
    }

    /// An object from `name=value` each, or from names and values in turn.
    fn object(&self, parts: &[&str], decoded: impl Fn(&str) -> String) -> Value {
        let pairs: Vec<(String, String)> = match self.explode {
            true => {
                let pairs = parts.iter();
                let pairs = pairs.map(|part| part.split_once('=').unwrap_or((part, "")));
                pairs
                    .map(|(name, value)| (decoded(name), decoded(value)))
                    .collect()
            }
            false => {
                let pairs = parts.chunks(2);
                let text = |part: Option<&&str>| decoded(part.copied().unwrap_or_default());
                pairs
                    .map(|pair| (text(pair.first()), text(pair.get(1))))
                    .collect()
            }
        };
        let pairs = pairs.iter();
        self.coercion
            .object(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// A value of a query or a cookie.
    pub(crate) fn pairs(&self, pairs: &Pairs<'_>) -> Result<Option<Value>, String> {
        if self.is_json {
            let first = pairs.first(&self.name);
            return first.map(|text| json(&text)).transpose();
        }
        if self.style == Style::DeepObject {
            return self.deep(pairs);
        }
        let separator = match self.style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => ',',
        };
        if self.coercion.is_object() {
            let object = match self.explode {
                true => self.spread(pairs),
                false => pairs
                    .all(&self.name)
                    .next()
                    .map(|text| self.object(&split(text, separator), decode_value)),
            };
            if object.is_some() || !self.coercion.is_scalar() && !self.coercion.is_list() {
                return Ok(object);
            }
        }
        let values: Vec<&str> = pairs.all(&self.name).collect();
        Ok(match values.as_slice() {
            [] => None,
            // Nothing is no number, so it is a list of none.
            [""] if self.coercion.is_list()
                && !self.coercion.is_scalar()
                && self.coercion.item().is_some_and(|item| !item.may_be_text()) =>
            {
                Some(Value::Array(Vec::new()))
            }
            [only] if self.coercion.is_list() && !self.explode => {
                let items = split(only, separator).into_iter();
                let items: Vec<Cow<'_, str>> = items.map(decode_plus).collect();
                Some(self.coercion.list(items.iter().map(AsRef::as_ref)))
            }
            values => Some(several(Some(&self.coercion), values)),
        })
    }

    /// An object whose properties stand by themselves.
    fn spread(&self, pairs: &Pairs<'_>) -> Option<Value> {
        let mut object = Map::new();
        for name in self.coercion.names() {
            let values: Vec<&str> = pairs.all(name).collect();
            if !values.is_empty() {
                let value = several(self.coercion.property(name), &values);
                object.insert(name.to_owned(), value);
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    /// `name[key]=value`, `name[key][inner]=value`, `name[key][]=value`.
    fn deep(&self, pairs: &Pairs<'_>) -> Result<Option<Value>, String> {
        let mut tree = Tree::default();
        for (name, value) in &pairs.0 {
            let Some(keys) = name.strip_prefix(self.name.as_str()).and_then(keys) else {
                continue;
            };
            if keys.len() > DEEPEST {
                return Err(format!("it is nested more deeply than {DEEPEST} levels"));
            }
            tree.add(&keys, decode_plus(value).into_owned());
        }
        Ok((!tree.below.is_empty()).then(|| tree.value(Some(&self.coercion))))
    }
}

/// The parts of a text that is still escaped. A separator may be escaped itself: where it cannot stand
/// in an address, and where a client escapes everything.
fn split(text: &str, separator: char) -> Vec<&str> {
    let written: &[&str] = match separator {
        ' ' => &["+", "%20", " "],
        '|' => &["|", "%7C", "%7c"],
        // Beside one that is not escaped, it belongs to a value (RFC 6570, section 3.2.1).
        ',' if !text.contains(',') => &["%2C", "%2c"],
        ',' => &[","],
        other => return text.split(other).collect(),
    };
    written.iter().fold(vec![text], |parts, written| {
        let parts = parts.into_iter();
        parts.flat_map(|part| part.split(written)).collect()
    })
}

/// Values of one name.
fn several(coercion: Option<&Coercion>, values: &[&str]) -> Value {
    let decoded: Vec<Cow<'_, str>> = values.iter().map(|value| decode_plus(value)).collect();
    match (coercion, decoded.as_slice()) {
        (Some(coercion), values)
            if coercion.is_list() && (values.len() > 1 || !coercion.is_scalar()) =>
        {
            coercion.list(values.iter().map(AsRef::as_ref))
        }
        (coercion, [only]) => scalar(coercion, only),
        // More than the schema allows is for it to refuse.
        (coercion, values) => values.iter().map(|value| scalar(coercion, value)).collect(),
    }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))
}

/// The keys in `[key][inner]`, nothing for what is not written so.
fn keys(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split("][").collect())
}

/// So deep in one another names of keys are read.
const DEEPEST: usize = 32;

/// What keys lead to.
#[derive(Default)]
struct Tree {
    texts: Vec<String>,
    below: Vec<(String, Tree)>,
}

impl Tree {
    fn add(&mut self, keys: &[&str], text: String) {
        let Some((first, rest)) = keys.split_first() else {
            return self.texts.push(text);
        };
        let at = self.below.iter().position(|(key, _)| key == first);
        let at = at.unwrap_or_else(|| {
            self.below.push(((*first).to_owned(), Self::default()));
            self.below.len() - 1
        });
        self.below[at].1.add(rest, text);
    }

    fn value(&self, coercion: Option<&Coercion>) -> Value {
        let is_list = coercion.is_some_and(Coercion::is_list);
        let numbered = |(key, _): &(String, Self)| key.is_empty() || key.parse::<u32>().is_ok();
        if self.below.is_empty() {
            return match (coercion, self.texts.as_slice()) {
                (Some(coercion), texts) if is_list => {
                    coercion.list(texts.iter().map(String::as_str))
                }
                (coercion, [only]) => scalar(coercion, only),
                (coercion, texts) => texts.iter().map(|text| scalar(coercion, text)).collect(),
            };
        }
        if is_list && self.below.iter().all(numbered) {
            let item = coercion.and_then(Coercion::item);
            let items = self
                .below
                .iter()
                .flat_map(|(key, below)| match key.is_empty() {
                    true => below.texts.iter().map(|text| scalar(item, text)).collect(),
                    false => vec![below.value(item)],
                });
            return items.collect();
        }
        let properties = self.below.iter().map(|(key, below)| {
            let property = coercion.and_then(|coercion| coercion.property(key));
            (key.clone(), below.value(property))
        });
        Value::Object(properties.collect())
    }
}
