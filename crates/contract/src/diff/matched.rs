//! What stands under the same name on both sides.

use std::collections::HashMap;

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
    let mut by_key = HashMap::new();
    for (index, (name, _)) in new.iter().enumerate() {
        by_key.entry(key(name)).or_insert(index);
    }
    let mut new: Vec<Option<(&str, Sited<'a>)>> = new.into_iter().map(Some).collect();
    let mut matched = Vec::with_capacity(old.len());
    for (name, site) in old {
        let other = by_key.get(&key(name)).and_then(|index| new[*index].take());
        matched.push(match other {
            Some((_, other)) => (name, Sides::Both(site, other)),
            None => (name, Sides::Old(site)),
        });
    }
    let added = new.into_iter().flatten();
    matched.extend(added.map(|(name, site)| (name, Sides::New(site))));
    matched
}
