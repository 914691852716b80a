//! The members of collections, in the order in which they came.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::journal::{Entry, Journal};

/// Why something is not remembered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unkept {
    /// There is no room for another member.
    #[error("the sandbox keeps {0} members, and forgets none for another")]
    Full(usize),
    /// The file of the state takes no more.
    #[error("the sandbox cannot keep it: {0}")]
    Journal(io::Error),
    /// Another one was created with the same key; it is this one.
    #[error("there is one with the same key already")]
    Taken(Value),
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
    members: BTreeMap<u64, Member>,
    numbers: HashMap<Box<str>, u64>,
    /// The members that were created with a key that no other one may have.
    keys: HashMap<Box<str>, u64>,
}

#[derive(Debug)]
struct Member {
    /// JSON, which takes a fraction of the room of values.
    bytes: Box<[u8]>,
    key: Option<Box<str>>,
}

impl Member {
    fn new(value: &Value, key: Option<&str>) -> Self {
        Self {
            bytes: value.to_string().into_bytes().into(),
            key: key.map(Into::into),
        }
    }

    fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

impl Members {
    fn get(&self, id: &str) -> Option<&Member> {
        self.members.get(self.numbers.get(id)?)
    }
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
                key,
            } => {
                if let Some(at) = at(&path) {
                    let member = Member::new(&member, key.as_deref());
                    self.insert(at, &parent, &id, member);
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

    fn insert(&mut self, collection: usize, parent: &str, id: &str, member: Member) {
        let members = self.collections[collection]
            .entry(parent.into())
            .or_default();
        let number = members.numbers.get(id).copied().unwrap_or_else(|| {
            self.next += 1;
            self.count += 1;
            members.numbers.insert(id.into(), self.next);
            self.next
        });
        let old = members.members.remove(&number);
        if let Some(key) = old.and_then(|old| old.key) {
            members.keys.remove(&key);
        }
        if let Some(key) = &member.key {
            members.keys.insert(key.clone(), number);
        }
        members.members.insert(number, member);
    }

    fn take(&mut self, collection: usize, parent: &str, id: &str) -> Option<Member> {
        let members = self.collections[collection].get_mut(parent)?;
        let number = members.numbers.remove(id)?;
        self.count -= 1;
        let member = members.members.remove(&number)?;
        if let Some(key) = &member.key {
            members.keys.remove(key);
        }
        Some(member)
    }

    fn get(&self, collection: usize, parent: &str, id: &str) -> Option<&Member> {
        self.collections[collection].get(parent)?.get(id)
    }

    /// The member that was created with a key.
    fn keyed(&self, collection: usize, parent: &str, key: &str) -> Option<&Member> {
        let members = self.collections[collection].get(parent)?;
        members.members.get(members.keys.get(key)?)
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
                let puts = members.members.iter().filter_map(move |(number, member)| {
                    Some(Entry::Put {
                        path: path.clone(),
                        parent: parent.clone(),
                        id: (*ids.get(number)?).to_owned(),
                        number: next,
                        member: member.value()?,
                        key: member.key.as_deref().map(str::to_owned),
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

    /// Begins a collection below a parent with these members, by their identifiers, unless it is
    /// known.
    ///
    /// # Errors
    /// When there is no room for them.
    pub(crate) fn begin(
        &self,
        collection: usize,
        parent: &str,
        members: &[(String, Value)],
    ) -> Result<(), Unkept> {
        if !self.opens(collection, parent) {
            return Ok(());
        }
        let put = |(id, member): &(String, Value)| self.put(collection, parent, id, member, None);
        members.iter().try_for_each(put)
    }

    /// Forgets everything: each collection begins anew when it is next asked for.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let mut kept = self.kept();
        if let Some(journal) = &mut kept.journal {
            journal.rewrite(std::iter::empty())?;
        }
        kept.collections.iter_mut().for_each(HashMap::clear);
        kept.count = 0;
        Ok(())
    }

    /// The members by the path of their collection, and by their parent.
    pub(crate) fn everything(&self) -> Vec<(String, String, Vec<Value>)> {
        let kept = self.kept();
        let collections = kept.paths.iter().zip(&kept.collections);
        let all = collections.flat_map(|(path, collection)| {
            let mut below: Vec<_> = collection.iter().collect();
            below.sort_by(|(one, _), (other, _)| one.cmp(other));
            below.into_iter().map(move |(parent, members)| {
                let values = members.members.values().filter_map(Member::value);
                (path.clone(), parent.to_string(), values.collect())
            })
        });
        all.collect()
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
    /// When there is no room for it, or another one has its key.
    pub(crate) fn put(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        member: &Value,
        key: Option<&str>,
    ) -> Result<(), Unkept> {
        let mut kept = self.kept();
        if kept.count >= self.most && !kept.has(collection, parent, id) {
            return Err(Unkept::Full(self.most));
        }
        let taken = key.and_then(|key| kept.keyed(collection, parent, key)?.value());
        if let Some(taken) = taken {
            return Err(Unkept::Taken(taken));
        }
        let number = kept.next + 1;
        let put = |path: &str| put(path, parent, id, number, (member, key));
        kept.write(put, collection)?;
        kept.insert(collection, parent, id, Member::new(member, key));
        Ok(())
    }

    pub(crate) fn get(&self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        self.kept().get(collection, parent, id)?.value()
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
        let member = kept.get(collection, parent, id);
        let Some((old, key)) = member.and_then(|one| Some((one.value()?, one.key.clone()))) else {
            return Ok(None);
        };
        let (member, key) = (change(old), key.as_deref());
        let number = kept.next;
        let put = |path: &str| put(path, parent, id, number, (&member, key));
        kept.write(put, collection)?;
        kept.insert(collection, parent, id, Member::new(&member, key));
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
        let member = kept.take(collection, parent, id);
        Ok(member.and_then(|member| member.value()))
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
        let page = page.filter_map(Member::value);
        (page.collect(), members.members.len())
    }

    /// The members of a collection, whoever they belong to.
    pub(crate) fn all(&self, collection: usize) -> Vec<Value> {
        let kept = self.kept();
        let members = kept.collections[collection].values();
        let members = members.flat_map(|members| members.members.values());
        members.filter_map(Member::value).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
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
