//! Members that are there from the start.

use std::collections::HashSet;

use serde_json::Value;

use super::Service;
use crate::memory::{Act, Role, Unkept, text};

/// What a collection begins with, ready to be kept.
#[derive(Debug)]
pub(crate) struct Seeds {
    collection: usize,
    parent: String,
    /// By their identifiers.
    members: Vec<(String, Value)>,
}

impl Seeds {
    /// Those of one collection, which several places say, as one.
    ///
    /// # Errors
    /// When an identifier stands in two of them.
    pub(crate) fn together(all: Vec<Self>) -> Result<Vec<Self>, String> {
        let mut together: Vec<Self> = Vec::new();
        for seeds in all {
            let same = together
                .iter_mut()
                .find(|one| one.collection == seeds.collection && one.parent == seeds.parent);
            match same {
                None => together.push(seeds),
                Some(one) => {
                    let known: HashSet<&String> = one.members.iter().map(|(id, _)| id).collect();
                    if let Some((id, _)) = seeds.members.iter().find(|(id, _)| known.contains(id)) {
                        return Err(format!(
                            "the identifier `{id}` stands in two lists of one collection"
                        ));
                    }
                    one.members.extend(seeds.members);
                }
            }
        }
        Ok(together)
    }
}

/// What is wrong with members.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// A JSON Pointer in the list of them.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Unfit {
    /// With the path of the collection.
    pub(crate) fn told(&self, path: &str) -> String {
        format!("`{path}{}`: {}", self.pointer, self.message)
    }

    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

/// So many collections are named at most.
const FEW: usize = 10;

/// Says that there is no such collection, and which ones there are.
fn unknown<'p>(path: &str, paths: impl Iterator<Item = &'p str>) -> String {
    let mut paths: Vec<String> = paths.map(|path| format!("`{path}`")).collect();
    let more = paths.len().saturating_sub(FEW);
    paths.truncate(FEW);
    let known = match (paths.is_empty(), more) {
        (true, _) => "it has none".to_owned(),
        (false, 0) => format!("it has {}", paths.join(", ")),
        (false, more) => format!("it has {}, and {more} more", paths.join(", ")),
    };
    format!("the contract has no collection `{path}`: {known}")
}

impl Service {
    /// Holds the members of a collection against the contract. The path is one of its kind:
    /// `/users/42/orders`.
    ///
    /// # Errors
    /// What is wrong with them, with its place.
    pub(crate) fn seeds(&self, path: &str, members: &Value) -> Result<Seeds, Vec<Unfit>> {
        let one = |message: String| vec![Unfit::new("", message)];
        let Some(memory) = &self.memory else {
            return Err(one(
                "a sandbox that is stateless keeps no members".to_owned()
            ));
        };
        let operations = &self.contract.api().operations;
        let contract = (self.contract.written(), operations.as_slice());
        let shown = |operation| self.shown(operation);
        let found = memory.find(path);
        let found = found.and_then(|(at, parent)| {
            let collection = memory.collection(at, contract, &shown)?;
            Some((at, parent, collection))
        });
        let Some((at, parent, collection)) = found else {
            return Err(one(unknown(path, memory.paths())));
        };
        let Some(members) = members.as_array() else {
            return Err(one("members stand in a list".to_owned()));
        };
        let mut unfit = Vec::new();
        let mut ready = Vec::new();
        let mut seen = HashSet::new();
        for (number, member) in members.iter().enumerate() {
            let pointer = format!("/{number}");
            let described = collection.describes();
            let wrong = described.map_or_else(Vec::new, |(operation, role)| {
                self.unfit(operation, role, &pointer, member)
            });
            match member.get(&collection.id) {
                _ if !wrong.is_empty() => unfit.extend(wrong),
                Some(id) if !seen.insert(text(id)) => {
                    let message =
                        format!("there is one with the identifier `{}` already", text(id));
                    unfit.push(Unfit::new(pointer, message));
                }
                Some(id) => ready.push((text(id), member.clone())),
                None => {
                    let id = &collection.id;
                    let message = format!("`{id}` is missing, which tells members apart");
                    unfit.push(Unfit::new(pointer, message));
                }
            }
        }
        match unfit.is_empty() {
            true => Ok(Seeds {
                collection: at,
                parent,
                members: ready,
            }),
            false => Err(unfit),
        }
    }

    /// What is wrong with a member where an operation shows it.
    fn unfit(&self, operation: usize, role: &Role, pointer: &str, member: &Value) -> Vec<Unfit> {
        let place = role.place.as_ref();
        let schema = self
            .success(operation)
            .and_then(|(at, _)| self.json_schema(operation, at));
        let (Some(place), Some(schema)) = (place, schema) else {
            return Vec::new();
        };
        let (value, below) = match role.act {
            Act::List => (vec![member.clone()].into(), "/0"),
            _ => (member.clone(), ""),
        };
        let (answer, at) = (place.put(value), format!("{}{below}", place.pointer()));
        let violations = schema.check(&answer).into_iter();
        let own = violations.filter_map(|violation| {
            let below = violation.pointer.strip_prefix(at.as_str())?;
            Some(Unfit::new(format!("{pointer}{below}"), violation.message))
        });
        own.collect()
    }

    /// Begins a collection with its members, unless it is known.
    ///
    /// # Errors
    /// Why they cannot be kept.
    pub(crate) fn begin(&self, seeds: &Seeds) -> Result<(), Unkept> {
        let Seeds {
            collection,
            parent,
            members,
        } = seeds;
        let store = self.memory.as_ref().map(|memory| &memory.store);
        store.map_or(Ok(()), |store| store.begin(*collection, parent, members))
    }

    /// Remembers what was there at the start, and nothing else.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn reset(&self, all: &[Seeds]) -> Result<(), Unkept> {
        let store = self.memory.as_ref().map(|memory| &memory.store);
        let beginnings = all.iter().map(|seeds| {
            (
                seeds.collection,
                seeds.parent.as_str(),
                seeds.members.as_slice(),
            )
        });
        store.map_or(Ok(()), |store| store.reset(beginnings))
    }

    /// Adds members to those of a collection.
    ///
    /// # Errors
    /// Why they cannot be kept.
    pub(crate) fn add(&self, seeds: &Seeds) -> Result<(), Unkept> {
        let Some(memory) = &self.memory else {
            return Ok(());
        };
        let operations = &self.contract.api().operations;
        let contract = (self.contract.written(), operations.as_slice());
        let shown = |operation| self.shown(operation);
        let (at, parent) = (seeds.collection, seeds.parent.as_str());
        if let Some(collection) = memory.collection(at, contract, &shown) {
            memory.open(at, collection, parent, &shown);
        }
        let put = |(id, member): &(String, Value)| memory.store.put(at, parent, id, member);
        seeds.members.iter().try_for_each(put)
    }
}
