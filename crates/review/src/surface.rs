//! What a difference between the items of two crates asks of callers.

use std::collections::BTreeSet;

use codegen::surface::{Item, ItemKind, Surface};

/// How much a version must rise, in the words of semantic versioning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    #[default]
    None,
    /// Callers need not look.
    Patch,
    /// There is more than before.
    Minor,
    /// Callers may have to change their code.
    Major,
}

impl Bump {
    /// The word for it, as in the JSON of a review.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It was there before.
    Removed,
    /// It is another one now.
    Changed,
    /// It is there now.
    Added,
}

/// One difference that callers of a crate may feel.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ItemChange {
    /// The item: `Contact.tags`, `Contact: Default`, `Client::create_contact`.
    pub item: String,
    /// What it is.
    pub kind: ItemKind,
    /// What became of it.
    pub what: What,
    /// How it read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How it reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What it asks of the version.
    pub bump: Bump,
    /// What a caller writes now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The type that it belongs to.
    #[serde(skip)]
    pub owner: Option<String>,
    /// Its own name there.
    #[serde(skip)]
    pub member: String,
}

/// Every item that was added, removed or changed, by path. Members of a type that
/// came or went are not told one by one.
#[must_use]
pub(crate) fn compare(old: &Surface, new: &Surface) -> Vec<ItemChange> {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let whole = |item: &Item| {
        let is_type = |owner: &String| old.contains_key(owner) != new.contains_key(owner);
        item.kind != ItemKind::Type && item.owner.as_ref().is_some_and(is_type) && !is_client(item)
    };
    let mut effects = Vec::new();
    for path in paths {
        let effect = match (old.get(path), new.get(path)) {
            (Some(before), Some(after)) => changed(path, before, after),
            (Some(before), None) if !whole(before) => Some(removed(path, before)),
            (None, Some(after)) if !whole(after) => Some(added(path, after, old)),
            _ => None,
        };
        effects.extend(effect);
    }
    effects
}

fn is_client(item: &Item) -> bool {
    item.owner.as_deref() == Some("Client")
}

fn effect(path: &str, item: &Item, what: What, bump: Bump, caller: Option<String>) -> ItemChange {
    ItemChange {
        item: path.to_owned(),
        kind: item.kind,
        what,
        before: None,
        after: None,
        bump,
        caller,
        owner: item.owner.clone(),
        member: item.member.clone(),
    }
}

fn removed(path: &str, item: &Item) -> ItemChange {
    let caller = match item.kind {
        ItemKind::Type
        | ItemKind::Operation
        | ItemKind::Request
        | ItemKind::Method
        | ItemKind::Constant => format!("do without `{path}`"),
        ItemKind::Field => format!("do without `.{}`", item.member),
        ItemKind::Variant => format!("delete the arms for `{path}`"),
        ItemKind::Trait => format!("`{path}` does not hold any more: pass a value of your own"),
    };
    ItemChange {
        before: Some(item.shown.clone()),
        ..effect(path, item, What::Removed, Bump::Major, Some(caller))
    }
}

fn added(path: &str, item: &Item, old: &Surface) -> ItemChange {
    let was_open = item
        .owner
        .as_ref()
        .and_then(|owner| old.get(owner))
        .is_none_or(|owner| owner.is_open);
    let (bump, caller) = match item.kind {
        ItemKind::Field if !was_open => (
            Bump::Major,
            Some(format!("add `{}` to struct literals", item.member)),
        ),
        ItemKind::Variant if !was_open => (
            Bump::Major,
            Some(format!("add an arm for `{path}` where you match")),
        ),
        ItemKind::Operation => (Bump::Minor, Some(format!("may call `{path}`"))),
        ItemKind::Method => (Bump::Minor, Some(format!("may call `.{}(…)`", item.member))),
        ItemKind::Field => (Bump::Minor, Some(format!("may read `.{}`", item.member))),
        _ => (Bump::Minor, None),
    };
    ItemChange {
        after: Some(item.shown.clone()),
        ..effect(path, item, What::Added, bump, caller)
    }
}

fn changed(path: &str, old: &Item, new: &Item) -> Option<ItemChange> {
    let effect = |bump, caller: Option<String>| ItemChange {
        before: Some(old.shown.clone()),
        after: Some(new.shown.clone()),
        ..effect(path, new, What::Changed, bump, caller)
    };
    if old.contract != new.contract || old.kind != new.kind {
        return Some(effect(Bump::Major, caller(old, new)));
    }
    if old.is_open != new.is_open {
        let (bump, words) = match new.is_open {
            true => (Bump::Major, ["exhaustive", "#[non_exhaustive]"]),
            false => (Bump::Minor, ["#[non_exhaustive]", "exhaustive"]),
        };
        return Some(ItemChange {
            before: Some(format!("{} {}", words[0], old.shown)),
            after: Some(format!("{} {}", words[1], new.shown)),
            ..effect(bump, None)
        });
    }
    let renamed = old.arguments.iter().zip(&new.arguments);
    match renamed.filter(|(old, new)| old != new).count() {
        0 if old.shown == new.shown => None,
        // A constant's value, or one argument that is called something else.
        0 | 1 => Some(effect(Bump::Patch, None)),
        _ => Some(effect(
            Bump::Major,
            Some("check the order of the arguments: it compiles as it was".to_owned()),
        )),
    }
}

/// What the caller writes for an item that has another type now.
fn caller(old: &Item, new: &Item) -> Option<String> {
    match new.kind {
        ItemKind::Field => {
            let optional = |item: &Item| item.contract.starts_with("Option<");
            let name = &new.member;
            Some(match (optional(old), optional(new)) {
                (false, true) => format!("`.{name}` may be missing: handle `None`"),
                (true, false) => format!("`.{name}` is always there: no `Option` to open"),
                _ => format!("`.{name}` is `{}`", new.shown),
            })
        }
        ItemKind::Request => Some(format!("awaiting it gives `{}`", new.shown)),
        ItemKind::Method | ItemKind::Operation => {
            let gained = new
                .arguments
                .iter()
                .filter(|name| !old.arguments.contains(name));
            let gained: Vec<_> = gained.map(|name| format!("`{name}`")).collect();
            let call = call(&new.shown);
            Some(match gained.is_empty() {
                true => format!("call it as `{call}`"),
                false => format!("pass {} too: `{call}`", gained.join(" and ")),
            })
        }
        _ => None,
    }
}

/// A signature without what only its definition needs.
fn call(signature: &str) -> String {
    let signature = signature
        .trim_start_matches("async ")
        .trim_start_matches("fn ");
    let signature = signature
        .replacen("mut self, ", "", 1)
        .replacen("&self, ", "", 1);
    let signature = signature.replacen("(&self)", "()", 1);
    signature.trim_end_matches(" -> Self").to_owned()
}
