//! `x-dropshot-pagination`: the names are Dropshot's own.

use serde_json::Value;

use super::{Input, Malformed, Pagination, Step};

pub(super) const EXTENSION: &str = "x-dropshot-pagination";

pub(super) fn read(value: &Value) -> Result<Pagination, Vec<Malformed>> {
    if !value.is_object() && *value != Value::Bool(true) {
        return Err(vec![Malformed {
            extension: EXTENSION,
            key: None,
            why: "is neither an object nor `true`".to_owned(),
            help: "write `{required: []}`".to_owned(),
            is_foreign: false,
        }]);
    }
    let input = Input::Query("page_token".to_owned());
    Ok(Pagination {
        step: Step::Cursor(input, "/next_page".to_owned()),
        items: Some("/items".to_owned()),
        more: None,
        extension: EXTENSION,
    })
}
