//! The properties of an object: which there are, which must be there, and what
//! becomes of the others.

use super::Schemas;
use super::additional_properties::{self, AdditionalProperties};
use super::view::View;
use crate::change::{Effect, Flow, Reader, Verdict};
use crate::comparison::{Comparison, Draft, Position, Role};
use crate::kind::Kind;
use crate::matched;
use crate::rename::{self, Candidate};
use crate::side::{Side, Sited};

/// One object's side of a property.
struct Property<'a> {
    sites: Vec<Sited<'a>>,
    is_required: bool,
    read_only: bool,
    write_only: bool,
}

impl<'a> Property<'a> {
    fn of(side: &Side<'a>, view: &View<'a>, name: &str) -> Option<Self> {
        let sites = view.properties.get(name)?.clone();
        let says = |key: &str| {
            let says = |site: &Sited<'a>| site.flag(key) || side.follow(site).flag(key);
            sites.iter().any(says)
        };
        Some(Self {
            is_required: view.required.contains_key(name),
            read_only: says("readOnly"),
            write_only: says("writeOnly"),
            sites,
        })
    }

    /// The only direction in which a value of it travels.
    fn only(&self) -> Option<Flow> {
        match (self.read_only, self.write_only) {
            (true, false) => Some(Flow::Response),
            (false, true) => Some(Flow::Request),
            _ => None,
        }
    }

    fn first(&self) -> &Sited<'a> {
        &self.sites[0]
    }
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (
        AdditionalProperties::of(&schemas.old),
        AdditionalProperties::of(&schemas.new),
    );
    let mut removed = Vec::new();
    for name in schemas.old.properties.keys() {
        let Some(before) = Property::of(&comparison.old, &schemas.old, name) else {
            continue;
        };
        match Property::of(&comparison.new, &schemas.new, name) {
            Some(after) => same_name(comparison, schemas, name, &before, &after),
            None => removed.push((*name, before)),
        }
    }
    let names = schemas.new.properties.keys();
    let is_new = |name: &&&str| !schemas.old.properties.contains_key(**name);
    let mut added: Vec<_> = names
        .filter(is_new)
        .filter_map(|name| Some((*name, Property::of(&comparison.new, &schemas.new, name)?)))
        .collect();
    let pairs = renames(comparison, &removed, &added);
    for (before, after) in rename::take(&mut removed, &mut added, &pairs) {
        renamed(comparison, (before.0, &before.1), (after.0, &after.1), &new);
    }
    for (_, property) in removed {
        let effect = gone(&property, &new);
        let draft = Draft::new(Kind::PropertyRemoved, effect);
        let site = through(&comparison.new, &schemas.old_at, property.first());
        comparison.emit(draft.old(&site));
        if let AdditionalProperties::Typed(others) = &new {
            comparison.pair(Role::SCHEMA, property.first(), others);
        }
    }
    for (_, property) in added {
        appear(comparison, &schemas.new_at, &property, &old);
        if let AdditionalProperties::Typed(others) = &old {
            comparison.pair(Role::SCHEMA, others, property.first());
        }
    }
    undescribed(comparison, schemas);
    additional_properties::compare(comparison, schemas, &old, &new);
}

fn same_name<'a>(
    comparison: &mut Comparison<'a>,
    schemas: &Schemas<'a>,
    name: &str,
    old: &Property<'a>,
    new: &Property<'a>,
) {
    requiredness(comparison, schemas, name, old, new);
    let position = Position {
        optional: !old.is_required,
        text: schemas.position.text,
        list_of_one: false,
    };
    let only = old.only().filter(|only| new.only() == Some(*only));
    for pair in matched::aligned(old.sites.clone(), new.sites.clone()) {
        match pair {
            (Some(old), Some(new)) => {
                comparison.pair_only(Role::Schema(position), only, &old, &new);
            }
            (Some(site), None) => {
                let effect = again(&site, &new.sites).unwrap_or(Effect::widens(Reader::Ignores));
                comparison.emit(Draft::new(Kind::ConstraintRemoved, effect).old(&site));
            }
            (None, Some(site)) => {
                let effect = again(&site, &old.sites).unwrap_or(Effect::narrows());
                comparison.emit(Draft::new(Kind::ConstraintAdded, effect).new_at(&site));
            }
            (None, None) => {}
        }
    }
}

