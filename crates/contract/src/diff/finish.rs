//! From what was found to changes: who uses it, what follows, where it stands.

use std::collections::{HashMap, HashSet};

use super::change::{Change, Effect, Flow, Judgement, Place, Reason, Use, Verdict};
use super::comparison::{Comparison, Draft, Found};
use super::side::{Side, Sited};
use super::subject::subject;
use crate::source::Span;

pub(super) fn finish(comparison: Comparison<'_>) -> Vec<Change> {
    let mut uses = Uses::default();
    let mut changes = Vec::new();
    for found in &merged(&comparison) {
        let reaches = uses.of(&comparison, &found.pairs);
        changes.push(change(&comparison, found, &reaches));
    }
    for change in &mut changes {
        change.fingerprint = fingerprint(change);
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
    for found in comparison.found.values() {
        let draft = &found.draft;
        let keys = [(0, at(&draft.old)), (1, at(&draft.new))];
        let keys = keys.map(|(side, at)| Some((side, at?, draft.id, draft.predicate.clone())));
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
                first.pairs.extend(&found.pairs);
                first.draft.effects.extend(draft.effects.clone());
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
                pairs: found.pairs.clone(),
                also: Vec::new(),
            }),
        }
    }
    merged
}

/// How a pair is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reach {
    root: usize,
    flow: Flow,
    /// Through something read-only in a request, or write-only in a response, where
    /// it should not be.
    unasked: bool,
    /// Through a `not`.
    negated: bool,
}

/// Who reaches a pair, remembered, because many changes stand at the same one.
#[derive(Default)]
struct Uses {
    known: HashMap<usize, Vec<Reach>>,
}

