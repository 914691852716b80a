//! The contract, read once.

use contract::operation::{Api, Operation};
use contract::path::matches;
use contract::{Document, Source, lint};

/// The document that the SDK is generated from; a link, so that it goes into the package.
const DOCUMENT: &str = include_str!("../openapi/callbell.yaml");

/// The operations and where they stand.
#[derive(Debug)]
pub(crate) struct Contract {
    operations: Vec<Operation>,
    /// The path of the base URL, which every path begins with.
    pub(crate) base_path: String,
}

/// What a method and a path ask for.
pub(crate) enum Found<'a> {
    Operation(&'a Operation),
    /// The path exists, for these methods.
    OtherMethods(Vec<&'a str>),
    Nothing,
}

impl Contract {
    /// The contract that is built in.
    pub(crate) fn built_in() -> Self {
        let document = Document::parse(Source::new("openapi/callbell.yaml", DOCUMENT));
        let checked = lint::gate(document).expect("the workspace's tests lint the contract");
        let api = Api::new(&checked).expect("the gate has used every schema");
        let base_url = api.base_url.unwrap_or_default();
        let after_scheme = base_url.split_once("://").map_or("", |(_, rest)| rest);
        let base_path = after_scheme.find('/').map_or("", |i| &after_scheme[i..]);
        Self {
            operations: api.operations,
            base_path: base_path.to_owned(),
        }
    }

    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        match self.find(method, path) {
            Found::Operation(operation) => Some(operation),
            Found::OtherMethods(_) | Found::Nothing => None,
        }
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Found<'_> {
        let Some(path) = path.strip_prefix(&self.base_path) else {
            return Found::Nothing;
        };
        let here = self.operations.iter().filter(|o| matches(&o.path, path));
        let mut methods = Vec::new();
        for operation in here {
            if operation.method == method {
                return Found::Operation(operation);
            }
            methods.push(operation.method.as_str());
        }
        match methods.is_empty() {
            true => Found::Nothing,
            false => Found::OtherMethods(methods),
        }
    }
}
