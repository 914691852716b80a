//! From a request to a response, by the contract alone.

use std::collections::HashSet;
use std::sync::OnceLock;

use contract::operation::{Api, Operation, SchemaAt};
use contract::schema::{Direction, Schema, Schemas};
use contract::source::Node;
use contract::{Checked, Source};
use hyper::header::{self, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::answer::{Answer, Origin, Ready};
use crate::media;
use crate::memory::Memory;
use crate::parameter::{Pairs, decode};
use crate::prefer::Prefer;
use crate::refusal::Refusal;
use crate::remembered::Recalled;
use crate::route::{Found, Routes};
use crate::rules::{Call, Duplicate, Rules, Unique};
use crate::security::{Keys, Ways};

mod checks;
mod refusals;
mod responses;
mod seeds;

use checks::Checks;
pub(crate) use refusals::problem;
pub(crate) use seeds::Seeds;

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
    /// What the API asks beyond the contract.
    pub(crate) rules: Option<Box<dyn Rules>>,
    pub(crate) unique: Vec<Unique>,
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

/// A request as it arrived.
pub(crate) struct Asked<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

/// A request that fits.
struct Admitted<'r> {
    number: usize,
    /// What stands in the path for each variable.
    variables: Vec<&'r str>,
    body: Option<Value>,
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
            rules: None,
            unique: api.operations.iter().filter_map(Unique::said).collect(),
            routes,
            schemas: OnceLock::new(),
            contract,
        }
    }

    /// The document as it is written.
    pub(crate) fn written(&self) -> &Node {
        self.contract.written()
    }

    pub(crate) fn source(&self) -> &Source {
        self.contract.document().source()
    }

    pub(crate) fn api(&self) -> &Api {
        self.contract.api()
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

    pub(crate) fn operation(&self, number: usize) -> &Operation {
        &self.contract.api().operations[number]
    }

    /// What the contract answers; where it `acts`, what is asked for is done.
    pub(crate) fn answer(&self, asked: &Asked<'_>, acts: bool) -> Answer {
        match self.admit(asked) {
            Ok(admitted) => {
                let number = admitted.number;
                let recalled = acts.then(|| self.recalled(admitted, asked)).flatten();
                recalled.unwrap_or_else(|| self.preferred(number, asked.headers))
            }
            Err(refusal) => *refusal,
        }
    }

    /// The operation that a request calls, which fits the contract and the rules.
    ///
    /// # Errors
    /// The refusal.
    fn admit<'r>(&self, asked: &Asked<'r>) -> Result<Admitted<'r>, Box<Answer>> {
        let (numbers, variables) = match self.find(asked) {
            Found::Operations(numbers, variables) => (numbers, variables),
            Found::OtherMethods(methods) => return Err(self.wrong_method(asked, methods).into()),
            Found::Nothing => return Err(self.unknown_path(asked).into()),
        };
        let mut first = None;
        for number in numbers {
            let checked = self.check(number, &variables, asked);
            match checked.and_then(|body| self.rule(number, body)) {
                Ok(body) => {
                    return Ok(Admitted {
                        number,
                        variables,
                        body,
                    });
                }
                Err(refusal) => _ = first.get_or_insert((number, refusal)),
            }
        }
        let refusal = match first {
            Some((number, refusal)) => self.refuse(number, refusal),
            None => self.unknown_path(asked),
        };
        Err(refusal.into())
    }

    /// The operation that a request calls, and what it sends, where it fits the contract.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) fn called(&self, asked: &Asked<'_>) -> Result<(&Operation, Value), Box<Answer>> {
        let admitted = self.admit(asked)?;
        let operation = self.operation(admitted.number);
        Ok((operation, admitted.body.unwrap_or_default()))
    }

    /// The operation that a request is for, by method and path, whether or not it fits.
    pub(crate) fn title(&self, asked: &Asked<'_>) -> Option<String> {
        match self.find(asked) {
            Found::Operations(numbers, _) => Some(self.operation(*numbers.first()?).title()),
            Found::OtherMethods(_) | Found::Nothing => None,
        }
    }

    /// Holds a request that fits the contract against the rules beyond it.
    fn rule(&self, number: usize, body: Option<Value>) -> Result<Option<Value>, Refusal> {
        let Some(rules) = &self.rules else {
            return Ok(body);
        };
        let operation = self.operation(number);
        let call = Call {
            method: &operation.method,
            path: &operation.path,
            body: body.as_ref(),
        };
        match rules.check(&call) {
            Ok(()) => Ok(body),
            Err(why) => Err(Refusal::new(&[422, 400], why)),
        }
    }

    /// What is remembered of the request, unless the caller prefers something else.
    fn recalled(&self, admitted: Admitted<'_>, asked: &Asked<'_>) -> Option<Answer> {
        let Admitted {
            number,
            variables,
            body,
        } = admitted;
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
        let is_json = |name| media::is_json(&media::essence(name));
        if role.place.is_some() && !text(&usual.headers, &header::CONTENT_TYPE).is_some_and(is_json)
        {
            return None;
        }
        let fits = |value: &Value| self.fits(number, response, value);
        let decoded = variables
            .iter()
            .map(|variable| decode(variable).into_owned());
        let pairs = Pairs::of(asked.query);
        let query = |name: &str| pairs.first(name).map(Into::into);
        let done = Recalled {
            memory,
            operation: self.operation(number),
            query: &query,
            at,
            collection,
            role,
            variables: decoded.collect(),
            usual: self.shown(number).unwrap_or(&Value::Null),
            shown: &shown,
            rules: self.rules.as_deref(),
            unique: collection
                .creates()
                .and_then(|create| self.unique(self.operation(create))),
            fits: &fits,
        };
        Some(match done.done(body.as_ref()) {
            Ok(done) => done.answer(usual, asked.path),
            Err(refusal) => self.refuse(number, refusal),
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

    /// What tells those apart that an operation creates: what was said of its path, else what the
    /// contract says.
    fn unique(&self, operation: &Operation) -> Option<&Unique> {
        let mut unique = self.unique.iter();
        let found = unique.find(|one| one.path == operation.path)?;
        (found.duplicate != Duplicate::Create).then_some(found)
    }

    fn fits(&self, number: usize, at: usize, value: &Value) -> bool {
        let schema = self.json_schema(number, at);
        schema.is_none_or(|schema| schema.is_valid(value))
    }

    /// What a response is held against where it is JSON.
    fn json_schema(&self, number: usize, at: usize) -> Option<&Schema> {
        let content = &self.operation(number).responses[at].content;
        let json = content.iter().position(|media_type| media_type.is_json())?;
        self.body_schema(number, at, json)
    }

    /// What a response is held against in one of its media types.
    pub(crate) fn body_schema(&self, number: usize, at: usize, index: usize) -> Option<&Schema> {
        let content = &self.operation(number).responses[at].content;
        let ready = &self.endpoints[number].answers[at].bodies[index];
        ready.schema(&content[index], self.origin())
    }

    /// What values that go one way are held against.
    pub(crate) fn schema_for(&self, at: &str, direction: Direction) -> Option<Schema> {
        self.schemas().get(at, direction).ok()
    }

    /// What values of a response are held against.
    pub(crate) fn schema(&self, at: &SchemaAt) -> Option<Schema> {
        self.schema_for(&at.origin.pointer, Direction::Response)
    }

    pub(crate) fn find<'r>(&self, asked: &Asked<'r>) -> Found<'r> {
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
    pub(crate) fn refusal(&self, asked: &Asked<'_>, refusal: Refusal) -> Answer {
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
        problem(Refusal::new(&[404], message))
    }

    fn wrong_method(&self, asked: &Asked<'_>, mut methods: Vec<String>) -> Answer {
        methods.dedup();
        let allowed = methods.join(", ");
        let Asked { method, path, .. } = asked;
        let message = format!("the contract has no {method} for `{path}`, only {allowed}");
        let mut refusal = Refusal::new(&[405], message);
        if let Ok(allowed) = HeaderValue::try_from(allowed) {
            refusal = refusal.header(header::ALLOW, allowed);
        }
        problem(refusal)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
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
