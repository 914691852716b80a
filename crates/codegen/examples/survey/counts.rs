//! What a document has and what its crate has, in numbers.

use std::error::Error;

use codegen::Generated;
use codegen::surface::{self, ItemKind};
use contract::operation::Api;
use contract::source::Node;
use contract::walk::{Kind, resolve, sites};
use contract::{Checked, Document};
use serde::{Deserialize, Serialize};

/// What the document has, and the crate.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub(crate) struct Counts {
    pub(crate) operations: usize,
    pub(crate) methods: usize,
    /// Requests that the API sends: webhooks and callbacks.
    pub(crate) events: usize,
    pub(crate) properties: usize,
    pub(crate) fields: usize,
    /// Properties that the document lets be anything, and fields that may be anything.
    pub(crate) untyped_properties: usize,
    pub(crate) untyped_fields: usize,
}

pub(crate) fn counts(
    stated: &Document,
    checked: &Checked,
    generated: &Generated,
) -> Result<Counts, Box<dyn Error>> {
    let api = checked.api();
    let surface = surface::read(&generated.code)?;
    let of = |kind| surface.values().filter(move |item| item.kind == kind);
    let is_any = |item: &&surface::Item| item.names.contains("serde_json");
    let root = checked.document().root();
    let schemas = sites(root)
        .into_iter()
        .filter(|site| site.kind == Kind::Schema);
    let properties = schemas.filter_map(|site| site.node.get("properties"));
    let properties: Vec<&Node> = properties
        .flat_map(Node::entries)
        .map(|(_, entry)| &entry.node)
        .collect();
    Ok(Counts {
        operations: Api::read(stated.root()).operations.len(),
        methods: of(ItemKind::Operation).count(),
        events: api.all().count() - api.operations.len(),
        properties: properties.len(),
        fields: of(ItemKind::Field).count(),
        untyped_properties: properties
            .iter()
            .filter(|it| is_anything(root, it, 8))
            .count(),
        untyped_fields: of(ItemKind::Field).filter(is_any).count(),
    })
}

/// Whether a schema, or what it holds, may be any JSON, or any object.
fn is_anything(root: &Node, schema: &Node, depth: usize) -> bool {
    let Some(schema) = resolve(root, schema).filter(|_| depth > 0) else {
        return false;
    };
    let inner = |key: &str| {
        let held = schema.get(key).filter(|held| held.as_object().is_some());
        held.map(|held| is_anything(root, held, depth - 1))
    };
    let says = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    let mut branches = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .flat_map(|key| schema.get(key).into_iter().flat_map(Node::items));
    match schema.get("type").and_then(Node::as_str) {
        Some("array") => inner("items").unwrap_or(true),
        _ if says(&["properties", "enum"]) => false,
        _ if says(&["additionalProperties"]) => inner("additionalProperties").unwrap_or(true),
        _ if says(&["allOf", "anyOf", "oneOf"]) => {
            branches.any(|branch| is_anything(root, branch, depth - 1))
        }
        Some("object") | None => true,
        Some(_) => false,
    }
}
