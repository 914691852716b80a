//! Bodies of requests, held against the schema of their media type.

use contract::operation::{Encoding, MediaType, RequestBody, Style};
use contract::schema::{Direction, Schema, Schemas};
use contract::source::Node;
use serde_json::{Map, Value};

use crate::coercion::Coercion;
use crate::media::{self, essence};
use crate::multipart;
use crate::parameter::{Pairs, Reader};
use crate::refusal::{Place, Refusal};

/// What a body may be.
#[derive(Debug)]
pub(crate) struct Bodies {
    is_required: bool,
    forms: Vec<Form>,
}

/// A body in one form.
#[derive(Debug)]
struct Form {
    /// What the contract calls it, which may be a range.
    media_type: String,
    /// What it is held against; nothing where no schema is said, or it cannot be used.
    schema: Option<Schema>,
    /// Whether the schema is of each line.
    is_of_items: bool,
    coercion: Coercion,
    encoding: Vec<Encoding>,
}

impl Bodies {
    pub(crate) fn new(root: &Node, schemas: &Schemas, request: &RequestBody) -> Self {
        let form = |media_type: &MediaType| {
            let item = media_type.item_schema.as_ref();
            let at = media_type.schema.as_ref().or(item);
            let at = at.map(|schema| schema.origin.pointer.as_str());
            Form {
                media_type: media_type.name.clone(),
                schema: at.and_then(|at| schemas.get(at, Direction::Request).ok()),
                is_of_items: media_type.schema.is_none(),
                coercion: at.map_or_else(Coercion::default, |at| Coercion::of(root, at)),
                encoding: media_type.encoding.clone(),
            }
        };
        Self {
            is_required: request.required,
            forms: request.content.iter().map(form).collect(),
        }
    }

    /// The value of a body, where it is one.
    ///
    /// # Errors
    /// When it is not as the contract says.
    pub(crate) fn read(
        &self,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if body.is_empty() {
            return match self.is_required {
                true => Err(Refusal::new(
                    &[422, 400],
                    "the body is missing; the contract requires one",
                )),
                false => Ok(None),
            };
        }
        let known = self.forms.iter().map(|form| form.media_type.as_str());
        let content_type = content_type.unwrap_or_default();
        let form = media::of_body(known.clone(), content_type).map(|at| &self.forms[at]);
        let Some(form) = form else {
            let known: Vec<_> = known
                .map(|known| format!("`content-type: {known}`"))
                .collect();
            let message = format!(
                "the body must be of another type: send {}",
                known.join(" or ")
            );
            return Err(Refusal::new(&[415], message));
        };
        let value = form.value(content_type, body)?;
        match value {
            Some(value) => form.check(&value).map(|()| Some(value)),
            None => Ok(None),
        }
    }
}

impl Form {
    /// What the bytes say; nothing where that is not looked at.
    fn value(&self, content_type: &str, body: &[u8]) -> Result<Option<Value>, Refusal> {
        let malformed = |what: &str, why: String| {
            Refusal::new(&[400, 422], format!("the body is not {what}: {why}"))
        };
        let essence = essence(content_type);
        if media::is_json(&essence) {
            let value = serde_json::from_slice(body);
            return value
                .map(Some)
                .map_err(|error| malformed("JSON", error.to_string()));
        }
        if media::is_json_lines(&essence) {
            let lines = body.split(|byte| *byte == b'\n' || *byte == b'\x1e');
            let lines = lines.filter(|line| !line.trim_ascii().is_empty());
            let values: Result<Value, _> = lines.map(serde_json::from_slice::<Value>).collect();
            return values
                .map(Some)
                .map_err(|error| malformed("JSON in lines", error.to_string()));
        }
        match essence.as_str() {
            // What is only text to the contract has no parts that it knows of.
            "application/x-www-form-urlencoded" | "multipart/form-data"
                if self.coercion.is_scalar() && !self.coercion.is_object() =>
            {
                Ok(None)
            }
            "application/x-www-form-urlencoded" => {
                let text = std::str::from_utf8(body);
                let text = text.map_err(|error| malformed("a form", error.to_string()))?;
                Ok(Some(self.pairs(text)?))
            }
            "multipart/form-data" => {
                let parts = multipart::parts(content_type, body);
                let parts = parts.map_err(|why| malformed("a form of several parts", why))?;
                Ok(Some(self.parts(&parts)?))
            }
            _ if essence.starts_with("text/") => {
                let text = String::from_utf8_lossy(body).into_owned();
                Ok(self
                    .coercion
                    .is_scalar()
                    .then(|| self.coercion.scalar(&text)))
            }
            _ => Ok(None),
        }
    }

