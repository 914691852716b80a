//! Choices: `oneOf` and `anyOf`.

use super::view::{Union, View};
use super::{Schemas, is_scalar};
use crate::change::{Effect, Reader, Verdict};
use crate::comparison::{Comparison, Draft, Role};
use crate::equal;
use crate::kind::{self, Kind};
use crate::side::Sited;

/// Reports a schema that became a choice, or stopped being one; whether the rest
/// can be compared.
pub(super) fn wrapped<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) -> bool {
    let (kind, effect, is_same) =
        match (schemas.old.unions.as_slice(), schemas.new.unions.as_slice()) {
            ([], [union]) if !is_bare(&schemas.old) && is_choice(&schemas.new) => {
                let same = |branch: &Sited<'a>| same(comparison, &schemas.old_at, branch);
                let effect = Effect::widens(Reader::Checks);
                let found = union.branches.iter().any(same);
                (Kind::BecameChoice { of: names(union) }, effect, found)
            }
            ([union], []) if !is_bare(&schemas.new) && is_choice(&schemas.old) => {
                let same = |branch: &Sited<'a>| same(comparison, branch, &schemas.new_at);
                let found = union.branches.iter().any(same);
                let kind = Kind::NoLongerChoice { of: names(union) };
                (kind, Effect::narrows(), found)
            }
            _ => return true,
        };
    let effect = match is_same {
        true => effect,
        false => Effect::replaces(Reader::Checks),
    };
    comparison.emit(schemas.draft(kind, effect));
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
        let (key, name) = (union.keyword.to_owned(), None);
        let effect = Effect::widens(Reader::Checks);
        let kind = Kind::SubschemaRemoved { key, name };
        comparison.emit(Draft::new(kind, effect).old(&union.site));
    }
    for union in &new[shared..] {
        let (key, name) = (union.keyword.to_owned(), None);
        let kind = Kind::SubschemaAdded { key, name };
        comparison.emit(Draft::new(kind, Effect::narrows()).new_at(&union.site));
    }
}

fn one<'a>(comparison: &mut Comparison<'a>, old: &Union<'a>, new: &Union<'a>) {
    if old.keyword != new.keyword {
        let exactly_one = new.keyword == "oneOf";
        let effect = match exactly_one {
            true => Effect::narrows(),
            false => Effect::widens(Reader::Ignores),
        };
        let draft = Draft::new(Kind::ChoiceChanged { exactly_one }, effect);
        comparison.emit(draft.both(&old.site, &new.site));
    }
    let mut removed: Vec<Sited<'a>> = old.branches.clone();
    let mut added: Vec<Sited<'a>> = new.branches.clone();
    // By name, by text, by content, and what is left in order.
    take(&mut removed, &mut added, |one, two| {
        reference(one).is_some() && reference(one) == reference(two)
    })
    .iter()
    .for_each(|(old, new)| comparison.pair(Role::SCHEMA, old, new));
    take(&mut removed, &mut added, |one, two| one.node.same(two.node))
        .iter()
        .for_each(|(old, new)| comparison.pair(Role::SCHEMA, old, new));
    // Every one with every other is only for choices that a person overlooks.
    const MOST: usize = 32;
    let is_few = removed.len().max(added.len()) <= MOST;
    let equal = |one: &Sited<'a>, two: &Sited<'a>| is_few && same(comparison, one, two);
    let alike = take(&mut removed, &mut added, equal);
    for (left, right) in alike {
        exchanged(comparison, (old, new), &left, &right);
        let (left, right) = (comparison.old.follow(&left), comparison.new.follow(&right));
        comparison.pair(Role::SCHEMA, &left, &right);
    }
    let are_alike = |one: &Sited<'a>, two: &Sited<'a>| {
        let is_inline = reference(one).is_none() && reference(two).is_none();
        is_inline && one.text("type") == two.text("type")
    };
    // A title helps to find the other one, and decides nothing.
    let mut alike = take(&mut removed, &mut added, |one, two| {
        are_alike(one, two) && one.text("title") == two.text("title")
    });
    alike.extend(take(&mut removed, &mut added, are_alike));
    for (old, new) in &alike {
        comparison.pair(Role::SCHEMA, old, new);
    }
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
        let kind = Kind::ChoiceRemoved {
            keyword: old.keyword.to_owned(),
            branch: fact(branch),
        };
        let draft = Draft::new(kind, effect).both(&old.site, &new.site);
        comparison.emit(draft.about(Some(branch), None));
    }
    for branch in added {
        let is_known = old
            .branches
            .iter()
            .any(|other| same(comparison, other, branch));
        let effect = match (is_known, new.keyword) {
            (false, _) => Effect::widens(reader(comparison, old)),
            (true, "oneOf") => Effect::always(
                Verdict::Risky,
                "another choice takes the same values, so that not exactly one fits any more",
            ),
            (true, _) => Effect::always(
                Verdict::Compatible,
                "another choice already took the same values",
            ),
        };
        let kind = Kind::ChoiceAdded {
            keyword: new.keyword.to_owned(),
            branch: fact(branch),
        };
        let draft = Draft::new(kind, effect).both(&old.site, &new.site);
        comparison.emit(draft.about(None, Some(branch)));
    }
}

/// Generated clients keep what is none of the alternatives, but where all are texts and numbers. A
/// single one is no choice to them.
fn reader(comparison: &Comparison<'_>, union: &Union<'_>) -> Reader {
    let scalar = |branch: &Sited<'_>| is_scalar(&comparison.old, Some(branch));
    match union.branches.len() > 1 && !union.branches.iter().all(scalar) {
        true => Reader::Keeps,
        false => Reader::Checks,
    }
}

/// The branches as a reader would call them.
fn names(union: &Union<'_>) -> Vec<String> {
    let name = |branch: &Sited<'_>| match (name(branch), branch.text("type")) {
        (Some(name), _) => format!("`{name}`"),
        (None, Some(name)) => name.to_owned(),
        (None, None) => "a schema".to_owned(),
    };
    union.branches.iter().map(name).collect()
}

fn name<'a>(branch: &Sited<'a>) -> Option<&'a str> {
    let name = reference(branch).and_then(|reference| reference.rsplit('/').next());
    name.or(branch.text("title"))
}

fn fact(branch: &Sited<'_>) -> kind::Branch {
    let index = branch
        .at
        .rsplit('/')
        .next()
        .and_then(|index| index.parse().ok());
    kind::Branch {
        name: name(branch).map(str::to_owned),
        r#type: branch.text("type").map(str::to_owned),
        number: index.map_or(1, |index: usize| index + 1),
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
    let exists = |side: &crate::side::Side<'a>, reference: &str| {
        contract::walk::pointer(reference).is_some_and(|at| side.root.pointer(&at).is_some())
    };
    if from != to && exists(&comparison.new, from) && exists(&comparison.old, to) {
        let text = "both say the same today, but who tells branches by name reads another one";
        let effect = Effect::always(Verdict::Risky, text);
        let last = |reference: &'a str| reference.rsplit('/').next().unwrap_or(reference);
        let kind = Kind::ChoiceExchanged {
            keyword: unions.1.keyword.to_owned(),
            from: last(from).to_owned(),
            to: last(to).to_owned(),
        };
        let draft = Draft::new(kind, effect).both(&unions.0.site, &unions.1.site);
        comparison.emit(draft.about(Some(old), Some(new)));
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
