//! What the other parts leave: words, extensions, definitions, and text that says the
//! same in another way. Nothing is dropped.

use super::{KNOWN, Schemas, bounds, children};
use crate::annotations;
use crate::change::{Effect, Verdict};
use crate::comparison::{Comparison, Draft, Role};
use crate::kind::Kind;
use crate::lifecycle;
use crate::matched::{self, Sides};
use crate::side::Sited;

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    words(comparison, schemas);
    definitions(comparison, schemas);
    unknown_types(comparison, schemas);
    malformed(comparison, schemas);
    ignored(comparison, schemas);
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
        for (old, new) in schemas.sites(key) {
            keyword(comparison, key, old, new);
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
        return annotations::keyword(comparison, key, old, new);
    }
    if annotations::differs(old.as_ref(), new.as_ref()) {
        let text = "XML is written another way; JSON is not affected";
        let effect = Effect::always(Verdict::Risky, text);
        comparison.emit(Draft::new(Kind::XmlChanged, effect).sides(old, new));
    }
}

/// Schemas in `$defs`, by name. What refers to them uses them.
fn definitions<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let both = (
        schemas.old.definitions.clone(),
        schemas.new.definitions.clone(),
    );
    for (_, sides) in matched::by_name(both.0, both.1) {
        let draft =
            |kind, text: &'static str| Draft::new(kind, Effect::always(Verdict::Compatible, text));
        match sides {
            Sides::Both(old, new) => {
                comparison.pair_detached(Role::SCHEMA, &old, &new);
            }
            Sides::Old(site) => {
                let text = "what used it is compared by itself";
                comparison.emit(draft(Kind::DefinitionRemoved, text).old(&site));
            }
            Sides::New(site) => {
                let text = "what uses it is compared by itself";
                comparison.emit(draft(Kind::DefinitionAdded, text).new_at(&site));
            }
        }
    }
}

/// What is no schema is not understood, but not overlooked either.
fn malformed<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let both = (schemas.old.malformed.clone(), schemas.new.malformed.clone());
    for (old, new) in matched::aligned(both.0, both.1) {
        if annotations::differs(old.as_ref(), new.as_ref()) {
            let draft = Draft::new(Kind::MalformedChanged, Effect::unclassified());
            comparison.emit(draft.sides(old, new));
        }
    }
}

fn unknown_types<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    if schemas.old.unknown_types != schemas.new.unknown_types {
        let key = "type".to_owned();
        let draft = Draft::new(Kind::KeywordChanged { key }, Effect::unclassified());
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
        annotations::ignored(comparison, key, find(old, key), find(new, key));
    }
}

/// Text that differs although it means the same: a type that was implied is stated,
/// parts of `allOf` moved, `minLength: 0` written out.
pub(super) fn restated<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old, &schemas.new);
    if (old.parts, old.keys) != (new.parts, new.keys) {
        let text = "it is put another way and allows the same";
        let effect = Effect::always(Verdict::Compatible, text);
        comparison.emit(schemas.draft(Kind::SchemaRestated { key: None }, effect));
    }
}
