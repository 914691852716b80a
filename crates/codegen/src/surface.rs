//! The public items of generated code, one by one.

mod read;

pub use crate::polish::{NULL, WEBHOOKS};
pub(crate) use read::of;
pub use read::read;

use std::collections::{BTreeMap, BTreeSet};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A constant of the crate.
    Constant,
    /// A struct or an enum.
    Type,
    /// A public field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A trait that a type implements.
    Trait,
    /// A function of a type.
    Method,
    /// An operation of the client.
    Operation,
    /// What awaiting an operation's request gives.
    Request,
}

/// One item that a caller may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The type that it belongs to, or itself when it is a type.
    pub owner: Option<String>,
    /// Its own name, where it belongs to something: `tags`.
    pub member: String,
    /// The names in its types: those of a field, of a signature.
    pub names: BTreeSet<String>,
    /// What callers depend on: types, without the names of arguments.
    pub contract: String,
    /// The names of the arguments of a function.
    pub arguments: Vec<String>,
    /// Rust, as a reader knows it.
    pub shown: String,
    /// Whether the type may gain fields or variants without breaking callers.
    pub is_open: bool,
}

/// Items by path: `Contact`, `Contact.tags`, `Contact: Default`, `Client::ping`.
pub type Surface = BTreeMap<String, Item>;
