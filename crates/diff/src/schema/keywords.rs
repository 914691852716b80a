//! Keywords that stand for themselves: `format`, `pattern`, `default`, `readOnly` and
//! `writeOnly`.

use super::Schemas;
use super::view::View;
use crate::annotations;
use crate::change::{Effect, Reader, Verdict};
use crate::comparison::{Comparison, Draft};
use crate::kind::Kind;
use crate::matched::Pair;
use crate::side::Sited;

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    type Compare = for<'a> fn(&mut Comparison<'a>, Pair<'a>);
    let each: [(&str, Compare); 3] = [
        ("format", format),
        ("pattern", pattern),
        ("default", default),
    ];
    for (key, compare) in each {
        for pair in schemas.sites(key) {
            compare(comparison, pair);
        }
    }
    mutability(comparison, schemas);
}

/// Formats that the generator gives a type of their own, which fails on other text.
const TYPED: [&str; 9] = [
    "date",
    "date-time",
    "int32",
    "int64",
    "ip",
    "ipv4",
    "ipv6",
    "uint64",
    "uuid",
];

/// Whether a text is neither of a type of its own nor one of a few values.
pub(super) fn is_plain_text(view: &View<'_>) -> bool {
    let format = view.at("format").and_then(|site| site.node.as_str());
    view.values().is_none() && !format.is_some_and(|format| TYPED.contains(&format))
}

fn format<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    let text = |site: &Option<Sited<'a>>| site.as_ref().and_then(|site| site.node.as_str());
    let reader = match text(&old).is_some_and(|format| TYPED.contains(&format)) {
        true => Reader::Checks,
        false => Reader::Ignores,
    };
    let effect = match (text(&old), text(&new)) {
        (Some("int32"), Some("int64")) => Effect::widens(Reader::Checks),
        // Either is read as the larger one.
        (Some("float"), Some("double")) => Effect::widens(Reader::Ignores),
        (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => Effect::narrows(),
        (None, _) => Effect::by_flow(
            (
                Verdict::Risky,
                "a server that checks formats may refuse what old clients send",
            ),
            (
                Verdict::Compatible,
                "what the server sends was allowed before",
            ),
        ),
        (_, None) => Effect::widens(reader),
        _ => Effect::replaces(reader),
    };
    comparison.emit(Draft::new(Kind::FormatChanged, effect).sides(old, new));
}

fn pattern<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    // A pattern that every text matches is none.
    let limits = |site: &Option<Sited<'a>>| {
        let text = site.as_ref().and_then(|site| site.node.as_str());
        text.is_some_and(|text| !["", ".*", "^.*$", "^.*", ".*$", "^(.*)$"].contains(&text))
    };
    let effect = match (limits(&old), limits(&new)) {
        (true, true) => Effect::replaces(Reader::Ignores),
        (false, true) => Effect::narrows(),
        (true, false) => Effect::widens(Reader::Ignores),
        (false, false) => Effect::always(Verdict::Compatible, "both allow any text"),
    };
    comparison.emit(Draft::new(Kind::PatternChanged, effect).sides(old, new));
}

fn default<'a>(comparison: &mut Comparison<'a>, (old, new): Pair<'a>) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    let effect = Effect::by_flow(
        (
            Verdict::Risky,
            "the server does something else for old clients that leave it out",
        ),
        (
            Verdict::Risky,
            "clients that fill in the default read something else where it is left out",
        ),
    );
    comparison.emit(Draft::new(Kind::DefaultChanged, effect).sides(old, new));
}

/// `readOnly` and `writeOnly`, which say who should send a property.
fn mutability<'a>(comparison: &mut Comparison<'a>, schemas: &Schemas<'a>) {
    const TAKEN: (Verdict, &str) = (Verdict::Compatible, "the server takes it");
    const SENT: (Verdict, &str) = (Verdict::Compatible, "the server sends it");
    const NOT_TAKEN: (Verdict, &str) = (
        Verdict::Risky,
        "the server ignores or refuses what old clients send in it",
    );
    const NOT_SENT: (Verdict, &str) = (
        Verdict::Risky,
        "the server should not send it any more; old clients that require it fail",
    );
    for (key, [on, off], [request, response]) in [
        (
            "readOnly",
            [Kind::BecameReadOnly, Kind::BecameNotReadOnly],
            [NOT_TAKEN, SENT],
        ),
        (
            "writeOnly",
            [Kind::BecameWriteOnly, Kind::BecameNotWriteOnly],
            [TAKEN, NOT_SENT],
        ),
    ] {
        let is = (schemas.old.flag(key), schemas.new.flag(key));
        // What clients had no reason to send is asked of them now.
        let asked = match key == "readOnly" && !schemas.position.optional {
            true => (
                Verdict::Breaking,
                "the server may refuse old clients, which do not send it",
            ),
            false => TAKEN,
        };
        let draft = match is {
            (false, true) => Draft::new(on, Effect::by_flow(request, response)),
            (true, false) => Draft::new(off, Effect::by_flow(asked, SENT)),
            _ => continue,
        };
        let sides = (schemas.old.at(key).cloned(), schemas.new.at(key).cloned());
        comparison.emit(draft.sides(sides.0, sides.1));
    }
}
