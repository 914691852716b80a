use std::fmt;

use crate::source::Node;

/// A set of the types of JSON, without `null`.
///
/// ```
/// use contract::schema::Types;
/// assert!(Types::INTEGER.within(Types::NUMBER));
/// assert_eq!(Types::STRING.or(Types::ARRAY).to_string(), "string or array");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

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
    /// Every type.
    pub const ANY: Self = Self(0b11_1111);
    /// No type.
    pub const NONE: Self = Self(0);
    /// Text.
    pub const STRING: Self = Self(0b00_0001);
    /// Numbers without a fraction.
    pub const INTEGER: Self = Self(0b00_0010);
    /// Numbers.
    pub const NUMBER: Self = Self(0b00_0110);
    /// `true` and `false`.
    pub const BOOLEAN: Self = Self(0b00_1000);
    /// Lists.
    pub const ARRAY: Self = Self(0b01_0000);
    /// Objects.
    pub const OBJECT: Self = Self(0b10_0000);

    /// The types that a `type` keyword names, and whether `null` is among them.
    #[must_use]
    pub fn read(node: &Node) -> (Self, bool) {
        let names: Vec<&str> = match node.as_str() {
            Some(name) => vec![name],
            None => node.items().filter_map(Node::as_str).collect(),
        };
        let bits = |name: &&str| NAMES.iter().find(|known| known.0 == *name).map(|k| k.1);
        let types = names.iter().filter_map(bits).fold(0, |all, one| all | one);
        (Self(types), names.contains(&"null"))
    }

    /// Names in a `type` keyword that are no types.
    #[must_use]
    pub fn unknown(node: &Node) -> Vec<&str> {
        let names = node.items().chain([node]).filter_map(Node::as_str);
        let is_known = |name: &&str| *name == "null" || NAMES.iter().any(|known| known.0 == *name);
        names.filter(|name| !is_known(name)).collect()
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every type is in it.
    #[must_use]
    pub fn is_any(self) -> bool {
        self == Self::ANY
    }

    /// Whether every value of these types is one of those.
    #[must_use]
    pub fn within(self, other: Self) -> bool {
        self.and(other) == self
    }

    /// Whether text can stand for every value: no arrays, no objects.
    #[must_use]
    pub fn is_scalar(self) -> bool {
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
