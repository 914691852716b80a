//! What stands under the same name on both sides.

use std::collections::{HashMap, VecDeque};

use super::side::Sited;

/// Where something of a name stands.
pub(super) enum Sides<'a> {
    Both(Sited<'a>, Sited<'a>),
    Old(Sited<'a>),
    New(Sited<'a>),
}

pub(super) type Entries<'a> = Vec<(&'a str, Sited<'a>)>;

/// Entries by name, in the order of the old document, then what is new.
pub(super) fn by_name<'a>(old: Entries<'a>, new: Entries<'a>) -> Vec<(&'a str, Sides<'a>)> {
    by_key(old, new, str::to_owned)
}

/// Entries by what makes two names the same.
pub(super) fn by_key<'a>(
    old: Entries<'a>,
    new: Entries<'a>,
    key: fn(&str) -> String,
) -> Vec<(&'a str, Sides<'a>)> {
    // A name may stand twice, where a list holds it.
    let mut by_key: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (index, (name, _)) in new.iter().enumerate() {
        by_key.entry(key(name)).or_default().push_back(index);
    }
    let mut new: Vec<Option<(&str, Sited<'a>)>> = new.into_iter().map(Some).collect();
    let mut matched = Vec::with_capacity(old.len());
    for (name, site) in old {
        let others = by_key.get_mut(&key(name));
        let other = others.and_then(VecDeque::pop_front);
        let other = other.and_then(|index| new[index].take());
        matched.push(match other {
            Some((_, other)) => (name, Sides::Both(site, other)),
            None => (name, Sides::Old(site)),
        });
    }
    let added = new.into_iter().flatten();
    matched.extend(added.map(|(name, site)| (name, Sides::New(site))));
    matched
}

/// Where one thing stands on the sides that have it.
pub(super) type Pair<'a> = (Option<Sited<'a>>, Option<Sited<'a>>);

/// Things without a name, as the parts of `allOf` are: what says the same belongs
/// together, the rest goes in order.
pub(super) fn aligned<'a>(old: Vec<Sited<'a>>, new: Vec<Sited<'a>>) -> Vec<Pair<'a>> {
    let (mut pairs, mut left, mut right) = (Vec::new(), Vec::new(), new);
    for one in old {
        let same = right.iter().position(|other| other.node.same(one.node));
        match same {
            Some(index) => pairs.push((Some(one), Some(right.remove(index)))),
            None => left.push(one),
        }
    }
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return pairs,
            pair => pairs.push(pair),
        }
    }
}
