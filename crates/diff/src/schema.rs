//! Two schemas (JSON Schema as `OpenAPI` 3.0, section 4.7.24, and 3.1, section
//! 4.8.24, use it). A change allows less, more or other values; what follows is a
//! matter of direction.

mod additional_properties;
mod annotations;
mod bounds;
mod children;
mod discriminator;
mod keywords;
mod properties;
mod unions;
mod values;
mod view;

use super::change::{Effect, Reader, Verdict};
use super::comparison::{Comparison, Draft, Position};
use super::kind::Kind;
use super::lifecycle::{self, Lifecycle};
use super::matched::{self, Pair};
use super::side::{Side, Sited};
use contract::schema::Types;
use view::{Reading, View};

/// Keywords that a function below compares; the others are `rest`.
const KNOWN: [&str; 10] = [
    "const",
    "default",
    "discriminator",
    "enum",
    "format",
    "nullable",
    "pattern",
    "readOnly",
    "writeOnly",
    "x-extensible-enum",
];

/// The two schemas, as they stand and as they read.
struct Schemas<'a> {
    old: View<'a>,
    new: View<'a>,
    old_at: Sited<'a>,
    new_at: Sited<'a>,
    position: Position,
}

/// The schema that a reference means. Where keywords beside the reference count, it
/// stays what it is.
pub(super) fn target<'a>(side: &Side<'a>, schema: &Sited<'a>) -> Sited<'a> {
    let is_plain = schema.node.as_object().is_some_and(|o| o.len() == 1);
    match is_plain || !side.siblings_count {
        true => side.follow(schema),
        false => schema.clone(),
    }
}

/// Whether every value is one piece of text: no list, no object, and not just anything.
pub(super) fn is_scalar<'a>(side: &Side<'a>, schema: Option<&Sited<'a>>) -> bool {
    let reading = Reading {
        open: true,
        fold: true,
    };
    schema.is_some_and(|schema| View::new(side, schema, reading).types.is_scalar())
}

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    position: Position,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let (old_view, new_view) = views(comparison, old, new);
    let schemas = Schemas {
        old: old_view,
        new: new_view,
        old_at: old.clone(),
        new_at: new.clone(),
        position,
    };
    let before = comparison.emitted;
    if schemas.compatible_shapes(comparison) {
        nullable(comparison, &schemas);
        values::compare(comparison, &schemas);
        bounds::compare(comparison, &schemas);
        keywords::compare(comparison, &schemas);
        properties::compare(comparison, &schemas);
        children::compare(comparison, &schemas);
        unions::compare(comparison, &schemas);
    }
    lifecycle::compare(comparison, schemas.lifecycle());
    annotations::compare(comparison, &schemas);
    if comparison.emitted == before {
        annotations::restated(comparison, &schemas);
    }
}

/// Both schemas. A choice of one is opened where the other side is no choice, as in
/// `oneOf: [A, {type: 'null'}]` for a nullable `A`, and a choice of plain types is only
/// a list of types where the other side is no choice of more.
fn views<'a>(
    comparison: &Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) -> (View<'a>, View<'a>) {
    let read = |reading| {
        (
            View::new(&comparison.old, old, reading),
            View::new(&comparison.new, new, reading),
        )
    };
    let mut reading = Reading {
        open: false,
        fold: true,
    };
    let mut views = read(reading);
    let is_choice = |view: &View<'a>| !view.unions.is_empty();
    if (views.0.folded && is_choice(&views.1)) || (views.1.folded && is_choice(&views.0)) {
        reading.fold = false;
        views = read(reading);
    }
    let has_one = |view: &View<'a>| view.unions.iter().any(|union| union.branches.len() == 1);
    if (!is_choice(&views.0) && has_one(&views.1)) || (!is_choice(&views.1) && has_one(&views.0)) {
        reading.open = true;
        views = read(reading);
    }
    views
}

impl<'a> Schemas<'a> {
    /// Reports another shape altogether; whether the rest can be compared.
    fn compatible_shapes(&self, comparison: &mut Comparison<'a>) -> bool {
        if self.old.never != self.new.never {
            let (kind, effect) = match self.new.never {
                true => (Kind::BecameImpossible, Effect::narrows()),
                false => (Kind::BecamePossible, Effect::widens(Reader::Ignores)),
            };
            comparison.emit(self.draft(kind, effect));
            return false;
        }
        if !unions::wrapped(comparison, self) {
            return false;
        }
        self.types(comparison)
    }

