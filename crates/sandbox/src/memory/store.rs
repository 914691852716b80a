//! The members of collections, in the order in which they came.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::journal::{Entry, Journal};

/// Why something is not remembered.
#[derive(Debug)]
pub(crate) enum Unkept {
    /// There is no room for another member: none is forgotten for one that is new.
    Full(usize),
    /// The file of the state takes no more.
    Journal(io::Error),
}

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Store {
    kept: Mutex<Kept>,
    /// So many members are kept, of all collections together.
    pub(crate) most: usize,
}

#[derive(Debug, Default)]
struct Kept {
    journal: Option<Journal>,
    /// The paths of the collections.
    paths: Vec<String>,
    collections: Vec<HashMap<Box<str>, Members>>,
    /// How many members there are.
    count: usize,
    /// The number of the next one.
    next: u64,
}

/// The members of a collection below one parent.
#[derive(Debug, Default)]
struct Members {
    /// As JSON, which takes a fraction of the room of values.
    members: BTreeMap<u64, Box<[u8]>>,
    numbers: HashMap<Box<str>, u64>,
}

impl Kept {
    /// Does what is written. What the contract has no collection for any more is passed over.
    fn apply(&mut self, entry: Entry) {
        let at = |path: &str| self.paths.iter().position(|known| known == path);
        match entry {
            Entry::Open { path, parent } => {
                if let Some(at) = at(&path) {
                    self.collections[at].entry(parent.into()).or_default();
                }
            }
            Entry::Put {
                path,
                parent,
                id,
                number,
                member,
            } => {
                if let Some(at) = at(&path) {
                    self.insert(at, &parent, &id, member.to_string().into_bytes().into());
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

    fn insert(&mut self, collection: usize, parent: &str, id: &str, bytes: Box<[u8]>) {
        let members = self.collections[collection]
            .entry(parent.into())
            .or_default();
        let number = members.numbers.get(id).copied().unwrap_or_else(|| {
            self.next += 1;
            self.count += 1;
            members.numbers.insert(id.into(), self.next);
            self.next
        });
        members.members.insert(number, bytes);
    }

    fn take(&mut self, collection: usize, parent: &str, id: &str) -> Option<Box<[u8]>> {
        let members = self.collections[collection].get_mut(parent)?;
        let number = members.numbers.remove(id)?;
        self.count -= 1;
        members.members.remove(&number)
    }

    fn has(&self, collection: usize, parent: &str, id: &str) -> bool {
        let members = self.collections[collection].get(parent);
        members.is_some_and(|members| members.numbers.contains_key(id))
    }

    /// What is there, as the changes that lead to it.
    fn entries(&self) -> impl Iterator<Item = Entry> {
        let collections = self.paths.iter().zip(&self.collections);
        let next = self.next;
        collections.flat_map(move |(path, collection)| {
            collection.iter().flat_map(move |(parent, members)| {
                let (path, parent) = (path.clone(), parent.to_string());
                let ids: HashMap<u64, &str> = members
                    .numbers
                    .iter()
                    .map(|(id, number)| (*number, id.as_ref()))
                    .collect();
                let open = Entry::Open {
                    path: path.clone(),
                    parent: parent.clone(),
                };
                let puts = members.members.iter().filter_map(move |(number, bytes)| {
                    Some(Entry::Put {
                        path: path.clone(),
                        parent: parent.clone(),
                        id: (*ids.get(number)?).to_owned(),
                        number: next,
                        member: serde_json::from_slice(bytes).ok()?,
                    })
                });
                std::iter::once(open).chain(puts)
            })
        })
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Store {
    /// Nothing, of collections with these paths.
    pub(crate) fn new(paths: Vec<String>) -> Self {
        let mut kept = Kept::default();
        kept.collections.resize_with(paths.len(), HashMap::new);
        kept.paths = paths;
        Self {
            kept: Mutex::new(kept),
            most: usize::MAX,
        }
    }

    /// Remembers what a file holds, and what changes from now on in it.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub(crate) fn keep_in(&self, path: &Path) -> io::Result<()> {
        let (mut journal, entries) = Journal::open(path)?;
        let mut kept = self.kept();
        let count = entries.len();
        for entry in entries {
            kept.apply(entry);
        }
        // More changes than members are slower to read again, and grow for ever.
        if count > 2 * kept.count + 1_000 {
            journal.rewrite(kept.entries())?;
        }
        kept.journal = Some(journal);
        Ok(())
    }

    /// Whether a collection below a parent is known; it is after that.
    pub(crate) fn opens(&self, collection: usize, parent: &str) -> bool {
        let mut kept = self.kept();
        let is_new = !kept.collections[collection].contains_key(parent);
        if is_new {
            let open = |path: &str| Entry::Open {
                path: path.to_owned(),
                parent: parent.to_owned(),
            };
            // What is not written is opened again another time.
            let _ = kept.write(open, collection);
            kept.collections[collection].insert(parent.into(), Members::default());
        }
        is_new
    }

    /// A number that no other member has.
    pub(crate) fn number(&self) -> u64 {
        let mut kept = self.kept();
        kept.next += 1;
        kept.next
    }

    /// Whether there is a member.
    pub(crate) fn has(&self, collection: usize, parent: &str, id: &str) -> bool {
        self.kept().has(collection, parent, id)
    }

    /// Adds a member, or puts it in the place of the one with its identifier.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(crate) fn put(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        member: &Value,
    ) -> Result<(), Unkept> {
        let mut kept = self.kept();
        if kept.count >= self.most && !kept.has(collection, parent, id) {
            return Err(Unkept::Full(self.most));
        }
        let number = kept.next + 1;
        kept.write(|path| put(path, parent, id, number, member), collection)?;
        kept.insert(
            collection,
            parent,
            id,
            member.to_string().into_bytes().into(),
        );
        Ok(())
    }

    pub(crate) fn get(&self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let kept = self.kept();
        let members = kept.collections[collection].get(parent)?;
        let bytes = members.members.get(members.numbers.get(id)?)?;
        serde_json::from_slice(bytes).ok()
    }

    /// Puts in the place of a member what `change` makes of it, and gives it back; nothing where there
    /// is none.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) fn update(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        change: impl FnOnce(Value) -> Value,
    ) -> Result<Option<Value>, Unkept> {
        let mut kept = self.kept();
        let members = kept.collections[collection].get(parent);
        let bytes = members.and_then(|members| members.members.get(members.numbers.get(id)?));
        let Some(member) = bytes.and_then(|bytes| serde_json::from_slice(bytes).ok()) else {
            return Ok(None);
        };
        let member = change(member);
        let number = kept.next;
        kept.write(|path| put(path, parent, id, number, &member), collection)?;
        kept.insert(
            collection,
            parent,
            id,
            member.to_string().into_bytes().into(),
        );
        Ok(Some(member))
    }

    /// Takes a member away, and gives it back; nothing where there is none.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn remove(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
    ) -> Result<Option<Value>, Unkept> {
        let mut kept = self.kept();
        if !kept.has(collection, parent, id) {
            return Ok(None);
        }
        let remove = |path: &str| Entry::Remove {
            path: path.to_owned(),
            parent: parent.to_owned(),
            id: id.to_owned(),
        };
        kept.write(remove, collection)?;
        let bytes = kept.take(collection, parent, id);
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The members in order, from one on, so many at most; and how many there are.
    pub(crate) fn list(
        &self,
        collection: usize,
        parent: &str,
        skip: usize,
        most: usize,
    ) -> (Vec<Value>, usize) {
        let kept = self.kept();
        let Some(members) = kept.collections[collection].get(parent) else {
            return (Vec::new(), 0);
        };
        let page = members.members.values().skip(skip).take(most);
        let page = page.filter_map(|bytes| serde_json::from_slice(bytes).ok());
        (page.collect(), members.members.len())
    }

    /// The members of a collection, whoever they belong to.
    pub(crate) fn all(&self, collection: usize) -> Vec<Value> {
        let kept = self.kept();
        let members = kept.collections[collection].values();
        let members = members.flat_map(|members| members.members.values());
        members
            .filter_map(|bytes| serde_json::from_slice(bytes).ok())
            .collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(path: &str, parent: &str, id: &str, number: u64, member: &Value) -> Entry {
    Entry::Put {
        path: path.to_owned(),
        parent: parent.to_owned(),
        id: id.to_owned(),
        number,
        member: member.clone(),
    }
}
