//! Which change of the contract caused which item of the crate.
//!
//! Generated names follow from the contract: a schema names a type, a property a
//! field, and an inline schema is named after the way to it. A change therefore
//! names the items that it can touch; an item goes to the change that names it best.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use super::ReviewedChange;
use crate::surface::{ItemChange, What};
use codegen::surface::{ItemKind, NULL, Surface, WEBHOOKS};
use contract::Document;
use contract::source::{Node, tokens};
use contract::walk::{self, join, operation_at};
use diff::{self, Change};

/// Names of operations by their place, on both sides: two where one was renamed.
pub(super) struct Roots {
    operations: BTreeMap<String, Vec<String>>,
}

impl Roots {
    pub(super) fn new(old: &Document, new: &Document) -> Self {
        let mut operations: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for root in [old.root(), new.root()] {
            for (path, item) in root.get("paths").into_iter().flat_map(Node::entries) {
                let at = join("/paths", path);
                for (method, operation) in walk::operations(&item.node) {
                    let id = operation.node.get("operationId");
                    if let Some(id) = id.and_then(Node::as_str) {
                        let names = operations.entry(operation_at(&at, method)).or_default();
                        names.push(id.to_owned());
                    }
                }
            }
        }
        Self { operations }
    }
}

/// Something of the crate that a change can touch.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Anchor {
    /// A type, and the field in it on the way to the change.
    Type(String, Option<String>),
    Operation(String),
    Constant(&'static str),
    /// An operation that the change reaches, as types are named after it.
    Used(String),
}

impl Anchor {
    fn name(&self) -> &str {
        match self {
            Self::Type(name, _) | Self::Operation(name) | Self::Used(name) => name,
            Self::Constant(name) => name,
        }
    }
}

/// Hands every effect to the changes that name it best; gives back those that none
/// names.
pub(super) fn attach(
    effects: Vec<ItemChange>,
    changes: &mut [ReviewedChange],
    roots: &Roots,
    surfaces: (&Surface, &Surface),
) -> Vec<ItemChange> {
    let anchors: Vec<Vec<Anchor>> = changes
        .iter()
        .map(|reviewed| anchors(&reviewed.change, roots))
        .collect();
    let index = Index::new(&anchors);
    let graph = Graph::new(surfaces);
    let mut uncaused = Vec::new();
    for effect in effects {
        let mut fits: BTreeMap<usize, Fit> = BTreeMap::new();
        for (change, anchor) in index.candidates(&effect, &graph) {
            if let Some(fit) = fit(&effect, anchor, &changes[change].change, &graph) {
                let best = fits.entry(change).or_insert(fit);
                *best = fit.max(*best);
            }
        }
        let Some(best) = fits.values().copied().max() else {
            uncaused.push(effect);
            continue;
        };
        const MOST: usize = 3;
        let winners = fits.iter().filter(|(_, fit)| **fit == best);
        for (change, _) in winners.take(MOST) {
            changes[*change].effects.push(effect.clone());
        }
    }
    uncaused
}

/// Anchors by the name that they touch, with their change.
struct Index<'a> {
    by_name: HashMap<&'a str, Vec<(usize, &'a Anchor)>>,
}

impl<'a> Index<'a> {
    fn new(anchors: &'a [Vec<Anchor>]) -> Self {
        let mut by_name: HashMap<&str, Vec<(usize, &Anchor)>> = HashMap::new();
        for (change, anchors) in anchors.iter().enumerate() {
            for anchor in anchors {
                by_name
                    .entry(anchor.name())
                    .or_default()
                    .push((change, anchor));
            }
        }
        Self { by_name }
    }

