//! What a server remembers: collections whose members are created, found, listed, changed and
//! deleted, as far as paths and values show that they are such.

use std::collections::HashMap;
use std::sync::OnceLock;

use contract::operation::Operation;
use contract::schema::{self, Shape};
use contract::source::Node;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use crate::parameter::decode;

/// What does not stand for itself in a segment of a path (RFC 3986, section 3.3).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'?')
    .add(b'{');

mod journal;
mod packed;
mod page;
mod resource;
mod store;

pub(crate) use page::Page;
pub(crate) use resource::{Place, changed, created, is_same, normal, text};
pub(crate) use store::{Store, Unkept};

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
    operation: usize,
    /// Where the answer has the member, or the list of them; nothing where it has none.
    pub(crate) place: Option<Place>,
    /// What clients may say of a member, by their normal names.
    pub(crate) said: Vec<String>,
    /// What the answer describes of a member; nothing where it describes nothing.
    pub(crate) described: Vec<String>,
}

/// Operations whose paths are those of a collection and of its members.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// The path of the collection, as the contract has it.
    path: String,
    /// The variable of a member's path.
    variable: Option<String>,
    acts: Vec<(Act, usize)>,
    /// Made when one of its operations is first called: it takes what they answer.
    collection: OnceLock<Option<Collection>>,
}

/// Members of one kind.
#[derive(Debug)]
pub(crate) struct Collection {
    /// The property that tells members apart.
    pub(crate) id: String,
    roles: Vec<Role>,
}

/// The operations that may remember something.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    candidates: Vec<Candidate>,
    by_operation: HashMap<usize, usize>,
    pub(crate) store: Store,
}

/// What an operation answers usually.
pub(crate) type Shown<'s> = &'s dyn Fn(usize) -> Option<&'s Value>;

/// The operations of one path by their methods.
type Here<'o> = HashMap<&'o str, usize>;

impl Memory {
    /// Finds what may be collections: a path with `POST` or `GET`, and the same path with one
    /// variable more.
    pub(crate) fn of(operations: &[Operation]) -> Self {
        let mut by_path: HashMap<&str, Here<'_>> = HashMap::new();
        for (number, operation) in operations.iter().enumerate() {
            let here = by_path.entry(operation.path.as_str()).or_default();
            here.insert(operation.method.as_str(), number);
        }
        let mut paths: Vec<&str> = by_path.keys().copied().collect();
        paths.sort_unstable();
        let candidates = paths
            .into_iter()
            .filter_map(|path| Candidate::of(&by_path, path));
        let candidates: Vec<Candidate> = candidates.collect();
        let numbered = candidates.iter().enumerate();
        let by_operation = numbered.flat_map(|(at, candidate)| {
            candidate
                .acts
                .iter()
                .map(move |(_, operation)| (*operation, at))
        });
        Self {
            by_operation: by_operation.collect(),
            store: Store::new(candidates.iter().map(|one| one.path.clone()).collect()),
            candidates,
        }
    }

    /// The collection of an operation, by its number, and what the operation does to it; nothing
    /// where its answers show no members.
    pub(crate) fn role(
        &self,
        operation: usize,
        contract: (&Node, &[Operation]),
        shown: Shown<'_>,
    ) -> Option<(usize, &Collection, &Role)> {
        let at = *self.by_operation.get(&operation)?;
        let collection = self.candidates[at].collection(contract, shown)?;
        let mut roles = collection.roles.iter();
        let role = roles.find(|role| role.operation == operation)?;
        Some((at, collection, role))
    }

    /// The collection whose path is one of this kind, by its number, and the parent in it.
    pub(crate) fn find(&self, path: &str) -> Option<(usize, String)> {
        let at = |(at, candidate): (usize, &Candidate)| Some((at, parent(&candidate.path, path)?));
        let mut found: Vec<_> = self.candidates.iter().enumerate().filter_map(at).collect();
        // What stands there itself goes before what a variable may be.
        found.sort_by_key(|(_, parent)| parent.len());
        found.into_iter().next()
    }

    /// A collection by its number; nothing where its operations show no members.
    pub(crate) fn collection(
        &self,
        at: usize,
        contract: (&Node, &[Operation]),
        shown: Shown<'_>,
    ) -> Option<&Collection> {
        self.candidates[at].collection(contract, shown)
    }

    /// A collection that is first asked for holds what the contract shows of it.
    pub(crate) fn open(&self, at: usize, collection: &Collection, parent: &str, shown: Shown<'_>) {
        if !self.store.opens(at, parent) {
            return;
        }
        let Some((operation, role)) = collection.shows() else {
            return;
        };
        let shown = shown(operation).zip(role.place.as_ref());
        let Some(shown) = shown.and_then(|(answer, place)| place.get(answer)) else {
            return;
        };
        let members = match shown {
            Value::Array(members) => members.as_slice(),
            one => std::slice::from_ref(one),
        };
        for member in members {
            if let Some(id) = member.get(&collection.id).map(text) {
                // What does not fit in is not shown.
                let _ = self.store.put(at, parent, &id, member, None);
            }
        }
    }

    /// The paths of the collections.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.candidates
            .iter()
            .map(|candidate| candidate.path.as_str())
    }

    /// The members of a collection, of all parents.
    pub(crate) fn members(&self, path: &str) -> Vec<Value> {
        let at = self
            .candidates
            .iter()
            .position(|candidate| candidate.path == path);
        at.map_or_else(Vec::new, |at| self.store.all(at))
    }
}

