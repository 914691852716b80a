use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::side::{Side, Sited};

/// How far a question is pursued: two schemas that take longer are not the same.
const PAIRS: usize = 500;

/// Stops a comparison that only asks whether anything but words differs.
#[derive(Debug, Default)]
pub(super) struct Limit {
    pairs: usize,
    differs: bool,
    /// Goes on when something differs.
    is_patient: bool,
}

impl Limit {
    pub(super) fn note(&mut self, draft: &Draft<'_>) {
        let is_words = |effect: &Effect| matches!(effect, Effect::Always(judgement) if judgement.verdict == Verdict::Documentation);
        self.differs |= !is_words(&draft.effect);
    }

    /// Counts one more pair.
    pub(super) fn is_reached(&mut self) -> bool {
        self.pairs += 1;
        let is_long = self.pairs > PAIRS;
        self.differs |= is_long;
        is_long || (self.differs && !self.is_patient)
    }
}

/// Whether two schemas say the same but for words.
pub(super) fn schemas<'a>(old: (Side<'a>, &Sited<'a>), new: (Side<'a>, &Sited<'a>)) -> bool {
    objects(Role::SCHEMA, old, new)
}

/// Whether two objects say the same but for words.
pub(super) fn objects<'a>(
    role: Role,
    old: (Side<'a>, &Sited<'a>),
    new: (Side<'a>, &Sited<'a>),
) -> bool {
    let mut comparison = Comparison::new(old.0, new.0, "");
    comparison.limit = Some(Limit::default());
    comparison.pair(role, old.1, new.1);
    comparison.run();
    !comparison.limit.is_some_and(|limit| limit.differs)
}

/// The worst that two schemas differ in, for requests and for responses. What takes too
/// long is not the same.
pub(super) fn worst<'a>(
    role: Role,
    old: (Side<'a>, &Sited<'a>),
    new: (Side<'a>, &Sited<'a>),
) -> (Verdict, Verdict) {
    let mut comparison = Comparison::new(old.0, new.0, "");
    comparison.limit = Some(Limit {
        is_patient: true,
        ..Limit::default()
    });
    comparison.pair(role, old.1, new.1);
    comparison.run();
    if comparison.limit.is_some_and(|limit| limit.pairs > PAIRS) {
        return (Verdict::Breaking, Verdict::Breaking);
    }
    let effects = comparison.found.values().flat_map(|found| &found.effects);
    effects.fold(
        (Verdict::Documentation, Verdict::Documentation),
        |worst, (_, effect)| {
            let (request, response) = match effect {
                Effect::Always(judgement) => (judgement, judgement),
                Effect::ByCaller { client, .. } => (client, client),
                Effect::ByFlow { request, response } => (request, response),
            };
            (worst.0.min(request.verdict), worst.1.min(response.verdict))
        },
    )
}
