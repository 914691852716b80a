//! A part of an `allOf` that only has words for a reader says them of the schema around it:
//! what is left may be a reference, where the generator would make a second type of the same.
//! Nothing is lost.

use super::Pass;
use contract::schema::keyword::{Role, role};
use contract::source::Node;
use contract::walk::{Kind, rewrite};

pub(super) fn pass(pass: Pass<'_>) {
    rewrite(pass.document, &mut |kind, node| {
        if kind != Kind::Schema || !node.get("allOf").is_some_and(has_words) {
            return;
        }
        let all = node.get_mut("allOf").and_then(Node::as_array_mut);
        let all = all.map(std::mem::take).unwrap_or_default();
        let (words, parts): (Vec<Node>, Vec<Node>) = all.into_iter().partition(is_words);
        for (key, entry) in words.iter().flat_map(Node::entries) {
            if node.get(key).is_none() {
                node.set(key, entry.node.clone());
            }
        }
        match node.get_mut("allOf").and_then(Node::as_array_mut) {
            Some(all) if !parts.is_empty() => *all = parts,
            _ => drop(node.remove("allOf")),
        }
    });
}

fn has_words(parts: &Node) -> bool {
    parts.items().any(is_words)
}

fn is_words(schema: &Node) -> bool {
    let is_word = |key: &str| role(key) == Some(Role::Annotation) || key.starts_with("x-");
    schema.as_object().is_some() && schema.entries().all(|(key, _)| is_word(key))
}
