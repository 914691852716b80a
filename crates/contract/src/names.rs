//! Names beside others.

/// The name, or else with the first number from 2 on that lets it be accepted; `separator` stands
/// before the number. What is accepted is taken from then on, if `accept` sees to it.
///
/// ```
/// use std::collections::HashSet;
/// let mut taken = HashSet::from(["Pet".to_owned(), "Pet2".to_owned()]);
/// let free = contract::names::numbered("Pet", "", |name| taken.insert(name.to_owned()));
/// assert_eq!(free, "Pet3");
/// ```
pub fn numbered(name: &str, separator: &str, mut accept: impl FnMut(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 2_usize;
    while !accept(&free) {
        free = format!("{name}{separator}{number}");
        number += 1;
    }
    free
}
