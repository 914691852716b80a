//! The contract, read once.

use std::ops::Deref;

use contract::operation::{Api, Operation, Requirement, Scheme};
use contract::path::matches;
use contract::schema::{Direction, Schema, Schemas};
use contract::{Document, Source, lint};

/// The document that the SDK is generated from; a link, so that it goes into the package.
const DOCUMENT: &str = include_str!("../openapi/callbell.yaml");

/// The operations and where they stand.
#[derive(Debug)]
pub(crate) struct Contract {
    routes: Vec<Route>,
    /// The path of the base URL, which every path begins with.
    pub(crate) base_path: String,
}

/// An operation that can be called.
#[derive(Debug)]
pub(crate) struct Route {
    operation: Operation,
    /// What bodies of JSON are held against.
    pub(crate) schema: Option<Schema>,
    /// Whether the caller must send a bearer token.
    pub(crate) needs_bearer: bool,
}

impl Deref for Route {
    type Target = Operation;

    fn deref(&self) -> &Operation {
        &self.operation
    }
}

/// What a method and a path ask for.
pub(crate) enum Found<'a> {
    Route(&'a Route),
    /// The path exists, for these methods.
    OtherMethods(Vec<&'a str>),
    Nothing,
}

impl Contract {
    /// The contract that is built in.
    pub(crate) fn built_in() -> Self {
        let document = Document::parse(Source::new("openapi/callbell.yaml", DOCUMENT));
        let checked = lint::gate(document).expect("the workspace's tests lint the contract");
        let (api, schemas) = (checked.api(), checked.schemas());
        let base_url = api.base_url().unwrap_or_default();
        let after_scheme = base_url.split_once("://").map_or("", |(_, rest)| rest);
        let base_path = after_scheme.find('/').map_or("", |i| &after_scheme[i..]);
        let routes = api.operations.iter().map(|operation| Route {
            operation: operation.clone(),
            schema: schema(operation, &schemas),
            needs_bearer: needs_bearer(operation, api),
        });
        Self {
            routes: routes.collect(),
            base_path: base_path.to_owned(),
        }
    }

    pub(crate) fn route(&self, method: &str, path: &str) -> Option<&Route> {
        match self.find(method, path) {
            Found::Route(route) => Some(route),
            Found::OtherMethods(_) | Found::Nothing => None,
        }
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Found<'_> {
        let Some(path) = path.strip_prefix(&self.base_path) else {
            return Found::Nothing;
        };
        let here = self
            .routes
            .iter()
            .filter(|route| matches(&route.path, path));
        let mut methods = Vec::new();
        for route in here {
            if route.method == method {
                return Found::Route(route);
            }
            methods.push(route.method.as_str());
        }
        match methods.is_empty() {
            true => Found::Nothing,
            false => Found::OtherMethods(methods),
        }
    }
}

/// What the body of a request must fit.
fn schema(operation: &Operation, schemas: &Schemas) -> Option<Schema> {
    let mut content = operation
        .request
        .iter()
        .flat_map(|request| &request.content);
    let at = &content
        .find(|media_type| media_type.is_json())?
        .schema
        .as_ref()?
        .origin
        .pointer;
    let schema = schemas.get(at, Direction::Request);
    Some(schema.expect("the gate has used every schema"))
}

/// Whether every way in asks for a bearer token.
fn needs_bearer(operation: &Operation, api: &Api) -> bool {
    let is_bearer = |name: &str| {
        let scheme = api.security_scheme(name).map(|found| &found.scheme);
        matches!(scheme, Some(Scheme::Http { scheme }) if scheme == "bearer")
    };
    let ways = operation.security.as_deref().unwrap_or_default();
    let asks = |way: &Requirement| way.schemes.iter().any(|(name, _)| is_bearer(name));
    !ways.is_empty() && ways.iter().all(asks)
}
