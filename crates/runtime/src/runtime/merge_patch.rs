//! Merge patches (RFC 7396).

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{Error as _, Serializer};
use serde_json::{Map, Value};

use super::object::sent;

/// A merge patch (RFC 7396) of what the contract describes by `T`: what it names is changed, what it
/// does not name stays, and `null` takes away.
///
/// A reference to a `T` is one that says what that says. Of what was read, and changed since, only
/// the change is sent:
///
/// ```
/// use std::collections::BTreeMap;
/// use sdk_runtime::MergePatch;
///
/// let read = BTreeMap::from([("name", "Anna"), ("team", "sales")]);
/// let changed = BTreeMap::from([("name", "Anne")]);
/// let patch = MergePatch::<()>::between(&read, &changed);
/// let sent = serde_json::to_value(&patch).unwrap();
/// assert_eq!(sent, serde_json::json!({"name": "Anne", "team": null}));
/// ```
pub struct MergePatch<T> {
    patch: Result<Value, String>,
    of: PhantomData<fn(T)>,
}

impl<T> MergePatch<T> {
    /// What makes of one value the other, as both are written in JSON. A list that differs is sent
    /// whole. A value that cannot be written is told by the call that should send it.
    pub fn between<V: Serialize + ?Sized>(before: &V, after: &V) -> Self {
        let both = written(before).and_then(|before| Ok((before, written(after)?)));
        Self::of(
            both.map(|(before, after)| match difference(&before, after) {
                Some(patch) => patch,
                None => Value::Object(Map::new()),
            }),
        )
    }

    fn of(patch: Result<Value, String>) -> Self {
        Self {
            patch,
            of: PhantomData,
        }
    }
}

impl<T: Serialize> From<&T> for MergePatch<T> {
    fn from(value: &T) -> Self {
        Self::of(written(value))
    }
}

fn written<V: Serialize + ?Sized>(value: &V) -> Result<Value, String> {
    sent(|| serde_json::to_value(value)).map_err(|error| error.to_string())
}

/// What is other, if anything is.
fn difference(before: &Value, after: Value) -> Option<Value> {
    let (before, after) = match (before, after) {
        (Value::Object(before), Value::Object(after)) => (before, after),
        (before, after) => return (*before != after).then_some(after),
    };
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let mut patch: Map<_, _> = gone.map(|name| (name.clone(), Value::Null)).collect();
    for (name, value) in after {
        let other = match before.get(&name) {
            Some(before) => difference(before, value),
            None => Some(value),
        };
        patch.extend(other.map(|other| (name, other)));
    }
    (!patch.is_empty()).then_some(patch.into())
}

impl<T> Serialize for MergePatch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.patch {
            Ok(patch) => patch.serialize(serializer),
            Err(why) => Err(S::Error::custom(why)),
        }
    }
}

impl<T> Clone for MergePatch<T> {
    fn clone(&self) -> Self {
        Self::of(self.patch.clone())
    }
}

impl<T> fmt::Debug for MergePatch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MergePatch").field(&self.patch).finish()
    }
}
