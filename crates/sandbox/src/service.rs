//! From a request to a response, by the contract alone.

use std::collections::HashSet;
use std::sync::OnceLock;

use contract::Checked;
use contract::operation::{Location, Operation, Parameter, Response, Status};
use contract::schema::{Direction, Schema, Schemas};
use hyper::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::answer::{Answer, Origin, Ready};
use crate::body::Bodies;
use crate::media;
use crate::memory::Memory;
use crate::parameter::{Pairs, Reader, Sent, decode};
use crate::prefer::Prefer;
use crate::refusal::{Place, Refusal};
use crate::remembered::Recalled;
use crate::route::{Found, Routes};
use crate::security::{Keys, Ways};

/// The header that says why a request was refused, whatever the body says.
pub(crate) const REASON: &str = "sandbox-refusal";

/// A contract that is ready to answer.
#[derive(Debug)]
pub(crate) struct Service {
    contract: Checked,
    schemas: OnceLock<Schemas>,
    routes: Routes,
    endpoints: Vec<Endpoint>,
    pub(crate) keys: Keys,
    pub(crate) seed: u64,
    /// Nothing where every request is answered as if it were the first.
    pub(crate) memory: Option<Memory>,
    /// The path of the first server, which the address that is told has.
    pub(crate) base_path: String,
}

/// An operation, and what was made of it when it was first called.
#[derive(Debug)]
struct Endpoint {
    ways: Ways,
    checks: OnceLock<Checks>,
    answers: Vec<Ready>,
}

/// What requests are held against.
#[derive(Debug)]
struct Checks {
    parameters: Vec<ParameterCheck>,
    bodies: Option<Bodies>,
}

#[derive(Debug)]
struct ParameterCheck {
    reader: Reader,
    schema: Option<Schema>,
    /// How it is called where something is wrong with it.
    part: &'static str,
    name: String,
    is_required: bool,
}

/// A request as it arrived.
pub(crate) struct Asked<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

impl Service {
    pub(crate) fn new(contract: Checked) -> Self {
        let api = contract.api();
        let mut routes = Routes::default();
        for (number, operation) in api.operations.iter().enumerate() {
            for base in base_paths(operation) {
                routes.add(
                    &operation.method,
                    &format!("{base}{}", operation.path),
                    number,
                );
            }
        }
        let endpoints = api.operations.iter().map(|operation| Endpoint {
            ways: Ways::of(operation, api),
            checks: OnceLock::new(),
            answers: operation.responses.iter().map(Ready::new).collect(),
        });
        let first = api
            .servers
            .first()
            .map(|server| path_of(&server.resolved()));
        Self {
            endpoints: endpoints.collect(),
            base_path: first.unwrap_or_default(),
            keys: Keys::new(),
            seed: 0,
            memory: Some(Memory::of(&api.operations)),
            routes,
            schemas: OnceLock::new(),
            contract,
        }
    }

