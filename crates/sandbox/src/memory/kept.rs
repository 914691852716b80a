//! Members by their collection, their parent and their identifier, and the file that they are in.

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde_json::Value;

use super::journal::{Entry, Journal};
use super::packed::{Packed, Shapes};

/// So deep in one another values of a member are at most: what is read again has 128 levels, and
/// members stand in something.
const DEEPEST: usize = 100;

/// Why something is not remembered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unkept {
    /// There is no room for another member.
    #[error("the sandbox keeps {0} members, and forgets none for another")]
    Full(usize),
    /// The file of the state takes no more.
    #[error("the sandbox cannot keep it: {0}")]
    Journal(io::Error),
    /// There is one with the same identifier.
    #[error("there is one with the identifier `{0}` already")]
    Exists(String),
    /// A file of lines could not be read again.
    #[error("it is nested more deeply than {DEEPEST} levels")]
    Deep,
    /// Another one was created with the same key; it is this one.
    #[error("there is one with the same key already")]
    Taken(Value),
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) journal: Option<Journal>,
    /// The paths of the collections.
    pub(super) paths: Vec<String>,
    pub(super) collections: Vec<Collection>,
    /// How many members there are.
    pub(super) count: usize,
    /// The number of the next one.
    pub(super) next: u64,
}

/// The members of a collection.
#[derive(Debug, Default)]
pub(super) struct Collection {
    shapes: Shapes,
    pub(super) by_parent: HashMap<Box<str>, Members>,
}

/// The members of a collection below one parent.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) members: BTreeMap<u64, Packed>,
    numbers: HashMap<Box<str>, u64>,
    /// What members were created with that no other one may have.
    keys: BiMap,
}

/// Keys, and the numbers of the members that have them.
#[derive(Debug, Default)]
struct BiMap {
    numbers: HashMap<Box<str>, u64>,
    keys: HashMap<u64, Box<str>>,
}

impl BiMap {
    fn insert(&mut self, key: &str, number: u64) {
        self.numbers.insert(key.into(), number);
        self.keys.insert(number, key.into());
    }

    fn remove(&mut self, number: u64) {
        if let Some(key) = self.keys.remove(&number) {
            self.numbers.remove(&key);
        }
    }
}

impl Kept {
    /// Does what is written. What the contract has no collection for any more is passed over.
    pub(super) fn apply(&mut self, entry: Entry) {
        let at = |path: &str| self.paths.iter().position(|known| known == path);
        match entry {
            Entry::Open {
                path,
                parent,
                members,
            } => {
                if let Some(at) = at(&path) {
                    self.open(at, &parent, &members);
                }
            }
            Entry::Put {
                path,
                parent,
                id,
                number,
                member,
                key,
            } => {
                if let Some(at) = at(&path) {
                    self.insert(at, &parent, &id, (&member, key.as_deref()));
                }
                self.next = self.next.max(number);
            }
            Entry::Remove { path, parent, id } => {
                if let Some(at) = at(&path) {
                    self.take(at, &parent, &id);
                }
            }
        }
    }

    fn write(
        &mut self,
        entry: impl FnOnce(&str) -> Entry,
        collection: usize,
    ) -> Result<(), Unkept> {
        match &mut self.journal {
            Some(journal) => journal
                .write(&entry(&self.paths[collection]))
                .map_err(Unkept::Journal),
            None => Ok(()),
        }
    }

    fn insert(
        &mut self,
        collection: usize,
        parent: &str,
        id: &str,
        (member, key): (&Value, Option<&str>),
    ) {
        let collection = &mut self.collections[collection];
        let packed = collection.shapes.pack(member);
        let members = collection.open(parent);
        let number = members.numbers.get(id).copied().unwrap_or_else(|| {
            self.next += 1;
            self.count += 1;
            members.numbers.insert(id.into(), self.next);
            self.next
        });
        members.keys.remove(number);
        if let Some(key) = key {
            members.keys.insert(key, number);
        }
        members.members.insert(number, packed);
    }

    pub(super) fn is_known(&self, collection: usize, parent: &str) -> bool {
        self.collections[collection].by_parent.contains_key(parent)
    }

    pub(super) fn begin(
        &mut self,
        collection: usize,
        parent: &str,
        members: &[(String, Value)],
        most: usize,
    ) -> Result<(), Unkept> {
        if self.is_known(collection, parent) {
            return Ok(());
        }
        let room = most.saturating_sub(self.count);
        let fits = members.iter().filter(|(_, one)| !is_deeper(one, DEEPEST));
        let fits: Vec<(String, Value)> = fits.take(room).cloned().collect();
        let open = |path: &str| Entry::Open {
            path: path.to_owned(),
            parent: parent.to_owned(),
            members: fits.clone(),
        };
        self.write(open, collection)?;
        self.open(collection, parent, &fits);
        match members.len() > room {
            true => Err(Unkept::Full(most)),
            false if fits.len() < members.len() => Err(Unkept::Deep),
            false => Ok(()),
        }
    }

