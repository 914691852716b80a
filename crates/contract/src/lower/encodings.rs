//! `contentEncoding` and `contentMediaType` of text are formats in 3.0.

use crate::finding::Findings;
use crate::source::Node;
use crate::walk::{Kind, rewrite};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    rewrite(root, &mut |kind, node| {
        if kind != Kind::Schema {
            return;
        }
        let encoding = node.remove("contentEncoding");
        let media_type = node.remove("contentMediaType");
        node.remove("contentSchema");
        let is_text = |text: &Node| text.as_str().is_some_and(|e| e.starts_with("base64"));
        let format = match (&encoding, &media_type) {
            (Some(encoding), _) if is_text(encoding) => "byte",
            (None, Some(_)) => "binary",
            _ => return,
        };
        if node.get("format").is_none() {
            let span = node.span.first_line();
            node.set("format", Node::new(format, span));
            if node.get("type").is_none() {
                node.set("type", Node::new("string", span));
            }
        }
    });
}
