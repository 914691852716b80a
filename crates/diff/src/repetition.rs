//! What says whether a request may be repeated: `x-idempotent` of an operation,
//! `x-idempotency-key` of it or of a header, `x-not-processed` of a response. Generated clients act
//! on all of them.

use super::annotations;
use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::kind::Kind;
use super::side::Sited;
use contract::operation::{IDEMPOTENCY_KEY, IDEMPOTENT, NOT_PROCESSED, is_idempotent};

pub(super) fn compare_operation<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    compare(comparison, IDEMPOTENT, old, new, is_idempotent);
    compare_key(comparison, old, new);
}

/// Whether there is a key of idempotency, which may be said of an operation or of a header.
pub(super) fn compare_key<'a>(comparison: &mut Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) {
    compare(comparison, IDEMPOTENCY_KEY, old, new, |_| false);
}

pub(super) fn compare_response<'a>(
    comparison: &mut Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    compare(comparison, NOT_PROCESSED, old, new, |status| {
        status == "429"
    });
}

/// Compares a keyword where either side states it. What it is where it does not stand
/// follows from the key of the object: the method, or the status.
fn compare<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    old: &Sited<'a>,
    new: &Sited<'a>,
    unless_stated: fn(&str) -> bool,
) {
    let (before, after) = (old.get(key), new.get(key));
    if !annotations::differs(before.as_ref(), after.as_ref()) {
        return;
    }
    let is = |around: &Sited<'a>, stated: &Option<Sited<'a>>| match stated {
        Some(stated) => stated.node.is_true(),
        None => around.at.rsplit('/').next().is_some_and(unless_stated),
    };
    let (verdict, text) = match (is(old, &before), is(new, &after)) {
        (true, false) => (
            Verdict::Risky,
            "old clients repeat a request that may have been processed",
        ),
        (false, true) => (
            Verdict::Compatible,
            "old clients give up where new ones may repeat",
        ),
        _ => (Verdict::Compatible, "it was so without being said"),
    };
    let effect = Effect::always(verdict, text);
    let key = key.to_owned();
    let draft = Draft::new(Kind::RepetitionChanged { key }, effect);
    comparison.emit(draft.sides(before, after));
}
