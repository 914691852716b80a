use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;

use super::change::{Effect, Flow};
use super::equal::Limit;
use super::kind::Kind;
use super::operation::Owner;
use super::side::{Side, Sited};
use super::{annotations, content, operation, parameter, reference, response, schema, security};

/// What two objects are compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Parameter,
    Header,
    SecurityScheme,
    RequestBody,
    Response,
    MediaType,
    Schema(Position),
    Callback,
    PathItem,
    Operation,
}

impl Role {
    /// A schema in a place that matters no further.
    pub(super) const SCHEMA: Self = Self::Schema(Position {
        optional: false,
        text: false,
        list_of_one: false,
    });
}

/// What matters of the place where a schema stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Position {
    /// The value may be left out.
    pub(super) optional: bool,
    /// It travels as text, as in a query: `5` and `"5"` are the same.
    pub(super) text: bool,
    /// It travels as text, and a list of one looks like its only item.
    pub(super) list_of_one: bool,
}

/// A change without what the whole comparison knows of it.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) kind: Kind,
    pub(super) old: Option<Sited<'a>>,
    pub(super) new: Option<Sited<'a>>,
    pub(super) effect: Effect,
    /// What is part of the change, where it is not what stands at the places.
    values: Option<Values<'a>>,
}

/// The values of both sides.
type Values<'a> = (Option<Sited<'a>>, Option<Sited<'a>>);

impl<'a> Draft<'a> {
    pub(super) fn new(kind: Kind, effect: Effect) -> Self {
        Self {
            kind,
            old: None,
            new: None,
            effect,
            values: None,
        }
    }

    pub(super) fn old(mut self, sited: &Sited<'a>) -> Self {
        self.old = Some(sited.clone());
        self
    }

    pub(super) fn new_at(mut self, sited: &Sited<'a>) -> Self {
        self.new = Some(sited.clone());
        self
    }

    pub(super) fn both(self, old: &Sited<'a>, new: &Sited<'a>) -> Self {
        self.old(old).new_at(new)
    }

    pub(super) fn sides(mut self, old: Option<Sited<'a>>, new: Option<Sited<'a>>) -> Self {
        (self.old, self.new) = (old, new);
        self
    }

    /// Makes these values part of the change.
    pub(super) fn about(mut self, old: Option<&Sited<'a>>, new: Option<&Sited<'a>>) -> Self {
        self.values = Some((old.cloned(), new.cloned()));
        self
    }

    /// The values that are part of the change.
    pub(super) fn values(&self) -> Values<'a> {
        match &self.values {
            Some(values) => values.clone(),
            None if self.kind.is_of_value() => (self.old.clone(), self.new.clone()),
            None => (None, None),
        }
    }
}

/// A draft and where it was found: the same change may mean more in one place than in
/// another.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) draft: Draft<'a>,
    /// What follows at each pair; at none for what stands outside of operations.
    pub(super) effects: Vec<(Option<usize>, Effect)>,
    /// Further places of it.
    pub(super) also: Vec<Rc<str>>,
}

/// An operation, the end of every path through the pairs.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) operation: String,
    pub(super) operation_id: Option<String>,
    pub(super) flow: Flow,
}

/// What happens to the direction on the way into a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Edge {
    /// It turns round: what a callback sends, the client answers.
    pub(super) flip: bool,
    /// What the part allows, the whole forbids.
    pub(super) negate: bool,
    /// Only values that travel this way hold the part: it is read-only or write-only.
    pub(super) only: Option<Flow>,
}

/// Who leads to a pair.
#[derive(Debug, Default)]
pub(super) struct Pair {
    /// Pairs that contain it, and what happens on the way.
    pub(super) parents: Vec<(usize, Edge)>,
    /// Set for the operations of the document; several where paths share an item.
    pub(super) roots: Vec<Root>,
}

/// What a change is, and where it stands on both sides.
type Key = (Kind, Option<Rc<str>>, Option<Rc<str>>);

