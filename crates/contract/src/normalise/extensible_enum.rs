//! `x-extensible-enum` becomes an `enum` with one value more, [`OPEN`], which
//! tells the polish that the set is open.
//!
//! The generator knows only closed sets: as an `enum` an unknown value would fail
//! the whole answer, as bare text the known values would have no names. Nothing
//! is lost.

use serde_json::{Map, Value};

use super::Pass;
use crate::walk::{Kind, sites};

const KEY: &str = "x-extensible-enum";

/// The value that stands for every value that the contract does not list.
pub(crate) const OPEN: &str = "x-extensible-enum";

pub(super) fn pass(pass: Pass<'_>) {
    for site in sites(pass.checked.document().root()) {
        if site.kind != Kind::Schema || site.node.get(KEY).is_none() {
            continue;
        }
        let schema = pass.document.pointer_mut(&site.pointer);
        if let Some(schema) = schema.and_then(Value::as_object_mut) {
            open(schema);
        }
    }
}

fn open(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(mut values)) = schema.remove(KEY) {
        values.push(OPEN.into());
        schema.insert("enum".to_owned(), values.into());
    }
}
