//! From a request to a response, by the contract alone.

use contract::operation::{Example, Operation, Response};
use hyper::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::contract::{Contract, Found, Route};
use crate::prefer::Prefer;

/// What goes back to the caller.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(String, String)>,
    /// JSON, if there is a body.
    pub(crate) body: Option<Value>,
}

impl Answer {
    /// A response that says what was wrong, in the shape of the contract's errors.
    pub(crate) fn error(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(json!({ "error": error.into() })),
        }
    }
}

pub(crate) fn answer(
    contract: &Contract,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let route = match contract.find(method.as_str(), path) {
        Found::Route(route) => route,
        Found::OtherMethods(methods) => return wrong_method(method, path, &methods),
        Found::Nothing => return unknown_path(contract, path),
    };
    if route.needs_bearer && !has_bearer(headers) {
        return unauthorized(route);
    }
    if let Some(refusal) = check_body(route, headers, body) {
        return refusal;
    }
    preferred(route, &Prefer::from_headers(headers))
}

/// The contract's response with a status, or an empty one.
pub(crate) fn with_status(route: Option<&Route>, status: StatusCode) -> Answer {
    let response = route.and_then(|route| route.response(status.as_u16()));
    let answer = response.and_then(|response| from_contract(response, status, None));
    answer.unwrap_or(Answer {
        status,
        headers: Vec::new(),
        body: None,
    })
}

fn unknown_path(contract: &Contract, path: &str) -> Answer {
    let base = &contract.base_path;
    let message = format!("the contract has no path `{path}`; every path begins with `{base}`");
    Answer::error(StatusCode::NOT_FOUND, message)
}

fn wrong_method(method: &Method, path: &str, methods: &[&str]) -> Answer {
    let allowed = methods.join(", ");
    let message = format!("the contract has no {method} for `{path}`, only {allowed}");
    let mut answer = Answer::error(StatusCode::METHOD_NOT_ALLOWED, message);
    answer.headers.push(("allow".to_owned(), allowed));
    answer
}

/// `Authorization: Bearer <token>`; the token is one word, so `Bearer Bearer …`
/// is as wrong here as it is there.
fn has_bearer(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION);
    let value = value.and_then(|value| value.to_str().ok());
    let Some((scheme, token)) = value.and_then(|value| value.split_once(' ')) else {
        return false;
    };
    scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ')
}

fn unauthorized(operation: &Operation) -> Answer {
    let mut answer = match operation.response(401) {
        Some(response) => from_contract(response, StatusCode::UNAUTHORIZED, None),
        None => None,
    }
    .unwrap_or_else(|| Answer::error(StatusCode::UNAUTHORIZED, "not authorized"));
    let challenge = ("www-authenticate".to_owned(), "Bearer".to_owned());
    answer.headers.push(challenge);
    answer
}

/// What is wrong with the body; nothing when it fits the operation's schema.
fn check_body(route: &Route, headers: &HeaderMap, body: &[u8]) -> Option<Answer> {
    let request = route.request.as_ref()?;
    if body.is_empty() {
        let message = "the body is missing; the contract requires one";
        let refusal = Answer::error(StatusCode::BAD_REQUEST, message);
        return request.required.then_some(refusal);
    }
    if !is_json(headers) {
        let message = "the body must be JSON: send `content-type: application/json`";
        return Some(Answer::error(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            let message = format!("the body is not JSON: {error}");
            return Some(Answer::error(StatusCode::BAD_REQUEST, message));
        }
    };
    let violations = route.schema.as_ref()?.check(&value);
    let first = violations.first()?;
    let place = match first.pointer.as_str() {
        "" => String::new(),
        pointer => format!(" at `{pointer}`"),
    };
    let message = format!(
        "the body does not fit the contract{place}: {}",
        first.message
    );
    let mut answer = Answer::error(StatusCode::UNPROCESSABLE_ENTITY, message);
    let all = violations
        .iter()
        .map(|v| json!({ "at": v.pointer, "message": v.message }));
    if let Some(body) = &mut answer.body {
        body["violations"] = all.collect();
    }
    Some(answer)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    let value = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// The response that the caller prefers, else the first example of the first
/// success.
fn preferred(operation: &Operation, prefer: &Prefer) -> Answer {
    let example = prefer.example.as_deref();
    let answer = match (&prefer.code, example) {
        (Some(code), _) => with_code(operation, code, example),
        (None, Some(example)) => with_example(operation, example),
        (None, None) => {
            success(operation).and_then(|(status, response)| from_contract(response, status, None))
        }
    };
    answer.unwrap_or_else(|| {
        let known = known(operation);
        let message = format!("the contract has no such response; prefer one of {known}");
        Answer::error(StatusCode::NOT_FOUND, message)
    })
}

fn with_code(operation: &Operation, code: &str, example: Option<&str>) -> Option<Answer> {
    let status = StatusCode::from_bytes(code.as_bytes()).ok()?;
    from_contract(operation.response(status.as_u16())?, status, example)
}

/// The example may belong to any response; successes are asked first.
fn with_example(operation: &Operation, example: &str) -> Option<Answer> {
    let success = success(operation);
    let others = operation.responses.iter().map(|r| (status(r), r));
    success
        .into_iter()
        .chain(others)
        .find_map(|(status, response)| from_contract(response, status, Some(example)))
}

fn success(operation: &Operation) -> Option<(StatusCode, &Response)> {
    let mut responses = operation.responses.iter().map(|r| (status(r), r));
    responses.find(|(status, _)| status.is_success())
}

/// The first status that a response stands for.
fn status(response: &Response) -> StatusCode {
    let code = response.status.codes().map(|(first, _)| first);
    let status = code.and_then(|code| StatusCode::from_u16(code).ok());
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The examples of a response as JSON.
fn examples(response: &Response) -> impl Iterator<Item = &Example> {
    let json = response
        .content
        .iter()
        .find(|media_type| media_type.is_json());
    json.into_iter().flat_map(|media_type| &media_type.examples)
}

/// `None` when the response has no example of that name.
fn from_contract(response: &Response, status: StatusCode, example: Option<&str>) -> Option<Answer> {
    let body = match example {
        Some(wanted) => Some(examples(response).find(|example| example.name == wanted)?),
        None => examples(response).next(),
    };
    Some(Answer {
        status,
        headers: headers(response),
        body: body.and_then(|example| example.value.clone()),
    })
}

/// The headers that have an example.
fn headers(response: &Response) -> Vec<(String, String)> {
    let headers = response.headers.iter().filter_map(|header| {
        let text = match header.examples.first()?.value.as_ref()? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((header.name.clone(), text))
    });
    headers.collect()
}

fn known(operation: &Operation) -> String {
    let answers = operation.responses.iter().map(|response| {
        let names: Vec<_> = examples(response)
            .map(|example| format!("example={}", example.name))
            .collect();
        format!("code={} ({})", response.status, names.join(", "))
    });
    answers.collect::<Vec<_>>().join(", ")
}
