//! Values that are one of several things, and say with no property which (`OpenAPI` 3.0.3, section
//! 4.7.24.2, `oneOf` and `anyOf`): the first that fits is it.
//!
//! What tells one from another may be a bound, a length, or a property that another lacks. So each
//! is held against all that the contract says of it first, and only where none fits, it is read as
//! any other value of a response: as what is clearly meant.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::str::FromStr;

use serde::Deserialize as _;
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde_json::Value;

use super::content::Content;
use super::reading::read as read_content;

/// How much is let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Latitude {
    /// Nothing: a value is held against all that the contract says.
    Exact,
    /// What is clearly meant.
    Meant,
    /// What fits no alternative, too.
    Open,
}

thread_local! {
    /// What reads a value is far from what asks for it, with code that serde derives in between.
    static LATITUDE: Cell<Latitude> = const { Cell::new(Latitude::Open) };
}

/// Reads as `read` does, with so much let pass.
fn reading<T>(latitude: Latitude, read: impl FnOnce() -> T) -> T {
    /// Even where the reading of a foreign type panics.
    struct Before(Latitude);
    impl Drop for Before {
        fn drop(&mut self) {
            LATITUDE.set(self.0);
        }
    }
    let _before = Before(LATITUDE.replace(latitude));
    read()
}

/// Reads as `read` does, with nothing let pass.
pub(crate) fn exactly<T>(read: impl FnOnce() -> T) -> T {
    reading(Latitude::Exact, read)
}

/// Whether nothing is let pass.
pub(crate) fn is_exact() -> bool {
    LATITUDE.get() == Latitude::Exact
}

/// Whether what fits nothing is kept.
pub(crate) fn is_open() -> bool {
    LATITUDE.get() == Latitude::Open
}

/// A value that may be any of several things.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a>(&'a Content);

impl Given<'_> {
    /// Reads it as one of them, and ends with that where it can be.
    pub fn read<T: DeserializeOwned, C>(self, alternative: fn(T) -> C) -> ControlFlow<C> {
        match read_content(self.0) {
            Ok(value) => ControlFlow::Break(alternative(value)),
            Err(_) => ControlFlow::Continue(()),
        }
    }
}

/// Reads the first of the alternatives that fits, as which `read` reads it one after another.
///
/// # Errors
/// When none does.
pub fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: fn(Given<'_>) -> ControlFlow<T>,
) -> Result<T, D::Error> {
    let content = Content::deserialize(deserializer)?;
    first(&content, read).ok_or_else(nothing)
}

/// The same, and what fits none of them is `unknown`.
///
/// # Errors
/// When none fits, within another choice that has alternatives left.
pub fn read_or<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    unknown: fn(Value) -> T,
    read: fn(Given<'_>) -> ControlFlow<T>,
) -> Result<T, D::Error> {
    let content = Content::deserialize(deserializer)?;
    match first(&content, read) {
        Some(value) => Ok(value),
        None if is_open() => Ok(unknown(content.into())),
        None => Err(nothing()),
    }
}

/// With as little let pass as can be, and within another choice no more than there.
fn first<T>(content: &Content, read: fn(Given<'_>) -> ControlFlow<T>) -> Option<T> {
    let most = LATITUDE.get();
    let latitudes = [Latitude::Exact, Latitude::Meant, Latitude::Open];
    let mut latitudes = latitudes.into_iter().filter(|latitude| *latitude <= most);
    latitudes.find_map(|latitude| reading(latitude, || read(Given(content))).break_value())
}

fn nothing<E: serde::de::Error>() -> E {
    E::custom("none of the alternatives fits")
}

/// Reads a text that is checked where a caller makes it: where a response is read, only as far as
/// it tells one alternative from another.
///
/// # Errors
/// When it is no text, or not one of these.
pub fn text<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
    unchecked: fn(String) -> T,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    match is_exact() {
        true => text
            .parse()
            .map_err(|_| D::Error::custom("the text does not fit the contract")),
        false => Ok(unchecked(text)),
    }
}
