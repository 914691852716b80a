//! Which schema of a choice a value is read as (`OpenAPI` 3.0.3, section 4.7.25).

use std::collections::BTreeSet;

use crate::annotations;
use crate::change::{Effect, Verdict};
use crate::comparison::{Comparison, Draft, Role};
use crate::equal;
use crate::kind::Kind;
use crate::matched::Pair;
use crate::side::{Side, Sited};
use contract::walk;

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    let is_read_otherwise = match (&old, &new) {
        (Some(old), Some(new)) => {
            old.text("propertyName") != new.text("propertyName")
                || reads_otherwise(comparison, old, new)
        }
        _ => false,
    };
    let effect = match is_read_otherwise {
        true => Effect::by_flow(
            (
                Verdict::Breaking,
                "the server reads what old clients send as another schema",
            ),
            (
                Verdict::Breaking,
                "old clients read what the server sends as another schema, generated ones included",
            ),
        ),
        false => Effect::always(
            Verdict::Risky,
            "clients and servers that choose the branch by it may choose another one; a generated \
             client reads a value that it does not know as unknown",
        ),
    };
    comparison.emit(Draft::new(Kind::DiscriminatorChanged, effect).sides(old, new));
}

/// Whether a value that both sides know stands for another schema now.
fn reads_otherwise<'a>(comparison: &Comparison<'a>, old: &Sited<'a>, new: &Sited<'a>) -> bool {
    let names = |site: &Sited<'a>| site.entries("mapping").into_iter().map(|(name, _)| name);
    let names: BTreeSet<&str> = names(old).chain(names(new)).collect();
    names.into_iter().any(|name| {
        let before = target(&comparison.old, old, name);
        let after = target(&comparison.new, new, name);
        match (before, after) {
            (Some(before), Some(after)) if before.at != after.at => {
                let same = (comparison.old, &before);
                !equal::objects(Role::SCHEMA, same, (comparison.new, &after))
            }
            _ => false,
        }
    })
}

/// The schema that a value stands for: by the mapping, else by its own name.
fn target<'a>(side: &Side<'a>, discriminator: &Sited<'a>, name: &str) -> Option<Sited<'a>> {
    let mapped = discriminator
        .get("mapping")
        .and_then(|mapping| mapping.get(name));
    let reference = mapped
        .as_ref()
        .map_or(Some(name), |mapped| mapped.node.as_str())?;
    let component = || Some(walk::join("/components/schemas", reference));
    let at = walk::pointer(reference).or_else(component)?;
    let node = side.root.pointer(&at)?;
    let at = at.into();
    Some(Sited { node, at })
}
