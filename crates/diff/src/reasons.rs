//! Why a change means what it means, from the effects and the ways that lead to them.

use super::change::{Effect, Flow, Judgement, Reason, Verdict};
use super::uses::Reach;

/// What follows in each direction that a change takes part in; the worst of it where
/// several circumstances meet.
#[derive(Default)]
pub(super) struct Reasons(Vec<Reason>);

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
    pub(super) fn judge(&mut self, effect: &Effect, reaches: Option<&[Reach]>) {
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

    pub(super) fn sorted(mut self) -> Vec<Reason> {
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
