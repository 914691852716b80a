//! Choices: `oneOf` and `anyOf`.

use super::Schemas;
use super::view::{Union, View};
use crate::diff::change::{Effect, Reader, Verdict};
use crate::diff::comparison::{Comparison, Draft, Kind};
use crate::diff::equal;
use crate::diff::side::Sited;

/// Reports a schema that became a choice, or stopped being one; whether the rest
/// can be compared.
pub(super) fn wrapped<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) -> bool {
    let (id, predicate, effect, is_same) =
        match (schemas.old.unions.as_slice(), schemas.new.unions.as_slice()) {
            ([], [union]) if !is_bare(&schemas.old) && is_choice(&schemas.new) => {
                let same = |branch: &Sited<'a>| same(comparison, &schemas.old_at, branch);
                let effect = Effect::widens(Reader::Checks);
                let predicate = format!("is a choice of {} now", list(union));
                let found = union.branches.iter().any(same);
                ("became-choice", predicate, effect, found)
            }
            ([union], []) if !is_bare(&schemas.new) && is_choice(&schemas.old) => {
                let same = |branch: &Sited<'a>| same(comparison, branch, &schemas.new_at);
                let predicate = format!("is no longer a choice of {}", list(union));
                let found = union.branches.iter().any(same);
                let effect = Effect::narrows();
                ("no-longer-choice", predicate, effect, found)
            }
            _ => return true,
        };
    let effect = match is_same {
        true => effect,
        false => Effect::replaces(Reader::Checks),
    };
    comparison.emit(schemas.draft(id, predicate, effect));
    false
}

/// Whether it is a choice and nothing else; beside other keywords a choice is one
/// constraint among them.
fn is_choice(view: &View<'_>) -> bool {
    view.types.is_any() && view.properties.is_empty() && view.required.is_empty()
}

/// Whether it says nothing that a choice could be compared with.
fn is_bare(view: &View<'_>) -> bool {
    view.types.is_any() && view.is_pure_type()
}

fn same<'a>(comparison: &Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) -> bool {
    comparison.limit.is_none() && equal::schemas((comparison.old, old), (comparison.new, new))
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old.unions, &schemas.new.unions);
    for (old, new) in old.iter().zip(new) {
        one(comparison, old, new);
    }
    let shared = old.len().min(new.len());
    for union in &old[shared..] {
        let predicate = format!("`{}` was removed", union.keyword);
        let effect = Effect::widens(Reader::Checks);
        comparison.emit(Draft::new("subschema-removed", predicate, effect).old(&union.site));
    }
    for union in &new[shared..] {
        let predicate = format!("`{}` is new", union.keyword);
        let draft = Draft::new("subschema-added", predicate, Effect::narrows());
        comparison.emit(draft.new_at(&union.site));
    }
}

fn one<'a>(comparison: &mut Comparison<'a>, old: &Union<'a>, new: &Union<'a>) {
    if old.keyword != new.keyword {
        let (predicate, effect) = match new.keyword {
            "oneOf" => (
                "`oneOf` in place of `anyOf`: exactly one choice must fit now",
                Effect::narrows(),
            ),
            _ => (
                "`anyOf` in place of `oneOf`: several choices may fit now",
                Effect::widens(Reader::Ignores),
            ),
        };
        comparison.emit(Draft::new("choice-changed", predicate, effect).both(&old.site, &new.site));
    }
    let mut removed: Vec<Sited<'a>> = old.branches.clone();
    let mut added: Vec<Sited<'a>> = new.branches.clone();
    // By name, by text, by content, and what is left in order.
    take(&mut removed, &mut added, |one, two| {
        reference(one).is_some() && reference(one) == reference(two)
    })
    .iter()
    .for_each(|(old, new)| comparison.pair(Kind::SCHEMA, old, new));
    take(&mut removed, &mut added, |one, two| one.node.same(two.node))
        .iter()
        .for_each(|(old, new)| comparison.pair(Kind::SCHEMA, old, new));
    // Every one with every other is only for choices that a person overlooks.
    const MOST: usize = 32;
    let is_few = removed.len().max(added.len()) <= MOST;
    let equal = |one: &Sited<'a>, two: &Sited<'a>| is_few && same(comparison, one, two);
    let alike = take(&mut removed, &mut added, equal);
    for (left, right) in alike {
        exchanged(comparison, (old, new), &left, &right);
        let (left, right) = (comparison.old.follow(&left), comparison.new.follow(&right));
        comparison.pair(Kind::SCHEMA, &left, &right);
    }
    take(&mut removed, &mut added, |one, two| {
        reference(one).is_none()
            && reference(two).is_none()
            && one.text("type") == two.text("type")
            && one.text("title") == two.text("title")
    })
    .iter()
    .for_each(|(old, new)| comparison.pair(Kind::SCHEMA, old, new));
    branches(comparison, old, new, &removed, &added);
}

