//! From what was found to changes: who uses it, what follows, where it stands.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher as _;
use std::rc::Rc;

use super::change::{Change, Effect, Flow, Judgement, Place, Reason, Use, Verdict};
use super::comparison::{Comparison, Draft, Found};
use super::side::{Side, Sited};
use super::subject::subject;
use crate::source::Span;

/// `document` is the name under which a fingerprint counts.
pub(super) fn finish(comparison: Comparison<'_>, document: &str) -> Vec<Change> {
    let mut uses = Uses::default();
    let mut changes = Vec::new();
    for found in &merged(&comparison) {
        let mut change = change(&comparison, found, &mut uses);
        change.fingerprint = fingerprint(document, &found.draft, &change);
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

/// How a pair is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reach {
    /// The pair of operations, and which of the names under which it is reached.
    root: (usize, usize),
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
    /// Every way from an operation to the pair.
    fn of(&mut self, comparison: &Comparison<'_>, pair: usize) -> &[Reach] {
        let known = self.known.entry(pair);
        known.or_insert_with(|| reaches(comparison, pair))
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
            let roots = pair.roots.iter().enumerate();
            for (root, _) in roots.filter(|(_, root)| root.flow == flow) {
                found.push(Reach {
                    root: (index, root),
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
        let (pair, root) = reach.root;
        let root = comparison.pairs[pair].roots.get(root)?;
        Some(Use {
            operation: root.operation.clone(),
            operation_id: root.operation_id.clone(),
            flow: reach.flow,
        })
    };
    let mut meant: Vec<&Reach> = meant.collect();
    meant.sort_unstable();
    let mut uses: Vec<Use> = meant.into_iter().filter_map(to_use).collect();
    uses.dedup();
    uses
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
    let title = title(comparison, draft, (&old, &new));
    Change {
        id: draft.id,
        verdict: worst.unwrap_or(Verdict::Compatible),
        title,
        reasons,
        old,
        new,
        also: sorted(&found.also),
        used_by: used_by(comparison, &all),
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

/// What follows in each direction that a change takes part in; the worst of it where
/// several circumstances meet.
#[derive(Default)]
struct Reasons(Vec<Reason>);

impl Reasons {
    fn add(&mut self, flow: Option<Flow>, judgement: &Judgement) {
        let reason = Reason {
            flow,
            verdict: judgement.verdict,
            text: judgement.text.clone(),
        };
        match self.0.iter_mut().find(|reason| reason.flow == flow) {
            Some(known) if reason.verdict < known.verdict => *known = reason,
            Some(_) => {}
            None => self.0.push(reason),
        }
    }

    /// Judges an effect by the ways that lead to where it was found.
    fn judge(&mut self, effect: &Effect, reaches: Option<&[Reach]>) {
        let (request, response) = match effect {
            // What nobody reaches harms nobody.
            Effect::Always(judgement)
                if reaches.is_some_and(<[_]>::is_empty)
                    && judgement.verdict < Verdict::Unclassified =>
            {
                return;
            }
            Effect::Always(judgement) => return self.add(None, judgement),
            Effect::ByCaller { client, server } => {
                for reach in reaches.into_iter().flatten() {
                    match reach.flow {
                        Flow::Request => self.add(None, client),
                        Flow::Response => self.add(None, server),
                    }
                }
                return;
            }
            Effect::ByFlow { request, response } => (request, response),
        };
        for reach in reaches.into_iter().flatten() {
            let judgement = match reach.flow {
                Flow::Request => request,
                Flow::Response => response,
            };
            if reach.negated {
                self.add(Some(reach.flow), &effect.negated(reach.flow));
            } else if !reach.unasked {
                self.add(Some(reach.flow), judgement);
            } else if judgement.verdict == Verdict::Breaking {
                self.add(Some(reach.flow), &unasked(reach.flow));
            }
        }
    }

    fn sorted(mut self) -> Vec<Reason> {
        if self.0.is_empty() {
            self.0.push(Reason {
                flow: None,
                verdict: Verdict::Compatible,
                text: "no operation uses it".into(),
            });
        }
        self.0.sort_by_key(|reason| reason.verdict);
        self.0
    }
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
/// same on every machine and in every version. A value that the sentence does not show
/// counts by itself.
fn fingerprint(document: &str, draft: &Draft<'_>, change: &Change) -> String {
    let file = document.rsplit(['/', '\\']).next().unwrap_or(document);
    let mut hasher = fnv::FnvHasher::default();
    let mut add = |part: &str| {
        hasher.write(part.as_bytes());
        hasher.write(&[0]);
    };
    for part in [file, change.id, &change.old.pointer, &change.new.pointer] {
        add(part);
    }
    change.also.iter().for_each(|pointer| add(pointer));
    add(&change.title);
    if change.title.ends_with(" changed") {
        for side in [&draft.old, &draft.new].into_iter().flatten() {
            add(&side.node.to_json().to_string());
        }
    }
    // A letter in front: YAML reads some hexadecimal digits as a number.
    format!("c{:016x}", hasher.finish())
}
