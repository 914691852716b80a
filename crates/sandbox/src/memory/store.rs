//! The members of collections, in the order in which they came.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    collections: Vec<Collection>,
    /// How many members there are.
    count: usize,
    /// The number of the next one.
    next: u64,
}

/// The members of a collection.
#[derive(Debug, Default)]
struct Collection {
    shapes: Shapes,
    by_parent: HashMap<Box<str>, Members>,
}

/// The members of a collection below one parent.
#[derive(Debug, Default)]
struct Members {
    members: BTreeMap<u64, Packed>,
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
    fn apply(&mut self, entry: Entry) {
        let at = |path: &str| self.paths.iter().position(|known| known == path);
        match entry {
            Entry::Open { path, parent } => {
                if let Some(at) = at(&path) {
                    self.collections[at].open(&parent);
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

    fn is_known(&self, collection: usize, parent: &str) -> bool {
        self.collections[collection].by_parent.contains_key(parent)
    }

    fn begin(
        &mut self,
        collection: usize,
        parent: &str,
        members: &[(String, Value)],
        most: usize,
    ) -> Result<(), Unkept> {
        if self.is_known(collection, parent) {
            return Ok(());
        }
        let open = |path: &str| Entry::Open {
            path: path.to_owned(),
            parent: parent.to_owned(),
        };
        self.write(open, collection)?;
        self.collections[collection].open(parent);
        let put =
            |(id, member): &(String, Value)| self.put(collection, parent, id, (member, None), most);
        members.iter().try_for_each(put)
    }

    fn put(
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

    fn take(&mut self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let collection = &mut self.collections[collection];
        let members = collection.by_parent.get_mut(parent)?;
        let number = members.numbers.remove(id)?;
        self.count -= 1;
        members.keys.remove(number);
        collection.shapes.unpack(&members.members.remove(&number)?)
    }

    fn has(&self, collection: usize, parent: &str, id: &str) -> bool {
        let members = self.collections[collection].by_parent.get(parent);
        members.is_some_and(|members| members.numbers.contains_key(id))
    }

    /// A member, and the key that it was created with.
    fn get(&self, collection: usize, parent: &str, id: &str) -> Option<(Value, Option<&str>)> {
        let collection = &self.collections[collection];
        let members = collection.by_parent.get(parent)?;
        let number = members.numbers.get(id)?;
        let key = members.keys.keys.get(number).map(AsRef::as_ref);
        let member = collection.shapes.unpack(members.members.get(number)?)?;
        Some((member, key))
    }

    /// The member that was created with a key.
    fn keyed(&self, collection: usize, parent: &str, key: &str) -> Option<Value> {
        let collection = &self.collections[collection];
        let members = collection.by_parent.get(parent)?;
        let number = members.keys.numbers.get(key)?;
        collection.shapes.unpack(members.members.get(number)?)
    }

    /// What is there, as the changes that lead to it.
    fn entries(&self) -> impl Iterator<Item = Entry> {
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
    fn open(&mut self, parent: &str) -> &mut Members {
        self.by_parent.entry(parent.into()).or_default()
    }

    fn values<'m>(
        &'m self,
        members: impl Iterator<Item = &'m Packed>,
    ) -> impl Iterator<Item = Value> {
        members.filter_map(|packed| self.shapes.unpack(packed))
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
        kept.collections
            .resize_with(paths.len(), Collection::default);
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

    /// Whether a collection below a parent is known.
    pub(crate) fn is_known(&self, collection: usize, parent: &str) -> bool {
        self.kept().is_known(collection, parent)
    }

    /// Begins a collection below a parent with these members, by their identifiers, unless it is
    /// known. Nobody sees a part of them.
    ///
    /// # Errors
    /// When there is no room for them; the collection has those before them then.
    pub(crate) fn begin(
        &self,
        collection: usize,
        parent: &str,
        members: &[(String, Value)],
    ) -> Result<(), Unkept> {
        self.kept().begin(collection, parent, members, self.most)
    }

    /// Forgets everything, and begins again with these collections; each other one begins when it is
    /// next changed. Nobody sees anything between.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn reset<'b>(
        &self,
        beginnings: impl Iterator<Item = (usize, &'b str, &'b [(String, Value)])>,
    ) -> Result<(), Unkept> {
        let mut kept = self.kept();
        if let Some(journal) = &mut kept.journal {
            let nothing = std::iter::empty();
            journal.rewrite(nothing).map_err(Unkept::Journal)?;
        }
        kept.collections.fill_with(Collection::default);
        kept.count = 0;
        for (collection, parent, members) in beginnings {
            kept.begin(collection, parent, members, self.most)?;
        }
        Ok(())
    }

    /// The members by the path of their collection, and by their parent.
    pub(crate) fn everything(&self) -> Vec<(String, String, Vec<Value>)> {
        let kept = self.kept();
        let collections = kept.paths.iter().zip(&kept.collections);
        let all = collections.flat_map(|(path, collection)| {
            let below: BTreeMap<_, _> = collection.by_parent.iter().collect();
            below.into_iter().map(move |(parent, members)| {
                let values = collection.values(members.members.values());
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

    /// Adds a member whose identifier and key no other one has.
    ///
    /// # Errors
    /// When there is no room for it, or another one has them.
    pub(crate) fn create(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        member: &Value,
        key: Option<&str>,
    ) -> Result<(), Unkept> {
        let mut kept = self.kept();
        let taken = key.and_then(|key| kept.keyed(collection, parent, key));
        if let Some(taken) = taken {
            return Err(Unkept::Taken(taken));
        }
        if kept.has(collection, parent, id) {
            return Err(Unkept::Exists(id.to_owned()));
        }
        kept.put(collection, parent, id, (member, key), self.most)
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
        let key = kept
            .get(collection, parent, id)
            .and_then(|(_, key)| key.map(str::to_owned));
        kept.put(collection, parent, id, (member, key.as_deref()), self.most)
    }

    pub(crate) fn get(&self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let kept = self.kept();
        let (member, _) = kept.get(collection, parent, id)?;
        Some(member)
    }

    /// Puts in the place of a member what `change` makes of it, with the key that `rekey` makes of its
    /// own, and gives it back; nothing where there is none.
    ///
    /// # Errors
    /// When it cannot be kept, or another one has the key.
    pub(crate) fn update(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        change: impl FnOnce(Value) -> Value,
        rekey: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Option<Value>, Unkept> {
        let mut kept = self.kept();
        let Some((old, key)) = kept.get(collection, parent, id) else {
            return Ok(None);
        };
        let old_key = key.map(str::to_owned);
        let key = old_key.as_deref().and_then(rekey).or(old_key.clone());
        let taken = key
            .as_deref()
            .filter(|_| key != old_key)
            .and_then(|key| kept.keyed(collection, parent, key));
        if let Some(taken) = taken {
            return Err(Unkept::Taken(taken));
        }
        let (member, key) = (change(old), key.as_deref());
        if is_deeper(&member, DEEPEST) {
            return Err(Unkept::Deep);
        }
        let number = kept.next;
        let put = |path: &str| put(path, parent, id, number, (&member, key));
        kept.write(put, collection)?;
        kept.insert(collection, parent, id, (&member, key));
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
        Ok(kept.take(collection, parent, id))
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
        let collection = &kept.collections[collection];
        let Some(members) = collection.by_parent.get(parent) else {
            return (Vec::new(), 0);
        };
        let page = members.members.values().skip(skip).take(most);
        (collection.values(page).collect(), members.members.len())
    }

    /// The members of a collection, whoever they belong to.
    pub(crate) fn all(&self, collection: usize) -> Vec<Value> {
        let kept = self.kept();
        let collection = &kept.collections[collection];
        let members = collection.by_parent.values();
        let members = members.flat_map(|members| members.members.values());
        collection.values(members).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
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
