//! Takes out what no client is made of: links, callbacks, examples of responses, and texts
//! about the document. The generator would read them, and fail where they are not
//! in its form. What the client lacks for it, callbacks, a note tells. Nothing else is lost.

use super::Pass;
use contract::source::Node;
use contract::walk::{Kind, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    let root = pass.document;
    drop_keys(root, &["externalDocs", "tags"]);
    if let Some(info) = root.get_mut("info") {
        drop_keys(info, &["contact", "license"]);
    }
    if let Some(components) = root.get_mut("components") {
        drop_keys(components, &["callbacks", "examples", "links"]);
    }
    rewrite(root, &mut |kind, node| {
        let keys: &[&str] = match kind {
            Kind::Operation => &["externalDocs", "tags"],
            Kind::Response => &["links"],
            Kind::Encoding => &["headers"],
            Kind::Header => &["example", "examples"],
            Kind::Schema => &["example", "externalDocs", "xml"],
            _ => &[],
        };
        drop_keys(node, keys);
        if kind == Kind::Response {
            let content = node.get_mut("content").and_then(Node::as_object_mut);
            for (_, entry) in content.into_iter().flatten() {
                drop_keys(&mut entry.node, &["example", "examples"]);
            }
        }
    });
}

fn drop_keys(node: &mut Node, keys: &[&str]) {
    keys.iter().for_each(|key| drop(node.remove(key)));
}
