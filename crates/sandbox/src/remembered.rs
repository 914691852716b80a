//! Answers that the memory gives: what was created is found, listed, changed and gone.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use contract::operation::Operation;
use hyper::header::{HeaderValue, LOCATION};
use serde_json::{Map, Value};

use crate::answer::{Answer, bytes};
use crate::identifier::{fresh, renamed};
use crate::memory::{
    Act, Chosen, Collection, Memory, Page, Role, Shown, Unkept, changed, created, is_same,
    parent_of, text,
};
use crate::refusal::Refusal;
use crate::rules::{Call, Duplicate, Rules, Unique};

/// A call of an operation that remembers.
pub(crate) struct Recalled<'a> {
    pub(crate) memory: &'a Memory,
    pub(crate) at: usize,
    pub(crate) collection: &'a Collection,
    pub(crate) role: &'a Role,
    pub(crate) operation: &'a Operation,
    /// What stands in the path for each variable, decoded.
    pub(crate) variables: Vec<String>,
    /// What the query says of a name.
    pub(crate) query: &'a dyn Fn(&str) -> Option<String>,
    /// What it answers usually.
    pub(crate) usual: &'a Value,
    pub(crate) shown: Shown<'a>,
    pub(crate) rules: Option<&'a dyn Rules>,
    /// What tells those apart that are created.
    pub(crate) unique: Option<&'a Unique>,
    /// Whether an answer fits its schema.
    pub(crate) fits: &'a dyn Fn(&Value) -> bool,
}

/// So often a member gets another identifier at most.
const ATTEMPTS: u32 = 1_000;

/// What an operation does once it is done.
pub(crate) enum Done {
    /// It answers this.
    Answers(Value),
    /// The same of a member that was created, with its identifier.
    Created(Value, String),
    /// It answers what it always does.
    Usual,
}

