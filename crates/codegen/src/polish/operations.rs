//! The operations of a document, each to be found by the method that calls it.

use std::collections::{BTreeMap, HashMap};

use openapiv3::{OpenAPI, ReferenceOr, Response};
use syn::ImplItemFn;

use crate::generate::Runtime;
use crate::identifier;
use crate::normalise::operation_ids::ID;
use crate::normalise::responses::{Answer, BY_STATUS};
use crate::normalise::stand_ins::{self, Meaning};
use contract::source::Node;

/// What the document says that the generator was given.
pub(super) struct Contract<'a> {
    pub(super) spec: &'a OpenAPI,
    /// Where the client finds what clients share.
    pub(super) runtime: &'a Runtime,
    /// What names in generated code stand for.
    pub(super) meanings: BTreeMap<String, Meaning>,
    /// By the method, which no two have in common (`normalise/operation_ids`).
    operations: HashMap<String, Operation<'a>>,
    /// The types that have a variant for each status, with what their fields stand for.
    pub(super) by_status: HashMap<String, BTreeMap<String, Answer>>,
}

/// An operation and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    /// The HTTP method in lower case.
    pub(super) method: &'a str,
    pub(super) says: &'a openapiv3::Operation,
}

impl<'a> Contract<'a> {
    pub(super) fn new(spec: &'a OpenAPI, root: &Node, runtime: &'a Runtime) -> Self {
        let operations = spec.operations().map(|(path, method, says)| {
            let id = says.operation_id.as_deref().unwrap_or_default();
            let operation = Operation { path, method, says };
            (identifier::method(id), operation)
        });
        Self {
            spec,
            runtime,
            meanings: stand_ins::read(root),
            operations: operations.collect(),
            by_status: by_status(spec),
        }
    }

    /// The operation that a method calls.
    pub(super) fn operation(&self, function: &ImplItemFn) -> Option<Operation<'a>> {
        self.operations
            .get(&function.sig.ident.to_string())
            .copied()
    }

    pub(super) fn response(&self, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
        match response {
            ReferenceOr::Item(response) => Some(response),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/responses/")?;
                self.spec
                    .components
                    .as_ref()?
                    .responses
                    .get(name)?
                    .as_item()
            }
        }
    }
}

impl Operation<'_> {
    /// What the contract calls it.
    pub(super) fn id(&self) -> &str {
        let id = self.says.extensions.get(ID).and_then(|id| id.as_str());
        id.unwrap_or_default()
    }
}

fn by_status(spec: &OpenAPI) -> HashMap<String, BTreeMap<String, Answer>> {
    let components = spec.components.iter();
    let schemas = components.flat_map(|components| &components.schemas);
    let marked = schemas.filter_map(|(name, schema)| {
        let answers = schema.as_item()?.schema_data.extensions.get(BY_STATUS)?;
        let answers = serde_json::from_value(answers.clone()).ok()?;
        Some((identifier::type_name(name), answers))
    });
    marked.collect()
}
