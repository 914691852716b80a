//! References that lead elsewhere.

use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::equal;
use super::kind::Kind;
use super::side::{Side, Sited};
use contract::walk;

/// Whether two references lead to different schemas of which both documents have both.
pub(super) fn is_exchanged<'a>(
    comparison: &Comparison<'a>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) -> bool {
    let (Some(from), Some(to)) = (old.text("$ref"), new.text("$ref")) else {
        return false;
    };
    let has = |side: &Side<'a>, reference: &str| {
        walk::pointer(reference).is_some_and(|at| side.root.pointer(&at).is_some())
    };
    from != to && has(&comparison.new, from) && has(&comparison.old, to)
}

/// Reports the reference, with the worst of what its two schemas differ in.
pub(super) fn exchanged<'a>(
    comparison: &mut Comparison<'a>,
    role: Role,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    let name = |sited: &Sited<'a>| {
        let reference = sited.text("$ref").unwrap_or_default();
        reference.rsplit('/').next().unwrap_or(reference)
    };
    let verdicts = equal::worst(role, (comparison.old, old), (comparison.new, new));
    let request = match verdicts.0 {
        Verdict::Breaking => "the server may refuse what old clients send",
        Verdict::Risky => "the server may make something else of what old clients send",
        _ => "the server still takes what it took",
    };
    let response = match verdicts.1 {
        Verdict::Breaking => "old clients fail on the other schema, generated ones included",
        Verdict::Risky => "old clients may fail on the other schema",
        _ => "old clients read the other schema as well",
    };
    let effect = Effect::by_flow((verdicts.0, request), (verdicts.1, response));
    let kind = Kind::ReferenceChanged {
        from: name(old).to_owned(),
        to: name(new).to_owned(),
    };
    comparison.emit(Draft::new(kind, effect).both(old, new));
}
