//! Reports a property that arrives as one object or as an array of exactly one.
//!
//! The generator makes an enum of the two shapes; the polish reads both as the
//! object, so that no caller has to care. Lost: which of the two arrived.

use super::Pass;
use contract::source::Node;
use contract::walk::{Kind, parts, required, sites};
use contract::{Finding, Severity};

pub(super) fn pass(pass: Pass<'_>) {
    let root = pass.checked.document().root();
    for site in sites(root) {
        if site.kind != Kind::Schema {
            continue;
        }
        for (name, property) in site
            .node
            .get("properties")
            .into_iter()
            .flat_map(Node::entries)
        {
            let all = parts(root, &property.node).into_iter();
            let Some(object) = all.rev().find_map(one_or_array) else {
                continue;
            };
            // Where it may be left out, and where it is a whole body, the generator's
            // enum stays.
            if !required(site.node).any(|one| one == name) || is_body(root, &property.node) {
                continue;
            }
            let message =
                format!("`{name}` is read as one `{object}`, whichever of its two shapes arrives");
            pass.findings.push(
                Finding::new("one-or-array", Severity::Note, message, property.key)
                    .help("nothing to do; which shape arrived is not kept"),
            );
        }
    }
}

/// Whether a body refers to the same component as the property.
fn is_body(root: &Node, property: &Node) -> bool {
    let reference = |node: &Node| node.get("$ref").and_then(Node::as_str).map(str::to_owned);
    let wanted = reference(property);
    wanted.is_some()
        && sites(root)
            .iter()
            .filter(|site| site.kind == Kind::MediaType)
            .filter_map(|site| site.node.get("schema"))
            .any(|schema| reference(schema) == wanted)
}

/// The component that stands alone in one alternative and is the only item of
/// an array in the other.
fn one_or_array(schema: &Node) -> Option<&str> {
    let [first, second] = schema.get("oneOf")?.as_array()? else {
        return None;
    };
    let (one, array) = match first.get("$ref") {
        Some(_) => (first, second),
        None => (second, first),
    };
    let reference = one.get("$ref")?.as_str()?;
    let item = array.get("items")?.get("$ref")?.as_str()?;
    let exactly_one = ["minItems", "maxItems"]
        .iter()
        .all(|key| array.get(key).map(Node::to_json) == Some(1.into()));
    (reference == item && exactly_one).then(|| reference.rsplit('/').next())?
}
