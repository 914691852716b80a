//! From what was found to changes: who uses it, what follows, where it stands.

use std::collections::HashMap;
use std::rc::Rc;

use super::change::{Change, Place, Verdict};
use super::comparison::{Comparison, Draft, Found};
use super::fingerprint::Fingerprints;
use super::reasons::Reasons;
use super::side::{Side, Sited};
use super::title::title;
use super::uses::{Uses, used_by};
use contract::source::Span;

/// `document` is the name under which a fingerprint counts.
pub(super) fn finish(comparison: Comparison<'_>, document: &str) -> Vec<Change> {
    let mut uses = Uses::default();
    let mut fingerprints = Fingerprints::new(document, comparison.old, comparison.new);
    let mut changes = Vec::new();
    for found in &merged(&comparison) {
        let mut change = change(&comparison, found, &mut uses);
        change.fingerprint = fingerprints.of(&found.draft, &change);
        changes.push(change);
    }
    changes.sort_by(|a, b| {
        let key = |change: &Change| (change.verdict, change.new.span, change.old.span);
        key(a).cmp(&key(b))
    });
    changes
}

/// Puts together what is one change: an object that one document shares and the
/// other repeats has one root cause.
fn merged<'a>(comparison: &Comparison<'a>) -> Vec<Found<'a>> {
    let at = |sited: &Option<Sited<'a>>| sited.as_ref().map(|sited| sited.at.clone());
    let mut merged: Vec<Found<'a>> = Vec::new();
    let mut known = HashMap::new();
    let mut all: Vec<&Found<'a>> = comparison.found.values().collect();
    // The first place in the documents is the one that a change is named after.
    all.sort_by_cached_key(|found| (at(&found.draft.new), at(&found.draft.old)));
    for found in all {
        let draft = &found.draft;
        let values = values(draft);
        let keys = [(0, at(&draft.old)), (1, at(&draft.new))];
        let keys = keys.map(|(side, at)| Some((side, at?, &draft.kind, values.clone())));
        let same = keys
            .iter()
            .flatten()
            .find_map(|key| known.get(key))
            .copied();
        let index = same.unwrap_or(merged.len());
        for key in keys.into_iter().flatten() {
            known.entry(key).or_insert(index);
        }
        match merged.get_mut(index) {
            Some(first) => {
                first.effects.extend(found.effects.clone());
                let places = [
                    (at(&first.draft.old), at(&draft.old)),
                    (at(&first.draft.new), at(&draft.new)),
                ];
                let others = places.into_iter().filter(|(known, other)| known != other);
                for other in others.filter_map(|(_, other)| other) {
                    if !first.also.contains(&other) {
                        first.also.push(other);
                    }
                }
            }
            None => merged.push(Found {
                draft: draft.clone(),
                effects: found.effects.clone(),
                also: Vec::new(),
            }),
        }
    }
    merged
}

/// What stands on both sides, where that is part of the change and both have it.
fn values(draft: &Draft<'_>) -> Option<(String, String)> {
    let (old, new) = draft.values();
    let text = |sited: Sited<'_>| sited.node.to_json().to_string();
    Some((text(old?), text(new?)))
}

fn change(comparison: &Comparison<'_>, found: &Found<'_>, uses: &mut Uses) -> Change {
    let draft = &found.draft;
    let mut all = Vec::new();
    let mut reasons = Reasons::default();
    for (pair, effect) in &found.effects {
        let reaches = pair.map(|pair| uses.of(comparison, pair));
        reasons.judge(effect, reaches);
        all.extend(reaches.into_iter().flatten().copied());
    }
    let reasons = reasons.sorted();
    let worst = reasons.iter().map(|reason| reason.verdict).min();
    let old = place(&comparison.old, draft.old.as_ref(), draft.new.as_ref());
    let new = place(&comparison.new, draft.new.as_ref(), draft.old.as_ref());
    let (subject, remark) = subject(comparison, draft, (&old, &new));
    let nodes = [&draft.old, &draft.new].map(|sited| sited.as_ref().map(|sited| sited.node));
    let values = draft.values();
    let rename = draft.kind.rename();
    Change {
        title: title(&draft.kind, (&subject, &remark), nodes[0], nodes[1]),
        kind: draft.kind.clone(),
        verdict: worst.unwrap_or(Verdict::Compatible),
        subject,
        reasons,
        old,
        new,
        before: values.0.map(|sited| sited.node.to_json()),
        after: values.1.map(|sited| sited.node.to_json()),
        also: sorted(&found.also),
        used_by: used_by(comparison, &all),
        fingerprint: String::new(),
        rename,
    }
}

/// What a change is about, and a remark on it. A reader knows the new document; what is
/// gone has its old name, and what was moved into a component that is new has both.
fn subject(
    comparison: &Comparison<'_>,
    draft: &Draft<'_>,
    (old, new): (&Place, &Place),
) -> (String, String) {
    let without_remark = |place: &Place| (place.pointer.clone(), String::new());
    if draft.new.is_none() || draft.kind.rename().is_some() {
        return without_remark(old);
    }
    let component = |pointer: &str| -> Option<String> {
        let name = pointer.strip_prefix("/components/schemas/")?;
        let name = name.split('/').next()?;
        Some(format!("/components/schemas/{name}"))
    };
    let is_moved = draft.old.is_some() && component(&old.pointer) != component(&new.pointer);
    match component(&new.pointer).filter(|_| is_moved) {
        Some(now) if comparison.old.root.pointer(&now).is_none() => {
            let name = now.rsplit('/').next().unwrap_or_default();
            (old.pointer.clone(), format!(" (now in `{name}`)"))
        }
        _ => without_remark(new),
    }
}

/// In an order that does not depend on the way through the documents.
fn sorted(pointers: &[Rc<str>]) -> Vec<String> {
    let mut pointers: Vec<String> = pointers.iter().map(|at| at.to_string()).collect();
    pointers.sort();
    pointers
}

/// Where it stands; else where the nearest thing that the other side has too does.
fn place(side: &Side<'_>, own: Option<&Sited<'_>>, other: Option<&Sited<'_>>) -> Place {
    if let Some(own) = own {
        return Place {
            pointer: own.at.to_string(),
            exists: true,
            file: None,
            span: position(side, own),
        };
    }
    let pointer = other.map(|other| other.at.to_string()).unwrap_or_default();
    Place {
        span: side.root.locate(&pointer),
        exists: false,
        file: None,
        pointer,
    }
}

/// Where a reader looks: at the key, where there is one.
fn position(side: &Side<'_>, sited: &Sited<'_>) -> Span {
    let stands_there = side.root.pointer(&sited.at);
    match stands_there.is_some_and(|node| std::ptr::eq(node, sited.node)) {
        true => side.root.locate(&sited.at),
        // A parameter, which stands by its name.
        false => sited.node.span,
    }
    .first_line()
}
