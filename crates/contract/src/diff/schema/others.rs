//! Properties that an object does not name: `additionalProperties`.

use super::Schemas;
use super::view::View;
use crate::diff::change::{Effect, Reader, Verdict};
use crate::diff::comparison::{Comparison, Draft, Kind};
use crate::diff::side::Sited;
use crate::source::Value;

/// What an object does with properties that it does not name.
pub(super) enum Others<'a> {
    Any,
    None,
    Typed(Sited<'a>),
}

impl<'a> Others<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let sites = view.keywords.get("additionalProperties");
        let unevaluated = view.keywords.get("unevaluatedProperties");
        let sites: Vec<_> = sites.into_iter().chain(unevaluated).flatten().collect();
        let is = |site: &&&Sited<'a>, value| match &site.node.value {
            Value::Bool(allowed) => *allowed == value,
            // An empty schema takes anything.
            Value::Object(schema) => value && schema.is_empty(),
            _ => false,
        };
        if sites.iter().any(|site| is(&site, false)) {
            return Self::None;
        }
        match sites.iter().find(|site| !is(site, true)) {
            Some(site) => Self::Typed((**site).clone()),
            None => Self::Any,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// `additionalProperties`: any, none, or those of one schema.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    schemas: &Schemas<'a>,
    old: &Others<'a>,
    new: &Others<'a>,
) {
    let (predicate, effect) = match (old, new) {
        (Others::Any, Others::Any) | (Others::None, Others::None) => return,
        (Others::Typed(_), Others::Typed(_)) => return typed(comparison, schemas),
        (_, Others::None) => (
            "`additionalProperties` allows none any more",
            Effect::narrows(),
        ),
        (Others::None, _) => (
            "`additionalProperties` allows some now",
            Effect::by_flow(
                (Verdict::Compatible, "the server still takes what it took"),
                (
                    Verdict::Breaking,
                    "the object was closed: old clients refuse fields that they do not know, \
                     generated ones included",
                ),
            ),
        ),
        (Others::Any, Others::Typed(_)) => (
            "`additionalProperties` allows one schema only now",
            Effect::narrows(),
        ),
        (Others::Typed(_), Others::Any) => (
            "`additionalProperties` allows any value now",
            Effect::widens(Reader::Checks),
        ),
    };
    let site = |view: &View<'a>| {
        let site = view.at("additionalProperties");
        site.or(view.at("unevaluatedProperties")).cloned()
    };
    let sides = (site(&schemas.old), site(&schemas.new));
    comparison.emit(
        Draft::new("additional-properties-changed", predicate, effect).sides(sides.0, sides.1),
    );
}

/// Schemas for the others on both sides, part by part.
fn typed<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    for key in ["additionalProperties", "unevaluatedProperties"] {
        for pair in schemas.sites(key) {
            match pair {
                (Some(old), Some(new)) => comparison.pair(Kind::SCHEMA, &old, &new),
                (old, new) => {
                    let (predicate, effect) = match new {
                        Some(_) => (format!("`{key}` is new"), Effect::narrows()),
                        None => (
                            format!("`{key}` was removed"),
                            Effect::widens(Reader::Ignores),
                        ),
                    };
                    let id = "additional-properties-changed";
                    comparison.emit(Draft::new(id, predicate, effect).sides(old, new));
                }
            }
        }
    }
}
