//! One operation (`OpenAPI` 3.0.3, section 4.7.10) and the path item that it
//! stands in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::kind::Kind;
use super::lifecycle::{self, Lifecycle};
use super::side::{Side, Sited};
use super::{annotations, repetition, response, security, servers};
use contract::operation::{IDEMPOTENCY_KEY, IDEMPOTENT, PAGINATIONS};
use contract::path::variables;
use contract::source::Node;
use contract::walk::{METHODS, join, operation_at, operations};

/// Keywords that the functions here compare.
const KNOWN: [&str; 16] = [
    "callbacks",
    "deprecated",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "tags",
    IDEMPOTENCY_KEY,
    IDEMPOTENT,
    PAGINATIONS[0],
    PAGINATIONS[1],
    PAGINATIONS[2],
    "x-stability-level",
    "x-sunset",
];

/// The path item around an operation, which shares its parameters.
#[derive(Clone, Debug)]
pub(super) struct Owner<'a> {
    pub(super) item: Sited<'a>,
    /// The path with its variables in braces.
    pub(super) path: Rc<str>,
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let ids = (old.get("operationId"), new.get("operationId"));
    if annotations::differs(ids.0.as_ref(), ids.1.as_ref()) {
        let text = "the name does not travel; callers of the generated client feel it";
        let effect = Effect::always(Verdict::Compatible, text);
        let name = |side: &Sited<'a>| side.text("operationId").map(str::to_owned);
        let (from, to) = (name(old), name(new));
        let draft = Draft::new(Kind::OperationIdChanged { from, to }, effect);
        comparison.emit(draft.sides(ids.0, ids.1));
    }
    parameters(comparison, old, new);
    body(comparison, old, new);
    response::compare_all(comparison, old, new);
    response::compare_callbacks(comparison, old, new);
    security::compare_operation(comparison, old, new);
    let items = [old, new].map(|side| comparison.owners.get(&side.id()).map(|o| o.item.clone()));
    let [old_item, new_item] = &items;
    servers::compare_operation(
        comparison,
        (old, old_item.as_ref()),
        (new, new_item.as_ref()),
    );
    lifecycle::compare(comparison, Lifecycle::direct(old, new));
    repetition::compare_operation(comparison, old, new);
    pagination(comparison, old, new);
    tags(comparison, old, new);
    annotations::compare(comparison, old, new, &KNOWN);
}

/// How pages are asked for one after another, which only clients do.
fn pagination<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    for key in PAGINATIONS {
        let (before, after) = (old.get(key), new.get(key));
        if annotations::differs(before.as_ref(), after.as_ref()) {
            let text = "it says how clients ask for pages, and changes nothing that travels";
            let effect = Effect::always(Verdict::Compatible, text);
            let key = key.to_owned();
            let draft = Draft::new(Kind::PaginationChanged { key }, effect);
            comparison.emit(draft.sides(before, after));
        }
    }
}

/// The names of groups, which have no order.
fn tags<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let names = |operation: &Sited<'a>| -> Vec<&'a str> {
        let items = operation.node.get("tags").into_iter().flat_map(Node::items);
        let mut names: Vec<_> = items.filter_map(Node::as_str).collect();
        names.sort_unstable();
        names
    };
    if names(old) != names(new) {
        let draft = Draft::new(annotations::words("tags"), Effect::documentation());
        comparison.emit(draft.sides(old.get("tags"), new.get("tags")));
    }
}

fn body<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let draft = match (old.get("requestBody"), new.get("requestBody")) {
        (Some(old), Some(new)) => return comparison.pair(Role::RequestBody, &old, &new),
        (None, None) => return,
        (None, Some(body)) => match comparison.new.follow(&body).flag("required") {
            true => {
                let text = "the server may refuse old clients, which send none";
                Draft::new(Kind::BodyAdded { required: true }, Effect::demands(text)).new_at(&body)
            }
            false => {
                let text = "whoever does not know it need not care";
                let effect = Effect::always(Verdict::Compatible, text);
                Draft::new(Kind::BodyAdded { required: false }, effect).new_at(&body)
            }
        },
        (Some(body), None) => {
            let effect = Effect::by_flow(
                (
                    Verdict::Breaking,
                    "the server may refuse old clients, which send one",
                ),
                (Verdict::Breaking, "old clients that wait for it get none"),
            );
            Draft::new(Kind::BodyRemoved, effect).old(&body)
        }
    };
    comparison.emit(draft);
}

