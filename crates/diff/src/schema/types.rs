use std::fmt;

use contract::source::Node;

/// A set of the types of JSON, without `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

/// Every type has a bit; `number` has that of `integer` too.
const NAMES: [(&str, u8); 6] = [
    ("string", 0b00_0001),
    ("number", 0b00_0110),
    ("integer", 0b00_0010),
    ("boolean", 0b00_1000),
    ("array", 0b01_0000),
    ("object", 0b10_0000),
];

impl Default for Types {
    fn default() -> Self {
        Self::ANY
    }
}

impl Types {
    pub(super) const ANY: Self = Self(0b11_1111);
    pub(super) const NONE: Self = Self(0);
    pub(super) const STRING: Self = Self(0b00_0001);
    pub(super) const INTEGER: Self = Self(0b00_0010);
    pub(super) const ARRAY: Self = Self(0b01_0000);
    pub(super) const OBJECT: Self = Self(0b10_0000);

    /// The types that a `type` keyword names, and whether `null` is among them.
    pub(super) fn read(node: &Node) -> (Self, bool) {
        let names: Vec<&str> = match node.as_str() {
            Some(name) => vec![name],
            None => node.items().filter_map(Node::as_str).collect(),
        };
        let bits = |name: &&str| NAMES.iter().find(|known| known.0 == *name).map(|k| k.1);
        let types = names.iter().filter_map(bits).fold(0, |all, one| all | one);
        (Self(types), names.contains(&"null"))
    }

    /// Names in a `type` keyword that are no types.
    pub(super) fn unknown(node: &Node) -> Vec<&str> {
        let names = node.items().chain([node]).filter_map(Node::as_str);
        let is_known = |name: &&str| *name == "null" || NAMES.iter().any(|known| known.0 == *name);
        names.filter(|name| !is_known(name)).collect()
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn is_any(self) -> bool {
        self == Self::ANY
    }

    /// Whether every value of these types is one of those.
    pub(super) fn within(self, other: Self) -> bool {
        self.and(other) == self
    }

    /// Whether text can stand for every value: no arrays, no objects.
    pub(super) fn is_scalar(self) -> bool {
        self.and(Self::ARRAY.or(Self::OBJECT)) == Self::NONE
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return f.write_str("any type");
        }
        let has = |bits: u8| self.0 & bits == bits;
        let is_number = has(0b00_0110);
        let names = NAMES
            .iter()
            .filter(|(name, bits)| has(*bits) && !(is_number && *name == "integer"));
        let names: Vec<_> = names.map(|(name, _)| *name).collect();
        match names.is_empty() {
            true => f.write_str("no type"),
            false => f.write_str(&names.join(" or ")),
        }
    }
}
