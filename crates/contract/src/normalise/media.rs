//! Media types (RFC 9110, section 8.3.1) and which of several to take.

use crate::source::Node;

/// A media type without parameters, in lower case.
pub(super) fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a value of this type is JSON (RFC 6839, section 3.1).
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// The media type that carries most of what the schema says.
pub(super) fn best(content: &Node) -> Option<&str> {
    let rank = |name: &str| match essence(name).as_str() {
        "application/json" => 0,
        name if is_json(name) => 1,
        "*/*" | "application/*" => 2,
        "application/x-www-form-urlencoded" => 3,
        "multipart/form-data" => 4,
        _ => 5,
    };
    let names = content.entries().map(|(name, _)| name);
    names.min_by_key(|name| rank(name))
}

pub(super) fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
