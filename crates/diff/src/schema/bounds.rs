//! How large a value may be.

use super::{Schemas, Types};
use crate::change::{Effect, Reader};
use crate::comparison::{Comparison, Draft};
use crate::kind::Kind;
use std::cmp::Ordering;

use serde_json::Number;

use crate::annotations;
use crate::matched::Pair;
use crate::side::Sited;
use contract::source::Value;

use super::view::View;

/// A size, and whether it is a lower bound.
const SIZES: [(&str, bool); 8] = [
    ("maxContains", false),
    ("maxItems", false),
    ("maxLength", false),
    ("maxProperties", false),
    ("minContains", true),
    ("minItems", true),
    ("minLength", true),
    ("minProperties", true),
];

pub(super) fn is_bound(key: &str) -> bool {
    let others = [
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maximum",
        "minimum",
        "multipleOf",
        "uniqueItems",
    ];
    others.contains(&key) || SIZES.iter().any(|(name, _)| *name == key)
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    for (key, is_lower) in SIZES {
        // No text is shorter than nothing.
        let none = is_lower && key != "minContains";
        let bound = |view: &View<'a>| {
            let bounds = view.keywords.get(key).into_iter().flatten();
            tightest(bounds.filter_map(|site| bound(site, false)), is_lower)
                .filter(|bound| !(none && bound.value.as_f64() == Some(0.0)))
        };
        let (old, new) = (bound(&schemas.old), bound(&schemas.new));
        emit(comparison, key, is_lower, Reader::Ignores, old, new);
    }
    for (key, exclusive, is_lower) in [
        ("minimum", "exclusiveMinimum", true),
        ("maximum", "exclusiveMaximum", false),
    ] {
        let (old, new) = (
            limit(&schemas.old, key, exclusive, is_lower),
            limit(&schemas.new, key, exclusive, is_lower),
        );
        let reader = match is_lower {
            true => sign(schemas, old.as_ref(), new.as_ref()),
            false => Reader::Ignores,
        };
        emit(comparison, key, is_lower, reader, old, new);
    }
    for pair in schemas.sites("multipleOf") {
        multiple(comparison, pair);
    }
    unique(comparison, schemas);
}

#[derive(Clone, Debug)]
struct Bound<'a> {
    value: &'a Number,
    /// Whether the value itself is outside.
    is_exclusive: bool,
    site: Sited<'a>,
}

impl Bound<'_> {
    fn show(&self) -> String {
        match self.is_exclusive {
            true => format!("{} (exclusive)", self.value),
            false => self.value.to_string(),
        }
    }

    /// Whether it allows less than the other.
    fn is_tighter(&self, other: &Self, is_lower: bool) -> bool {
        match order(self.value, other.value) {
            Ordering::Equal => self.is_exclusive && !other.is_exclusive,
            order => order.is_gt() == is_lower,
        }
    }
}

fn number<'a>(site: &Sited<'a>) -> Option<&'a Number> {
    match &site.node.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// Integers exactly, because not every one of them is a float.
fn order(one: &Number, two: &Number) -> Ordering {
    let integer = |number: &Number| number.as_i128();
    match (integer(one), integer(two)) {
        (Some(one), Some(two)) => one.cmp(&two),
        _ => one
            .as_f64()
            .partial_cmp(&two.as_f64())
            .unwrap_or(Ordering::Equal),
    }
}

fn bound<'a>(site: &Sited<'a>, is_exclusive: bool) -> Option<Bound<'a>> {
    Some(Bound {
        value: number(site)?,
        is_exclusive,
        site: site.clone(),
    })
}

fn tightest<'a>(bounds: impl Iterator<Item = Bound<'a>>, is_lower: bool) -> Option<Bound<'a>> {
    bounds.reduce(|one, two| match two.is_tighter(&one, is_lower) {
        true => two,
        false => one,
    })
}