/// Branches that only one side has.
fn branches<'a>(
    comparison: &mut Comparison<'a>,
    old: &Union<'a>,
    new: &Union<'a>,
    removed: &[Sited<'a>],
    added: &[Sited<'a>],
) {
    for branch in removed {
        let effect = match new
            .branches
            .iter()
            .any(|other| same(comparison, branch, other))
        {
            true => Effect::always(
                Verdict::Risky,
                "another branch takes the same values, but who tells branches by name does not \
                 find this one",
            ),
            false => Effect::narrows(),
        };
        let predicate = format!("`{}` no longer offers {}", old.keyword, describe(branch));
        let draft = Draft::new("choice-removed", predicate, effect);
        comparison.emit(draft.both(&old.site, &new.site));
    }
    for branch in added {
        let is_known = old
            .branches
            .iter()
            .any(|other| same(comparison, other, branch));
        let effect = match (is_known, new.keyword) {
            (false, _) => Effect::widens(Reader::Checks),
            (true, "oneOf") => Effect::always(
                Verdict::Risky,
                "another choice takes the same values, so that not exactly one fits any more",
            ),
            (true, _) => Effect::always(
                Verdict::Compatible,
                "another choice already took the same values",
            ),
        };
        let predicate = format!("`{}` offers {} too", new.keyword, describe(branch));
        let draft = Draft::new("choice-added", predicate, effect);
        comparison.emit(draft.both(&old.site, &new.site));
    }
}

/// The branches as a reader would call them.
fn list(union: &Union<'_>) -> String {
    const MOST: usize = 4;
    let name = |branch: &Sited<'_>| name(branch).unwrap_or_else(|| "a schema".to_owned());
    let names: Vec<_> = union.branches.iter().take(MOST).map(name).collect();
    match union.branches.len() {
        n if n > MOST => format!("{} and {} more", names.join(", "), n - MOST),
        _ => names.join(" or "),
    }
}

fn name(branch: &Sited<'_>) -> Option<String> {
    let name = reference(branch).and_then(|reference| reference.rsplit('/').next());
    match name.or(branch.text("title")) {
        Some(name) => Some(format!("`{name}`")),
        None => branch.text("type").map(str::to_owned),
    }
}

/// One branch as a reader would call it.
fn describe(branch: &Sited<'_>) -> String {
    if let Some(name) = name(branch).filter(|name| name.starts_with('`')) {
        return name;
    }
    let number = branch
        .at
        .rsplit('/')
        .next()
        .and_then(|index| index.parse::<usize>().ok());
    let number = number.map_or(1, |index| index + 1);
    match branch.text("type") {
        Some(kind) => format!("its choice {number}, of type {kind},"),
        None => format!("its choice {number}"),
    }
}

/// A branch that says the same under another name, which is no rename when the
/// document has both.
fn exchanged<'a>(
    comparison: &mut Comparison<'a>,
    unions: (&Union<'a>, &Union<'a>),
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let (Some(from), Some(to)) = (reference(old), reference(new)) else {
        return;
    };
    let exists = |side: &crate::diff::side::Side<'a>, reference: &str| {
        crate::walk::pointer(reference).is_some_and(|at| side.root.pointer(&at).is_some())
    };
    if from != to && exists(&comparison.new, from) && exists(&comparison.old, to) {
        let text = "both say the same today, but who tells branches by name reads another one";
        let effect = Effect::always(Verdict::Risky, text);
        let last = |reference: &'a str| reference.rsplit('/').next().unwrap_or(reference);
        let predicate = format!(
            "`{}` offers `{}` in place of `{}`",
            unions.1.keyword,
            last(to),
            last(from)
        );
        let draft = Draft::new("choice-exchanged", predicate, effect);
        comparison.emit(draft.both(&unions.0.site, &unions.1.site));
    }
}

fn reference<'a>(branch: &Sited<'a>) -> Option<&'a str> {
    branch.text("$ref")
}

/// Takes the pairs that match out of both lists.
fn take<'a>(
    old: &mut Vec<Sited<'a>>,
    new: &mut Vec<Sited<'a>>,
    matches: impl Fn(&Sited<'a>, &Sited<'a>) -> bool,
) -> Vec<(Sited<'a>, Sited<'a>)> {
    let mut pairs = Vec::new();
    old.retain(|one| {
        let found = new.iter().position(|two| matches(one, two));
        match found {
            Some(index) => {
                pairs.push((one.clone(), new.remove(index)));
                false
            }
            None => true,
        }
    });
    pairs
}
