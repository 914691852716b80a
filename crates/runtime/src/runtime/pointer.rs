//! JSON Pointers (RFC 6901) into JSON that is not read whole: what stands beside a place stays as it
//! was written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// What stands at a place.
pub(crate) fn find<'a>(value: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    steps(pointer).try_fold(value, |value, step| {
        if let Some(items) = items(value) {
            return items.get(step.parse::<usize>().ok()?).copied();
        }
        members(value)?.get(step.as_str()).copied()
    })
}

/// The same with something else at a place; nothing, if the place is in what is neither an object nor
/// a list with that item. What is not there or null becomes an object, where a name follows.
pub(crate) fn put(
    value: Option<&RawValue>,
    pointer: &str,
    new: &RawValue,
) -> Option<Box<RawValue>> {
    put_at(value, &mut steps(pointer), new)
}

fn put_at(
    value: Option<&RawValue>,
    steps: &mut dyn Iterator<Item = String>,
    new: &RawValue,
) -> Option<Box<RawValue>> {
    let Some(step) = steps.next() else {
        return Some(new.to_owned());
    };
    if let Some(mut items) = value.and_then(items) {
        let item = items.get_mut(step.parse::<usize>().ok()?)?;
        let changed = put_at(Some(*item), steps, new)?;
        *item = &changed;
        return serde_json::value::to_raw_value(&items).ok();
    }
    let mut members = match value {
        Some(value) if value.get() != "null" => members(value)?,
        // It is a list that is not there, and what its item should hold besides is not known.
        _ if step.parse::<usize>().is_ok() => return None,
        _ => BTreeMap::new(),
    };
    let changed = put_at(members.get(step.as_str()).copied(), steps, new)?;
    members.insert(step.into(), &changed);
    serde_json::value::to_raw_value(&members).ok()
}

fn steps(pointer: &str) -> impl Iterator<Item = String> {
    let steps = pointer.split('/').skip(1);
    steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
}

pub(crate) fn items(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

fn members(value: &RawValue) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(value.get()).ok()
}
