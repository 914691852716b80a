//! The values that a schema lists: `enum`, `const` and `x-extensible-enum`.

use std::collections::HashSet;

use super::Schemas;
use crate::annotations;
use crate::change::{Effect, Reader, Verdict};
use crate::comparison::{Comparison, Draft};
use crate::kind::Kind;
use crate::side::Sited;
use contract::source::{Node, Value};

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (schemas.old.values(), schemas.new.values());
    let sides = |draft: Draft<'a>| {
        let old = schemas.old.values_at().cloned();
        draft.sides(old, schemas.new.values_at().cloned())
    };
    let (was_open, is_open) = (
        schemas.old.at("x-extensible-enum"),
        schemas.new.at("x-extensible-enum"),
    );
    if old.is_some() && new.is_some() {
        null(comparison, schemas);
    }
    match (old, new) {
        (Some(old), Some(new)) => {
            for value in missing(&old, &new) {
                let kind = Kind::EnumValueRemoved {
                    value: value.to_json(),
                };
                comparison.emit(sides(Draft::new(kind, Effect::narrows())));
            }
            for value in missing(&new, &old) {
                let effect = match is_scalar(value) {
                    true => added(),
                    false => Effect::widens(Reader::Checks),
                };
                let kind = Kind::EnumValueAdded {
                    value: value.to_json(),
                };
                comparison.emit(sides(Draft::new(kind, effect)));
            }
        }
        (None, Some(_)) => {
            let was_open = was_open.is_some();
            let draft = Draft::new(Kind::EnumAdded { was_open }, Effect::narrows());
            comparison.emit(sides(draft));
        }
        (Some(old), None) => {
            let is_open = is_open.is_some();
            let reader = match old.iter().all(|value| is_scalar(value)) {
                true => Reader::Ignores,
                false => Reader::Checks,
            };
            let effect = Effect::widens(reader);
            comparison.emit(sides(Draft::new(Kind::EnumRemoved { is_open }, effect)));
        }
        (None, None) => {}
    }
    open_set(comparison, was_open, is_open);
}

/// `null` in the list of a schema that was nullable before and still is: whether it
/// counted elsewhere is not certain, so it is told.
fn null<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    if schemas.old.nullable != schemas.new.nullable {
        return;
    }
    let (old, new) = (schemas.old.at("enum"), schemas.new.at("enum"));
    let has_null = |site: Option<&Sited<'a>>| {
        let mut values = site.into_iter().flat_map(|site| site.node.items());
        values.any(|value| matches!(value.value, Value::Null))
    };
    let value = serde_json::Value::Null;
    let draft = match (has_null(old), has_null(new)) {
        (false, true) => Draft::new(Kind::EnumValueAdded { value }, added()),
        (true, false) => Draft::new(Kind::EnumValueRemoved { value }, Effect::narrows()),
        _ => return,
    };
    comparison.emit(draft.sides(old.cloned(), new.cloned()));
}

/// Generated clients read texts, numbers and the like that they do not know.
fn is_scalar(value: &Node) -> bool {
    !matches!(value.value, Value::Array(_) | Value::Object(_))
}

fn added() -> Effect {
    Effect::by_flow(
        (Verdict::Compatible, "the server still takes what it took"),
        (
            Verdict::Risky,
            "the set is closed: old clients that are strict fail on a value that they do not \
             know; generated ones read it as unknown",
        ),
    )
}

/// `x-extensible-enum`: what is listed is known today, any other text is legal.
fn open_set<'a>(comparison: &mut Comparison<'a>, old: Option<&Sited<'a>>, new: Option<&Sited<'a>>) {
    let values = |site: Option<&Sited<'a>>| -> Vec<&'a Node> {
        site.into_iter()
            .flat_map(|site| site.node.items())
            .collect()
    };
    let sides = |draft: Draft<'a>| draft.sides(old.cloned(), new.cloned());
    if old.is_some() != new.is_some() {
        if annotations::differs(old, new) {
            let text = "the set is open: any other text is as legal as before";
            let effect = Effect::always(Verdict::Compatible, text);
            comparison.emit(sides(Draft::new(Kind::OpenEnumChanged, effect)));
        }
        return;
    }
    for value in missing(&values(old), &values(new)) {
        let effect = Effect::by_flow(
            (
                Verdict::Risky,
                "the set is open, but the server no longer lists what old clients may send",
            ),
            (Verdict::Compatible, "clients of an open set take any value"),
        );
        let value = value.to_json();
        let kind = Kind::OpenEnumValueRemoved { value };
        comparison.emit(sides(Draft::new(kind, effect)));
    }
    for value in missing(&values(new), &values(old)) {
        let text = "the set is open: clients already take values that they do not know";
        let effect = Effect::always(Verdict::Compatible, text);
        let value = value.to_json();
        let kind = Kind::OpenEnumValueAdded { value };
        comparison.emit(sides(Draft::new(kind, effect)));
    }
}

/// The values of the first list that the second does not have.
fn missing<'a>(these: &[&'a Node], those: &[&'a Node]) -> Vec<&'a Node> {
    let texts: HashSet<&str> = those.iter().filter_map(|value| value.as_str()).collect();
    let has = |value: &Node| match value.as_str() {
        Some(text) => texts.contains(text),
        None => those.iter().any(|other| other.same(value)),
    };
    these.iter().filter(|value| !has(value)).copied().collect()
}
