//! What a server remembers: collections whose members are created, found, listed, changed and
//! deleted, as far as paths and values show that they are such.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contract::operation::{Operation, Sandboxed};
use contract::source::Node;
use serde_json::Value;

mod candidate;
mod journal;
mod kept;
mod packed;
mod page;
mod parent;
mod resource;
mod role;
mod store;

use candidate::{Candidate, Here};
use role::said_act;

pub(crate) use candidate::{Collection, Shown};
pub(crate) use kept::Unkept;
pub(crate) use page::Page;
pub(crate) use parent::{concrete, parent_of};
pub(crate) use resource::{changed, created, is_same, normal, text};
pub(crate) use role::{Act, Chosen, Role};
pub(crate) use store::Store;

/// The operations that may remember something.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    candidates: Vec<Candidate>,
    by_operation: HashMap<usize, usize>,
    pub(crate) store: Store,
}

impl Memory {
    /// Finds what may be collections: a path with `POST` or `GET`, and the same path with one
    /// variable more.
    pub(crate) fn of(operations: &[Operation]) -> Self {
        let mut by_path: HashMap<&str, Here<'_>> = HashMap::new();
        let mut said: BTreeMap<String, Vec<(Act, usize)>> = BTreeMap::new();
        for (number, operation) in operations.iter().enumerate() {
            if let Some(Ok(Sandboxed::Forgets)) = Sandboxed::read(&operation.extensions) {
                continue;
            }
            if let Some((act, collection)) = said_act(operation) {
                said.entry(collection).or_default().push((act, number));
                continue;
            }
            let here = by_path.entry(operation.path.as_str()).or_default();
            here.insert(operation.method.as_str(), number);
        }
        let paths: BTreeSet<&str> = by_path
            .keys()
            .copied()
            .chain(said.keys().map(String::as_str))
            .collect();
        let candidates = paths.into_iter().filter_map(|path| {
            let said = said.get(path).map_or(&[][..], Vec::as_slice);
            Candidate::of(&by_path, path, said)
        });
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
        let at = |(at, candidate): (usize, &Candidate)| {
            Some((at, parent::of_path(&candidate.path, path)?))
        };
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

    /// What the contract shows of a collection, by identifiers.
    pub(crate) fn shown(collection: &Collection, shown: Shown<'_>) -> Vec<(String, Value)> {
        let found = collection.shows().and_then(|(operation, role)| {
            let answer = shown(operation)?;
            role.place.as_ref()?.get(answer)
        });
        let members = match found {
            None => &[],
            Some(Value::Array(members)) => members.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let named = members
            .iter()
            .filter_map(|member| Some((text(member.get(&collection.id)?), member.clone())));
        named.collect()
    }

    /// A collection that is first changed holds what the contract shows of it.
    pub(crate) fn open(&self, at: usize, collection: &Collection, parent: &str, shown: Shown<'_>) {
        if !self.store.is_known(at, parent) {
            // What does not fit in is not shown.
            let _ = self
                .store
                .begin(at, parent, &Self::shown(collection, shown));
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
