//! The same thing under another name, where the content says so.

use super::comparison::Role;
use super::equal;
use super::side::{Side, Sited};
use contract::source::Node;

/// Something that lost or gained a name.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    pub(super) site: Sited<'a>,
    /// Must be equal on both sides.
    pub(super) mark: u8,
}

/// Above so many on a side nobody renamed; it is another document.
const MOST: usize = 64;

/// Pairs of places in the two lists that mean the same schema. Both must say the same, and something
/// beside the type must speak for it: a name that only changed its spelling, the
/// same description, or a content that is no coincidence.
pub(super) fn find<'a>(
    (old_side, old): (Side<'a>, &[Candidate<'a>]),
    (new_side, new): (Side<'a>, &[Candidate<'a>]),
) -> Vec<(usize, usize)> {
    if old.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    let matches = |one: &Candidate<'a>, two: &Candidate<'a>| {
        one.mark == two.mark
            && speaks_for_it(one, two)
            && equal::schemas((old_side, &one.site), (new_side, &two.site))
    };
    unambiguous(old, new, matches)
}

/// The pairs of places of which each half matches the other and nothing else.
pub(super) fn unambiguous<T>(
    old: &[T],
    new: &[T],
    matches: impl Fn(&T, &T) -> bool,
) -> Vec<(usize, usize)> {
    let row = |one: &T| new.iter().map(|two| matches(one, two)).collect();
    let table: Vec<Vec<bool>> = old.iter().map(row).collect();
    let mut pairs = Vec::new();
    for (index, row) in table.iter().enumerate() {
        let hits: Vec<usize> = (0..new.len()).filter(|column| row[*column]).collect();
        if let [column] = hits[..]
            && table.iter().filter(|row| row[column]).count() == 1
        {
            pairs.push((index, column));
        }
    }
    pairs
}

/// Takes the pairs out of both lists.
pub(super) fn take<T>(old: &mut Vec<T>, new: &mut Vec<T>, pairs: &[(usize, usize)]) -> Vec<(T, T)> {
    let (mut left, mut right): (Vec<_>, Vec<_>) = (
        old.drain(..).map(Some).collect(),
        new.drain(..).map(Some).collect(),
    );
    let taken = pairs.iter();
    let taken = taken.filter_map(|(one, two)| left[*one].take().zip(right[*two].take()));
    let taken = taken.collect();
    old.extend(left.into_iter().flatten());
    new.extend(right.into_iter().flatten());
    taken
}

fn speaks_for_it(one: &Candidate<'_>, two: &Candidate<'_>) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let descriptions = [one, two].map(|candidate| candidate.site.text("description"));
    plain(one.name) == plain(two.name)
        || (descriptions[0] == descriptions[1] && descriptions[0].is_some_and(is_telling))
        || (weight(one.site.node) >= TELLING && one.site.node.same(two.site.node))
}

/// Keywords, on all levels, that two things do not share by coincidence.
const TELLING: usize = 8;

/// Whether a description says more than many others do.
pub(super) fn is_telling(text: &str) -> bool {
    text.len() >= 16
}

/// How much a schema says: its keywords, all levels. A reference says a lot.
pub(super) fn weight(node: &Node) -> usize {
    if node.get("$ref").is_some() {
        return 2;
    }
    let inner = node.entries().map(|(_, entry)| 1 + weight(&entry.node));
    inner.sum::<usize>() + node.items().map(weight).sum::<usize>()
}

/// Whether two operations say the same but for words.
pub(super) fn same_operation<'a>(old: (Side<'a>, &Sited<'a>), new: (Side<'a>, &Sited<'a>)) -> bool {
    equal::objects(Role::Operation, old, new)
}

/// Whether what two objects are called may have changed: they say the same and enough
/// of it, or a reference led from one to the other and most of their properties stayed.
pub(super) fn is_alike<'a>(
    role: Role,
    led: bool,
    old: (Side<'a>, &Sited<'a>),
    new: (Side<'a>, &Sited<'a>),
) -> bool {
    let names = |site: &Sited<'a>| site.entries("properties");
    let (before, after) = (names(old.1), names(new.1));
    let stayed = before.iter().filter(|(name, _)| {
        new.1
            .node
            .get("properties")
            .is_some_and(|p| p.get(name).is_some())
    });
    let most = led && 2 * stayed.count() > before.len().max(after.len());
    let description = old.1.text("description");
    let is_telling = led
        || weight(old.1.node) >= TELLING
        || (description == new.1.text("description") && description.is_some_and(is_telling));
    most || (is_telling && equal::objects(role, old, new))
}
