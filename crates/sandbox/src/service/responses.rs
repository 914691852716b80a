//! The response that a caller prefers, and what it sends of it.

use std::collections::HashSet;

use contract::operation::{Location, Parameter, Response, Status};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{HeaderMap, StatusCode};

use super::refusals::problem;
use super::{Service, text};
use crate::answer::{Answer, Ready};
use crate::media;
use crate::prefer::Prefer;
use crate::refusal::Refusal;

impl Service {
    /// The number of the response that is said of a status.
    pub(crate) fn covering(&self, number: usize, status: u16) -> Option<usize> {
        let responses = &self.operation(number).responses;
        let found = self.operation(number).response(status)?;
        responses.iter().position(|one| std::ptr::eq(one, found))
    }

    /// The response that the caller prefers, else the first success.
    pub(super) fn preferred(&self, number: usize, headers: &HeaderMap) -> Answer {
        let prefer = Prefer::from_headers(headers);
        // What the contract itself asks for there need not be a media type that it describes.
        let own = self.operation(number).parameters.iter().any(is_accept);
        let accept = text(headers, &header::ACCEPT).filter(|_| !own);
        let example = prefer.example.as_deref();
        let respond =
            |(at, status)| self.respond(number, at, status, example, prefer.dynamic, accept);
        let answer = match (&prefer.code, example) {
            (Some(code), _) => {
                let status = StatusCode::from_bytes(code.as_bytes()).ok();
                let found = status
                    .and_then(|status| Some((self.covering(number, status.as_u16())?, status)));
                found.and_then(respond)
            }
            // The example may belong to any response; successes are asked first.
            (None, Some(_)) => {
                let responses = self.operation(number).responses.iter();
                let all = responses.map(status).enumerate();
                self.success(number)
                    .into_iter()
                    .chain(all)
                    .find_map(respond)
            }
            (None, None) => match self.success(number) {
                None => return Answer::empty(StatusCode::OK),
                Some(found) => match respond(found) {
                    Some(answer) => Some(answer),
                    None => return self.not_acceptable(number, found.0, accept),
                },
            },
        };
        answer.unwrap_or_else(|| {
            let message = format!(
                "the contract has no such response; prefer one of {}",
                self.known(number)
            );
            problem(Refusal::new(&[404], message))
        })
    }

    fn not_acceptable(&self, number: usize, at: usize, accept: Option<&str>) -> Answer {
        let response = &self.operation(number).responses[at];
        let names: Vec<&str> = response
            .content
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let message = format!(
            "the contract answers with {}, and not with `{}`",
            names.join(", "),
            accept.unwrap_or_default()
        );
        problem(Refusal::new(&[406], message))
    }

    /// The first response that says that all went well; else what is said of all, or of a
    /// redirection.
    pub(super) fn success(&self, number: usize) -> Option<(usize, StatusCode)> {
        let responses = &self.operation(number).responses;
        // One before the answer is none (RFC 9110, section 15.2).
        let is_answer = |(_, status): &(usize, StatusCode)| !status.is_informational();
        let statuses = || responses.iter().map(status).enumerate().filter(is_answer);
        let usual = responses
            .iter()
            .position(|one| one.status == Status::Default);
        let well = statuses().find(|(_, status)| status.is_success());
        let usual = usual.map(|at| (at, StatusCode::OK));
        well.or(usual)
            .or_else(|| statuses().find(|(_, status)| status.is_redirection()))
            .or_else(|| statuses().next())
    }

    /// Nothing where the response has no such example, or nothing that the caller accepts.
    pub(super) fn respond(
        &self,
        number: usize,
        at: usize,
        status: StatusCode,
        example: Option<&str>,
        dynamic: bool,
        accept: Option<&str>,
    ) -> Option<Answer> {
        let response = &self.operation(number).responses[at];
        let ready = &self.endpoints[number].answers[at];
        let mut headers = HeaderMap::new();
        for (name, value) in ready.headers(response, self.origin()) {
            headers.append(name, value.clone());
        }
        let body = match self.body(response, ready, example, dynamic, accept) {
            Chosen::Body(media_type, body) => {
                headers.insert(header::CONTENT_TYPE, media_type);
                Some(body)
            }
            Chosen::None => None,
            Chosen::Nothing => return None,
        };
        Some(Answer {
            status,
            headers,
            body,
            refusal: None,
        })
    }

    fn body(
        &self,
        response: &Response,
        ready: &Ready,
        example: Option<&str>,
        dynamic: bool,
        accept: Option<&str>,
    ) -> Chosen {
        let known = response
            .content
            .iter()
            .map(|media_type| media_type.name.as_str());
        if response.content.is_empty() {
            return if example.is_some() {
                Chosen::Nothing
            } else {
                Chosen::None
            };
        }
        let Some(index) = media::wanted(known, accept) else {
            return Chosen::Nothing;
        };
        let (media_type, body) = (&response.content[index], &ready.bodies[index]);
        let bytes = match example {
            Some(name) => body.named(media_type, name),
            None => {
                let usual = body.usual(media_type, self.origin(), dynamic);
                usual.map(|(bytes, _)| bytes)
            }
        };
        match bytes {
            Some(bytes) => {
                Chosen::Body(sent_as(&media_type.name, &body.content_type, accept), bytes)
            }
            None if example.is_some() => Chosen::Nothing,
            None => Chosen::None,
        }
    }

    fn known(&self, number: usize) -> String {
        let answers = self.operation(number).responses.iter().map(|response| {
            let examples = response.content.iter().flat_map(|one| &one.examples);
            let names: HashSet<_> = examples
                .map(|one| format!("example={}", one.name))
                .collect();
            let mut names: Vec<_> = names.into_iter().collect();
            names.sort();
            format!("code={} ({})", response.status, names.join(", "))
        });
        answers.collect::<Vec<_>>().join(", ")
    }
}

/// What a response sends.
enum Chosen {
    Body(HeaderValue, Bytes),
    /// It has no body.
    None,
    /// Nothing that was asked for.
    Nothing,
}

fn is_accept(parameter: &Parameter) -> bool {
    parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case("accept")
}

/// The media type of a body: where the contract names a range, one of it that was asked for.
fn sent_as(name: &str, content_type: &HeaderValue, accept: Option<&str>) -> HeaderValue {
    if !name.contains('*') {
        return content_type.clone();
    }
    let accepted = accept.unwrap_or_default().split(',').map(media::essence);
    let mut accepted = accepted.filter(|one| one.contains('/') && !one.contains('*'));
    let accepted = accepted.find_map(|one| HeaderValue::try_from(one).ok());
    accepted.unwrap_or(media::JSON)
}

/// The first status that a response stands for.
fn status(response: &Response) -> StatusCode {
    let code = response.status.codes().map(|(first, _)| first);
    let status = code.and_then(|code| StatusCode::from_u16(code).ok());
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