impl Candidate {
    fn of(by_path: &HashMap<&str, Here<'_>>, path: &str) -> Option<Self> {
        let here = &by_path[path];
        let member = member_path(by_path, path);
        let mut acts = Vec::new();
        let mut add = |act: Act, operation: Option<&usize>| {
            acts.extend(operation.map(|operation| (act, *operation)));
        };
        add(Act::Create, here.get("POST"));
        add(Act::List, here.get("GET"));
        if let Some((path, _)) = member {
            let members = &by_path[path];
            add(Act::Read, members.get("GET"));
            add(Act::Change, members.get("PATCH"));
            add(Act::Replace, members.get("PUT"));
            add(Act::Delete, members.get("DELETE"));
        }
        // What nobody changes need not be remembered. Without a member's path, what is created is at
        // least kept.
        let changes = |(act, _): &(Act, usize)| !matches!(act, Act::List | Act::Read);
        acts.iter().any(changes).then(|| Self {
            path: path.to_owned(),
            variable: member.map(|(_, variable)| variable.to_owned()),
            acts,
            collection: OnceLock::new(),
        })
    }

    fn collection(
        &self,
        (root, operations): (&Node, &[Operation]),
        shown: Shown<'_>,
    ) -> Option<&Collection> {
        let collection = self.collection.get_or_init(|| {
            let of = |wanted: Act| {
                let mut acts = self.acts.iter();
                acts.find(|(act, _)| *act == wanted)
                    .map(|(_, operation)| *operation)
            };
            // What shows a member best: one alone, then one that was created, then one of many.
            let mut examples = [Act::Read, Act::Create, Act::List]
                .into_iter()
                .filter_map(of);
            let variable = self.variable.as_deref();
            let (_, id) = examples.find_map(|one| Place::of_member(shown(one)?, variable))?;
            let roles = self.acts.iter().filter_map(|(act, operation)| {
                let answer = shown(*operation);
                let place = answer.and_then(|answer| match act {
                    Act::List => Place::of_list(answer, &id),
                    _ => Place::of_id(answer, &id),
                });
                let shows = matches!(act, Act::Create | Act::List | Act::Read);
                // What should show a member and shows none answers what it shows.
                (place.is_some() || !shows).then(|| Role {
                    act: *act,
                    operation: *operation,
                    said: said(root, &operations[*operation]),
                    described: described(root, &operations[*operation], place.as_ref()),
                    place,
                })
            });
            let roles: Vec<Role> = roles.collect();
            let changes = |role: &Role| !matches!(role.act, Act::List | Act::Read);
            let shows = |role: &Role| role.place.is_some();
            let remembers = roles.iter().any(changes) && roles.iter().any(shows);
            remembers.then_some(Collection { id, roles })
        });
        collection.as_ref()
    }
}

impl Collection {
    /// The operation that shows the members that are there at the start, and where.
    pub(crate) fn shows(&self) -> Option<(usize, &Role)> {
        let of = |wanted: Act| self.roles.iter().find(|role| role.act == wanted);
        let role = of(Act::List).or_else(|| of(Act::Read))?;
        Some((role.operation, role))
    }

    /// An operation that shows members, and where: one alone, if there is one.
    pub(crate) fn describes(&self) -> Option<(usize, &Role)> {
        let mut roles = [Act::Read, Act::Create, Act::List]
            .into_iter()
            .filter_map(|act| self.roles.iter().find(|role| role.act == act));
        let role = roles.find(|role| role.place.is_some())?;
        Some((role.operation, role))
    }
}

/// What stands for the variables of a path in one of its kind.
fn parent(template: &str, path: &str) -> Option<String> {
    let (wanted, given) = (template.split('/'), path.split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut variables = Vec::new();
    for (wanted, given) in wanted.zip(given) {
        match wanted.starts_with('{') && wanted.ends_with('}') {
            true if given.is_empty() || given.starts_with('{') => return None,
            true => variables.push(decode(given).into_owned()),
            false if wanted == given => {}
            false => return None,
        }
    }
    Some(parent_of(&variables))
}

/// A parent by what stands for the variables of its path.
pub(crate) fn parent_of(variables: &[String]) -> String {
    let encode = |text: &String| utf8_percent_encode(text, SEGMENT).to_string();
    let encoded: Vec<String> = variables.iter().map(encode).collect();
    encoded.join("/")
}

/// The path of a collection of one parent.
pub(crate) fn concrete(template: &str, parent: &str) -> String {
    let mut variables = parent.split('/');
    let segments = template.split('/').map(|segment| {
        match segment.starts_with('{') && segment.ends_with('}') {
            true => variables.next().unwrap_or_default(),
            false => segment,
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The path of the members of a collection, and the variable that tells them apart.
fn member_path<'o>(by_path: &HashMap<&'o str, Here<'_>>, path: &str) -> Option<(&'o str, &'o str)> {
    by_path.keys().find_map(|candidate| {
        let rest = candidate.strip_prefix(path)?.strip_prefix('/')?;
        let variable = rest.strip_prefix('{')?.strip_suffix('}')?;
        (!variable.contains(['{', '/'])).then_some((*candidate, variable))
    })
}

/// The properties of a member that the answers of an operation describe.
fn described(root: &Node, operation: &Operation, place: Option<&Place>) -> Vec<String> {
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
fn said(root: &Node, operation: &Operation) -> Vec<String> {
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
