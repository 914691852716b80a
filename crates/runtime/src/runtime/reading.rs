//! JSON of responses, read as what is clearly meant: a number, or true and false, that came as a
//! text, and a text that came as one of those.

use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Number, Value};

use super::choice::{is_exact, reading};

/// Why JSON was not read. It shows no value: those are the account's.
#[derive(Debug)]
pub struct Unreadable(Why);

#[derive(Debug)]
enum Why {
    Syntax { line: usize, column: usize },
    Misfit(Misfit),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Why::Syntax { line, column } => {
                write!(f, "is not JSON at line {line}, column {column}")
            }
            Why::Misfit(misfit) => write!(f, "does not fit the contract{misfit}"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads JSON as clients read a response: what fits is read as it is, and only what does not is
/// looked at again, for what is clearly meant.
///
/// # Errors
/// When it is no JSON, or is not what the type asks for, with the place as a JSON Pointer (RFC
/// 6901).
///
/// ```
/// let prices: Vec<f64> = sdk_runtime::from_json(br#"[0.05, "0.07"]"#)?;
/// assert_eq!(prices, [0.05, 0.07]);
/// let error = sdk_runtime::from_json::<Vec<f64>>(br#"[0.05, "none"]"#).unwrap_err();
/// assert_eq!(error.to_string(), "does not fit the contract at `/1`: expected f64");
/// # Ok::<(), sdk_runtime::Unreadable>(())
/// ```
pub fn from_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    let error = match serde_json::from_slice(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    match serde_json::from_slice(json) {
        Ok(value) => from_value(value).map_err(|misfit| Unreadable(Why::Misfit(misfit))),
        Err(_) => Err(Unreadable(Why::Syntax {
            line: error.line(),
            column: error.column(),
        })),
    }
}

/// Reads JSON to the letter: nothing is looked at again.
///
/// # Errors
/// As [`from_json`].
pub(crate) fn from_json_exactly<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    reading(true, || from_json(json))
}

/// Reads a value.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Misfit> {
    T::deserialize(Lenient(value))
}

/// What does not fit, and where; it is shown after the words that something does not. No value is
/// in it: those are the account's.
#[derive(Debug)]
pub(crate) struct Misfit {
    what: String,
    /// The way to it, from its end.
    steps: Vec<String>,
}

impl Misfit {
    fn new(what: String) -> Self {
        Self {
            what,
            steps: Vec::new(),
        }
    }

    fn below(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.steps.is_empty() {
            f.write_str(" at `")?;
            for step in self.steps.iter().rev() {
                write!(f, "/{}", step.replace('~', "~0").replace('/', "~1"))?;
            }
            f.write_str("`")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    /// The words of a type may quote the value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("it is none of the values that the contract gives".to_owned())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("expected one of `{}`", expected.join("`, `")))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format!("`{name}` is missing"))
    }
}

/// A value that is read as what is asked for, unless nothing is to be let pass.
struct Lenient(Value);

impl Lenient {
    /// What is meant, where that is asked for.
    fn meant(self, way: fn(Self) -> Value) -> Value {
        match is_exact() {
            true => self.0,
            false => way(self),
        }
    }

    fn text(self) -> Value {
        match self.0 {
            Value::Bool(told) => Value::String(told.to_string()),
            Value::Number(number) => Value::String(number.to_string()),
            other => other,
        }
    }

    fn whole(self) -> Value {
        match self.number() {
            Value::Number(number) if number.is_f64() => match whole(&number) {
                Some(whole) => whole.into(),
                None => Value::Number(number),
            },
            other => other,
        }
    }

    /// A text that is a number, and nothing else than one.
    fn number(self) -> Value {
        match self.0 {
            Value::String(text) => match serde_json::from_str(text.trim()) {
                Ok(Value::Number(number)) => Value::Number(number),
                _ => Value::String(text),
            },
            other => other,
        }
    }

    fn told(self) -> Value {
        match self.0.as_str() {
            Some("true") => true.into(),
            Some("false") => false.into(),
            _ => self.0,
        }
    }
}

/// Up to here every whole number is an `f64`, which says nothing of those beyond.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `7.0` is a whole number.
#[allow(clippy::cast_possible_truncation)]
fn whole(number: &Number) -> Option<i64> {
    let number = number.as_f64()?;
    (number.trunc() == number && number.abs() <= EXACT).then_some(number as i64)
}

/// Reads a value that needs no more than it says.
fn plain<'de, V: Visitor<'de>>(value: Value, visitor: V) -> Result<V::Value, Misfit> {
    match value {
        Value::Null => visitor.visit_unit(),
        Value::Bool(told) => visitor.visit_bool(told),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (.., Some(number)) => visitor.visit_f64(number),
            _ => Err(Misfit::custom("")),
        },
        Value::String(text) => visitor.visit_string(text),
        Value::Array(items) => {
            let mut items = Items {
                items: items.into_iter(),
                at: 0,
            };
            let read = visitor.visit_seq(&mut items)?;
            match items.items.len() {
                0 => Ok(read),
                _ => Err(Misfit::new("expected fewer items".to_owned())),
            }
        }
        Value::Object(entries) => visitor.visit_map(Entries {
            entries: entries.into_iter(),
            value: None,
        }),
    }
}

macro_rules! read {
    ($way:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            plain(self.meant(Self::$way), visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Lenient {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        plain(self.0, visitor)
    }

    read!(told: deserialize_bool);
    read!(whole: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128);
    read!(number: deserialize_f32 deserialize_f64);
    read!(text: deserialize_char deserialize_str deserialize_string);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Object(_) => {
                let read = self.0.deserialize_enum(name, variants, visitor);
                read.map_err(Misfit::custom)
            }
            _ => match self.meant(Self::text) {
                Value::String(text) => {
                    let text: StringDeserializer<Misfit> = text.into_deserializer();
                    text.deserialize_enum(name, variants, visitor)
                }
                other => plain(other, visitor),
            },
        }
    }

    /// What the contract does not name is read over, even where the contract forbids it. serde
    /// would take a list of its fields, too.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let mut value = self.0;
        match &mut value {
            Value::Object(properties) if !is_exact() => {
                properties.retain(|name, _| fields.contains(&name.as_str()));
            }
            Value::Array(_) => return Err(Misfit::invalid_type(Unexpected::Seq, &visitor)),
            _ => {}
        }
        plain(value, visitor)
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items {
    items: std::vec::IntoIter<Value>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let at = self.at;
        self.at += 1;
        let read = seed.deserialize(Lenient(item));
        read.map(Some)
            .map_err(|misfit| misfit.below(at.to_string()))
    }
}

struct Entries {
    entries: <Map<String, Value> as IntoIterator>::IntoIter,
    value: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        let key = Lenient(Value::String(name.clone()));
        self.value = Some((name, value));
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        let (name, value) = self.value.take().unwrap_or_default();
        let read = seed.deserialize(Lenient(value));
        read.map_err(|misfit| misfit.below(name))
    }
}