    fn types(&self, comparison: &mut Comparison<'a>) -> bool {
        let (old, new) = (self.old.types, self.new.types);
        if old == new {
            return true;
        }
        let kind = Kind::TypeChanged {
            from: old.to_string(),
            to: new.to_string(),
        };
        let sides = |draft: Draft<'a>| {
            let old = self.old.type_at.as_ref().unwrap_or(&self.old_at);
            let new = self.new.type_at.as_ref().unwrap_or(&self.new_at);
            draft.both(old, new)
        };
        let as_text = self.position.text && self.reads_as_text(comparison);
        let (effect, related) = if old.within(new) {
            (Effect::widens(self.reader()), true)
        } else if new.within(old) {
            (Effect::narrows(), true)
        } else if as_text {
            let text = "the value travels as text, and the new type takes every text of the old";
            (Effect::always(Verdict::Compatible, text), false)
        } else {
            (Effect::replaces(self.reader()), false)
        };
        let mut draft = sides(Draft::new(kind, effect));
        if !related {
            // What the new type allows is compared with nothing else.
            draft = draft.about(Some(&self.old_at), Some(&self.new_at));
        }
        comparison.emit(draft);
        related
    }

    /// Generated clients read any scalar where the contract promises plain text.
    fn reader(&self) -> Reader {
        let is_plain = self.old.types == Types::STRING && keywords::is_plain_text(&self.old);
        match is_plain && self.new.types.is_scalar() {
            true => Reader::Converts,
            false => Reader::Checks,
        }
    }

    /// Whether text that the old schema takes is always text that the new one takes.
    fn reads_as_text(&self, comparison: &Comparison<'a>) -> bool {
        let (old, new) = (self.old.types, self.new.types);
        let takes = |view: &View<'a>| {
            view.is_pure_type() && (old.within(view.types) || Types::STRING.within(view.types))
        };
        if !old.is_scalar() {
            return false;
        }
        if new.is_scalar() {
            return takes(&self.new);
        }
        let only_items = |key: &&str| ["items", "nullable"].contains(key);
        let items = self.new.at("items");
        self.position.list_of_one
            && new == Types::ARRAY
            && self.new.keywords.keys().all(only_items)
            && items.is_none_or(|items| {
                takes(&View::new(
                    &comparison.new,
                    items,
                    Reading {
                        open: true,
                        fold: true,
                    },
                ))
            })
    }

    fn draft(&self, kind: Kind, effect: Effect) -> Draft<'a> {
        Draft::new(kind, effect).both(&self.old_at, &self.new_at)
    }

    fn lifecycle(&self) -> Lifecycle<'a> {
        Lifecycle::of(
            (&self.old_at, &self.new_at),
            |key| self.old.at(key).cloned(),
            |key| self.new.at(key).cloned(),
        )
    }

    /// Where a keyword stands on both sides: more than once where several parts of
    /// `allOf` have it.
    fn sites(&self, key: &str) -> Vec<Pair<'a>> {
        let all = |view: &View<'a>| view.keywords.get(key).cloned().unwrap_or_default();
        matched::aligned(all(&self.old), all(&self.new))
    }
}

fn nullable<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old, &schemas.new);
    if old.nullable == new.nullable {
        return;
    }
    let sides = (old.nullable_at.clone(), new.nullable_at.clone());
    let (kind, effect) = match new.nullable {
        true if schemas.position.optional => (
            Kind::BecameNullable,
            Effect::by_flow(
                (Verdict::Compatible, "the server still takes what it took"),
                (
                    Verdict::Risky,
                    "old clients that expect a value or nothing fail on null; a generated one \
                     reads it as nothing",
                ),
            ),
        ),
        true => (Kind::BecameNullable, Effect::widens(Reader::Checks)),
        false => (Kind::BecameNotNullable, Effect::narrows()),
    };
    comparison.emit(Draft::new(kind, effect).sides(sides.0, sides.1));
}