impl Recalled<'_> {
    /// # Errors
    /// When there is no such member, or no room for another.
    pub(crate) fn done(&self, body: Option<&Value>) -> Result<Done, Refusal> {
        let parent = self.parent();
        if !self.memory.store.is_known(self.at, &parent) {
            if let Some(done) = self.unchanged() {
                return done;
            }
            self.memory
                .open(self.at, self.collection, &parent, self.shown);
        }
        match self.role.act {
            Act::Create => self.create(&parent, body),
            Act::List => Ok(self.list(&parent)),
            Act::Read => self.read(&parent),
            Act::Change | Act::Replace => self.change(&parent, body),
            Act::Delete => self.delete(&parent),
        }
    }

    /// What is answered of a collection that nobody has changed: it holds what the contract shows,
    /// which takes no room. Nothing where it is changed now.
    fn unchanged(&self) -> Option<Result<Done, Refusal>> {
        if self.role.act == Act::Create {
            return None;
        }
        let shown = Memory::shown(self.collection, self.shown);
        if self.role.act == Act::List {
            let page = Page::asked(self.operation, self.query);
            let total = shown.len();
            let members = shown.into_iter().skip(page.skip).take(page.most);
            let members = members.map(|(_, member)| member).collect();
            return Some(Ok(self.listed(&page, members, total)));
        }
        let id = self.id();
        let found = shown.into_iter().find(|(known, _)| *known == id);
        match (found, self.role.act) {
            (None, _) => Some(Err(self.nobody())),
            (Some((_, member)), Act::Read) => Some(Ok(self.answered(self.whole(member)))),
            (Some(_), _) => None,
        }
    }

    /// The identifier of the member that is meant.
    fn id(&self) -> String {
        match &self.role.chosen {
            Chosen::Variable(at) => self.variables.get(*at).cloned(),
            Chosen::Query(name) => (self.query)(name),
            Chosen::Nothing => None,
        }
        .unwrap_or_default()
    }

    /// Whose members they are: the variables beside the member's own.
    fn parent(&self) -> String {
        let own = match self.role.chosen {
            Chosen::Variable(at) => Some(at),
            Chosen::Query(_) | Chosen::Nothing => None,
        };
        let others = self.variables.iter().enumerate();
        let others = others.filter(|(at, _)| Some(*at) != own);
        parent_of(others.map(|(_, variable)| variable.as_str()))
    }

    fn member<'v>(&self, answer: &'v Value) -> Option<&'v Map<String, Value>> {
        self.role.place.as_ref()?.get(answer)?.as_object()
    }

    fn answered(&self, member: Value) -> Done {
        match &self.role.place {
            Some(place) => Done::Answers(place.put(member)),
            None => Done::Usual,
        }
    }

    fn create(&self, parent: &str, body: Option<&Value>) -> Result<Done, Refusal> {
        let (Some(shown), Some(place)) = (self.member(self.usual), &self.role.place) else {
            return Ok(Done::Usual);
        };
        let nothing = Map::new();
        let sent = body.and_then(Value::as_object).unwrap_or(&nothing);
        let call = Call {
            method: &self.operation.method,
            path: &self.operation.path,
            body,
        };
        let answer = |mut member: Map<String, Value>, number: u64| {
            // Nobody is without one, whoever says it.
            if let Some(id) = shown.get(&self.collection.id) {
                let own = member.entry(self.collection.id.clone());
                own.or_insert_with(|| id.clone());
            }
            self.set(&mut member, sent, number);
            if let Some(rules) = self.rules {
                rules.complete(&call, &mut member);
            }
            place.put(Value::Object(member))
        };
        let store = &self.memory.store;
        let key = self.unique.and_then(|unique| unique.key(sent));
        // An identifier that somebody has is counted on.
        for _ in 0..ATTEMPTS {
            let number = store.number();
            // As much of what was sent as the answer admits: what it describes, what it shows, nothing.
            let described = self.described(sent);
            let mut answered = answer(created(shown, &described, &self.role.said), number);
            if !(self.fits)(&answered) {
                answered = answer(created(shown, &known(sent, shown), &[]), number);
            }
            if !(self.fits)(&answered) {
                answered = answer(shown.clone(), number);
            }
            let Some(member) = place.get(&answered) else {
                return Ok(Done::Answers(answered));
            };
            let id = member.get(&self.collection.id).map(text);
            let id = id.unwrap_or_default();
            match store.create(self.at, parent, &id, member, key.as_deref()) {
                Ok(()) => {}
                Err(Unkept::Taken(taken)) => return self.taken(taken),
                // Nobody has created what the contract only shows.
                Err(Unkept::Exists(_)) if self.is_shown(parent, &id) => {
                    store.put(self.at, parent, &id, member).map_err(unkept)?;
                }
                Err(Unkept::Exists(_)) if !self.is_said(sent) => continue,
                Err(why) => return Err(unkept(why)),
            }
            return Ok(Done::Created(answered, id));
        }
        Err(unkept(Unkept::Exists("of the contract".to_owned())))
    }

    /// Whether a caller says which identifier a member is to have.
    fn is_said(&self, sent: &Map<String, Value>) -> bool {
        let id = self.collection.id.as_str();
        sent.keys().any(|sent| is_same(sent, id))
    }

    /// Whether a member is as the contract shows it.
    fn is_shown(&self, parent: &str, id: &str) -> bool {
        let kept = self.memory.store.get(self.at, parent, id);
        let shown = Memory::shown(self.collection, self.shown);
        shown
            .iter()
            .any(|(known, member)| known == id && kept.as_ref() == Some(member))
    }

    /// What is sent under names that the answer describes, or shows; all, where it describes nothing.
    fn described<'s>(&self, sent: &'s Map<String, Value>) -> Vec<(&'s str, &'s Value)> {
        let known = &self.role.described;
        let is_known = |name: &str| known.iter().any(|known| is_same(known, name));
        let shown = self.member(self.usual);
        let is_shown =
            |name: &str| shown.is_some_and(|shown| shown.keys().any(|known| is_same(known, name)));
        let named = sent.iter();
        let named = named.filter(|(name, _)| known.is_empty() || is_known(name) || is_shown(name));
        named.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// What comes of a create whose key another member has.
    fn taken(&self, member: Value) -> Result<Done, Refusal> {
        if self
            .unique
            .is_some_and(|one| one.duplicate == Duplicate::Return)
        {
            return Ok(self.answered(self.whole(member)));
        }
        Err(self.same())
    }

    /// The refusal of what would be the same as another member.
    fn same(&self) -> Refusal {
        let names = self.unique.map_or(&[][..], |unique| &unique.properties);
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("there is one with the same {} already", names.join(" and "));
        Refusal::new(&[409, 422, 400], message)
    }

    /// What only a server says: who it is, and when.
    fn set(&self, member: &mut Map<String, Value>, sent: &Map<String, Value>, number: u64) {
        let is_sent = |name: &str| sent.keys().any(|sent| is_same(sent, name));
        if let Some(id) = member.get_mut(&self.collection.id)
            && !is_sent(&self.collection.id)
        {
            let fresh = fresh(id, number);
            let old = std::mem::replace(id, fresh.clone());
            // Addresses and the like name it, too.
            renamed(member, &self.collection.id, &text(&old), &text(&fresh));
        }
        for (name, value) in member.iter_mut() {
            if value.as_str().is_some_and(is_time) && is_of_server(name) && !is_sent(name) {
                *value = now().into();
            }
        }
    }

    fn list(&self, parent: &str) -> Done {
        let page = Page::asked(self.operation, self.query);
        let (members, total) = self
            .memory
            .store
            .list(self.at, parent, page.skip, page.most);
        self.listed(&page, members, total)
    }

    fn listed(&self, page: &Page, members: Vec<Value>, total: usize) -> Done {
        match self.answered(members.into()) {
            Done::Answers(mut answer) => {
                page.tell(self.operation, &mut answer, total);
                Done::Answers(answer)
            }
            other => other,
        }
    }

    fn read(&self, parent: &str) -> Result<Done, Refusal> {
        let member = self.memory.store.get(self.at, parent, &self.id());
        let member = member.ok_or_else(|| self.nobody())?;
        Ok(self.answered(self.whole(member)))
    }

    fn change(&self, parent: &str, body: Option<&Value>) -> Result<Done, Refusal> {
        let nothing = Map::new();
        let body = body.and_then(Value::as_object).unwrap_or(&nothing);
        let sent = self.described(body);
        let rekey = |key: &str| self.unique.map(|unique| unique.changed(key, body));
        let change = |member: Value| {
            let Value::Object(old) = &member else {
                return member;
            };
            let mut new = match self.role.act {
                Act::Replace => created(old, &sent, &self.role.said),
                _ => changed(old, &sent),
            };
            // Whoever it is, it stays.
            if let Some(id) = old.get(&self.collection.id) {
                new.insert(self.collection.id.clone(), id.clone());
            }
            let new = Value::Object(new);
            let fits = match &self.role.place {
                Some(place) => (self.fits)(&place.put(new.clone())),
                None => true,
            };
            if fits { new } else { member }
        };
        let member = self
            .memory
            .store
            .update(self.at, parent, &self.id(), change, rekey);
        let member = match member {
            Err(Unkept::Taken(_)) => return Err(self.same()),
            member => member.map_err(unkept)?,
        };
        let member = member.ok_or_else(|| self.nobody())?;
        Ok(self.answered(self.whole(member)))
    }

    fn delete(&self, parent: &str) -> Result<Done, Refusal> {
        let member = self.memory.store.remove(self.at, parent, &self.id());
        let member = member.map_err(unkept)?.ok_or_else(|| self.nobody())?;
        Ok(self.answered(self.whole(member)))
    }

    /// A member with what this operation shows of members and others do not.
    fn whole(&self, member: Value) -> Value {
        let (Value::Object(own), Some(place)) = (&member, &self.role.place) else {
            return member;
        };
        if (self.fits)(&place.put(member.clone())) {
            return member;
        }
        let mut whole = self.member(self.usual).cloned().unwrap_or_default();
        whole.extend(own.clone());
        Value::Object(whole)
    }

    fn nobody(&self) -> Refusal {
        let id = self.id();
        Refusal::new(
            &[404],
            format!("there is no `{id}`: it was not created, or it was deleted"),
        )
    }
}