    /// The properties of a form (`OpenAPI` 3.0.3, section 4.7.14.2): each as a parameter of a query.
    fn pairs(&self, text: &str) -> Result<Value, Refusal> {
        let pairs = Pairs::of(text);
        let mut object = Map::new();
        let mut names: Vec<&str> = self.coercion.names().collect();
        for name in pairs.names() {
            // What stands in brackets belongs to the property before them.
            let name = name.split('[').next().unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            if let Some(value) = self.pair(name, &pairs)? {
                object.insert(name.to_owned(), value);
            }
        }
        Ok(Value::Object(object))
    }

    fn pair(&self, name: &str, pairs: &Pairs<'_>) -> Result<Option<Value>, Refusal> {
        let property = self.coercion.property(name).cloned().unwrap_or_default();
        let encoding = self.encoding.iter().find(|one| one.property == name);
        let says_json = encoding.and_then(|one| one.content_type.as_deref());
        if says_json.is_some_and(|one| media::is_json(&essence(one)))
            && let Some(text) = pairs.first(name)
        {
            return serde_json::from_str(&text).map(Some).map_err(|error| {
                Refusal::new(
                    &[400, 422],
                    format!("`{name}` in the body is not JSON: {error}"),
                )
            });
        }
        // Clients write lists and objects in brackets as well as by the contract's style.
        let styles = match encoding.and_then(|one| Some((one.style?, one.explode))) {
            Some(said) => vec![said],
            None => vec![(Style::DeepObject, true), (Style::Form, true)],
        };
        let mut wrong = None;
        for (style, explode) in styles {
            // An object whose properties stand by themselves would be all of the form.
            let is_spread = style == Style::Form && property.is_object() && !property.is_scalar();
            let reader = Reader::of_property(name, &property, style, explode && !is_spread);
            match reader.pairs(pairs) {
                Ok(Some(value)) => return Ok(Some(value)),
                Ok(None) => {}
                Err(why) => wrong = Some(why),
            }
        }
        match wrong {
            Some(why) => {
                let message = format!("`{name}` in the body cannot be read: {why}");
                Err(Refusal::new(&[400, 422], message))
            }
            None => Ok(None),
        }
    }

    /// The parts of a form: files are texts of any kind, what is of JSON is read.
    fn parts(&self, parts: &[multipart::Part<'_>]) -> Result<Value, Refusal> {
        let mut object: Map<String, Value> = Map::new();
        for part in parts {
            let name = part.name.strip_suffix("[]").unwrap_or(&part.name);
            let property = self.coercion.property(name);
            let is_list = property.is_some_and(Coercion::is_list);
            let item = match is_list {
                true => property.and_then(Coercion::item),
                false => property,
            };
            let value = part_value(name, part, property, item)?;
            match object.get_mut(name) {
                Some(Value::Array(items)) if is_list => items.push(value),
                Some(other) => *other = Value::from(vec![other.take(), value]),
                None if is_list && !value.is_array() => {
                    object.insert(name.to_owned(), vec![value].into());
                }
                None => _ = object.insert(name.to_owned(), value),
            }
        }
        Ok(Value::Object(object))
    }

    fn check(&self, value: &Value) -> Result<(), Refusal> {
        let Some(schema) = &self.schema else {
            return Ok(());
        };
        let mut places = Vec::new();
        match (self.is_of_items, value) {
            (true, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    places.extend(Place::of("body", &format!("/{index}"), schema.check(item)));
                }
            }
            _ if schema.is_valid(value) => {}
            _ => places = Place::of("body", "", schema.check(value)),
        }
        match Refusal::invalid(places) {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }
}

fn part_value(
    name: &str,
    part: &multipart::Part<'_>,
    property: Option<&Coercion>,
    item: Option<&Coercion>,
) -> Result<Value, Refusal> {
    let text = String::from_utf8_lossy(part.bytes);
    let media_type = part.media_type.as_deref().map(essence);
    let is_structure = item.is_some_and(|item| item.is_object() && !item.is_scalar());
    let says_json = media_type.as_deref().is_some_and(media::is_json);
    // A browser can say what a part is only of a file (`Blob`), of JSON as of others.
    let is_file = part.is_file && !(says_json && is_structure);
    if is_file || item.is_some_and(|item| item.is_binary) {
        return Ok(text.into());
    }
    // What is an object travels as JSON unless it is said (OpenAPI 3.0.3, section 4.7.15).
    if says_json || is_structure {
        return serde_json::from_str(&text).map_err(|error| {
            Refusal::new(
                &[400, 422],
                format!("`{name}` in the body is not JSON: {error}"),
            )
        });
    }
    // A list is a part for each item, or one of JSON.
    let list = property.filter(|property| property.is_list() && text.starts_with('['));
    if list.is_some()
        && let Ok(list @ Value::Array(_)) = serde_json::from_str(&text)
    {
        return Ok(list);
    }
    Ok(crate::coercion::scalar(item, &text))
}
