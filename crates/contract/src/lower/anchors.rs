//! References by `$anchor` become references by place. A dynamic one means the anchor of the
//! same name, as it does where nobody redefines it. Nothing else is lost.

use std::collections::HashMap;

use crate::finding::Findings;
use crate::source::Node;
use crate::walk::{Kind, rewrite, sites};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    let anchors = anchors(root);
    if anchors.is_empty() {
        return;
    }
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Schema {
            redirect(node, &anchors);
        }
    });
}

/// From a reference by name to one by place. The first of a name counts.
fn anchors(root: &Node) -> HashMap<String, String> {
    let mut anchors = HashMap::new();
    for site in sites(root).iter().filter(|site| site.kind == Kind::Schema) {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = site.node.get(key).and_then(Node::as_str) {
                let known = anchors.entry(format!("#{name}"));
                known.or_insert_with(|| format!("#{}", site.pointer));
            }
        }
    }
    anchors
}

fn redirect(schema: &mut Node, anchors: &HashMap<String, String>) {
    for key in ["$ref", "$dynamicRef"] {
        let reference = schema.get(key).and_then(Node::as_str);
        if let Some(place) = reference.and_then(|reference| anchors.get(reference)) {
            let span = schema.key_span(key);
            schema.remove(key);
            schema.set("$ref", Node::new(place.as_str(), span));
        }
    }
}
