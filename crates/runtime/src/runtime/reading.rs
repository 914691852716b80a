//! JSON of responses, read as what is clearly meant: a number, or true and false, that came as a
//! text, and a text that came as one of those.

use std::fmt;
use std::iter::Enumerate;
use std::slice;

use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Number, Value};

use super::choice::{exactly, is_exact};
use super::content::Content;

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
        Ok(content) => read(&content).map_err(|misfit| Unreadable(Why::Misfit(misfit))),
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
    exactly(|| from_json(json))
}

/// Reads what is known to be JSON.
pub(crate) fn read<T: DeserializeOwned>(content: &Content) -> Result<T, Misfit> {
    T::deserialize(Lenient(content))
}

/// What does not fit, and where; it is shown after the words that something does not. No value is
/// in it: those are the account's.
#[derive(Debug)]
pub(crate) struct Misfit {
    what: What,
    /// The way to it, from its end.
    steps: Vec<String>,
}

/// Written only where it is shown: in a choice it mostly is not.
#[derive(Debug)]
enum What {
    Missing(&'static str),
    None,
    Other(String),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "`{name}` is missing"),
            Self::None => f.write_str("it is none of the values that the contract gives"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl Misfit {
    fn of(what: What) -> Self {
        Self {
            what,
            steps: Vec::new(),
        }
    }

    fn new(what: String) -> Self {
        Self::of(What::Other(what))
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
        Self::of(What::None)
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
        Self::of(What::Missing(name))
    }
}

/// A value that is read as what is asked for, unless nothing is to be let pass.
#[derive(Clone, Copy)]
struct Lenient<'a>(&'a Content);

/// What else a value may mean, if anything.
type Way = fn(&Content) -> Option<Content>;

/// A scalar as text.
fn text(content: &Content) -> Option<Content> {
    match content {
        Content::Bool(told) => Some(Content::Text(told.to_string())),
        Content::Number(number) => Some(Content::Text(number.to_string())),
        _ => None,
    }
}

/// A text that is a number, and nothing else than one.
fn number(content: &Content) -> Option<Content> {
    match content {
        Content::Text(text) => serde_json::from_str(text.trim()).ok().map(Content::Number),
        _ => None,
    }
}

/// The same of whole ones.
fn integer(content: &Content) -> Option<Content> {
    let of_text = number(content);
    match of_text.as_ref().unwrap_or(content) {
        Content::Number(number) if number.is_f64() => {
            whole(number).map(|whole| Content::Number(whole.into()))
        }
        _ => of_text,
    }
}

fn told(content: &Content) -> Option<Content> {
    match content {
        Content::Text(text) => match text.as_str() {
            "true" => Some(Content::Bool(true)),
            "false" => Some(Content::Bool(false)),
            _ => None,
        },
        _ => None,
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

impl Lenient<'_> {
    /// Reads what is meant, where that is asked for.
    fn meant<'de, V: Visitor<'de>>(self, way: Way, visitor: V) -> Result<V::Value, Misfit> {
        let meant = (!is_exact()).then(|| way(self.0)).flatten();
        match meant {
            Some(meant) => Lenient(&meant).plain(visitor),
            None => self.plain(visitor),
        }
    }

    /// Reads a value that needs no more than it says.
    fn plain<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Content::Null => visitor.visit_unit(),
            Content::Bool(told) => visitor.visit_bool(*told),
            Content::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => Err(Misfit::custom("")),
            },
            Content::Text(text) => visitor.visit_str(text),
            Content::List(items) => Items::read(items, visitor),
            Content::Object(entries) => visitor.visit_map(Entries::new(entries, None)),
        }
    }
}

/// Says what was expected. Where only one kind of value can be, no more is asked of a visitor: all
/// that it could read would be compiled for each type.
fn other<'de, V: Visitor<'de>>(visitor: &V) -> Misfit {
    Misfit::invalid_type(Unexpected::Other("another value"), visitor)
}

macro_rules! read {
    ($way:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.meant($way, visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Lenient<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.plain(visitor)
    }

    read!(told: deserialize_bool);
    read!(integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128);
    read!(number: deserialize_f32 deserialize_f64);
    read!(text: deserialize_char deserialize_str deserialize_string);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Content::Null => visitor.visit_none(),
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
        let meant = match self.0 {
            Content::Text(_) => Some(self.0.clone()),
            scalar if !is_exact() => text(scalar),
            _ => None,
        };
        match meant {
            Some(Content::Text(text)) => {
                let text: StringDeserializer<Misfit> = text.into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => {
                let value = Value::from(self.0.clone());
                let read = value.deserialize_enum(name, variants, visitor);
                read.map_err(Misfit::custom)
            }
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
        match self.0 {
            Content::Object(entries) => {
                let fields = (!is_exact()).then_some(fields);
                visitor.visit_map(Entries::new(entries, fields))
            }
            _ => Err(other(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Content::Object(entries) => visitor.visit_map(Entries::new(entries, None)),
            _ => Err(other(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Content::List(items) => Items::read(items, visitor),
            _ => Err(other(&visitor)),
        }
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Items<'a> {
    items: Enumerate<slice::Iter<'a, Content>>,
}

impl<'a> Items<'a> {
    fn read<'de, V: Visitor<'de>>(items: &'a [Content], visitor: V) -> Result<V::Value, Misfit> {
        let mut items = Self {
            items: items.iter().enumerate(),
        };
        let read = visitor.visit_seq(&mut items)?;
        match items.items.len() {
            0 => Ok(read),
            _ => Err(Misfit::new("expected fewer items".to_owned())),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((at, item)) = self.items.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(Lenient(item));
        read.map(Some)
            .map_err(|misfit| misfit.below(at.to_string()))
    }
}

struct Entries<'a> {
    entries: slice::Iter<'a, (String, Content)>,
    /// The only ones that are read, where not all are.
    fields: Option<&'static [&'static str]>,
    /// The one whose name was read.
    next: Option<&'a (String, Content)>,
}

impl<'a> Entries<'a> {
    fn new(entries: &'a [(String, Content)], fields: Option<&'static [&'static str]>) -> Self {
        Self {
            entries: entries.iter(),
            fields,
            next: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let fields = self.fields;
        let is_read = |name: &str| fields.is_none_or(|fields| fields.contains(&name));
        self.next = self.entries.find(|(name, _)| is_read(name));
        match self.next {
            Some((name, _)) => seed.deserialize(Key(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        let Some((name, content)) = self.next.take() else {
            return Err(Misfit::custom(""));
        };
        let read = seed.deserialize(Lenient(content));
        read.map_err(|misfit| misfit.below(name))
    }
}

/// The name of an entry, which may be a number.
struct Key<'a>(&'a str);

macro_rules! read_key {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match serde_json::from_str(self.0).map(Content::Number) {
                Ok(number) => Lenient(&number).plain(visitor),
                Err(_) => visitor.visit_str(self.0),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_str(self.0)
    }

    read_key!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128);

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
        let text: StrDeserializer<'_, Misfit> = self.0.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct
        map struct identifier ignored_any
    }
}