/// What follows when a constraint comes or goes that another part repeats.
fn again<'a>(site: &Sited<'a>, others: &[Sited<'a>]) -> Option<Effect> {
    let is_repeated = others.iter().any(|other| other.node.same(site.node));
    is_repeated.then(|| {
        let text = "another part says the same; who goes by parts sees another one";
        Effect::always(Verdict::Risky, text)
    })
}

/// Where a property is said to be required: at itself, or at the whole where another
/// part than its own says so.
fn required_at<'a>(
    whole: &Sited<'a>,
    required: Option<&Sited<'a>>,
    property: &Property<'a>,
    name: &str,
) -> Sited<'a> {
    let first = property.first();
    let holder =
        |at: &str, middle: &str| at.rsplit_once(middle).map(|(before, _)| before.to_owned());
    let of_property = holder(&first.at, "/properties/");
    match required {
        Some(item) if holder(&item.at, "/required/") != of_property => Sited {
            node: item.node,
            at: contract::walk::join(&contract::walk::join(&whole.at, "properties"), name).into(),
        },
        _ => first.clone(),
    }
}

fn requiredness<'a>(
    comparison: &mut Comparison<'a>,
    schemas: &Schemas<'a>,
    name: &str,
    old: &Property<'a>,
    new: &Property<'a>,
) {
    let (kind, effect) = match (old.is_required, new.is_required) {
        (false, true) => {
            let request = match new.read_only {
                true => (Verdict::Compatible, "clients do not send what is read-only"),
                false => (
                    Verdict::Breaking,
                    "the server may refuse old clients that leave it out",
                ),
            };
            let response = (Verdict::Compatible, "the server always sends it now");
            let effect = Effect::by_flow(request, response);
            (Kind::BecameRequired, effect)
        }
        (true, false) => {
            let response = match old.write_only {
                true => (
                    Verdict::Compatible,
                    "the server does not send what is write-only",
                ),
                false => (
                    Verdict::Breaking,
                    "old clients require it and fail where it is left out, generated ones included",
                ),
            };
            let request = (Verdict::Compatible, "the server still takes what it took");
            let effect = Effect::by_flow(request, response);
            (Kind::BecameOptional, effect)
        }
        _ => return,
    };
    let at = |view: &View<'a>, whole: &Sited<'a>, property: &Property<'a>| {
        required_at(whole, view.required.get(name), property, name)
    };
    let draft = Draft::new(kind, effect).both(
        &at(&schemas.old, &schemas.old_at, old),
        &at(&schemas.new, &schemas.new_at, new),
    );
    comparison.emit(draft);
}

fn gone(property: &Property<'_>, new: &AdditionalProperties<'_>) -> Effect {
    let request = if property.read_only {
        (Verdict::Compatible, "clients do not send what is read-only")
    } else if new.is_closed() {
        (
            Verdict::Breaking,
            "the object is closed: the server may refuse old clients that send it",
        )
    } else {
        (
            Verdict::Risky,
            "the server ignores or refuses what old clients send in it",
        )
    };
    let response = if property.write_only {
        (
            Verdict::Compatible,
            "the server does not send what is write-only",
        )
    } else if property.is_required {
        (
            Verdict::Breaking,
            "old clients require it and fail without it, generated ones included",
        )
    } else {
        (
            Verdict::Risky,
            "old clients that need it no longer get it; a generated one reads it as absent",
        )
    };
    Effect::by_flow(request, response)
}

/// A property that the other side still has in the same place came or went with the
/// part that holds it, so it is the whole's and not the part's.
fn through<'a>(other: &Side<'a>, whole: &Sited<'a>, property: &Sited<'a>) -> Sited<'a> {
    if other.root.pointer(&property.at).is_none() {
        return property.clone();
    }
    let name = property.at.rsplit('/').next().unwrap_or_default();
    Sited {
        node: property.node,
        at: format!("{}/properties/{name}", whole.at).into(),
    }
}

