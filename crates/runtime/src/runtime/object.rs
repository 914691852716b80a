//! Objects that callers send, in which absent, null and empty are three things.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Map, Value};

/// The properties of a value that are sent although they hold nothing: as `null`, or as the empty
/// list or object that they are.
#[derive(Clone, Default)]
pub struct Explicit(Vec<&'static str>);

impl Explicit {
    /// Sends nothing that holds nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sends the property of this name on the wire.
    pub fn insert(&mut self, name: &'static str) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }

    /// The same of one that was set, if it holds nothing: what holds something needs no words.
    pub fn set<T: Nothing>(&mut self, name: &'static str, value: &T) {
        if value.is_nothing() {
            self.insert(name);
        }
    }
}

impl fmt::Debug for Explicit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.0).finish()
    }
}

thread_local! {
    /// Whether what is being written is sent.
    static IS_SENT: Cell<bool> = const { Cell::new(false) };
}

/// Writes something for a request.
pub(crate) fn sent<T>(write: impl FnOnce() -> T) -> T {
    /// Also where writing panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            IS_SENT.set(self.0);
        }
    }
    let _before = Before(IS_SENT.replace(true));
    write()
}

/// What may hold nothing.
pub trait Nothing {
    /// Whether it does.
    fn is_nothing(&self) -> bool;
}

impl<T> Nothing for Option<T> {
    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl<T> Nothing for Vec<T> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl<K, T> Nothing for BTreeMap<K, T> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Nothing for Map<String, Value> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// An object that is being written.
pub struct Object<'a, S: Serializer> {
    explicit: &'a Explicit,
    entries: S::SerializeMap,
}

impl<'a, S: Serializer> Object<'a, S> {
    /// Begins it.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn new(serializer: S, explicit: &'a Explicit) -> Result<Self, S::Error> {
        let entries = serializer.serialize_map(None)?;
        Ok(Self { explicit, entries })
    }

    /// A property that is always there.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn required<T: Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        self.entries.serialize_entry(name, value)
    }

    /// A property that the API gives and does not take (`OpenAPI` 3.0.3, section 4.7.24.2): it is
    /// written everywhere but in a request.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn read_only<T: Nothing + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        match IS_SENT.get() {
            true => Ok(()),
            false => self.optional(name, value),
        }
    }

    /// A property that is left out when it holds nothing, unless that is said of it.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn optional<T: Nothing + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        match value.is_nothing() && !self.explicit.0.contains(&name) {
            true => Ok(()),
            false => self.entries.serialize_entry(name, value),
        }
    }

    /// The properties that the contract does not list.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn others<'b, T: Serialize + 'b>(
        &mut self,
        others: impl IntoIterator<Item = (&'b String, &'b T)>,
    ) -> Result<(), S::Error> {
        let mut others = others.into_iter();
        others.try_for_each(|(name, value)| self.entries.serialize_entry(name, value))
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the serializer has one.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.entries.end()
    }
}

impl<S: Serializer> fmt::Debug for Object<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").finish_non_exhaustive()
    }
}