/// The parameters of an operation and its path item by place and name; the
/// operation's own count.
fn all_parameters<'a>(
    side: &Side<'a>,
    owner: Option<&Owner<'a>>,
    operation: &Sited<'a>,
) -> Vec<Parameter<'a>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let path = owner.map(|owner| &*owner.path).unwrap_or_default();
    let variables: Vec<_> = variables(path).collect();
    let holders = [Some(operation), owner.map(|owner| &owner.item)];
    for holder in holders.into_iter().flatten() {
        for item in holder.items("parameters") {
            let parameter = Parameter::read(side, holder, &variables, item);
            if seen.insert(parameter.key.clone()) {
                found.push(parameter);
            }
        }
    }
    found
}

/// A parameter of an operation.
struct Parameter<'a> {
    /// What identifies it among the others.
    key: String,
    /// By its name in the operation or path item, though it may be shared.
    here: Sited<'a>,
    /// As it stands in the list.
    item: Sited<'a>,
}

impl<'a> Parameter<'a> {
    fn read(side: &Side<'a>, holder: &Sited<'a>, variables: &[&str], item: Sited<'a>) -> Self {
        let target = side.follow(&item);
        let name = target.text("name").unwrap_or_default();
        let place = target.text("in").unwrap_or_default();
        let key = match place {
            // What leads nowhere is what it says, and what has no name is its place.
            "" => match target.text("$ref") {
                Some(reference) => reference.to_owned(),
                None => item.at.to_string(),
            },
            // What a variable is called is between the contract and its reader.
            "path" => match variables.iter().position(|variable| *variable == name) {
                Some(index) => format!("path:#{index}"),
                None => format!("path:{name}"),
            },
            "header" => format!("header:{}", name.to_ascii_lowercase()),
            place => format!("{place}:{name}"),
        };
        let list = join(&holder.at, "parameters");
        let here = Sited {
            node: item.node,
            at: join(&list, &format!("{place}:{name}")).into(),
        };
        let is_shared = item.node.get("$ref").is_some();
        Self {
            key,
            item: if is_shared { item } else { here.clone() },
            here,
        }
    }
}

fn parameters<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let owner = |id: usize| comparison.owners.get(&id).cloned();
    let owners = (owner(old.id()), owner(new.id()));
    let before = all_parameters(&comparison.old, owners.0.as_ref(), old);
    let after = all_parameters(&comparison.new, owners.1.as_ref(), new);
    let mut rest: HashMap<&str, &Parameter<'a>> = after
        .iter()
        .map(|parameter| (&*parameter.key, parameter))
        .collect();
    for parameter in &before {
        match rest.remove(&*parameter.key) {
            Some(other) if is_ignored(&comparison.new.follow(&other.item)) => {
                comparison.pair_detached(Role::Parameter, &parameter.item, &other.item);
            }
            Some(other) => {
                renamed(comparison, &parameter.item, &other.item);
                comparison.pair(Role::Parameter, &parameter.item, &other.item);
            }
            None => removed(comparison, &parameter.here),
        }
    }
    for parameter in after
        .iter()
        .filter(|parameter| rest.contains_key(&*parameter.key))
    {
        added(comparison, &parameter.here);
    }
}

fn renamed<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let (old, new) = (comparison.old.follow(old), comparison.new.follow(new));
    if let (Some(from), Some(to)) = (old.text("name"), new.text("name"))
        && from != to
    {
        let text = "the name does not travel";
        let effect = Effect::always(Verdict::Compatible, text);
        let (from, to) = (from.to_owned(), to.to_owned());
        let draft = Draft::new(Kind::ParameterRenamed { from, to }, effect);
        comparison.emit(draft.both(&old, &new));
    }
}