fn appear<'a>(
    comparison: &mut Comparison<'a>,
    whole: &Sited<'a>,
    property: &Property<'a>,
    old: &AdditionalProperties<'a>,
) {
    let request = match (property.is_required, property.read_only) {
        (true, false) => (
            Verdict::Breaking,
            "the server may refuse old clients, which do not send it",
        ),
        (true, true) => (Verdict::Compatible, "clients do not send what is read-only"),
        (false, _) => (Verdict::Compatible, "old clients need not send it"),
    };
    let response = match (old.is_closed(), property.write_only) {
        (_, true) => (
            Verdict::Compatible,
            "the server does not send what is write-only",
        ),
        (true, _) => (
            Verdict::Breaking,
            "the object was closed: old clients refuse fields that they do not know, generated \
             ones included",
        ),
        (false, _) => (
            Verdict::Compatible,
            "clients skip fields that they do not know",
        ),
    };
    let kind = match property.is_required {
        true => Kind::RequiredPropertyAdded,
        false => Kind::PropertyAdded,
    };
    let draft = Draft::new(kind, Effect::by_flow(request, response));
    let site = through(&comparison.old, whole, property.first());
    comparison.emit(draft.new_at(&site));
}

fn renames<'a>(
    comparison: &Comparison<'a>,
    removed: &[(&'a str, Property<'a>)],
    added: &[(&'a str, Property<'a>)],
) -> Vec<(usize, usize)> {
    if comparison.limit.is_some() {
        return Vec::new();
    }
    let candidates = |list: &[(&'a str, Property<'a>)]| -> Vec<Candidate<'a>> {
        let candidate = |(name, property): &(&'a str, Property<'a>)| Candidate {
            name,
            site: property.first().clone(),
            mark: u8::from(property.is_required),
        };
        list.iter().map(candidate).collect()
    };
    rename::find(
        (comparison.old, &candidates(removed)),
        (comparison.new, &candidates(added)),
    )
}

fn renamed<'a>(
    comparison: &mut Comparison<'a>,
    (from, old): (&str, &Property<'a>),
    (to, new): (&str, &Property<'a>),
    others: &AdditionalProperties<'a>,
) {
    let Effect::ByFlow {
        mut request,
        response,
    } = gone(old, others)
    else {
        return;
    };
    if new.is_required && !new.read_only {
        request.verdict = Verdict::Breaking;
        request.text = "the server may refuse old clients, which send the old name only".into();
    }
    let effect = Effect::ByFlow { request, response };
    let (from, to) = (from.to_owned(), to.to_owned());
    let draft = Draft::new(Kind::PropertyRenamed { from, to }, effect);
    comparison.emit(draft.both(old.first(), new.first()));
    let position = Position {
        optional: !old.is_required,
        ..Position::default()
    };
    comparison.pair(Role::Schema(position), old.first(), new.first());
}

/// Names in `required` that no property has on either side.
fn undescribed<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (&schemas.old, &schemas.new);
    let is_described =
        |name: &str| old.properties.contains_key(name) || new.properties.contains_key(name);
    for (name, site) in &new.required {
        if !old.required.contains_key(name) && !is_described(name) {
            let effect = Effect::by_flow(
                (
                    Verdict::Risky,
                    "the server may require it, and the schema does not say what it is",
                ),
                (Verdict::Compatible, "the server always sends it now"),
            );
            let name = (*name).to_owned();
            comparison.emit(
                Draft::new(Kind::UndescribedRequired { name }, effect)
                    .old(&schemas.old_at)
                    .new_at(site),
            );
        }
    }
    for (name, site) in &old.required {
        if !new.required.contains_key(name) && !is_described(name) {
            let effect = Effect::by_flow(
                (Verdict::Compatible, "the server still takes what it took"),
                (Verdict::Risky, "clients that rely on it may not find it"),
            );
            let name = (*name).to_owned();
            comparison.emit(
                Draft::new(Kind::UndescribedOptional { name }, effect)
                    .old(site)
                    .new_at(&schemas.new_at),
            );
        }
    }
}