impl Uses {
    /// Every way from an operation to the pairs.
    fn of(&mut self, comparison: &Comparison<'_>, pairs: &[usize]) -> Vec<Reach> {
        let mut all = Vec::new();
        for pair in pairs {
            let known = self.known.entry(*pair);
            all.extend(
                known
                    .or_insert_with(|| reaches(comparison, *pair))
                    .iter()
                    .copied(),
            );
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Up from a pair to the operations, in each direction that leads there.
fn reaches(comparison: &Comparison<'_>, pair: usize) -> Vec<Reach> {
    let mut found = Vec::new();
    for start in [Flow::Request, Flow::Response] {
        let first = (pair, start, false, false);
        let mut seen = HashSet::from([first]);
        let mut todo = vec![first];
        while let Some((index, flow, unasked, negated)) = todo.pop() {
            let pair = &comparison.pairs[index];
            if pair.root.as_ref().is_some_and(|root| root.flow == flow) {
                found.push(Reach {
                    root: index,
                    flow: start,
                    unasked,
                    negated,
                });
            }
            for (parent, edge) in &pair.parents {
                let unasked = unasked || edge.only.is_some_and(|only| only != flow);
                let negated = negated != edge.negate;
                let next = (*parent, flow.flipped(edge.flip), unasked, negated);
                if seen.insert(next) {
                    todo.push(next);
                }
            }
        }
    }
    found
}

/// The operations that a change reaches as it is meant to.
fn used_by(comparison: &Comparison<'_>, reaches: &[Reach]) -> Vec<Use> {
    let meant = reaches.iter().filter(|reach| !reach.unasked);
    let to_use = |reach: &Reach| {
        let root = comparison.pairs[reach.root].root.as_ref()?;
        Some(Use {
            operation: root.operation.clone(),
            operation_id: root.operation_id.clone(),
            flow: reach.flow,
        })
    };
    let mut uses: Vec<Use> = meant.filter_map(to_use).collect();
    uses.dedup();
    uses
}

fn change(comparison: &Comparison<'_>, found: &Found<'_>, reaches: &[Reach]) -> Change {
    let draft = &found.draft;
    let reasons = reasons(&draft.effects, reaches);
    let worst = reasons.iter().map(|reason| reason.verdict).min();
    let old = place(&comparison.old, draft.old.as_ref(), draft.new.as_ref());
    let new = place(&comparison.new, draft.new.as_ref(), draft.old.as_ref());
    let title = title(comparison, draft, (&old, &new));
    Change {
        id: draft.id,
        verdict: worst.unwrap_or(Verdict::Compatible),
        title,
        reasons,
        old,
        new,
        also: found.also.iter().map(|at| at.to_string()).collect(),
        used_by: used_by(comparison, reaches),
        fingerprint: String::new(),
        rename: draft.rename.clone(),
    }
}

/// A reader knows the new document; what is gone has its old name, and what was moved
/// into a component that is new has both.
fn title(comparison: &Comparison<'_>, draft: &Draft<'_>, (old, new): (&Place, &Place)) -> String {
    if draft.new.is_none() || draft.rename.is_some() {
        return subject(&old.pointer, &draft.predicate);
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
            subject(&old.pointer, &format!("(now `{name}`) {}", draft.predicate))
        }
        _ => subject(&new.pointer, &draft.predicate),
    }
}

/// What follows in each direction that the change takes part in; the worst of it
/// where several circumstances meet.
fn reasons(effects: &[Effect], reaches: &[Reach]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut add = |flow: Option<Flow>, judgement: &Judgement| {
        let reason = Reason {
            flow,
            verdict: judgement.verdict,
            text: judgement.text.clone(),
        };
        match reasons.iter_mut().find(|reason| reason.flow == flow) {
            Some(known) if reason.verdict < known.verdict => *known = reason,
            Some(_) => {}
            None => reasons.push(reason),
        }
    };
    for effect in effects {
        match effect {
            Effect::Always(judgement) => add(None, judgement),
            Effect::ByFlow { request, response } => {
                for reach in reaches {
                    let (flow, judgement) = match reach.flow {
                        Flow::Request => (reach.flow, request),
                        Flow::Response => (reach.flow, response),
                    };
                    if reach.negated {
                        add(Some(flow), &effect.negated(flow));
                    } else if !reach.unasked {
                        add(Some(flow), judgement);
                    } else if judgement.verdict == Verdict::Breaking {
                        add(Some(flow), &unasked(flow));
                    }
                }
            }
        }
    }
    if reasons.is_empty() {
        reasons.push(Reason {
            flow: None,
            verdict: Verdict::Compatible,
            text: "no operation uses it".into(),
        });
    }
    reasons.sort_by_key(|reason| reason.verdict);
    reasons
}

/// `readOnly` and `writeOnly` only say what should not be sent (`OpenAPI` 3.0.3, section
/// 4.7.24.2).
fn unasked(flow: Flow) -> Judgement {
    let text = match flow {
        Flow::Request => {
            "it is read-only: clients should not send it, but one that sends a whole object back \
             may be refused"
        }
        Flow::Response => {
            "it is write-only: the server should not send it, but old clients may fail if it does"
        }
    };
    Judgement {
        verdict: Verdict::Risky,
        text: text.into(),
    }
}

/// Where it stands; else where the nearest thing that the other side has too does.
fn place(side: &Side<'_>, own: Option<&Sited<'_>>, other: Option<&Sited<'_>>) -> Place {
    if let Some(own) = own {
        return Place {
            pointer: own.at.to_string(),
            exists: true,
            span: position(side, own),
        };
    }
    let pointer = other.map(|other| other.at.to_string()).unwrap_or_default();
    Place {
        span: side.root.locate(&pointer),
        exists: false,
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

/// Names a change by what it is and where, not by line: FNV-1a, whose value is the
/// same on every machine and in every version.
fn fingerprint(change: &Change) -> String {
    use std::hash::Hasher as _;
    let mut hasher = fnv::FnvHasher::default();
    for part in [
        change.id,
        &change.old.pointer,
        &change.new.pointer,
        &change.title,
    ] {
        hasher.write(part.as_bytes());
        hasher.write(&[0]);
    }
    // A letter in front: YAML reads some hexadecimal digits as a number.
    format!("c{:016x}", hasher.finish())
}
