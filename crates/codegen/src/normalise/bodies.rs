//! Leaves each request one media type, and gives the generator those that it takes: JSON
//! for all that is JSON, bytes for all that it does not know. What travels is marked with
//! [`MEDIA_TYPE`], so that the polish can send the document's own name for it, an optional
//! body with [`OPTIONAL`], and the styles of a form's properties with [`STYLE`]. Lost: the
//! other media types of a request.

use super::multipart::{self, PARTS};
use super::{Pass, media};
use contract::source::{Node, Object, Span};
use contract::walk::{Kind, rewrite};
use contract::{Finding, Findings, Severity};

/// The media type that a request is sent with.
pub(crate) const MEDIA_TYPE: &str = "x-media-type";
/// How the properties of a form stand in it.
pub(crate) const STYLE: &str = "x-style";
/// Whether a request may be left without a body.
pub(crate) const OPTIONAL: &str = "x-optional";

pub(super) fn pass(pass: Pass<'_>) {
    let findings = pass.findings;
    // As it is: what stands elsewhere in it is only read.
    let root = pass.document.clone();
    rewrite(pass.document, &mut |kind, node| {
        if kind == Kind::Operation
            && let Some(body) = node.get_mut("requestBody")
        {
            one(body, &root, findings);
            if body
                .get("content")
                .is_none_or(|content| content.entries().next().is_none())
            {
                node.remove("requestBody");
            }
        }
    });
}

fn one(body: &mut Node, root: &Node, findings: &mut Findings) {
    let Some(content) = body.get("content") else {
        return;
    };
    let help = "nothing to do; a server that takes several takes this one";
    let Some(best) = media::choose(content, "the request is sent", help, findings) else {
        return;
    };
    let span = content.key_span(&best);
    let Some(mut media_type) = body
        .get_mut("content")
        .and_then(|content| content.remove(&best))
    else {
        return;
    };
    let name = media::essence(&best);
    let (mut styles, mut parts) = (None, None);
    let takes = if media::is_json(&name) {
        media_type.remove("encoding");
        "application/json"
    } else if name == "application/x-www-form-urlencoded" && media_type.get("schema").is_some() {
        styles = media_type
            .remove("encoding")
            .map(|encoding| styled(&encoding));
        "application/x-www-form-urlencoded"
    } else if name == "multipart/form-data"
        && let Some((schema, known)) = multipart::form(&media_type, root)
    {
        media_type.remove("encoding");
        media_type.set("schema", schema);
        parts = Some(known);
        "application/json"
    } else {
        findings.extend(untyped(&name, &media_type, span));
        media_type = bytes(span);
        "application/octet-stream"
    };
    if media_type.get("schema").is_none() {
        media_type.set("schema", Node::new(Object::new(), span));
    }
    let mut content = Node::new(Object::new(), span);
    content.set(takes, media_type);
    body.set("content", content);
    if let Some(styles) = styles {
        body.set(STYLE, styles);
    }
    if let Some(parts) = parts {
        body.set(PARTS, parts);
    }
    if !name.contains('*') && name != takes {
        body.set(MEDIA_TYPE, Node::new(best.as_str(), span));
    }
    if !body.get("required").is_some_and(Node::is_true) {
        body.set(OPTIONAL, Node::new(true, span));
    }
}

/// What is said of a body that has no type in Rust.
fn untyped(name: &str, media_type: &Node, span: Span) -> Option<Finding> {
    let schema = media_type.get("schema")?;
    let message = match name.starts_with("multipart/") {
        true => format!("the `{name}` is a form that the caller fills: its schema is not checked"),
        false if schema.get("type").and_then(Node::as_str) == Some("string") => return None,
        false => format!("the `{name}` is bytes that the caller writes: its schema is not checked"),
    };
    let note = Finding::new("body-untyped", Severity::Note, message, span);
    Some(note.help("nothing to do; JSON and simple forms have types"))
}

/// The styles of the properties of a form; where there is none, a property stands as its
/// schema says (`OpenAPI` 3.0.3, section 4.7.15.1).
fn styled(encoding: &Node) -> Node {
    let mut styles = Node::new(Object::new(), encoding.span);
    for (property, entry) in encoding.entries() {
        let text = |key| entry.node.get(key).and_then(Node::as_str);
        let explode = entry.node.get("explode").map(Node::is_true);
        let kept = match (text("style"), explode) {
            (None, None) => match text("contentType") {
                Some(name) if media::is_json(&media::essence(name)) => "json",
                _ => continue,
            },
            (Some("deepObject"), _) => "deepObject",
            (Some("spaceDelimited"), None | Some(false)) => " ",
            (Some("pipeDelimited"), None | Some(false)) => "|",
            (_, Some(false)) => ",",
            _ => "form",
        };
        styles.set(property, Node::new(kept, entry.node.span));
    }
    styles
}

fn bytes(span: Span) -> Node {
    let mut schema = Node::new(Object::new(), span);
    schema.set("type", Node::new("string", span));
    schema.set("format", Node::new("binary", span));
    let mut media_type = Node::new(Object::new(), span);
    media_type.set("schema", schema);
    media_type
}
