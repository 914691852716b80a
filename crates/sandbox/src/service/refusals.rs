//! Refusals in the form that a contract gives them.

use contract::operation::Status;
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::Service;
use crate::answer::Answer;
use crate::refusal::Refusal;

/// The header that says why a request was refused, whatever the body says.
const REASON: HeaderName = HeaderName::from_static("sandbox-refusal");
/// The media type of RFC 9457.
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

impl Service {
    /// The refusal in the form that the contract gives to a status that says so, else as a problem.
    pub(super) fn refuse(&self, number: usize, refusal: Refusal) -> Answer {
        let operation = self.operation(number);
        let says = |status: &&u16| {
            let of = operation.response(**status);
            of.is_some_and(|response| matches!(response.status, Status::Code(_)))
        };
        let mut statuses = refusal.statuses.iter();
        let first = refusal.statuses.first().copied().unwrap_or(400);
        let status = statuses.find(says).copied().unwrap_or(first);
        let in_form = self
            .covering(number, status)
            .and_then(|at| self.in_form(number, at, &refusal));
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let answer = match in_form {
            Some((media_type, body)) => Answer::json(code, media_type, &body),
            None => problem_with(&refusal, code),
        };
        told(answer, refusal)
    }

    /// What the response at a place shows as JSON, with the explanation in it.
    fn in_form(
        &self,
        number: usize,
        at: usize,
        refusal: &Refusal,
    ) -> Option<(&HeaderValue, Value)> {
        let response = &self.operation(number).responses[at];
        let json = response
            .content
            .iter()
            .position(|media_type| media_type.is_json())?;
        let media_type = &response.content[json];
        let ready = &self.endpoints[number].answers[at].bodies[json];
        let (_, shown) = ready.usual(media_type, self.origin(), false)?;
        let schema = ready.schema(media_type, self.origin());
        let fits = |value: &Value| schema.is_none_or(|schema| schema.is_valid(value));
        Some((&ready.content_type, refusal.in_form(shown?, fits)))
    }
}

/// What the contract has no form for.
pub(crate) fn problem(refusal: Refusal) -> Answer {
    let status = refusal.statuses.first().copied().unwrap_or(400);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    told(problem_with(&refusal, status), refusal)
}

/// The answer with what belongs to a refusal, whatever its form.
fn told(mut answer: Answer, mut refusal: Refusal) -> Answer {
    for (name, value) in refusal.headers.drain(..) {
        answer.headers.append(name, value);
    }
    answer.headers.insert(REASON, refusal.line());
    answer.refusal = Some(Box::new(refusal));
    answer
}

fn problem_with(refusal: &Refusal, status: StatusCode) -> Answer {
    let title = status.canonical_reason().unwrap_or("Refused");
    let problem = refusal.problem(status.as_u16(), title);
    Answer::json(status, &PROBLEM, &problem)
}
