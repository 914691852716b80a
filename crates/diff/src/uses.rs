//! Who reaches a change: the way back from a pair of objects to the operations.

use std::collections::{HashMap, HashSet};

use super::change::{Flow, Use};
use super::comparison::Comparison;

/// How a pair is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach {
    /// The pair of operations, and which of the names under which it is reached.
    root: (usize, usize),
    pub(super) flow: Flow,
    /// Through something read-only in a request, or write-only in a response, where
    /// it should not be.
    pub(super) unasked: bool,
    /// Through a `not`.
    pub(super) negated: bool,
}

/// Who reaches a pair, remembered, because many changes stand at the same one.
#[derive(Default)]
pub(super) struct Uses {
    known: HashMap<usize, Vec<Reach>>,
}

impl Uses {
    /// Every way from an operation to the pair.
    pub(super) fn of(&mut self, comparison: &Comparison<'_>, pair: usize) -> &[Reach] {
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
pub(super) fn used_by(comparison: &Comparison<'_>, reaches: &[Reach]) -> Vec<Use> {
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
