//! What an operation says of itself to a server that remembers: `x-sandbox`.

use serde::Deserialize;
use serde_json::Value;

use super::Extensions;

/// The extension: `false`, or what [`Remembered`] has.
pub const SANDBOX: &str = "x-sandbox";

/// What an operation does to a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It adds a member.
    Create,
    /// It shows members.
    List,
    /// It shows one of them.
    Read,
    /// It changes one of them, as far as is said.
    Update,
    /// It puts another one in its place.
    Replace,
    /// It takes one away.
    Delete,
}

/// What cannot be seen by paths and answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Remembered {
    /// What the operation does; what its method and path look like, unless it is said.
    pub action: Option<Action>,
    /// The path of the collection; the operation's own, unless it is said.
    pub collection: Option<String>,
    /// The property that tells members apart.
    pub id: Option<String>,
    /// Where the answer has the member, or the list of them: a JSON Pointer.
    pub member: Option<String>,
    /// The parameter of path or query that says which member is meant.
    pub parameter: Option<String>,
    /// Properties of the body that no two members have the same, together.
    pub unique: Vec<String>,
}

/// What an operation says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sandboxed {
    /// It remembers nothing.
    Forgets,
    /// It does this.
    Remembers(Remembered),
}

impl Sandboxed {
    /// What an operation says; nothing where it says nothing.
    ///
    /// # Errors
    /// Why that means nothing.
    pub fn read(extensions: &Extensions) -> Option<Result<Self, String>> {
        Some(match extensions.get(SANDBOX)? {
            Value::Bool(false) => Ok(Self::Forgets),
            said @ Value::Object(_) => match Remembered::deserialize(said) {
                Ok(remembered) => Ok(Self::Remembers(remembered)),
                Err(error) => Err(error.to_string()),
            },
            _ => Err("it is `false`, or says what the operation does".to_owned()),
        })
    }
}
