//! What is announced to go: `deprecated`, and the extensions `x-sunset` (a date, as
//! in RFC 8594) and `x-stability-level`.

use super::annotations;
use super::change::{Effect, Verdict};
use super::comparison::{Comparison, Draft};
use super::kind::Kind;
use super::side::Sited;
use contract::source::Node;

pub(super) const KEYWORDS: [&str; 3] = ["deprecated", "x-stability-level", "x-sunset"];

/// From loosest to firmest.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// The keywords of one object on both sides.
pub(super) struct Lifecycle<'a> {
    at: (Sited<'a>, Sited<'a>),
    deprecated: (Option<Sited<'a>>, Option<Sited<'a>>),
    sunset: (Option<Sited<'a>>, Option<Sited<'a>>),
    stability: (Option<Sited<'a>>, Option<Sited<'a>>),
}

impl<'a> Lifecycle<'a> {
    pub(super) fn of(
        at: (&Sited<'a>, &Sited<'a>),
        old: impl Fn(&str) -> Option<Sited<'a>>,
        new: impl Fn(&str) -> Option<Sited<'a>>,
    ) -> Self {
        let [deprecated, stability, sunset] = KEYWORDS.map(|key| (old(key), new(key)));
        Self {
            at: (at.0.clone(), at.1.clone()),
            deprecated,
            sunset,
            stability,
        }
    }

    /// Of an object whose keywords stand in it.
    pub(super) fn direct(old: &Sited<'a>, new: &Sited<'a>) -> Self {
        Self::of((old, new), |key| old.get(key), |key| new.get(key))
    }
}

pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, lifecycle: Lifecycle<'a>) {
    let Lifecycle {
        at,
        deprecated,
        sunset,
        stability,
    } = lifecycle;
    let is = |site: &Option<Sited<'a>>| site.as_ref().is_some_and(|site| site.node.is_true());
    let is_deprecated = (is(&deprecated.0), is(&deprecated.1));
    let said = match is_deprecated {
        (false, true) => Some("it still works; it is announced to go"),
        (true, false) => Some("it stays"),
        _ => None,
    };
    if let Some(text) = said {
        let effect = Effect::always(Verdict::Compatible, text);
        let deprecated = is_deprecated.1;
        let draft = Draft::new(Kind::DeprecationChanged { deprecated }, effect);
        comparison.emit(draft.both(&at.0, &at.1));
    }
    date(comparison, sunset, is_deprecated.1);
    level(comparison, stability);
}

fn date<'a>(
    comparison: &mut Comparison<'a>,
    (old, new): (Option<Sited<'a>>, Option<Sited<'a>>),
    is_deprecated: bool,
) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    let day = |site: &Option<Sited<'a>>| site.as_ref().map(|site| day(site.node));
    let (verdict, text) = match (day(&old), day(&new)) {
        (_, Some(None)) => (
            Verdict::Risky,
            "it is no date (RFC 3339), so nobody can plan by it",
        ),
        (Some(None), _) => (Verdict::Risky, "the old value was no date (RFC 3339)"),
        (Some(Some(old)), Some(Some(new))) if new < old => (
            Verdict::Risky,
            "clients that planned by the later date stop working earlier",
        ),
        (Some(_), None) if is_deprecated => (
            Verdict::Risky,
            "it stays deprecated, but clients lose the date until which it works",
        ),
        _ => (Verdict::Compatible, "it still works until then"),
    };
    let effect = Effect::always(verdict, text);
    comparison.emit(Draft::new(Kind::SunsetChanged, effect).sides(old, new));
}

/// The day of a date or a time of RFC 3339, which sorts as text.
#[must_use]
pub fn day(node: &Node) -> Option<&str> {
    let text = node.as_str()?;
    let day = text.get(..10)?;
    let is_date = day.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let ends = matches!(text.as_bytes().get(10), None | Some(b'T' | b't' | b' '));
    let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<u32>().ok();
    let exists = || {
        let (year, month) = (number(0..4)?, number(5..7)?);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        (1..=last).contains(&number(8..10)?).then_some(day)
    };
    (is_date && ends).then(exists).flatten()
}

fn level<'a>(comparison: &mut Comparison<'a>, (old, new): (Option<Sited<'a>>, Option<Sited<'a>>)) {
    if !annotations::differs(old.as_ref(), new.as_ref()) {
        return;
    }
    // Nothing said means stable.
    let rank = |site: &Option<Sited<'a>>| match site {
        None => Some(LEVELS.len() - 1),
        Some(site) => {
            let text = site.node.as_str()?;
            LEVELS.iter().position(|level| *level == text)
        }
    };
    let (verdict, text) = match (rank(&old), rank(&new)) {
        (Some(old), Some(new)) if new < old => (
            Verdict::Risky,
            "clients relied on a firmer promise; it may change without notice now",
        ),
        (Some(_), Some(_)) => (Verdict::Compatible, "the promise is at least as firm"),
        _ => (
            Verdict::Risky,
            "not one of `draft`, `alpha`, `beta` and `stable`, so nobody knows the promise",
        ),
    };
    let effect = Effect::always(verdict, text);
    comparison.emit(Draft::new(Kind::StabilityChanged, effect).sides(old, new));
}

/// What becomes of clients when something is removed: who was told is surprised less.
pub(super) fn removal(removed: &Sited<'_>, today: &str) -> (Verdict, String) {
    let level = removed.text("x-stability-level");
    if let Some(level @ ("draft" | "alpha")) = level {
        let text = format!("clients that call it get an error; it was marked `{level}`");
        return (Verdict::Risky, text);
    }
    if !removed.flag("deprecated") {
        return (
            Verdict::Breaking,
            "old clients that call it get an error, and nothing announced it".to_owned(),
        );
    }
    match removed.node.get("x-sunset").map(day) {
        None => (
            Verdict::Risky,
            "clients that still call it get an error; it was deprecated".to_owned(),
        ),
        Some(Some(day)) if day <= today => (
            Verdict::Risky,
            format!("clients that still call it get an error; it was announced for {day}"),
        ),
        Some(Some(day)) => (
            Verdict::Breaking,
            format!("it was promised to work until {day}; clients that call it get an error"),
        ),
        Some(None) => (
            Verdict::Breaking,
            "clients that call it get an error, and `x-sunset` was no date to plan by".to_owned(),
        ),
    }
}
