//! Operations that may be those of a collection, and the collection that they are of.

use std::collections::HashMap;
use std::sync::OnceLock;

use contract::operation::Operation;
use contract::source::Node;
use serde_json::Value;

use super::resource::Place;
use super::role::{Act, Chosen, Role, described, remembered, said};

/// Operations whose paths are those of a collection and of its members.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The path of the collection, as the contract has it.
    pub(super) path: String,
    /// The variable of a member's path.
    variable: Option<String>,
    pub(super) acts: Vec<(Act, usize)>,
    /// Made when one of its operations is first called: it takes what they answer.
    collection: OnceLock<Option<Collection>>,
}

/// Members of one kind.
#[derive(Debug)]
pub(crate) struct Collection {
    /// The property that tells members apart.
    pub(crate) id: String,
    pub(super) roles: Vec<Role>,
}

/// What an operation answers usually.
pub(crate) type Shown<'s> = &'s dyn Fn(usize) -> Option<&'s Value>;

/// The operations of one path by their methods.
pub(super) type Here<'o> = HashMap<&'o str, usize>;

impl Candidate {
    /// What may be a collection, with what operations say that they do to it.
    pub(super) fn of(
        by_path: &HashMap<&str, Here<'_>>,
        path: &str,
        said: &[(Act, usize)],
    ) -> Option<Self> {
        let here = by_path.get(path);
        let member = member_path(by_path, path);
        let mut acts = said.to_vec();
        let mut add = |act: Act, operation: Option<&usize>| {
            acts.extend(operation.map(|operation| (act, *operation)));
        };
        add(Act::Create, here.and_then(|here| here.get("POST")));
        add(Act::List, here.and_then(|here| here.get("GET")));
        if let Some((path, _)) = member {
            let members = &by_path[path];
            add(Act::Read, members.get("GET"));
            add(Act::Change, members.get("PATCH"));
            add(Act::Replace, members.get("PUT"));
            add(Act::Delete, members.get("DELETE"));
        }
        // What nobody changes need not be remembered. Without a member's path, what is created is at
        // least kept.
        let changes = |(act, _): &(Act, usize)| !matches!(act, Act::List | Act::Read);
        acts.iter().any(changes).then(|| Self {
            path: path.to_owned(),
            variable: member.map(|(_, variable)| variable.to_owned()),
            acts,
            collection: OnceLock::new(),
        })
    }

    pub(super) fn collection(
        &self,
        (root, operations): (&Node, &[Operation]),
        shown: Shown<'_>,
    ) -> Option<&Collection> {
        let collection = self.collection.get_or_init(|| {
            let of = |wanted: Act| {
                let mut acts = self.acts.iter();
                acts.find(|(act, _)| *act == wanted)
                    .map(|(_, operation)| *operation)
            };
            // What shows a member best: one alone, then one that was created, then one of many.
            let mut examples = [Act::Read, Act::Create, Act::List]
                .into_iter()
                .filter_map(of);
            let says = |operation: usize| remembered(&operations[operation]).unwrap_or_default();
            let parameter = self.acts.iter().find_map(|(_, one)| says(*one).parameter);
            let variable = self.variable.clone().or(parameter);
            let named = self.acts.iter().find_map(|(_, one)| says(*one).id);
            let mut found = || {
                let variable = variable.as_deref();
                examples.find_map(|one| Place::of_member(shown(one)?, variable))
            };
            let id = named.or_else(|| found().map(|(_, id)| id))?;
            let roles = self.acts.iter().filter_map(|(act, operation)| {
                let answer = shown(*operation);
                let place = answer.and_then(|answer| match (says(*operation).member, act) {
                    (Some(pointer), _) => Place::at(pointer, answer),
                    (None, Act::List) => Place::of_list(answer, &id),
                    (None, _) => Place::of_id(answer, &id),
                });
                let shows = matches!(act, Act::Create | Act::List | Act::Read);
                // What should show a member and shows none answers what it shows.
                (place.is_some() || !shows).then(|| Role {
                    act: *act,
                    operation: *operation,
                    chosen: Chosen::of(*act, &operations[*operation]),
                    said: said(root, &operations[*operation]),
                    described: described(root, &operations[*operation], place.as_ref()),
                    place,
                })
            });
            let roles: Vec<Role> = roles.collect();
            let changes = |role: &Role| !matches!(role.act, Act::List | Act::Read);
            let shows = |role: &Role| role.place.is_some();
            let remembers = roles.iter().any(changes) && roles.iter().any(shows);
            remembers.then_some(Collection { id, roles })
        });
        collection.as_ref()
    }
}

impl Collection {
    /// The operation that shows the members that are there at the start, and where.
    pub(crate) fn shows(&self) -> Option<(usize, &Role)> {
        let of = |wanted: Act| self.roles.iter().find(|role| role.act == wanted);
        let role = of(Act::List).or_else(|| of(Act::Read))?;
        Some((role.operation, role))
    }

    /// The operation that adds members.
    pub(crate) fn creates(&self) -> Option<usize> {
        let mut roles = self.roles.iter();
        roles
            .find(|role| role.act == Act::Create)
            .map(|role| role.operation)
    }

    /// An operation that shows members, and where: one alone, if there is one.
    pub(crate) fn describes(&self) -> Option<(usize, &Role)> {
        let mut roles = [Act::Read, Act::Create, Act::List]
            .into_iter()
            .filter_map(|act| self.roles.iter().find(|role| role.act == act));
        let role = roles.find(|role| role.place.is_some())?;
        Some((role.operation, role))
    }
}

/// The path of the members of a collection, and the variable that tells them apart.
fn member_path<'o>(by_path: &HashMap<&'o str, Here<'_>>, path: &str) -> Option<(&'o str, &'o str)> {
    let members = by_path.keys().filter_map(|candidate| {
        let rest = candidate.strip_prefix(path)?.strip_prefix('/')?;
        let variable = rest.strip_prefix('{')?.strip_suffix('}')?;
        (!variable.contains(['{', '/'])).then_some((*candidate, variable))
    });
    // The same one in every run.
    members.min()
}
