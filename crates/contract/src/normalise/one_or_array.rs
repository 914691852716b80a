//! Reports a property that arrives as one object or as an array of exactly one.
//!
//! The generator makes an enum of the two shapes; the polish reads both as the
//! object, so that no caller has to care. Lost: which of the two arrived.

use super::Pass;
use crate::finding::{Finding, Severity};
use crate::source::Node;
use crate::walk::{Kind, sites};

pub(super) fn pass(pass: Pass<'_>) {
    for site in sites(pass.checked.document().root()) {
        if site.kind != Kind::Schema {
            continue;
        }
        for (name, property) in site
            .node
            .get("properties")
            .into_iter()
            .flat_map(Node::entries)
        {
            let Some(object) = one_or_array(&property.node) else {
                continue;
            };
            let message =
                format!("`{name}` is read as one `{object}`, whichever of its two shapes arrives");
            pass.findings.push(
                Finding::new("one-or-array", Severity::Note, message, property.key)
                    .help("nothing to do; which shape arrived is not kept"),
            );
        }
    }
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
