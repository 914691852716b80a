//! Which operations there are, and which of them moved.

use super::annotations;
use super::change::{Effect, Flow, Verdict};
use super::comparison::{Comparison, Draft, Root};
use super::kind::Kind;
use super::lifecycle;
use super::operation;
use super::rename;
use super::side::{Side, Sited};
use contract::path::shape;
use contract::walk::{join, operation_at, operations};

/// One operation and how it is reached.
#[derive(Clone)]
struct Endpoint<'a> {
    method: &'a str,
    /// The path, or the name of the webhook.
    path: &'a str,
    item: Sited<'a>,
    operation: Sited<'a>,
}

impl Endpoint<'_> {
    fn label(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// A section of path items, and which way its requests travel.
const SECTIONS: [(&str, Flow); 2] = [("paths", Flow::Request), ("webhooks", Flow::Response)];

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    for (section, flow) in SECTIONS {
        let (old, new) = (comparison.old.document(), comparison.new.document());
        if let (Some(old), Some(new)) = (old.get(section), new.get(section)) {
            annotations::compare_extensions(comparison, &old, &new);
            empty(comparison, &old, &new);
        }
        endpoints(comparison, section, flow);
    }
}

/// Paths without operations that only one side has.
fn empty<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    let has_operation =
        |side: &Side<'a>, item: &Sited<'a>| operations(side.follow(item).node).next().is_some();
    let effect = || Effect::always(Verdict::Compatible, "it has no operation");
    for (path, item) in old.own_entries() {
        if new.node.get(path).is_none() && !has_operation(&comparison.old, &item) {
            comparison.emit(Draft::new(Kind::PathRemoved, effect()).old(&item));
        }
    }
    for (path, item) in old.own_entries() {
        let other = new.get(path).filter(|_| !path.starts_with("x-"));
        if let Some(other) = other {
            let (one, two) = (comparison.old.follow(&item), comparison.new.follow(&other));
            annotations::compare_malformed(comparison, &one, &two);
            operation::compare_item_words(comparison, &one, &two);
        }
    }
    for (path, item) in new.own_entries() {
        if old.node.get(path).is_none() && !has_operation(&comparison.new, &item) {
            comparison.emit(Draft::new(Kind::PathAdded, effect()).new_at(&item));
        }
    }
}

fn read<'a>(side: &Side<'a>, section: &str) -> Vec<Endpoint<'a>> {
    let items = side.document().entries(section).into_iter();
    let mut endpoints = Vec::new();
    for (path, item) in items.filter(|(path, _)| !path.starts_with("x-")) {
        let (own, item) = (&item, side.follow(&item));
        let at = join(&format!("/{section}"), path);
        // Beside a reference, where that counts, an operation adds to the shared ones.
        let beside = operations(own.node).filter(|_| side.siblings_count);
        let mut found: Vec<&str> = Vec::new();
        for (method, entry) in beside.chain(operations(item.node)) {
            if found.contains(&method) {
                continue;
            }
            found.push(method);
            endpoints.push(Endpoint {
                method,
                path,
                item: item.clone(),
                // By its own path, though several may share an item.
                operation: Sited {
                    node: &entry.node,
                    at: operation_at(&at, method).into(),
                },
            });
        }
    }
    endpoints
}

