//! References by `$anchor` become references by place. A dynamic one means the anchor of the
//! same name, as it does where nobody redefines it. Nothing else is lost.

use std::collections::HashMap;

use crate::finding::Findings;
use crate::source::Node;
use crate::walk::join;

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    let mut anchors = HashMap::new();
    collect(root, "", &mut anchors);
    if !anchors.is_empty() {
        redirect(root, &anchors);
    }
}

fn collect(node: &Node, at: &str, anchors: &mut HashMap<String, String>) {
    for key in ["$anchor", "$dynamicAnchor"] {
        if let Some(name) = node.get(key).and_then(Node::as_str) {
            let known = anchors.entry(format!("#{name}"));
            known.or_insert_with(|| format!("#{at}"));
        }
    }
    for (index, item) in node.items().enumerate() {
        collect(item, &format!("{at}/{index}"), anchors);
    }
    for (key, entry) in node.entries() {
        collect(&entry.node, &join(at, key), anchors);
    }
}

fn redirect(node: &mut Node, anchors: &HashMap<String, String>) {
    for key in ["$ref", "$dynamicRef"] {
        let reference = node.get(key).and_then(Node::as_str);
        if let Some(place) = reference.and_then(|reference| anchors.get(reference)) {
            let span = node.key_span(key);
            node.remove(key);
            node.set("$ref", Node::new(place.as_str(), span));
        }
    }
    for item in node.as_array_mut().into_iter().flatten() {
        redirect(item, anchors);
    }
    for (_, entry) in node.as_object_mut().into_iter().flatten() {
        redirect(&mut entry.node, anchors);
    }
}
