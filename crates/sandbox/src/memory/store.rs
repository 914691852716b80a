//! The members of collections, in the order in which they came.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// There is no room for another member: none is forgotten for one that is new.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full(pub(crate) usize);

/// What is remembered.
#[derive(Debug)]
pub(crate) struct Store {
    kept: Mutex<Kept>,
    /// So many members are kept, of all collections together.
    pub(crate) most: usize,
}

#[derive(Debug, Default)]
struct Kept {
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

impl Default for Store {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Store {
    pub(crate) fn new(collections: usize) -> Self {
        let mut kept = Kept::default();
        kept.collections.resize_with(collections, HashMap::new);
        Self {
            kept: Mutex::new(kept),
            most: usize::MAX,
        }
    }

    /// Whether a collection below a parent is known; it is after that.
    pub(crate) fn opens(&self, collection: usize, parent: &str) -> bool {
        let collections = &mut self.kept().collections;
        let is_new = !collections[collection].contains_key(parent);
        if is_new {
            collections[collection].insert(parent.into(), Members::default());
        }
        is_new
    }

    /// A number that no other member has.
    pub(crate) fn number(&self) -> u64 {
        let mut kept = self.kept();
        kept.next += 1;
        kept.next
    }

    /// Adds a member, or puts it in the place of the one with its identifier.
    pub(crate) fn put(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        member: &Value,
    ) -> Result<(), Full> {
        let bytes = member.to_string().into_bytes().into_boxed_slice();
        let mut kept = self.kept();
        let kept = &mut *kept;
        let members = kept.collections[collection]
            .entry(parent.into())
            .or_default();
        if let Some(number) = members.numbers.get(id) {
            members.members.insert(*number, bytes);
            return Ok(());
        }
        if kept.count >= self.most {
            return Err(Full(self.most));
        }
        kept.next += 1;
        kept.count += 1;
        members.numbers.insert(id.into(), kept.next);
        members.members.insert(kept.next, bytes);
        Ok(())
    }

    pub(crate) fn get(&self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let kept = self.kept();
        let members = kept.collections[collection].get(parent)?;
        let bytes = members.members.get(members.numbers.get(id)?)?;
        serde_json::from_slice(bytes).ok()
    }

    /// Puts in the place of a member what `change` makes of it, and gives it back.
    pub(crate) fn update(
        &self,
        collection: usize,
        parent: &str,
        id: &str,
        change: impl FnOnce(Value) -> Value,
    ) -> Option<Value> {
        let mut kept = self.kept();
        let members = kept.collections[collection].get_mut(parent)?;
        let bytes = members.members.get_mut(members.numbers.get(id)?)?;
        let member = change(serde_json::from_slice(bytes).ok()?);
        *bytes = member.to_string().into_bytes().into_boxed_slice();
        Some(member)
    }

    /// Takes a member away, and gives it back.
    pub(crate) fn remove(&self, collection: usize, parent: &str, id: &str) -> Option<Value> {
        let mut kept = self.kept();
        let members = kept.collections[collection].get_mut(parent)?;
        let number = members.numbers.remove(id)?;
        let bytes = members.members.remove(&number)?;
        kept.count -= 1;
        serde_json::from_slice(&bytes).ok()
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
