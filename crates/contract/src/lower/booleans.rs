//! `true` and `false` as schemas: anything, and nothing.

use crate::finding::Findings;
use crate::source::{Node, Object, Value};
use crate::walk::{Kind, rewrite};

pub(super) fn step(root: &mut Node, _: &mut Findings) {
    if let Some(schemas) = root
        .get_mut("components")
        .and_then(|c| c.get_mut("schemas"))
    {
        each(Some(schemas));
    }
    rewrite(root, &mut |kind, node| match kind {
        Kind::Schema => {
            each(node.get_mut("properties"));
            for key in ["items", "not"] {
                node.get_mut(key).into_iter().for_each(spell_out);
            }
            for key in ["allOf", "anyOf", "oneOf"] {
                let branches = node.get_mut(key).and_then(Node::as_array_mut);
                branches.into_iter().flatten().for_each(spell_out);
            }
        }
        Kind::MediaType | Kind::Parameter | Kind::Header => {
            node.get_mut("schema").into_iter().for_each(spell_out);
        }
        _ => {}
    });
}

fn each(map: Option<&mut Node>) {
    for (_, entry) in map.and_then(Node::as_object_mut).into_iter().flatten() {
        spell_out(&mut entry.node);
    }
}

fn spell_out(schema: &mut Node) {
    if let Value::Bool(everything) = schema.value {
        let span = schema.span;
        *schema = Node::new(Object::new(), span);
        if !everything {
            schema.set("not", Node::new(Object::new(), span));
        }
    }
}
