//! What operations do to collections.

use contract::operation::{Action, Operation, Remembered, Sandboxed};
use contract::schema::{self, Shape};
use contract::source::Node;

use super::resource::{Place, normal};

/// What an operation does to a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A member more.
    Create,
    /// Its members.
    List,
    /// One of them.
    Read,
    /// One of them, with what is sent of it.
    Change,
    /// One of them, by another one.
    Replace,
    /// One of them less.
    Delete,
}

/// What an operation does to its collection, and where its answers show members.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) act: Act,
    pub(super) operation: usize,
    /// Where the answer has the member, or the list of them; nothing where it has none.
    pub(crate) place: Option<Place>,
    /// What says which member is meant.
    pub(crate) chosen: Chosen,
    /// What clients may say of a member, by their normal names.
    pub(crate) said: Vec<String>,
    /// What the answer describes of a member; nothing where it describes nothing.
    pub(crate) described: Vec<String>,
}

/// What says which member is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// None is.
    Nothing,
    /// The variable of the path of this number.
    Variable(usize),
    /// A parameter of the query.
    Query(String),
}

impl Chosen {
    /// By the last variable of a path, or by what the operation says.
    pub(super) fn of(act: Act, operation: &Operation) -> Self {
        if matches!(act, Act::Create | Act::List) {
            return Self::Nothing;
        }
        let variables: Vec<&str> = contract::path::variables(&operation.path).collect();
        let said = remembered(operation).and_then(|said| said.parameter);
        match said {
            Some(name) => match variables.iter().position(|known| *known == name) {
                Some(at) => Self::Variable(at),
                None => Self::Query(name),
            },
            None => variables
                .len()
                .checked_sub(1)
                .map_or(Self::Nothing, Self::Variable),
        }
    }
}

/// What an operation says of itself, if it says that it remembers something.
pub(super) fn remembered(operation: &Operation) -> Option<Remembered> {
    match Sandboxed::read(&operation.extensions)?.ok()? {
        Sandboxed::Remembers(remembered) => Some(remembered),
        Sandboxed::Forgets => None,
    }
}

/// What an operation says that it does, and to which collection.
pub(super) fn said_act(operation: &Operation) -> Option<(Act, String)> {
    let said = remembered(operation)?;
    let act = match said.action? {
        Action::Create => Act::Create,
        Action::List => Act::List,
        Action::Read => Act::Read,
        Action::Update => Act::Change,
        Action::Replace => Act::Replace,
        Action::Delete => Act::Delete,
    };
    Some((
        act,
        said.collection.unwrap_or_else(|| operation.path.clone()),
    ))
}

/// The properties of a member that the answers of an operation describe.
pub(super) fn described(root: &Node, operation: &Operation, place: Option<&Place>) -> Vec<String> {
    let pointer = place.map_or("", Place::pointer);
    let successes = operation.responses.iter();
    let successes = successes.filter(|one| {
        one.status
            .codes()
            .is_some_and(|(first, _)| first / 100 == 2)
    });
    let content = successes.flat_map(|response| &response.content);
    let schemas = content.filter_map(|media_type| media_type.schema.as_ref());
    let names = schemas.flat_map(|schema| schema::described(root, &schema.origin.pointer, pointer));
    names.map(str::to_owned).collect()
}

/// The properties of the body that a client sends.
pub(super) fn said(root: &Node, operation: &Operation) -> Vec<String> {
    let content = operation
        .request
        .iter()
        .flat_map(|request| &request.content);
    let schemas = content.filter_map(|media_type| media_type.schema.as_ref());
    let mut said = Vec::new();
    for schema in schemas {
        let Some(node) = root.pointer(&schema.origin.pointer) else {
            continue;
        };
        let shape = Shape::of(root, &[node]);
        for (name, schemas) in &shape.properties {
            if !Shape::of(root, schemas).read_only {
                said.push(normal(name));
            }
        }
    }
    said
}
