//! Shared objects by name. What operations reach is compared there; here is which
//! names there are, and what nobody uses.

use super::annotations;
use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft, Role};
use super::kind::Kind;
use super::matched::{self, Sides};
use super::rename;
use super::security;
use super::side::Sited;

const SECTIONS: [(&str, Option<Role>); 10] = [
    ("schemas", Some(Role::SCHEMA)),
    ("responses", Some(Role::Response)),
    ("parameters", Some(Role::Parameter)),
    ("requestBodies", Some(Role::RequestBody)),
    ("headers", Some(Role::Header)),
    ("callbacks", Some(Role::Callback)),
    ("pathItems", Some(Role::PathItem)),
    ("securitySchemes", Some(Role::SecurityScheme)),
    ("examples", None),
    ("links", None),
];

/// Sections and their extensions.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.document(), comparison.new.document());
    if let (Some(old), Some(new)) = (old.get("components"), new.get("components")) {
        let known = SECTIONS.map(|(name, _)| name);
        annotations::compare(comparison, &old, &new, &known);
    }
}

/// After everything that operations reach: names, and what is left.
pub(super) fn compare_unused(comparison: &mut Comparison<'_>) {
    for (section, role) in SECTIONS {
        section_names(comparison, section, role);
    }
    security::compare_unused(comparison);
}

fn section_names<'a>(comparison: &mut Comparison<'a>, section: &str, role: Option<Role>) {
    let of = |document: Sited<'a>| {
        let components = document.get("components");
        components
            .map(|components| components.entries(section))
            .unwrap_or_default()
    };
    let both = (of(comparison.old.document()), of(comparison.new.document()));
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for (name, sides) in matched::by_name(both.0, both.1) {
        match sides {
            Sides::Both(old, new) => same_name(comparison, role, &old, &new),
            Sides::Old(site) => removed.push((name, site)),
            Sides::New(site) => added.push((name, site)),
        }
    }
    for (old, new) in renamed(comparison, role, &mut removed, &mut added) {
        let text = "the name does not travel; callers of the generated client may feel it";
        let effect = Effect::always(Verdict::Compatible, text);
        let (from, to) = (old.0.to_owned(), new.0.to_owned());
        let draft = Draft::new(Kind::ComponentRenamed { from, to }, effect);
        comparison.emit(draft.both(&old.1, &new.1));
        if let Some(role) = role {
            unused(comparison, role, &old.1, &new.1);
        }
    }
    for (_, site) in removed {
        let text = "what used it is compared by itself";
        let effect = Effect::always(Verdict::Compatible, text);
        comparison.emit(Draft::new(Kind::ComponentRemoved, effect).old(&site));
    }
    for (_, site) in added {
        let text = "what uses it is compared by itself";
        let effect = Effect::always(Verdict::Compatible, text);
        comparison.emit(Draft::new(Kind::ComponentAdded, effect).new_at(&site));
    }
}

fn same_name<'a>(
    comparison: &mut Comparison<'a>,
    role: Option<Role>,
    old: &Sited<'a>,
    new: &Sited<'a>,
) {
    match role {
        Some(role) => unused(comparison, role, old, new),
        None if comparison.reached.get(&old.id()) == Some(&new.id()) => {}
        None if !old.node.same(new.node) => {
            let draft = Draft::new(
                Kind::DocumentationChanged { key: None },
                Effect::documentation(),
            );
            comparison.emit(draft.both(old, new));
        }
        None => {}
    }
}

/// Compares what no operation reached with its namesake.
fn unused<'a>(comparison: &mut Comparison<'a>, role: Role, old: &Sited<'a>, new: &Sited<'a>) {
    let both = [old.id(), new.id()];
    if both.iter().any(|id| !comparison.reached.contains_key(id)) {
        comparison.pair(role, old, new);
    }
}

type Named<'a> = (&'a str, Sited<'a>);

/// Names that changed while what they name did not: a reference led from one to the
/// other, or both say the same.
fn renamed<'a>(
    comparison: &Comparison<'a>,
    role: Option<Role>,
    removed: &mut Vec<Named<'a>>,
    added: &mut Vec<Named<'a>>,
) -> Vec<(Named<'a>, Named<'a>)> {
    const MOST: usize = 64;
    let (Some(role), true) = (role, removed.len() <= MOST && added.len() <= MOST) else {
        return Vec::new();
    };
    let matches = |one: &Named<'a>, two: &Named<'a>| {
        let led = comparison.reached.get(&one.1.id()) == Some(&two.1.id());
        let (old, new) = ((comparison.old, &one.1), (comparison.new, &two.1));
        rename::is_alike(role, led, old, new)
    };
    let pairs = rename::unambiguous(removed, added, matches);
    rename::take(removed, added, &pairs)
}
