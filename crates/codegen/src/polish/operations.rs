//! The operations of a document, each to be found by the method that calls it.

use std::collections::{BTreeMap, HashMap};

use quote::format_ident;
use syn::Ident;

use super::explicit::Properties;
use super::security::Schemes;
use crate::generate::{Home, Reads, Runtime};
use crate::identifier;
use crate::normalise::events::{self, Event};
use crate::normalise::operation_ids::ID;
use crate::normalise::responses::{BY_STATUS, ByStatus, ERROR};
use crate::normalise::stand_ins::{self, Meaning};
use crate::normalise::type_names;
use contract::operation::{Api, Operation, WebhookSignature};
use contract::source::Node;

/// What the document says that the generator was given.
pub(super) struct Contract<'a> {
    pub(super) api: Api,
    /// How callers show who they are.
    pub(super) schemes: Schemes,
    /// Where the client finds what clients share.
    pub(super) runtime: &'a Runtime,
    /// How the client reads.
    pub(super) reads: Reads,
    /// What names in generated code stand for.
    pub(super) meanings: BTreeMap<String, Meaning>,
    /// What the alternatives of each choice are called, by the name of its type.
    pub(super) alternatives: BTreeMap<String, Vec<String>>,
    /// By the method, which no two have in common (`normalise/operation_ids`).
    operations: HashMap<String, usize>,
    /// What the API sends by requests of its own, each with the component that it holds.
    pub(super) events: Vec<(Event, String)>,
    /// How that is signed.
    pub(super) signature: Option<WebhookSignature>,
    /// The properties that may be null.
    pub(super) nullable: Properties,
    /// The properties that the API gives and does not take.
    pub(super) read_only: Properties,
    /// The types that have a variant for each status, with what their fields stand for.
    pub(super) by_status: HashMap<String, BTreeMap<String, ByStatus>>,
}

impl<'a> Contract<'a> {
    pub(super) fn new(root: &Node, home: &'a Home) -> Self {
        let api = Api::read(root);
        let methods = api.operations.iter().enumerate();
        let methods = methods.map(|(index, operation)| {
            let id = operation.id.as_deref().unwrap_or_default();
            (identifier::method(id), index)
        });
        let meanings = stand_ins::read(root);
        Self {
            events: events::read(root),
            signature: WebhookSignature::read(root),
            nullable: on_the_wire(type_names::nullable(root), &meanings),
            read_only: on_the_wire(type_names::read_only(root), &meanings),
            schemes: Schemes::of(&api),
            runtime: &home.runtime,
            reads: home.reads,
            meanings,
            alternatives: type_names::alternatives(root),
            operations: methods.collect(),
            by_status: by_status(root),
            api,
        }
    }

    /// The operation that a method calls.
    pub(super) fn operation(&self, method: &str) -> Option<&Operation> {
        self.api.operations.get(*self.operations.get(method)?)
    }

    /// The type of an operation's errors.
    pub(super) fn error(&self, operation: &Operation) -> Option<Ident> {
        let name = operation.extensions.get(ERROR)?.as_str()?;
        Some(format_ident!("{}", identifier::type_name(name)))
    }
}

/// What the contract calls an operation.
pub(super) fn id(operation: &Operation) -> &str {
    let id = operation.extensions.get(ID).and_then(|id| id.as_str());
    id.unwrap_or_default()
}

fn on_the_wire(types: Properties, meanings: &BTreeMap<String, Meaning>) -> Properties {
    let on_the_wire = |name: String| match meanings.get(&name) {
        Some(Meaning::Name(wire)) => wire.clone(),
        _ => name,
    };
    let types = types
        .into_iter()
        .map(|(ty, names)| (ty, names.into_iter().map(on_the_wire).collect()));
    types.collect()
}

fn by_status(root: &Node) -> HashMap<String, BTreeMap<String, ByStatus>> {
    let schemas = root.pointer("/components/schemas");
    let schemas = schemas.into_iter().flat_map(Node::entries);
    let marked = schemas.filter_map(|(name, schema)| {
        let responses = schema.node.get(BY_STATUS)?.to_json();
        let responses = serde_json::from_value(responses).ok()?;
        Some((identifier::type_name(name), responses))
    });
    marked.collect()
}
