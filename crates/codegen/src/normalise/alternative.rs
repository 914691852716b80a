//! What an alternative of a choice is called: its title, the component that it is, the constant
//! that it holds, the component that it extends, or what it is in a word. Nothing else of the
//! choice is asked, so that names stay when an alternative is added behind the others.

use std::collections::HashSet;

use super::inheritance::component;
use super::references;
use crate::identifier::{plain, says, type_name};
use contract::names::numbered;
use contract::source::Node;
use contract::walk::required;

/// A longer title is a sentence.
const TITLE: usize = 40;

/// The names of a choice's alternatives. Of two with one name, the second that was written
/// gets a number.
pub(super) fn names(branches: &[Node]) -> Vec<String> {
    let mut names: Vec<String> = branches.iter().map(name).collect();
    let mut written: Vec<usize> = (0..branches.len()).collect();
    // Passes before this one may have put them in another order.
    written.sort_by_key(|index| {
        let span = branches[*index].span;
        (span.file, span.line, span.column)
    });
    let mut taken = HashSet::new();
    for index in written {
        names[index] = numbered(&names[index], "", |name| taken.insert(name.to_owned()));
    }
    names
}

/// Whether an alternative is an object with one property that it requires, or a name alone.
pub(super) fn is_told_by_key(branch: &Node) -> bool {
    let keys: Vec<&str> = branch
        .get("properties")
        .into_iter()
        .flat_map(Node::entries)
        .map(|(key, _)| key)
        .collect();
    match keys.as_slice() {
        [only] => required(branch).eq([*only]),
        _ => keys.is_empty() && constant(branch).is_some(),
    }
}

fn name(branch: &Node) -> String {
    match written(branch) {
        Some(written) => type_name(&plain(&written)),
        None => kind(branch),
    }
}

/// What the contract says that an alternative is: its title, or the component that it is.
pub(super) fn called(branch: &Node) -> Option<String> {
    let title = branch.get("title").and_then(Node::as_str);
    let title = title.filter(|title| title.len() <= TITLE && says(title));
    let title = title.map(str::to_owned);
    title.or_else(|| match references::is_with_words(branch) {
        true => extended(branch),
        false => branch
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(component),
    })
}

/// A name of the contract's, the closest that there is.
fn written(branch: &Node) -> Option<String> {
    let constant = || {
        let parts = branch.get("allOf").into_iter().flat_map(Node::items);
        let properties = parts
            .chain([branch])
            .filter_map(|part| part.get("properties"));
        let properties = properties
            .flat_map(Node::entries)
            .map(|(_, entry)| &entry.node);
        let mut constants = [branch].into_iter().chain(properties).filter_map(constant);
        constants.find(|constant| says(constant)).map(str::to_owned)
    };
    called(branch)
        .or_else(constant)
        .or_else(|| extended(branch))
}

/// The first component that a schema extends.
fn extended(schema: &Node) -> Option<String> {
    let mut parts = schema.get("allOf").into_iter().flat_map(Node::items);
    parts.find_map(|part| component(part.get("$ref")?.as_str()?))
}

/// The only text that a schema lets be.
fn constant(schema: &Node) -> Option<&str> {
    match schema.get("enum")?.as_array()? {
        [only] => only.as_str(),
        _ => None,
    }
}

/// What the values of a schema are, in a word.
fn kind(schema: &Node) -> String {
    let has = |key: &str| schema.get(key).is_some();
    let ty = schema.get("type").and_then(Node::as_str);
    let format = schema.get("format").and_then(Node::as_str);
    let word = match ty {
        Some("string") if has("enum") => "Keyword",
        Some("string") => match format {
            Some(format) if says(format) => return type_name(format),
            _ => "Text",
        },
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("boolean") => "Boolean",
        Some("array") => {
            let item = schema.get("items");
            let item = item.map(|items| match called(items) {
                Some(called) => type_name(&called),
                None => kind(items),
            });
            let item = item.filter(|item| !["Object", "Other"].contains(&item.as_str()));
            return format!("{}List", item.unwrap_or_default());
        }
        _ if has("properties") => "Object",
        Some("object") => "Map",
        _ => "Other",
    };
    word.to_owned()
}
