//! Values that say with one of their properties what they are (`OpenAPI` 3.0.3, section
//! 4.7.25).

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use super::choice::is_open;
use super::content::Content;
use super::reading::read;

/// A value that was read as far as needed to see what it is.
#[derive(Debug)]
pub struct Tagged {
    content: Content,
    tag: Option<String>,
}

impl Tagged {
    /// Reads an object, and what its `property` says.
    ///
    /// # Errors
    /// When it is no object.
    pub fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        property: &str,
    ) -> Result<Self, D::Error> {
        let content = Content::deserialize(deserializer)?;
        let Content::Object(properties) = &content else {
            return Err(D::Error::custom("expected an object"));
        };
        let tag = properties.iter().rfind(|(name, _)| name == property);
        let tag = tag.and_then(|(_, content)| match content {
            Content::Text(text) => Some(text.clone()),
            Content::Number(number) => Some(number.to_string()),
            Content::Bool(told) => Some(told.to_string()),
            _ => None,
        });
        Ok(Self { content, tag })
    }

    /// What it says that it is; nothing when it says nothing.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Reads the rest as what it says that it is, and keeps what is not that after all.
    ///
    /// # Errors
    /// When it is not what it says, within a choice that has alternatives left, or where responses
    /// are read to the letter.
    pub fn read_or<T: DeserializeOwned, C, E: serde::de::Error>(
        self,
        alternative: fn(T) -> C,
        unknown: fn(Value) -> C,
    ) -> Result<C, E> {
        match read(&self.content) {
            Ok(value) => Ok(alternative(value)),
            Err(_) if is_open() => Ok(unknown(self.into_value())),
            Err(misfit) => Err(E::custom(misfit)),
        }
    }

    /// The value as it was.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.content.into()
    }
}

/// Where a value is written that says with a property what it is.
#[derive(Debug)]
pub struct Writer<S> {
    serializer: S,
    property: &'static str,
}

impl<S: Serializer> Writer<S> {
    /// Writes values that say with `property` what they are.
    pub fn new(serializer: S, property: &'static str) -> Self {
        Self {
            serializer,
            property,
        }
    }

    /// Writes a value that says that it is one of `tags`, the first where the value says nothing
    /// or something else.
    ///
    /// # Errors
    /// When the value cannot be written.
    pub fn write<T: Serialize>(self, tags: &[&str], value: &T) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(value).map_err(S::Error::custom)?;
        if let (Value::Object(properties), Some(first)) = (&mut value, tags.first()) {
            let says = properties.get(self.property).and_then(text);
            if !says.is_some_and(|tag| tags.contains(&tag.as_str())) {
                properties.insert(self.property.to_owned(), (*first).into());
            }
        }
        value.serialize(self.serializer)
    }
}

/// What a scalar says; versions and the like are numbers.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