/// A walk through two documents at once. Objects are compared in pairs, each pair
/// once, from a list of what is still to do: no recursion, whatever the nesting.
pub(super) struct Comparison<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    /// The date that decides whether a promise has run out, as `2026-11-21`.
    pub(super) today: &'a str,
    pub(super) pairs: IndexMap<(Role, usize, usize), Pair>,
    pub(super) found: IndexMap<Key, Found<'a>>,
    /// Components that some pair reached, by identity.
    pub(super) reached: HashMap<usize, usize>,
    /// The path items around operations, by identity of the operation.
    pub(super) owners: HashMap<usize, Owner<'a>>,
    /// How often a change was emitted, the same one again included.
    pub(super) emitted: usize,
    todo: Vec<(usize, Role, Sited<'a>, Sited<'a>)>,
    current: Option<usize>,
    /// Set while two schemas are only asked whether they say the same.
    pub(super) limit: Option<Limit>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: Side<'a>, new: Side<'a>, today: &'a str) -> Self {
        Self {
            old,
            new,
            today,
            pairs: IndexMap::new(),
            found: IndexMap::new(),
            reached: HashMap::new(),
            owners: HashMap::new(),
            emitted: 0,
            todo: Vec::new(),
            current: None,
            limit: None,
        }
    }

    /// Compares what has been paired, and what that leads to.
    pub(super) fn run(&mut self) {
        while let Some((pair, role, old, new)) = self.todo.pop() {
            self.current = Some(pair);
            self.compare(role, &old, &new);
            if self.limit.as_mut().is_some_and(|limit| limit.is_reached()) {
                break;
            }
        }
        self.current = None;
    }

    fn compare(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
        if !matches!(role, Role::Schema(_)) {
            annotations::compare_malformed(self, old, new);
        }
        match role {
            Role::Parameter => parameter::compare(self, old, new),
            Role::Header => parameter::compare_header(self, old, new),
            Role::SecurityScheme => security::compare_scheme(self, old, new),
            Role::RequestBody => content::compare_body(self, old, new),
            Role::Response => response::compare(self, old, new),
            Role::MediaType => content::compare_media_type(self, old, new),
            Role::Schema(position) => schema::compare(self, position, old, new),
            Role::Callback => response::compare_callback(self, old, new),
            Role::PathItem => operation::compare_path_item(self, old, new),
            Role::Operation => operation::compare(self, old, new),
        }
    }

    /// Pairs two objects to be compared, references followed.
    pub(super) fn pair(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
        self.part(role, old, new, Edge::default());
    }

    /// Pairs two properties, which only values in one direction may hold.
    pub(super) fn pair_only(
        &mut self,
        role: Role,
        only: Option<Flow>,
        old: &Sited<'a>,
        new: &Sited<'a>,
    ) {
        let edge = Edge {
            only,
            ..Edge::default()
        };
        self.part(role, old, new, edge);
    }

    /// Pairs two objects whose values travel against those of the current pair.
    pub(super) fn pair_flipped(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
        let edge = Edge {
            flip: true,
            ..Edge::default()
        };
        self.link(role, old, new, edge);
    }

    /// Pairs two schemas of which the current pair takes what they do not.
    pub(super) fn pair_negated(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
        let edge = Edge {
            negate: true,
            ..Edge::default()
        };
        self.link(role, old, new, edge);
    }

    /// Pairs two objects that stand inside of the current pair without being part of
    /// it: what refers to them uses them.
    pub(super) fn pair_detached(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
        let current = self.current.take();
        self.link(role, old, new, Edge::default());
        self.current = current;
    }

    /// Pairs two objects that stand on one side or on both.
    pub(super) fn pair_if_both(
        &mut self,
        role: Role,
        old: Option<&Sited<'a>>,
        new: Option<&Sited<'a>>,
    ) {
        if let (Some(old), Some(new)) = (old, new) {
            self.pair(role, old, new);
        }
    }

    /// Pairs two parts of the current pair. A reference that leads to another of two
    /// schemas which both documents have is one change, not those between the two.
    fn part(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>, edge: Edge) {
        let is_schema = matches!(role, Role::Schema(_)) && !edge.negate;
        if is_schema && self.limit.is_none() && reference::is_exchanged(self, old, new) {
            reference::exchanged(self, role, old, new);
        } else {
            self.link(role, old, new, edge);
        }
    }

    fn link(&mut self, role: Role, old: &Sited<'a>, new: &Sited<'a>, edge: Edge) -> usize {
        let is_schema = matches!(role, Role::Schema(_));
        if !is_schema || !(self.old.siblings_count || self.new.siblings_count) {
            annotations::compare_siblings(self, old, new);
        }
        let (old, new) = match role {
            // A schema knows what to make of keywords beside its reference.
            Role::Schema(_) => (
                schema::target(&self.old, old),
                schema::target(&self.new, new),
            ),
            _ => (self.old.follow(old), self.new.follow(new)),
        };
        self.reached.insert(old.id(), new.id());
        self.reached.insert(new.id(), old.id());
        let entry = self.pairs.entry((role, old.id(), new.id()));
        let is_new = matches!(entry, indexmap::map::Entry::Vacant(_));
        let index = entry.index();
        let pair = entry.or_default();
        if let Some(parent) = self.current {
            pair.parents.push((parent, edge));
        }
        if is_new {
            self.todo.push((index, role, old, new));
        }
        index
    }

    /// Pairs two operations, the roots of all uses.
    pub(super) fn pair_operations(&mut self, root: Root, old: &Sited<'a>, new: &Sited<'a>) {
        let index = self.link(Role::Operation, old, new, Edge::default());
        if let Some((_, pair)) = self.pairs.get_index_mut(index) {
            pair.roots.push(root);
        }
    }

    /// Records a change of the current pair.
    pub(super) fn emit(&mut self, draft: Draft<'a>) {
        if let Some(limit) = &mut self.limit {
            limit.note(&draft);
        }
        self.emitted += 1;
        let at = |sited: &Option<Sited<'a>>| sited.as_ref().map(|sited| sited.at.clone());
        let key = (draft.kind.clone(), at(&draft.old), at(&draft.new));
        let here = (self.current, draft.effect.clone());
        let found = self.found.entry(key).or_insert_with(|| Found {
            draft,
            effects: Vec::new(),
            also: Vec::new(),
        });
        if !found.effects.contains(&here) {
            found.effects.push(here);
        }
    }
}