    fn origin(&self) -> Origin<'_> {
        Origin {
            root: self.contract.written(),
            schemas: self.schemas(),
            seed: self.seed,
        }
    }

    /// Made when something is first held against one.
    fn schemas(&self) -> &Schemas {
        self.schemas.get_or_init(|| self.contract.schemas())
    }

    fn operation(&self, number: usize) -> &Operation {
        &self.contract.api().operations[number]
    }

    /// What the contract answers; where it `acts`, what is asked for is done.
    pub(crate) fn answer(&self, asked: &Asked<'_>, acts: bool) -> Answer {
        let (numbers, variables) = match self.find(asked) {
            Found::Operations(numbers, variables) => (numbers, variables),
            Found::OtherMethods(methods) => return self.wrong_method(asked, methods),
            Found::Nothing => return self.unknown_path(asked),
        };
        let mut first = None;
        for number in numbers {
            match self.check(number, &variables, asked) {
                Ok(body) => {
                    let recalled = acts.then(|| self.recalled(number, &variables, body, asked));
                    let recalled = recalled.flatten();
                    return recalled.unwrap_or_else(|| self.preferred(number, asked.headers));
                }
                Err(refusal) => _ = first.get_or_insert((number, refusal)),
            }
        }
        match first {
            Some((number, refusal)) => self.refuse(number, &refusal),
            None => self.unknown_path(asked),
        }
    }

    /// What is remembered of the request, unless the caller prefers something else.
    fn recalled(
        &self,
        number: usize,
        variables: &[&str],
        body: Option<Value>,
        asked: &Asked<'_>,
    ) -> Option<Answer> {
        let memory = self.memory.as_ref()?;
        if Prefer::from_headers(asked.headers) != Prefer::default() {
            return None;
        }
        let operations = &self.contract.api().operations;
        let shown = |operation| self.shown(operation);
        let (at, collection, role) =
            memory.role(number, (self.contract.written(), operations), &shown)?;
        let (response, status) = self.success(number)?;
        let accept = text(asked.headers, &header::ACCEPT);
        let usual = self.respond(number, response, status, None, false, accept)?;
        let is_json = |(name, _): &(String, _)| media::is_json(&media::essence(name));
        if role.place.is_some() && !usual.body.as_ref().is_some_and(is_json) {
            return None;
        }
        let fits = |value: &Value| self.fits(number, response, value);
        let decoded = variables
            .iter()
            .map(|variable| decode(variable).into_owned());
        let done = Recalled {
            memory,
            at,
            collection,
            role,
            variables: decoded.collect(),
            usual: self.shown(number).unwrap_or(&Value::Null),
            shown: &shown,
            fits: &fits,
        };
        Some(match done.done(body.as_ref()) {
            Ok(done) => done.answer(usual),
            Err(refusal) => self.refuse(number, &refusal),
        })
    }

    /// The operations that remember, by method and path.
    pub(crate) fn remembered(&self) -> Vec<String> {
        let operations = &self.contract.api().operations;
        let shown = |operation| self.shown(operation);
        let remembers = |number: &usize| {
            let contract = (self.contract.written(), operations.as_slice());
            let role = self
                .memory
                .as_ref()
                .map(|memory| memory.role(*number, contract, &shown));
            role.flatten().is_some()
        };
        let numbers = (0..operations.len()).filter(remembers);
        numbers.map(|number| operations[number].title()).collect()
    }

    /// What an operation answers usually, as JSON.
    fn shown(&self, number: usize) -> Option<&Value> {
        let (at, _) = self.success(number)?;
        let content = &self.operation(number).responses[at].content;
        let json = content.iter().position(|media_type| media_type.is_json())?;
        let ready = &self.endpoints[number].answers[at].bodies[json];
        ready.usual(&content[json], self.origin(), false)?.1
    }

    fn fits(&self, number: usize, at: usize, value: &Value) -> bool {
        let content = &self.operation(number).responses[at].content;
        let json = content.iter().position(|media_type| media_type.is_json());
        json.is_none_or(|json| {
            let ready = &self.endpoints[number].answers[at].bodies[json];
            let schema = ready.schema(&content[json], self.origin());
            schema.is_none_or(|schema| schema.is_valid(value))
        })
    }

    fn find<'r>(&self, asked: &Asked<'r>) -> Found<'r> {
        let found = self.routes.find(asked.method, asked.path, asked.query);
        // What can be got has a head, too (RFC 9110, section 9.3.2).
        match found {
            Found::OtherMethods(_) if asked.method == "HEAD" => {
                self.routes.find("GET", asked.path, asked.query)
            }
            found => found,
        }
    }

    /// The refusal of a request whose body was not read.
    pub(crate) fn refusal(&self, asked: &Asked<'_>, refusal: &Refusal) -> Answer {
        match self.find(asked) {
            Found::Operations(numbers, _) => self.refuse(numbers[0], refusal),
            Found::OtherMethods(_) | Found::Nothing => problem(refusal),
        }
    }

    /// What the contract shows of a status, or an empty response.
    pub(crate) fn with_status(&self, asked: &Asked<'_>, status: StatusCode) -> Answer {
        let Found::Operations(numbers, _) = self.find(asked) else {
            return Answer::empty(status);
        };
        let number = numbers[0];
        let answer = self.covering(number, status.as_u16());
        let answer = answer.and_then(|at| self.respond(number, at, status, None, false, None));
        answer.unwrap_or(Answer::empty(status))
    }

    fn unknown_path(&self, asked: &Asked<'_>) -> Answer {
        let base = &self.base_path;
        let hint = match base.is_empty() || asked.path.starts_with(base.as_str()) {
            true => String::new(),
            false => format!("; its paths begin with `{base}`"),
        };
        let message = format!("the contract has no path `{}`{hint}", asked.path);
        problem(&Refusal::new(&[404], message))
    }

    fn wrong_method(&self, asked: &Asked<'_>, mut methods: Vec<String>) -> Answer {
        methods.dedup();
        let allowed = methods.join(", ");
        let Asked { method, path, .. } = asked;
        let message = format!("the contract has no {method} for `{path}`, only {allowed}");
        problem(&Refusal::new(&[405], message).header("allow", allowed))
    }

    /// The value of the body, where the request fits.
    fn check(
        &self,
        number: usize,
        variables: &[&str],
        asked: &Asked<'_>,
    ) -> Result<Option<Value>, Refusal> {
        let operation = self.operation(number);
        let headers = asked.headers.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let names = contract::path::variables(&operation.path);
        let sent = Sent {
            variables: names.zip(variables.iter().copied()).collect(),
            query: Pairs::of(asked.query),
            headers: headers.collect(),
        };
        let endpoint = &self.endpoints[number];
        endpoint.ways.check(&sent, &self.keys)?;
        let checks = endpoint.checks.get_or_init(|| self.checks(operation));
        let mut places = Vec::new();
        for parameter in &checks.parameters {
            parameter.check(&sent, &mut places);
        }
        let body = match &checks.bodies {
            Some(bodies) => bodies.read(text(asked.headers, &header::CONTENT_TYPE), asked.body),
            None => Ok(None),
        };
        match (body, Refusal::invalid(places)) {
            (body, None) => body,
            (Ok(_), Some(refusal)) => Err(refusal),
            // What is wrong with both is told at once.
            (Err(body), Some(mut refusal)) if !body.places.is_empty() => {
                refusal.places.extend(body.places);
                Err(refusal)
            }
            (Err(_), Some(refusal)) => Err(refusal),
        }
    }

    fn checks(&self, operation: &Operation) -> Checks {
        let root = self.contract.written();
        let parameters = operation.parameters.iter().filter(|one| counts(one));
        let parameters = parameters.map(|parameter| {
            let content = parameter.content.as_ref();
            let schema = parameter.schema.as_ref();
            let schema = schema.or(content.and_then(|content| content.schema.as_ref()));
            let get = |at: &str| self.schemas().get(at, Direction::Request).ok();
            ParameterCheck {
                reader: Reader::new(root, parameter),
                schema: schema.and_then(|schema| get(&schema.origin.pointer)),
                part: parameter.location.word(),
                name: parameter.name.clone(),
                is_required: parameter.required,
            }
        });
        let bodies = operation.request.as_ref();
        Checks {
            parameters: parameters.collect(),
            bodies: bodies.map(|request| Bodies::new(root, self.schemas(), request)),
        }
    }

    /// The refusal in the form that the contract gives to a status that says so, else as a problem.
    fn refuse(&self, number: usize, refusal: &Refusal) -> Answer {
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
            .and_then(|at| self.in_form(number, at, refusal));
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut answer = match in_form {
            Some((media_type, body)) => Answer::json(code, &media_type, &body),
            None => problem_with(refusal, code),
        };
        answer.headers.extend(refusal.headers.iter().cloned());
        answer.headers.push((REASON.to_owned(), refusal.line()));
        answer
    }

    /// What the response at a place shows as JSON, with the explanation in it.
    fn in_form(&self, number: usize, at: usize, refusal: &Refusal) -> Option<(String, Value)> {
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
        Some((media_type.name.clone(), refusal.in_form(shown?, fits)))
    }

    /// The number of the response that is said of a status.
    fn covering(&self, number: usize, status: u16) -> Option<usize> {
        let responses = &self.operation(number).responses;
        let found = self.operation(number).response(status)?;
        responses.iter().position(|one| std::ptr::eq(one, found))
    }

    /// The response that the caller prefers, else the first success.
    fn preferred(&self, number: usize, headers: &HeaderMap) -> Answer {
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
            problem(&Refusal::new(&[404], message))
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
        problem(&Refusal::new(&[406], message))
    }

    /// The first response that says that all went well; else what is said of all, or of a
    /// redirection.
    fn success(&self, number: usize) -> Option<(usize, StatusCode)> {
        let responses = &self.operation(number).responses;
        let statuses = || responses.iter().map(status).enumerate();
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
    fn respond(
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
        let headers = ready.headers(response, self.origin()).to_vec();
        let body = match self.body(response, ready, example, dynamic, accept) {
            Chosen::Body(body) => Some(body),
            Chosen::None => None,
            Chosen::Nothing => return None,
        };
        Some(Answer {
            status,
            headers,
            body,
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
            Some(bytes) => Chosen::Body((sent_as(&media_type.name, accept), bytes)),
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
    Body((String, hyper::body::Bytes)),
    /// It has no body.
    None,
    /// Nothing that was asked for.
    Nothing,
}

impl ParameterCheck {
    fn check(&self, sent: &Sent<'_>, places: &mut Vec<Place>) {
        match (self.reader.read(sent), &self.schema) {
            (Err(why), _) => places.push(Place::new(self.part, &self.name, why)),
            (Ok(None), _) if self.is_required => {
                places.push(Place::new(self.part, &self.name, "it is missing"));
            }
            (Ok(Some(value)), Some(schema)) if !schema.is_valid(&value) => {
                places.extend(Place::of(self.part, &self.name, schema.check(&value)));
            }
            (Ok(_), _) => {}
        }
    }
}

fn is_accept(parameter: &Parameter) -> bool {
    parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case("accept")
}

/// Whether a parameter counts: some headers are said elsewhere (`OpenAPI` 3.0.3, section 4.7.12.2).
fn counts(parameter: &Parameter) -> bool {
    let elsewhere = ["accept", "authorization", "content-type"];
    let is_header = parameter.location == Location::Header;
    !(is_header && elsewhere.contains(&parameter.name.to_ascii_lowercase().as_str()))
}

/// The media type of a body: where the contract names a range, one of it that was asked for.
fn sent_as(name: &str, accept: Option<&str>) -> String {
    if !name.contains('*') {
        return name.to_owned();
    }
    let accepted = accept.unwrap_or_default().split(',').map(media::essence);
    let mut accepted = accepted.filter(|one| one.contains('/') && !one.contains('*'));
    accepted
        .next()
        .unwrap_or_else(|| "application/json".to_owned())
}

/// The first status that a response stands for.
fn status(response: &Response) -> StatusCode {
    let code = response.status.codes().map(|(first, _)| first);
    let status = code.and_then(|code| StatusCode::from_u16(code).ok());
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// What the contract has no form for.
fn problem(refusal: &Refusal) -> Answer {
    let status = refusal.statuses.first().copied().unwrap_or(400);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = problem_with(refusal, status);
    answer.headers.extend(refusal.headers.iter().cloned());
    answer.headers.push((REASON.to_owned(), refusal.line()));
    answer
}

fn problem_with(refusal: &Refusal, status: StatusCode) -> Answer {
    let title = status.canonical_reason().unwrap_or("Refused");
    let problem = refusal.problem(status.as_u16(), title);
    Answer::json(status, "application/problem+json", &problem)
}

/// The paths of the servers that an operation is found at.
fn base_paths(operation: &Operation) -> HashSet<String> {
    let servers = operation.servers.iter();
    let mut paths: HashSet<_> = servers.map(|server| path_of(&server.resolved())).collect();
    if paths.is_empty() {
        paths.insert(String::new());
    }
    paths
}

/// The path of an address, which may be relative, without a slash at its end.
fn path_of(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    match path.is_empty() || path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/{path}"),
    }
}
