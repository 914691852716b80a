//! Two schemas (JSON Schema as `OpenAPI` 3.0, section 4.7.24, and 3.1, section
//! 4.8.24, use it). A change allows less, more or other values; what follows is a
//! matter of direction.

mod bounds;
mod children;
mod properties;
mod types;
mod unions;
mod values;
mod view;

use super::change::{Effect, Reader, Verdict};
use super::comparison::{Comparison, Draft, Kind, Position};
use super::lifecycle::{self, Lifecycle};
use super::matched::{self, Sides};
use super::rest;
use super::side::{Side, Sited};
use types::Types;
use view::View;

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
        format(comparison, &schemas);
        pattern(comparison, &schemas);
        default(comparison, &schemas);
        mutability(comparison, &schemas);
        properties::compare(comparison, &schemas);
        children::compare(comparison, &schemas);
        unions::compare(comparison, &schemas);
    }
    lifecycle::compare(comparison, schemas.lifecycle());
    words(comparison, &schemas);
    definitions(comparison, &schemas);
    unknown_types(comparison, &schemas);
    ignored(comparison, &schemas);
    if comparison.emitted == before {
        restated(comparison, &schemas);
    }
}

/// Both schemas. A choice of one is opened where the other side is no choice, as in
/// `oneOf: [A, {type: 'null'}]` for a nullable `A`.
fn views<'a>(
    comparison: &Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) -> (View<'a>, View<'a>) {
    let read = |opened| {
        (
            View::new(&comparison.old, old, opened),
            View::new(&comparison.new, new, opened),
        )
    };
    let views = read(false);
    let is_plain = |view: &View<'a>| view.unions.is_empty();
    let has_one = |view: &View<'a>| view.unions.iter().any(|union| union.branches.len() == 1);
    match (is_plain(&views.0) && has_one(&views.1)) || (is_plain(&views.1) && has_one(&views.0)) {
        true => read(true),
        false => views,
    }
}

impl<'a> Schemas<'a> {
    /// Reports another shape altogether; whether the rest can be compared.
    fn compatible_shapes(&self, comparison: &mut Comparison<'a>) -> bool {
        if self.old.never != self.new.never {
            let (predicate, effect) = match self.new.never {
                true => ("allows no value any more", Effect::narrows()),
                false => ("allows values now", Effect::widens(Reader::Ignores)),
            };
            comparison.emit(self.draft("type-changed", predicate, effect));
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
        let change = format!("`type` changed from {old} to {new}");
        let sides = |draft: Draft<'a>| {
            let old = self.old.type_at.as_ref().unwrap_or(&self.old_at);
            let new = self.new.type_at.as_ref().unwrap_or(&self.new_at);
            draft.both(old, new)
        };
        let as_text = self.position.text && self.reads_as_text(comparison);
        let (effect, related) = if old.within(new) {
            (Effect::widens(Reader::Checks), true)
        } else if new.within(old) {
            (Effect::narrows(), true)
        } else if as_text {
            let text = "the value travels as text, and the new type takes every text of the old";
            (Effect::always(Verdict::Compatible, text), false)
        } else {
            (Effect::replaces(Reader::Checks), false)
        };
        comparison.emit(sides(Draft::new("type-changed", change, effect)));
        related
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
            && items.is_none_or(|items| takes(&View::new(&comparison.new, items, true)))
    }

    fn draft(&self, id: &'static str, predicate: impl Into<String>, effect: Effect) -> Draft<'a> {
        Draft::new(id, predicate, effect).both(&self.old_at, &self.new_at)
    }

    fn lifecycle(&self) -> Lifecycle<'a> {
        Lifecycle::of(
            (&self.old_at, &self.new_at),
            |key| self.old.at(key).cloned(),
            |key| self.new.at(key).cloned(),
        )
    }

    /// Where a keyword stands on both sides.
    fn sites(&self, key: &str) -> (Option<Sited<'a>>, Option<Sited<'a>>) {
        (self.old.at(key).cloned(), self.new.at(key).cloned())
    }
}

