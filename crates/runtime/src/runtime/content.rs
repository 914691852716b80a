//! JSON that was read, while it is not known yet what it is: lighter than the values of `serde_json`,
//! whose objects can be searched.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Content>),
    Object(Vec<(String, Content)>),
}

impl From<Content> for Value {
    fn from(content: Content) -> Self {
        match content {
            Content::Null => Self::Null,
            Content::Bool(told) => Self::Bool(told),
            Content::Number(number) => Self::Number(number),
            Content::Text(text) => Self::String(text),
            Content::List(items) => items.into_iter().map(Self::from).collect(),
            // What stands twice is there as it stands last.
            Content::Object(entries) => entries
                .into_iter()
                .map(|(name, content)| (name, Self::from(content)))
                .collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

/// The only key of what `serde_json` gives for a number, where an application asks it for the
/// feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for Reader {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_bool<E>(self, told: bool) -> Result<Content, E> {
        Ok(Content::Bool(told))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Content, E> {
        // JSON has no others.
        Ok(Number::from_f64(number).map_or(Content::Null, Content::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Content, E> {
        Ok(Content::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Content, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        if let [(key, Content::Text(digits))] = object.as_slice()
            && key == NUMBER
            && let Ok(number) = serde_json::from_str(digits)
        {
            return Ok(Content::Number(number));
        }
        Ok(Content::Object(object))
    }
}