    /// The anchors that could explain an effect: of its own names, of the types whose
    /// names its own begins with, and of the types that it holds.
    fn candidates(&self, effect: &ItemChange, graph: &Graph<'_>) -> Vec<(usize, &'a Anchor)> {
        let member = effect.member.as_str();
        let owner = effect.owner.as_deref().unwrap_or_default();
        let snake = member.to_snake_case();
        let camel = member.to_upper_camel_case();
        let operation = called_by(owner).unwrap_or_default();
        let mut names = BTreeSet::from([&*effect.item, &*snake, &*camel, &*operation, owner]);
        names.extend(owner.char_indices().map(|(end, _)| &owner[..end]));
        // What a type holds explains a trait of it, and what is another one now.
        let held = match may_hold(effect) {
            true => graph.held(owner),
            false => Rc::default(),
        };
        names.extend(held.iter().copied());
        names.extend(graph.operations.get(member).into_iter().flatten().copied());
        let calls = match effect.kind {
            ItemKind::Method => graph.calls(owner),
            _ => BTreeSet::new(),
        };
        names.extend(calls.iter().map(String::as_str));
        let found = names.into_iter().filter_map(|name| self.by_name.get(name));
        found.flatten().copied().collect()
    }
}

/// Whether what the item's type holds may be why the item changed.
fn may_hold(effect: &ItemChange) -> bool {
    effect.kind == ItemKind::Trait || effect.what == What::Changed
}

fn anchors(change: &Change, roots: &Roots) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    let both = [&change.old.pointer, &change.new.pointer];
    for pointer in both.into_iter().chain(&change.also) {
        for anchor in at(pointer, roots) {
            if !anchors.contains(&anchor) {
                anchors.push(anchor);
            }
        }
    }
    let used = change
        .used_by
        .iter()
        .filter_map(|used| used.operation_id.as_deref());
    for name in used {
        let anchor = Anchor::Used(name.to_upper_camel_case());
        if !anchors.contains(&anchor) {
            anchors.push(anchor);
        }
    }
    if matches!(change.kind, diff::Kind::OperationIdChanged { .. }) {
        let names = change
            .rename
            .iter()
            .flat_map(|rename| [&rename.from, &rename.to]);
        anchors.extend(names.map(|name| Anchor::Operation(name.to_snake_case())));
    }
    anchors
}

fn at(pointer: &str, roots: &Roots) -> Vec<Anchor> {
    let tokens: Vec<String> = tokens(pointer).into_iter().flatten().collect();
    let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match texts.as_slice() {
        ["components", "schemas", name, path @ ..] => walk(&name.to_upper_camel_case(), path),
        ["components", _, name, ..] => vec![Anchor::Type(name.to_upper_camel_case(), None)],
        ["servers", ..] => vec![Anchor::Constant("BASE_URL")],
        ["x-rate-limit", ..] => vec![
            Anchor::Constant("RATE_LIMIT"),
            Anchor::Constant("RATE_LIMIT_PERIOD"),
        ],
        ["webhooks", name, rest @ ..] => event(name, rest),
        ["paths", path, "additionalOperations", method, rest @ ..]
        | ["paths", path, method, rest @ ..] => match rest {
            ["callbacks", name, _, rest @ ..] => event(name, rest),
            ["callbacks", name] => event(name, &[]),
            rest => {
                let at = operation_at(&join("/paths", path), method);
                let names = roots.operations.get(&at).into_iter().flatten();
                names.flat_map(|name| operation(name, rest)).collect()
            }
        },
        _ => Vec::new(),
    }
}

/// An operation, and the types that are named after it.
fn operation(name: &str, rest: &[&str]) -> Vec<Anchor> {
    let prefix = name.to_upper_camel_case();
    let (prefix, path) = match rest {
        ["requestBody", "content", _, "schema", path @ ..] => (format!("{prefix}Body"), path),
        ["responses", _, "content", _, "schema", path @ ..] => (format!("{prefix}Response"), path),
        ["parameters", parameter, ..] => {
            let parameter = parameter.split(':').next_back().unwrap_or(parameter);
            (
                format!("{prefix}{}", parameter.to_upper_camel_case()),
                &[][..],
            )
        }
        _ => (prefix, &[][..]),
    };
    let mut anchors = walk(&prefix, path);
    anchors.push(Anchor::Operation(name.to_snake_case()));
    anchors
}

/// What is read of an event, below its path item, and the enum of all.
fn event(name: &str, rest: &[&str]) -> Vec<Anchor> {
    let events = format!("{WEBHOOKS}::Event");
    let path = match rest {
        [_, "requestBody", "content", _, "schema", path @ ..] => path,
        _ => &[],
    };
    let mut anchors = walk(&format!("{}Event", name.to_upper_camel_case()), path);
    anchors.push(Anchor::Type(events.clone(), Some(name.to_snake_case())));
    anchors.push(Anchor::Type(events, None));
    anchors
}