fn endpoints(comparison: &mut Comparison<'_>, section: &str, flow: Flow) {
    let mut old = read(&comparison.old, section);
    let mut new = read(&comparison.new, section);
    let mut pairs = take(&mut old, &mut new, |endpoint| {
        Some((endpoint.method, endpoint.path.to_owned()))
    });
    pairs.extend(take(&mut old, &mut new, |endpoint| {
        Some((endpoint.method, shape(endpoint.path)))
    }));
    for (old, new) in &pairs {
        pair(comparison, flow, old, new);
    }
    let moved = take(&mut old, &mut new, |endpoint| {
        let id = endpoint.operation.text("operationId")?;
        Some((endpoint.method, id.to_owned()))
    });
    for (old, new) in moved
        .into_iter()
        .chain(alike(comparison, &mut old, &mut new))
    {
        let text = "old clients call the old address";
        let effect = Effect::always(Verdict::Breaking, text);
        let (from, to) = (old.label(), new.label());
        let draft = Draft::new(Kind::OperationMoved { from, to }, effect);
        comparison.emit(draft.both(&old.operation, &new.operation));
        pair(comparison, flow, &old, &new);
    }
    for endpoint in old {
        let (verdict, text) = match flow {
            Flow::Request => lifecycle::removal(&endpoint.operation, comparison.today),
            Flow::Response => (
                Verdict::Breaking,
                "clients that wait for the call no longer get it".to_owned(),
            ),
        };
        let draft = Draft::new(Kind::OperationRemoved, Effect::always(verdict, text));
        comparison.emit(draft.old(&endpoint.operation));
    }
    for endpoint in new {
        let effect = Effect::always(Verdict::Compatible, "old clients do not call it");
        let draft = Draft::new(Kind::OperationAdded, effect);
        comparison.emit(draft.new_at(&endpoint.operation));
    }
}

/// Takes the pairs of endpoints with the same key out of both lists.
fn take<'a, K: std::hash::Hash + Eq>(
    old: &mut Vec<Endpoint<'a>>,
    new: &mut Vec<Endpoint<'a>>,
    key: impl Fn(&Endpoint<'a>) -> Option<K>,
) -> Vec<(Endpoint<'a>, Endpoint<'a>)> {
    let mut by_key = std::collections::HashMap::new();
    for (index, endpoint) in new.iter().enumerate() {
        if let Some(key) = key(endpoint) {
            by_key.entry(key).or_insert(index);
        }
    }
    let mut pairs = Vec::new();
    let mut taken = vec![false; new.len()];
    old.retain(|endpoint| {
        let found = key(endpoint).and_then(|key| by_key.get(&key).copied());
        match found {
            Some(index) if !taken[index] => {
                taken[index] = true;
                pairs.push((endpoint.clone(), new[index].clone()));
                false
            }
            _ => true,
        }
    });
    let mut index = 0;
    new.retain(|_| {
        index += 1;
        !taken[index - 1]
    });
    pairs
}

/// Operations that say the same at another address, where that is no coincidence.
fn alike<'a>(
    comparison: &Comparison<'a>,
    old: &mut Vec<Endpoint<'a>>,
    new: &mut Vec<Endpoint<'a>>,
) -> Vec<(Endpoint<'a>, Endpoint<'a>)> {
    const MOST: usize = 64;
    if old.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    let says = |endpoint: &Endpoint<'a>| {
        let words = ["summary", "description"];
        words.map(|key| endpoint.operation.text(key))
    };
    let matches = |one: &Endpoint<'a>, two: &Endpoint<'a>| {
        one.method == two.method
            && says(one) == says(two)
            && says(one).into_iter().flatten().any(rename::is_telling)
            && rename::same_operation(
                (comparison.old, &one.operation),
                (comparison.new, &two.operation),
            )
    };
    let pairs = rename::unambiguous(old, new, matches);
    rename::take(old, new, &pairs)
}

fn pair<'a>(comparison: &mut Comparison<'a>, flow: Flow, old: &Endpoint<'a>, new: &Endpoint<'a>) {
    operation::own(comparison, &old.item, &old.operation, old.path);
    operation::own(comparison, &new.item, &new.operation, new.path);
    let root = Root {
        operation: new.label(),
        operation_id: new.operation.text("operationId").map(str::to_owned),
        flow,
    };
    comparison.pair_operations(root, &old.operation, &new.operation);
    // Emitted once per path, because the same change is kept once.
    operation::compare_item_words(comparison, &old.item, &new.item);
}
