//! The same thing under another name, where the content says so.

use super::comparison::Kind;
use super::equal;
use super::side::{Side, Sited};
use crate::source::Node;

/// Something that lost or gained a name.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    pub(super) site: Sited<'a>,
    /// Must be equal on both sides.
    pub(super) mark: u8,
}

/// Above so many on a side nobody renamed; it is another document.
const MOST: usize = 64;

/// Pairs of names that mean the same schema. Both must say the same, and something
/// beside the type must speak for it: a name that only changed its spelling, the
/// same description, or a content that is no coincidence.
pub(super) fn find<'a>(
    (old_side, old): (Side<'a>, &[Candidate<'a>]),
    (new_side, new): (Side<'a>, &[Candidate<'a>]),
) -> Vec<(&'a str, &'a str)> {
    if old.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    let matches = |one: &Candidate<'a>, two: &Candidate<'a>| {
        one.mark == two.mark
            && speaks_for_it(one, two)
            && equal::schemas((old_side, &one.site), (new_side, &two.site))
    };
    unambiguous(old, new, matches)
        .into_iter()
        .map(|(one, two)| (one.name, two.name))
        .collect()
}

/// The pairs of which each half matches the other and nothing else.
pub(super) fn unambiguous<'l, T>(
    old: &'l [T],
    new: &'l [T],
    matches: impl Fn(&T, &T) -> bool,
) -> Vec<(&'l T, &'l T)> {
    let table: Vec<Vec<bool>> = old
        .iter()
        .map(|one| new.iter().map(|two| matches(one, two)).collect())
        .collect();
    let mut pairs = Vec::new();
    for (row, one) in table.iter().zip(old) {
        let hits: Vec<usize> = (0..new.len()).filter(|column| row[*column]).collect();
        if let [column] = hits[..]
            && table.iter().filter(|row| row[column]).count() == 1
        {
            pairs.push((one, &new[column]));
        }
    }
    pairs
}

fn speaks_for_it(one: &Candidate<'_>, two: &Candidate<'_>) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let descriptions = [one, two].map(|candidate| candidate.site.text("description"));
    plain(one.name) == plain(two.name)
        || (descriptions[0].is_some() && descriptions[0] == descriptions[1])
        || (weight(one.site.node) >= 4 && one.site.node.same(two.site.node))
}

/// How much a schema says: its keywords, all levels. A reference says a lot.
fn weight(node: &Node) -> usize {
    if node.get("$ref").is_some() {
        return 2;
    }
    let inner = node.entries().map(|(_, entry)| 1 + weight(&entry.node));
    inner.sum::<usize>() + node.items().map(weight).sum::<usize>()
}

/// Whether two operations say the same but for words.
pub(super) fn same_operation<'a>(old: (Side<'a>, &Sited<'a>), new: (Side<'a>, &Sited<'a>)) -> bool {
    equal::objects(Kind::Operation, old, new)
}
