//! Refusals in the form that a contract gives them.

use contract::operation::{MediaType, Status};
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use super::Service;
use crate::answer::Answer;
use crate::media;
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
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let in_form = self
            .covering(number, status)
            .and_then(|at| self.in_form(number, at, code, &refusal));
        let answer = in_form.unwrap_or_else(|| problem_with(&refusal, code));
        told(answer, refusal)
    }

    /// What the response at a place shows as JSON with the explanation in it, else the explanation
    /// as a text of the contract.
    fn in_form(
        &self,
        number: usize,
        at: usize,
        code: StatusCode,
        refusal: &Refusal,
    ) -> Option<Answer> {
        let content = &self.operation(number).responses[at].content;
        // What has no body in the contract has none; the reason is in a header.
        if content.is_empty() {
            return Some(Answer::empty(code));
        }
        let bodies = &self.endpoints[number].answers[at].bodies;
        let fits = |index: usize, value: &Value| {
            let schema = bodies[index].schema(&content[index], self.origin());
            schema.is_none_or(|schema| schema.is_valid(value))
        };
        if let Some(json) = content.iter().position(|media_type| media_type.is_json()) {
            let (shown, meant) = bodies[json].of_error(&content[json], self.origin())?;
            let body = refusal.in_form(shown, meant, |value| fits(json, value));
            return Some(Answer::json(code, &bodies[json].content_type, &body));
        }
        let is_text = |one: &MediaType| media::essence(&one.name).starts_with("text/");
        let text = content.iter().position(is_text)?;
        let mut answer = Answer::empty(code);
        let content_type = bodies[text].content_type.clone();
        answer.headers.insert(CONTENT_TYPE, content_type);
        let is_page = media::essence(&content[text].name) == "text/html";
        let told = match is_page {
            true => contract::escape::html(&refusal.message),
            false => refusal.message.clone(),
        };
        answer.body = match fits(text, &told.as_str().into()) && !refusal.is_plain {
            true => Some(told.into()),
            false => Some(bodies[text].usual(&content[text], self.origin(), false)?.0),
        };
        Some(answer)
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
