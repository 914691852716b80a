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

use super::content::Content;
use super::reading::read as read_content;

thread_local! {
    /// Whether a value is held against all that the contract says: what reads it is far from what
    /// asks for it, with code that serde derives in between.
    static EXACT: Cell<bool> = const { Cell::new(false) };
}

/// Reads as `read` does, with nothing let pass where `exact`.
pub(crate) fn reading<T>(exact: bool, read: impl FnOnce() -> T) -> T {
    /// Even where the reading of a foreign type panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            EXACT.set(self.0);
        }
    }
    let _before = Before(EXACT.replace(exact));
    read()
}

/// Whether nothing is let pass.
pub(crate) fn is_exact() -> bool {
    EXACT.get()
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
    let first = |exact| match reading(exact, || read(Given(&content))) {
        ControlFlow::Break(value) => Some(value),
        ControlFlow::Continue(()) => None,
    };
    // Within another choice, that one asks again.
    let second = || (!is_exact()).then(|| first(false)).flatten();
    let found = first(true).or_else(second);
    found.ok_or_else(|| D::Error::custom("none of the alternatives fits"))
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
