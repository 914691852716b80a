//! What a reader may look for: operations, fields, objects and their words, as a script that is
//! loaded when somebody looks. A script, because a page from the disk may read no other file.

use contract::schema::Direction;
use serde_json::{Value, json};

use crate::Site;
use crate::edition::{Edition, Page};
use crate::field::Fields;
use crate::html::heading;
use crate::markdown::plain;

/// So many words of a description are kept.
const MOST_WORDS: usize = 40;

/// The index of a language: `[title, beside it, address, words]` for each.
pub(crate) fn index(site: &Site, edition: &Edition) -> String {
    let mut entries = Vec::new();
    let places = &site.places;
    let from = Page::Index;
    for (number, operation) in edition.operations().enumerate() {
        let address = places.operation(&from, number);
        let words = operation
            .description
            .as_deref()
            .map(short)
            .unwrap_or_default();
        entries.push(json!([
            heading(operation),
            operation.title(),
            address,
            words
        ]));
        let slug = &places.operations[number];
        let page = address.split('#').next().unwrap_or_default();
        let mut add = |name: &str, anchor: &str, description: Option<&str>| {
            let at = format!("{page}#{}", crate::html::id(anchor));
            let words = description.map(short).unwrap_or_default();
            entries.push(json!([name, operation.title(), at, words]));
        };
        for parameter in &operation.parameters {
            let anchor = format!("{slug}.{}.{}", parameter.location.word(), parameter.name);
            add(&parameter.name, &anchor, parameter.description.as_deref());
        }
        let fields = Fields {
            root: &edition.root,
            is_whole: places.is_single,
            direction: Some(Direction::Request),
        };
        let content = operation
            .request
            .as_ref()
            .and_then(|request| request.content.first());
        let schema = content.and_then(|content| content.schema.as_ref());
        if let Some(node) = schema.and_then(|at| edition.root.pointer(&at.origin.pointer)) {
            for field in fields.below(&[node], &format!("{slug}.body"), &[]) {
                add(&field.name, &field.anchor, field.description);
            }
        }
    }
    for name in places.schemas.keys() {
        let Some(address) = places.schema(&from, name) else {
            continue;
        };
        let pointer = contract::walk::join("/components/schemas", name);
        let node = edition.root.pointer(&pointer);
        let description = node.and_then(|node| node.get("description")?.as_str());
        let words = description.map(short).unwrap_or_default();
        entries.push(json!([name, edition.words.schemas, address, words]));
    }
    // Nothing in a text ends the script or begins a line that JavaScript does not know.
    let entries = Value::from(entries).to_string();
    let entries = entries.replace("</", "<\\/").replace('\u{2028}', "\\u2028");
    format!(
        "window.searchIndex={};\n",
        entries.replace('\u{2029}', "\\u2029")
    )
}

fn short(text: &str) -> String {
    let plain = plain(text);
    plain
        .split(' ')
        .take(MOST_WORDS)
        .collect::<Vec<_>>()
        .join(" ")
}