fn unkept(why: Unkept) -> Refusal {
    let statuses: &[u16] = match why {
        Unkept::Exists(_) | Unkept::Taken(_) => &[409, 422, 400],
        Unkept::Deep => &[422, 400],
        Unkept::Full(_) | Unkept::Journal(_) => &[507],
    };
    Refusal::new(statuses, why.to_string())
}

/// What is sent under names that an answer shows.
fn known<'s>(
    sent: &'s Map<String, Value>,
    shown: &Map<String, Value>,
) -> Vec<(&'s str, &'s Value)> {
    let is_shown = |name: &str| shown.keys().any(|shown| is_same(shown, name));
    let known = sent.iter().filter(|(name, _)| is_shown(name));
    known.map(|(name, value)| (name.as_str(), value)).collect()
}

/// Whether a text is a time with its date (RFC 3339, section 5.6).
fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes()[10] == b'T'
}

/// Whether a time is one that a server sets.
fn is_of_server(name: &str) -> bool {
    let is_in = |word: &[u8]| {
        let mut parts = name.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word))
    };
    is_in(b"creat") || is_in(b"updat")
}

/// The time in the form of RFC 3339, in whole seconds.
fn now() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Done {
    /// The answer with its value in the place of what it shows usually; what was created has its
    /// address below `path`, where the contract has a header for it (RFC 9110, section 10.2.2).
    pub(crate) fn answer(self, usual: Answer, path: &str) -> Answer {
        let (value, id) = match self {
            Self::Answers(value) => (value, None),
            Self::Created(value, id) => (value, Some(id)),
            Self::Usual => return usual,
        };
        let Answer {
            mut headers, body, ..
        } = usual;
        if let Some(id) = id.filter(|_| headers.contains_key(LOCATION)) {
            let address = format!("{path}/{}", parent_of([id.as_str()].into_iter()));
            if let Ok(address) = HeaderValue::try_from(address) {
                headers.insert(LOCATION, address);
            }
        }
        Answer {
            headers,
            body: body.map(|_| bytes(&value)),
            ..usual
        }
    }
}
