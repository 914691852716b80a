//! What stands around the schemas: version, reusable path items, and words that 3.0 has no place
//! for. Webhooks stay, and so do operations by methods that 3.2 adds: they have the form of others.

use super::note;
use crate::finding::Findings;
use crate::source::{Node, Object};
use crate::walk::{Kind, Site, parts, pointer, resolve, rewrite, sites};

pub(super) fn step(root: &mut Node, findings: &mut Findings) {
    if let Some(version) = root.get_mut("openapi") {
        *version = Node::new("3.0.3", version.span);
    }
    for key in ["jsonSchemaDialect", "$self"] {
        root.remove(key);
    }
    if root.get("paths").is_none() {
        root.set("paths", Node::new(Object::new(), root.span.first_line()));
    }
    if let Some(info) = root.get_mut("info") {
        info.remove("summary");
        if let Some(license) = info.get_mut("license") {
            license.remove("identifier");
        }
    }
    for server in root
        .get_mut("servers")
        .and_then(Node::as_array_mut)
        .into_iter()
        .flatten()
    {
        server.remove("name");
    }
    for tag in root
        .get_mut("tags")
        .and_then(Node::as_array_mut)
        .into_iter()
        .flatten()
    {
        ["summary", "parent", "kind"]
            .iter()
            .for_each(|key| drop(tag.remove(key)));
    }
    schemes(root);
    path_items(root);
    items(root);
    objects(root, findings);
    answers(root);
    references(root);
}

/// 3.0 knows mutual TLS as a scheme of HTTP only; no generated client acts on it.
fn schemes(root: &mut Node) {
    let schemes = root
        .get_mut("components")
        .and_then(|c| c.get_mut("securitySchemes"));
    for (_, entry) in schemes.and_then(Node::as_object_mut).into_iter().flatten() {
        let scheme = &mut entry.node;
        if scheme.get("type").and_then(Node::as_str) == Some("mutualTLS") {
            let span = scheme.span.first_line();
            scheme.set("type", Node::new("http", span));
            scheme.set("scheme", Node::new("mutual", span));
        }
        if let Some(flows) = scheme.get_mut("flows") {
            flows.remove("deviceAuthorization");
        }
        scheme.remove("oauth2MetadataUrl");
        scheme.remove("deprecated");
    }
}

/// What a body that is one value after another has in each (`OpenAPI` 3.2.0, section 4.14.2) stands
/// where 3.0 has the schema of the whole: no stream has one. Of an event it is what the data hold.
fn items(root: &mut Node) {
    let has_items = |site: &Site<'_>| site.node.get("itemSchema").is_some();
    if !sites(root).iter().any(has_items) {
        return;
    }
    let original = root.clone();
    rewrite(root, &mut |kind, node| {
        if !matches!(kind, Kind::Response | Kind::RequestBody) {
            return;
        }
        let content = node.get_mut("content").and_then(Node::as_object_mut);
        for (name, entry) in content.into_iter().flatten() {
            let media_type = &mut entry.node;
            let Some(item) = media_type.remove("itemSchema") else {
                continue;
            };
            let is_events = name.trim_start().starts_with("text/event-stream");
            let item = match is_events {
                true => data(&original, &item).unwrap_or(item),
                false => item,
            };
            if media_type.get("schema").is_none() {
                media_type.set("schema", item);
            }
        }
    });
}

/// What the data of an event hold, where its schema is that of the whole event.
fn data(root: &Node, event: &Node) -> Option<Node> {
    let all = parts(root, event).into_iter();
    let mut properties = all.filter_map(|part| part.get("properties"));
    let data = properties.find_map(|properties| properties.get("data"))?;
    let data = resolve(root, data)?;
    let held = data.get("contentSchema").unwrap_or(data);
    Some(held.clone())
}

/// What 3.2 adds to objects that 3.0 knows.
fn objects(root: &mut Node, findings: &mut Findings) {
    rewrite(root, &mut |kind, node| match kind {
        Kind::Response => drop(node.remove("summary")),
        Kind::MediaType => {
            node.remove("itemSchema");
            for key in ["itemEncoding", "prefixEncoding"] {
                let span = node.key_span(key);
                if node.remove(key).is_some() {
                    let help = "parts by their place in a body have no types; nothing to do";
                    findings.push(note(format!("`{key}` is not kept"), span, help));
                }
            }
        }
        _ => {}
    });
}

/// An operation may leave out what it answers.
fn answers(root: &mut Node) {
    rewrite(root, &mut |kind, node| {
        if kind == Kind::Operation && node.get("responses").is_none() {
            let span = node.span.first_line();
            let mut default = Node::new(Object::new(), span);
            default.set("description", Node::new("Anything.", span));
            let mut responses = Node::new(Object::new(), span);
            responses.set("default", default);
            node.set("responses", responses);
        }
        // An empty list demands nothing.
        if kind == Kind::Schema
            && node
                .get("required")
                .is_some_and(|names| names.items().next().is_none())
        {
            node.remove("required");
        }
    });
}

/// A path that refers to `components/pathItems` holds what stands there. So does what the server
/// calls, but not for what is called in turn: that may go on for ever.
fn path_items(root: &mut Node) {
    if root.pointer("/components/pathItems").is_none() {
        return;
    }
    let original = root.clone();
    if let Some(components) = root.get_mut("components") {
        components.remove("pathItems");
    }
    for place in referring(root) {
        if let Some(node) = root.pointer_mut(&place) {
            let Some(mut item) = resolve(&original, node).cloned() else {
                continue;
            };
            // What stands beside the reference counts, too.
            for (key, entry) in node.entries().filter(|(key, _)| *key != "$ref") {
                item.set(key, entry.node.clone());
            }
            *node = item;
        }
    }
    for place in referring(root) {
        if let Some(node) = root.pointer_mut(&place)
            && resolve(&original, node).is_some()
        {
            node.remove("$ref");
        }
    }
}

/// Where path items refer to components.
fn referring(root: &Node) -> Vec<String> {
    let sites = sites(root).into_iter();
    let refers = |site: &Site<'_>| {
        let reference = site.node.get("$ref").and_then(Node::as_str);
        let at = reference.and_then(pointer);
        at.is_some_and(|at| at.starts_with("/components/pathItems/"))
    };
    let sites = sites.filter(|site| site.kind == Kind::PathItem && refers(site));
    sites.map(|site| site.pointer).collect()
}

/// A reference has nothing beside it in 3.0; a summary or description there is words.
fn references(root: &mut Node) {
    rewrite(root, &mut |kind, node| {
        if node.get("$ref").is_some() && !matches!(kind, Kind::Schema | Kind::PathItem) {
            for key in ["summary", "description"] {
                node.remove(key);
            }
        }
    });
}
