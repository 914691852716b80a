//! The values that a schema lists: `enum`, `const` and `x-extensible-enum`.

use std::collections::HashSet;

use super::Schemas;
use crate::diff::change::{Effect, Reader, Verdict};
use crate::diff::comparison::{Comparison, Draft};
use crate::diff::rest::{self, show};
use crate::diff::side::Sited;
use crate::source::{Node, Value};

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
                let predicate = format!("no longer takes the value {}", quoted(value));
                comparison.emit(sides(Draft::new(
                    "enum-value-removed",
                    predicate,
                    Effect::narrows(),
                )));
            }
            for value in missing(&new, &old) {
                let predicate = format!("takes a new value, {}", quoted(value));
                let effect = match value.as_str() {
                    Some(_) => text_added(),
                    None => added(),
                };
                comparison.emit(sides(Draft::new("enum-value-added", predicate, effect)));
            }
        }
        (None, Some(_)) => {
            let predicate = match was_open {
                Some(_) => "is a closed set now",
                None => "takes only the listed values now",
            };
            comparison.emit(sides(Draft::new(
                "enum-added",
                predicate,
                Effect::narrows(),
            )));
        }
        (Some(_), None) => {
            let predicate = match is_open {
                Some(_) => "is an open set now",
                None => "takes any value now",
            };
            let effect = Effect::widens(Reader::Checks);
            comparison.emit(sides(Draft::new("enum-removed", predicate, effect)));
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
    let draft = match (has_null(old), has_null(new)) {
        (false, true) => Draft::new("enum-value-added", "takes a new value, null", added()),
        (true, false) => {
            let predicate = "no longer takes the value null";
            Draft::new("enum-value-removed", predicate, Effect::narrows())
        }
        _ => return,
    };
    comparison.emit(draft.sides(old.cloned(), new.cloned()));
}

fn added() -> Effect {
    Effect::by_flow(
        (Verdict::Compatible, "the server still takes what it took"),
        (
            Verdict::Breaking,
            "the set is closed: old clients fail on a value that they do not know, generated \
             ones included",
        ),
    )
}

/// Generated clients read texts that they do not know.
fn text_added() -> Effect {
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
        if let Some(verb) = rest::verb(old, new) {
            let text = "the set is open: any other text is as legal as before";
            let effect = Effect::always(Verdict::Compatible, text);
            let predicate = format!("`x-extensible-enum` {verb}");
            comparison.emit(sides(Draft::new("open-enum-changed", predicate, effect)));
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
        let predicate = format!("no longer lists the value {}", quoted(value));
        comparison.emit(sides(Draft::new(
            "open-enum-value-removed",
            predicate,
            effect,
        )));
    }
    for value in missing(&values(new), &values(old)) {
        let text = "the set is open: clients already take values that they do not know";
        let effect = Effect::always(Verdict::Compatible, text);
        let predicate = format!("lists a new value, {}", quoted(value));
        comparison.emit(sides(Draft::new(
            "open-enum-value-added",
            predicate,
            effect,
        )));
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

fn quoted(value: &Node) -> String {
    show(value).unwrap_or_else(|| format!("`{}`", value.to_json()))
}