/// Whether a header parameter has a name that other parts of the document speak for, so
/// that it is ignored (`OpenAPI` 3.0.3, section 4.7.12.1).
fn is_ignored(parameter: &Sited<'_>) -> bool {
    const NAMES: [&str; 3] = ["accept", "authorization", "content-type"];
    let name = parameter.text("name").unwrap_or_default();
    parameter.text("in") == Some("header") && NAMES.contains(&name.to_ascii_lowercase().as_str())
}

fn ignored() -> Effect {
    let text = "OpenAPI ignores header parameters of this name";
    Effect::always(Verdict::Compatible, text)
}

fn removed<'a>(comparison: &mut Comparison<'a>, site: &Sited<'a>) {
    let target = comparison.old.follow(site);
    if is_ignored(&target) {
        return comparison.emit(Draft::new(Kind::ParameterRemoved, ignored()).old(site));
    }
    let request = match (target.flag("deprecated"), target.text("in")) {
        (true, _) => (
            Verdict::Risky,
            "it was deprecated; the server ignores or refuses it",
        ),
        (false, Some("path")) => (Verdict::Breaking, "old clients call another address"),
        (false, _) => (
            Verdict::Risky,
            "the server ignores or refuses what old clients send in it",
        ),
    };
    let response = match target.flag("required") {
        true => (
            Verdict::Breaking,
            "old clients that rely on it do not find it",
        ),
        false => (Verdict::Risky, "old clients that use it do not find it"),
    };
    let effect = Effect::by_flow(request, response);
    comparison.emit(Draft::new(Kind::ParameterRemoved, effect).old(site));
}

fn added<'a>(comparison: &mut Comparison<'a>, site: &Sited<'a>) {
    let target = comparison.new.follow(site);
    let (kind, effect) = match target.flag("required") {
        required if is_ignored(&target) => match required {
            true => (Kind::RequiredParameterAdded, ignored()),
            false => (Kind::ParameterAdded, ignored()),
        },
        true => (
            Kind::RequiredParameterAdded,
            Effect::demands("the server may refuse old clients, which do not send it"),
        ),
        false => (
            Kind::ParameterAdded,
            Effect::always(
                Verdict::Compatible,
                "whoever does not know it need not care",
            ),
        ),
    };
    comparison.emit(Draft::new(kind, effect).new_at(site));
}

/// A path item inside of a callback, or the words of any.
pub(super) fn compare_path_item<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    compare_item_words(comparison, old, new);
    let [before, after] = [old, new].map(calls);
    let only_new = after.keys().filter(|method| !before.contains_key(*method));
    for method in before.keys().chain(only_new) {
        match (before.get(method).cloned(), after.get(method).cloned()) {
            (Some(before), Some(after)) => {
                own(comparison, old, &before, &old.at);
                own(comparison, new, &after, &new.at);
                comparison.pair(Role::Operation, &before, &after);
            }
            (Some(before), None) => comparison.emit(response::call_removed(&before)),
            (None, Some(after)) => comparison.emit(response::call_added(&after)),
            (None, None) => {}
        }
    }
}

/// The operations of a path item, by their methods.
fn calls<'a>(item: &Sited<'a>) -> BTreeMap<&'a str, Sited<'a>> {
    let calls = operations(item.node).map(|(method, entry)| {
        let at = operation_at(&item.at, method).into();
        let node = &entry.node;
        (method, Sited { node, at })
    });
    calls.collect()
}

/// What a path item says beside its operations and their parameters.
pub(super) fn compare_item_words<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let known: Vec<&str> = METHODS
        .iter()
        .chain(&["additionalOperations", "parameters", "servers"])
        .copied()
        .collect();
    annotations::compare(comparison, old, new, &known);
}

/// Remembers the path item of an operation.
pub(super) fn own<'a>(
    comparison: &mut Comparison<'a>,
    item: &Sited<'a>,
    operation: &Sited<'a>,
    path: &str,
) {
    let owner = Owner {
        item: item.clone(),
        path: path.into(),
    };
    comparison.owners.insert(operation.id(), owner);
}
