//! The members of collections, in the order in which they came.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::journal::Journal;
use super::kept::{Collection, Kept, Unkept};

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Store {
    kept: Mutex<Kept>,
    /// The last number that was given to a member that is to be.
    given: AtomicU64,
    /// So many members are kept, of all collections together.
    pub(crate) most: usize,
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
            given: AtomicU64::new(0),
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
        self.given.store(kept.next, Ordering::Relaxed);
        Ok(())
    }

    /// Lets the next server have the file; what is still asked is refused.
    pub(crate) fn close(&self) {
        if let Some(journal) = &mut self.kept().journal {
            journal.close();
        }
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

    /// A number that nobody was given before.
    pub(crate) fn number(&self) -> u64 {
        self.given.fetch_add(1, Ordering::Relaxed) + 1
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
        // What is kept goes on with what was given.
        kept.next = kept.next.max(self.given.load(Ordering::Relaxed));
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
        kept.put(collection, parent, id, (&member, key), self.most)?;
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
        self.kept().remove(collection, parent, id)
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
