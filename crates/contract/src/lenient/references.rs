//! References to an object that stands in the section of another kind, and would do.

use crate::finding::{Finding, Findings, Severity};
use crate::source::{Node, Span};
use crate::walk::{Kind, Place, pointer, resolve, sites};

/// What has the same content, whatever it is called.
const ALIKE: [Kind; 2] = [Kind::RequestBody, Kind::Response];

/// Puts a request body in the place of a reference to one as a response, and the other way
/// round.
pub(super) fn read(root: &mut Node, findings: &mut Findings) {
    let mut meant: Vec<(String, Node, Span)> = Vec::new();
    for site in sites(root).iter().filter(|site| ALIKE.contains(&site.kind)) {
        let reference = site
            .node
            .get("$ref")
            .and_then(|node| Some((node.as_str()?, node.span)));
        let Some((target, span)) = reference.and_then(|(text, span)| Some((pointer(text)?, span)))
        else {
            continue;
        };
        let is_other = |kind: &Kind| Place::at(&target) == Place::Object(*kind);
        let is_alike = ALIKE
            .iter()
            .any(|kind| *kind != site.kind && is_other(kind));
        let object = resolve(root, site.node).filter(|node| node.as_object().is_some());
        if let Some(object) = object.filter(|_| is_alike) {
            let message = format!(
                "a {} is referred to as a {}",
                other(site.kind),
                site.kind.noun()
            );
            let rule = crate::lint::STRUCTURE;
            let finding = Finding::new(rule, Severity::Warning, message, span);
            findings.push(finding.help("read as one with the same content"));
            meant.push((site.pointer.clone(), object.clone(), span));
        }
    }
    for (place, mut object, span) in meant {
        // Whether it must be sent is nothing that a response says.
        object.remove("required");
        if object.get("description").is_none() {
            object.set("description", Node::new("", span));
        }
        if let Some(node) = root.pointer_mut(&place) {
            *node = object;
        }
    }
}

fn other(kind: Kind) -> &'static str {
    match kind {
        Kind::Response => Kind::RequestBody.noun(),
        _ => Kind::Response.noun(),
    }
}