/// The types and fields on the way into a schema.
fn walk(name: &str, path: &[&str]) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    let mut name = name.to_owned();
    let mut rest = path;
    loop {
        rest = match rest {
            ["properties", property, rest @ ..] => {
                let field = property.to_snake_case();
                anchors.push(Anchor::Type(name.clone(), Some(field)));
                name.push_str(&property.to_upper_camel_case());
                rest
            }
            ["items", rest @ ..] => {
                name.push_str("Item");
                rest
            }
            ["additionalProperties", rest @ ..] => {
                name.push_str("Value");
                rest
            }
            ["oneOf" | "anyOf" | "allOf", _, rest @ ..] => rest,
            _ => break,
        };
    }
    anchors.push(Anchor::Type(name, None));
    anchors
}

/// Why a change explains an item, the better the reason the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The item is named after an operation that the change reaches.
    Reaches,
    /// The item's type holds a type that changed.
    Holds,
    /// So does the type that has lost or gained a trait.
    HoldsForTrait,
    /// The type stands in the operation's signature.
    InSignature,
    /// The item's type is named after the way through the one that changed.
    NamedAfter,
    /// A field of the type changed.
    FieldOfType,
    /// The same, and whether it must be there: constructor and `Default` follow that.
    RequiredFieldOfType,
    /// The type changed.
    Type,
    /// The type's component came, went or was renamed, and so did the type.
    Component,
    /// The operation changed.
    Operation,
    /// A value changed that the variant is named after.
    Value,
    /// The item itself is what changed.
    Item,
}

/// How well a change explains an item, if it does.
fn fit(effect: &ItemChange, anchor: &Anchor, change: &Change, graph: &Graph<'_>) -> Option<Fit> {
    let member = effect.member.trim_start_matches("r#").trim_end_matches('_');
    let member = member.to_snake_case();
    let owner = effect.owner.as_deref();
    let is = |fits: bool, fit: Fit| fits.then_some(fit);
    match (anchor, owner) {
        (Anchor::Constant(name), _) => is(effect.item == *name, Fit::Item),
        (Anchor::Used(name), Some(CLIENT)) => {
            is(member.to_upper_camel_case() == *name, Fit::Reaches)
        }
        (Anchor::Used(name), Some(owner)) => is(owner.starts_with(name.as_str()), Fit::Reaches),
        (Anchor::Operation(name), Some(CLIENT)) => is(member == *name, Fit::Operation),
        (Anchor::Operation(name), Some(owner)) => match called_by(owner) {
            Some(operation) => is(operation == *name, Fit::Operation),
            // What is sent since has a constructor.
            None => is(
                effect.kind == ItemKind::Method && graph.calls(owner).contains(name),
                Fit::Reaches,
            ),
        },
        (Anchor::Type(name, _), Some(CLIENT)) => {
            let names = graph.operations.get(effect.member.as_str());
            let stands = names.is_some_and(|names| names.contains(name.as_str()));
            is(stands, Fit::InSignature)
        }
        (Anchor::Type(name, field), Some(owner)) if owner == name => {
            of_type(effect, &member, field.as_deref(), change)
        }
        (Anchor::Type(name, field), Some(owner)) => match (field, effect.kind) {
            (None, ItemKind::Type) if owner.starts_with(name) => Some(Fit::NamedAfter),
            // What an error holds of a type is called by it.
            (None, ItemKind::Method) if member == name.to_snake_case() => Some(Fit::Holds),
            (_, ItemKind::Trait) => is(graph.leads(owner, name), Fit::HoldsForTrait),
            (Some(_), _) => None,
            (None, _) => {
                let is_changed = effect.what == What::Changed;
                is(is_changed && graph.leads(owner, name), Fit::Holds)
            }
        },
        (Anchor::Used(_) | Anchor::Operation(_) | Anchor::Type(..), _) => None,
    }
}

/// The operation of a type of request.
fn called_by(owner: &str) -> Option<String> {
    Some(owner.strip_prefix("requests::")?.to_snake_case())
}