fn nullable<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old, &schemas.new);
    if old.nullable == new.nullable {
        return;
    }
    let sides = (old.nullable_at.clone(), new.nullable_at.clone());
    let (id, predicate, effect) = match new.nullable {
        true if schemas.position.optional => (
            "became-nullable",
            "may be null now",
            Effect::by_flow(
                (Verdict::Compatible, "the server still takes what it took"),
                (
                    Verdict::Risky,
                    "old clients that expect a value or nothing fail on null; a generated one \
                     reads it as nothing",
                ),
            ),
        ),
        true => (
            "became-nullable",
            "may be null now",
            Effect::widens(Reader::Checks),
        ),
        false => (
            "became-not-nullable",
            "may not be null any more",
            Effect::narrows(),
        ),
    };
    comparison.emit(Draft::new(id, predicate, effect).sides(sides.0, sides.1));
}

/// Formats that the generator gives a type of their own, which fails on other text.
const TYPED: [&str; 11] = [
    "date",
    "date-time",
    "double",
    "float",
    "int32",
    "int64",
    "ip",
    "ipv4",
    "ipv6",
    "uint64",
    "uuid",
];

fn format<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = schemas.sites("format");
    let Some(verb) = rest::verb(old.as_ref(), new.as_ref()) else {
        return;
    };
    let text = |site: &Option<Sited<'a>>| site.as_ref().and_then(|site| site.node.as_str());
    let reader = match text(&old).is_some_and(|format| TYPED.contains(&format)) {
        true => Reader::Checks,
        false => Reader::Ignores,
    };
    let effect = match (text(&old), text(&new)) {
        (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
            Effect::widens(Reader::Checks)
        }
        (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => Effect::narrows(),
        (None, _) => Effect::by_flow(
            (
                Verdict::Risky,
                "a server that checks formats may refuse what old clients send",
            ),
            (
                Verdict::Compatible,
                "what the server sends was allowed before",
            ),
        ),
        (_, None) => Effect::widens(reader),
        _ => Effect::replaces(reader),
    };
    comparison
        .emit(Draft::new("format-changed", format!("`format` {verb}"), effect).sides(old, new));
}

fn pattern<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = schemas.sites("pattern");
    let Some(verb) = rest::verb(old.as_ref(), new.as_ref()) else {
        return;
    };
    // A pattern that every text matches is none.
    let limits = |site: &Option<Sited<'a>>| {
        let text = site.as_ref().and_then(|site| site.node.as_str());
        text.is_some_and(|text| !["", ".*", "^.*$", "^.*", ".*$", "^(.*)$"].contains(&text))
    };
    let effect = match (limits(&old), limits(&new)) {
        (true, true) => Effect::replaces(Reader::Checks),
        (false, true) => Effect::narrows(),
        (true, false) => Effect::widens(Reader::Checks),
        (false, false) => Effect::always(Verdict::Compatible, "both allow any text"),
    };
    comparison
        .emit(Draft::new("pattern-changed", format!("`pattern` {verb}"), effect).sides(old, new));
}

fn default<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = schemas.sites("default");
    let Some(verb) = rest::verb(old.as_ref(), new.as_ref()) else {
        return;
    };
    let effect = Effect::by_flow(
        (
            Verdict::Risky,
            "the server does something else for old clients that leave it out",
        ),
        (
            Verdict::Risky,
            "clients that fill in the default read something else where it is left out",
        ),
    );
    comparison
        .emit(Draft::new("default-changed", format!("`default` {verb}"), effect).sides(old, new));
}

/// `readOnly` and `writeOnly`, which say who should send a property.
fn mutability<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    const TAKEN: (Verdict, &str) = (Verdict::Compatible, "the server takes it");
    const SENT: (Verdict, &str) = (Verdict::Compatible, "the server sends it");
    const NOT_TAKEN: (Verdict, &str) = (
        Verdict::Risky,
        "the server ignores or refuses what old clients send in it",
    );
    const NOT_SENT: (Verdict, &str) = (
        Verdict::Risky,
        "the server should not send it any more; old clients that require it fail",
    );
    for (key, [on, off], [is_on, is_off], [request, response]) in [
        (
            "readOnly",
            ["became-read-only", "became-not-read-only"],
            ["is set by the server only now", "may be set by clients now"],
            [NOT_TAKEN, SENT],
        ),
        (
            "writeOnly",
            ["became-write-only", "became-not-write-only"],
            [
                "is sent by clients only now",
                "is sent by the server too now",
            ],
            [TAKEN, NOT_SENT],
        ),
    ] {
        let is = (schemas.old.flag(key), schemas.new.flag(key));
        let draft = match is {
            (false, true) => Draft::new(on, is_on, Effect::by_flow(request, response)),
            (true, false) => Draft::new(off, is_off, Effect::by_flow(TAKEN, SENT)),
            _ => continue,
        };
        let (old, new) = schemas.sites(key);
        comparison.emit(draft.sides(old, new));
    }
}