/// `minimum` or `maximum` with its exclusive twin, which is a boolean in 3.0 and a
/// number in 3.1.
fn limit<'a>(view: &View<'a>, key: &str, exclusive: &str, is_lower: bool) -> Option<Bound<'a>> {
    let sites = |key: &str| view.keywords.get(key).into_iter().flatten();
    // The boolean speaks of the bound beside it, and of none in another part.
    let is_exclusive = |site: &Sited<'a>| {
        let part = |site: &Sited<'a>| site.at.rsplit_once('/').map(|(part, _)| part.to_owned());
        let mut flags = sites(exclusive).filter(|flag| flag.node.is_true());
        flags.any(|flag| part(flag) == part(site))
    };
    let plain = sites(key).filter_map(|site| bound(site, is_exclusive(site)));
    let numeric = sites(exclusive).filter_map(|site| bound(site, true));
    tightest(plain.chain(numeric), is_lower)
}

/// Generated integers have a sign only where the contract allows one.
fn sign(schemas: &Schemas<'_>, old: Option<&Bound<'_>>, new: Option<&Bound<'_>>) -> Reader {
    let lowest = |bound: Option<&Bound<'_>>| match bound {
        None => f64::NEG_INFINITY,
        Some(bound) => {
            bound.value.as_f64().unwrap_or_default() + f64::from(u8::from(bound.is_exclusive))
        }
    };
    let is_integer = schemas.old.types == Types::INTEGER;
    let crosses = |edge: f64| lowest(old) >= edge && lowest(new) < edge;
    match is_integer && (crosses(0.0) || crosses(1.0)) {
        true => Reader::Checks,
        false => Reader::Ignores,
    }
}

fn emit<'a>(
    comparison: &mut Comparison<'a>,
    key: &str,
    is_lower: bool,
    reader: Reader,
    old: Option<Bound<'a>>,
    new: Option<Bound<'a>>,
) {
    let key = key.to_owned();
    let (kind, tighter) = match (&old, &new) {
        (None, None) => return,
        (None, Some(new)) => (
            Kind::BoundAdded {
                key,
                to: new.show(),
            },
            true,
        ),
        (Some(old), None) => (
            Kind::BoundRemoved {
                key,
                from: old.show(),
            },
            false,
        ),
        (Some(old), Some(new)) => {
            let tighter = new.is_tighter(old, is_lower);
            if !tighter && !old.is_tighter(new, is_lower) {
                return;
            }
            let kind = Kind::BoundChanged {
                key,
                from: old.show(),
                to: new.show(),
                rose: tighter == is_lower,
            };
            (kind, tighter)
        }
    };
    let effect = match tighter {
        true => Effect::narrows(),
        false => Effect::widens(reader),
    };
    let site = |bound: Option<Bound<'a>>| bound.map(|bound| bound.site);
    comparison.emit(Draft::new(kind, effect).sides(site(old), site(new)));
}

fn multiple<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    // Decimal fractions are not exact in binary.
    let divides = |one: f64, two: f64| {
        let quotient = two / one;
        one != 0.0 && (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs()
    };
    let value = |site: &Option<Sited<'a>>| site.as_ref().and_then(number).and_then(|n| n.as_f64());
    let effect = match (value(&old), value(&new)) {
        (Some(old), Some(new)) if divides(old, new) => Effect::narrows(),
        (Some(old), Some(new)) if divides(new, old) => Effect::widens(Reader::Ignores),
        (Some(_), None) => Effect::widens(Reader::Ignores),
        (None, Some(_)) => Effect::narrows(),
        _ => Effect::replaces(Reader::Ignores),
    };
    comparison.emit(Draft::new(Kind::MultipleOfChanged, effect).sides(old, new));
}

fn unique<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    let (old, new) = (
        schemas.old.at("uniqueItems").cloned(),
        schemas.new.at("uniqueItems").cloned(),
    );
    let is = (
        schemas.old.flag("uniqueItems"),
        schemas.new.flag("uniqueItems"),
    );
    let (unique, effect) = match is {
        (false, true) => (true, Effect::narrows()),
        (true, false) => (false, Effect::widens(Reader::Ignores)),
        _ => return,
    };
    comparison.emit(Draft::new(Kind::UniqueItemsChanged { unique }, effect).sides(old, new));
}