/// The type that has a method for each operation.
const CLIENT: &str = "Client";

/// How well a change of a type, or of a field in it, explains an item of that type.
fn of_type(effect: &ItemChange, member: &str, field: Option<&str>, change: &Change) -> Option<Fit> {
    let kind = effect.kind;
    let is_member = matches!(kind, ItemKind::Field | ItemKind::Variant | ItemKind::Method);
    let names = |value: &str| value.to_snake_case() == member;
    match field {
        Some(field) if is_member && member != "new" => {
            let is_null = member.strip_suffix(NULL) == Some(field);
            (member == field || is_null).then_some(Fit::Item)
        }
        Some(_) if change.kind.is_requiredness() => Some(Fit::RequiredFieldOfType),
        Some(_) => Some(Fit::FieldOfType),
        None if change.kind.value().is_some_and(names) => Some(Fit::Value),
        None if kind == ItemKind::Type
            && effect.what != What::Changed
            && change.kind.is_of_component() =>
        {
            Some(Fit::Component)
        }
        None => Some(Fit::Type),
    }
}

/// Which types hold which, before and after.
struct Graph<'a> {
    types: HashMap<&'a str, BTreeSet<&'a str>>,
    /// By what is held.
    holders: HashMap<&'a str, BTreeSet<&'a str>>,
    operations: HashMap<&'a str, BTreeSet<&'a str>>,
    /// What the type holds that was asked for last: items of a type come one after the other,
    /// and what all types hold would be as much as they are in square.
    last: RefCell<(String, Rc<BTreeSet<&'a str>>)>,
}

impl<'a> Graph<'a> {
    fn new((old, new): (&'a Surface, &'a Surface)) -> Self {
        let mut graph = Self {
            types: HashMap::new(),
            holders: HashMap::new(),
            operations: HashMap::new(),
            last: RefCell::default(),
        };
        for item in old.values().chain(new.values()) {
            let is_item = |name: &&str| old.contains_key(*name) || new.contains_key(*name);
            let names = item.names.iter().map(String::as_str).filter(is_item);
            match (item.kind, &item.owner) {
                (ItemKind::Operation, _) => {
                    let held = graph.operations.entry(&item.member).or_default();
                    held.extend(names);
                }
                (ItemKind::Field | ItemKind::Variant | ItemKind::Request, Some(owner)) => {
                    graph.types.entry(owner).or_default().extend(names);
                }
                (ItemKind::Method, Some(owner)) if called_by(owner).is_some() => {
                    graph.types.entry(owner).or_default().extend(names);
                }
                _ => {}
            }
        }
        for (holder, held) in &graph.types {
            for name in held {
                graph.holders.entry(name).or_default().insert(holder);
            }
        }
        for (operation, held) in &graph.operations {
            for name in held {
                graph.holders.entry(name).or_default().insert(operation);
            }
        }
        graph
    }

    /// The operations whose calls have a type in them, directly or within others.
    fn calls(&self, name: &str) -> BTreeSet<String> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![name];
        while let Some(name) = open.pop() {
            let holders = self.holders.get(name).into_iter().flatten().copied();
            open.extend(holders.filter(|holder| seen.insert(holder)));
        }
        let called = seen.into_iter().filter_map(|holder| {
            let own = self.operations.contains_key(holder);
            called_by(holder).or_else(|| own.then(|| holder.to_owned()))
        });
        called.collect()
    }

    /// The types that a type holds, directly or through others.
    fn held(&self, from: &str) -> Rc<BTreeSet<&'a str>> {
        let mut last = self.last.borrow_mut();
        if last.0 != from {
            let below = |name: &str| self.types.get(name).into_iter().flatten().copied();
            let mut held: BTreeSet<&'a str> = below(from).collect();
            let mut open: Vec<&'a str> = held.iter().copied().collect();
            while let Some(name) = open.pop() {
                open.extend(below(name).filter(|next| held.insert(next)));
            }
            *last = (from.to_owned(), Rc::new(held));
        }
        Rc::clone(&last.1)
    }

    fn leads(&self, from: &str, to: &str) -> bool {
        self.held(from).contains(to)
    }
}