/// Everything that no other function compares, keyword by keyword.
fn words<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old.keywords, &schemas.new.keywords);
    let known = |key: &str| {
        KNOWN.contains(&key)
            || bounds::is_bound(key)
            || children::KEYWORDS.contains(&key)
            || lifecycle::KEYWORDS.contains(&key)
    };
    let added = new.keys().filter(|key| !old.contains_key(*key));
    for key in old.keys().chain(added).filter(|key| !known(key)) {
        let (mut left, mut right) = (sites(old, key), sites(new, key));
        // The same keyword may stand in several parts; equal ones cancel out.
        left.retain(|one| {
            let same = right.iter().position(|other| other.node.same(one.node));
            same.map(|index| right.remove(index)).is_none()
        });
        let mut right = right.into_iter();
        for old in left {
            keyword(comparison, key, Some(old), right.next());
        }
        for new in right {
            keyword(comparison, key, None, Some(new));
        }
    }
}

fn keyword<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: Option<Sited<'a>>,
    new: Option<Sited<'a>>,
) {
    if key != "xml" {
        return rest::keyword(comparison, key, old, new);
    }
    if let Some(verb) = rest::verb(old.as_ref(), new.as_ref()) {
        let text = "XML is written another way; JSON is not affected";
        let effect = Effect::always(Verdict::Risky, text);
        comparison.emit(Draft::new("xml-changed", format!("`xml` {verb}"), effect).sides(old, new));
    }
}

/// Schemas in `$defs`, by name. What refers to them uses them.
fn definitions<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let both = (
        schemas.old.definitions.clone(),
        schemas.new.definitions.clone(),
    );
    for (_, sides) in matched::by_name(both.0, both.1) {
        let draft = |id, predicate: &str, text: &'static str| {
            Draft::new(id, predicate, Effect::always(Verdict::Compatible, text))
        };
        match sides {
            Sides::Both(old, new) => {
                comparison.pair_detached(Kind::Schema(Position::default()), &old, &new);
            }
            Sides::Old(site) => {
                let text = "what used it is compared by itself";
                comparison.emit(draft("definition-removed", "was removed", text).old(&site));
            }
            Sides::New(site) => {
                let text = "what uses it is compared by itself";
                comparison.emit(draft("definition-added", "is new", text).new_at(&site));
            }
        }
    }
}

fn unknown_types<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    if schemas.old.unknown_types != schemas.new.unknown_types {
        let draft = Draft::new("keyword-changed", "`type` changed", Effect::unclassified());
        comparison.emit(draft.sides(schemas.old.type_at.clone(), schemas.new.type_at.clone()));
    }
}

fn ignored<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old.ignored, &schemas.new.ignored);
    let find = |list: &[(&'a str, Sited<'a>)], key: &str| {
        let found = list.iter().find(|(other, _)| *other == key);
        found.map(|(_, site)| site.clone())
    };
    for (key, _) in old.iter().chain(new) {
        rest::ignored(comparison, key, find(old, key), find(new, key));
    }
}

fn sites<'a>(keywords: &indexmap::IndexMap<&'a str, Vec<Sited<'a>>>, key: &str) -> Vec<Sited<'a>> {
    keywords.get(key).cloned().unwrap_or_default()
}

/// Text that differs although it means the same: a type that was implied is stated,
/// parts of `allOf` moved, `minLength: 0` written out.
fn restated<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old, &schemas.new);
    if (old.parts, old.keys) != (new.parts, new.keys) {
        let text = "it is put another way and allows the same";
        let effect = Effect::always(Verdict::Compatible, text);
        comparison.emit(schemas.draft("schema-restated", "is put another way", effect));
    }
}