    fn open(&mut self, collection: usize, parent: &str, members: &[(String, Value)]) {
        self.collections[collection].open(parent);
        for (id, member) in members {
            self.insert(collection, parent, id, (member, None));
        }
    }

    pub(super) fn put(
        &mut self,
        collection: usize,
        parent: &str,
        id: &str,
        (member, key): (&Value, Option<&str>),
        most: usize,
    ) -> Result<(), Unkept> {
        if self.count >= most && !self.has(collection, parent, id) {
            return Err(Unkept::Full(most));
        }
        if is_deeper(member, DEEPEST) {
            return Err(Unkept::Deep);
        }
        let number = self.next + 1;
        let put = |path: &str| put(path, parent, id, number, (member, key));
        self.write(put, collection)?;
        self.insert(collection, parent, id, (member, key));
        Ok(())
    }

    pub(super) fn remove(
        &mut self,
        collection: usize,
        parent: &str,
        id: &str,
    ) -> Result<Option<Value>, Unkept> {
        if !self.has(collection, parent, id) {
            return Ok(None);
        }
        let remove = |path: &str| Entry::Remove {
            path: path.to_owned(),
            parent: parent.to_owned(),
            id: id.to_owned(),
        };
        self.write(remove, collection)?;
        Ok(self.take(collection, parent, id))
    }

    fn take(&mut self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let collection = &mut self.collections[collection];
        let members = collection.by_parent.get_mut(parent)?;
        let number = members.numbers.remove(id)?;
        self.count -= 1;
        members.keys.remove(number);
        collection.shapes.unpack(&members.members.remove(&number)?)
    }

    pub(super) fn has(&self, collection: usize, parent: &str, id: &str) -> bool {
        let members = self.collections[collection].by_parent.get(parent);
        members.is_some_and(|members| members.numbers.contains_key(id))
    }

    /// A member, and the key that it was created with.
    pub(super) fn get(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
    ) -> Option<(Value, Option<&str>)> {
        let collection = &self.collections[collection];
        let members = collection.by_parent.get(parent)?;
        let number = members.numbers.get(id)?;
        let key = members.keys.keys.get(number).map(AsRef::as_ref);
        let member = collection.shapes.unpack(members.members.get(number)?)?;
        Some((member, key))
    }

    /// The member that was created with a key.
    pub(super) fn keyed(&self, collection: usize, parent: &str, key: &str) -> Option<Value> {
        let collection = &self.collections[collection];
        let members = collection.by_parent.get(parent)?;
        let number = members.keys.numbers.get(key)?;
        collection.shapes.unpack(members.members.get(number)?)
    }

    /// What is there, as the changes that lead to it.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let collections = self.paths.iter().zip(&self.collections);
        let next = self.next;
        collections.flat_map(move |(path, collection)| {
            collection
                .by_parent
                .iter()
                .flat_map(move |(parent, members)| {
                    let (path, parent) = (path.clone(), parent.to_string());
                    let ids: HashMap<u64, &str> = members
                        .numbers
                        .iter()
                        .map(|(id, number)| (*number, id.as_ref()))
                        .collect();
                    let open = Entry::Open {
                        path: path.clone(),
                        parent: parent.clone(),
                        members: Vec::new(),
                    };
                    let puts = members.members.iter().filter_map(move |(number, packed)| {
                        Some(Entry::Put {
                            path: path.clone(),
                            parent: parent.clone(),
                            id: (*ids.get(number)?).to_owned(),
                            number: next,
                            member: collection.shapes.unpack(packed)?,
                            key: members.keys.keys.get(number).map(|key| key.to_string()),
                        })
                    });
                    std::iter::once(open).chain(puts)
                })
        })
    }
}

impl Collection {
    /// The members below a parent, which are known from now on.
    pub(super) fn open(&mut self, parent: &str) -> &mut Members {
        self.by_parent.entry(parent.into()).or_default()
    }

    pub(super) fn values<'m>(
        &'m self,
        members: impl Iterator<Item = &'m Packed>,
    ) -> impl Iterator<Item = Value> {
        members.filter_map(|packed| self.shapes.unpack(packed))
    }
}

/// Whether values stand in one another more deeply.
fn is_deeper(value: &Value, levels: usize) -> bool {
    let is_below = |value: &Value| levels == 0 || is_deeper(value, levels - 1);
    match value {
        Value::Array(items) => items.iter().any(is_below),
        Value::Object(entries) => entries.values().any(is_below),
        _ => false,
    }
}

fn put(
    path: &str,
    parent: &str,
    id: &str,
    number: u64,
    (member, key): (&Value, Option<&str>),
) -> Entry {
    Entry::Put {
        path: path.to_owned(),
        parent: parent.to_owned(),
        id: id.to_owned(),
        number,
        member: member.clone(),
        key: key.map(str::to_owned),
    }
}
