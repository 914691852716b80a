//! Properties that an object does not name: `additionalProperties`.

use super::Schemas;
use super::view::View;
use crate::change::{Effect, Reader, Verdict};
use crate::comparison::{Comparison, Draft, Role};
use crate::kind::{self, Kind};
use crate::side::Sited;
use contract::source::Value;

/// What an object does with properties that it does not name.
pub(super) enum AdditionalProperties<'a> {
    Any,
    None,
    Typed(Sited<'a>),
}

impl<'a> AdditionalProperties<'a> {
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

    fn fact(&self) -> kind::Additional {
        match self {
            Self::Any => kind::Additional::Any,
            Self::None => kind::Additional::None,
            Self::Typed(_) => kind::Additional::Typed,
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
    old: &AdditionalProperties<'a>,
    new: &AdditionalProperties<'a>,
) {
    let effect = match (old, new) {
        (AdditionalProperties::Any, AdditionalProperties::Any)
        | (AdditionalProperties::None, AdditionalProperties::None) => return,
        (AdditionalProperties::Typed(_), AdditionalProperties::Typed(_)) => {
            return typed(comparison, schemas);
        }
        (_, AdditionalProperties::None)
        | (AdditionalProperties::Any, AdditionalProperties::Typed(_)) => Effect::narrows(),
        (AdditionalProperties::None, _) => Effect::by_flow(
            (Verdict::Compatible, "the server still takes what it took"),
            (
                Verdict::Risky,
                "the object was closed: old clients that are strict refuse fields that they do \
                 not know; generated ones pass over them",
            ),
        ),
        (AdditionalProperties::Typed(_), AdditionalProperties::Any) => {
            Effect::widens(Reader::Checks)
        }
    };
    let site = |view: &View<'a>| {
        let site = view.at("additionalProperties");
        site.or(view.at("unevaluatedProperties")).cloned()
    };
    let sides = (site(&schemas.old), site(&schemas.new));
    let kind = Kind::AdditionalPropertiesChanged {
        from: old.fact(),
        to: new.fact(),
    };
    comparison.emit(Draft::new(kind, effect).sides(sides.0, sides.1));
}

/// Schemas for the others on both sides, part by part.
fn typed<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    for key in ["additionalProperties", "unevaluatedProperties"] {
        for pair in schemas.sites(key) {
            match pair {
                (Some(old), Some(new)) => comparison.pair(Role::SCHEMA, &old, &new),
                (old, new) => {
                    let (key, name) = (key.to_owned(), None);
                    let (kind, effect) = match new {
                        Some(_) => (Kind::SubschemaAdded { key, name }, Effect::narrows()),
                        None => (
                            Kind::SubschemaRemoved { key, name },
                            Effect::widens(Reader::Ignores),
                        ),
                    };
                    comparison.emit(Draft::new(kind, effect).sides(old, new));
                }
            }
        }
    }
}
