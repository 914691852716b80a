//! What every form of a review says, in words.

use crate::diff::{Flow, Place, Reason, Use, Verdict, name};
use crate::review::{CrateReview, DocumentReview, Review, ReviewedChange, Rollout, State, Version};
use crate::surface::{Bump, Effect, Kind, What};

/// How many operations are named; the rest are counted.
const OPERATIONS: usize = 3;

/// The verdicts that a report has a section for, in order.
pub(super) const SECTIONS: [Verdict; 5] = [
    Verdict::Breaking,
    Verdict::Risky,
    Verdict::Unclassified,
    Verdict::Compatible,
    Verdict::Words,
];

/// The first line of a report.
pub(super) fn headline(review: &Review) -> String {
    let refused: usize = crates(review).map(|krate| krate.refused.len()).sum();
    if refused > 0 {
        let errors = plural(refused, "error");
        return format!("the new contract does not generate: {errors}");
    }
    let breaking = review.unapproved().count();
    if breaking > 0 {
        let changes = plural(breaking, "breaking change");
        return format!("{changes} that nobody approved");
    }
    let all = || {
        review
            .documents
            .iter()
            .flat_map(|document| &document.changes)
    };
    let worst = all().map(|reviewed| reviewed.change.verdict).min();
    let feels = crates(review)
        .map(|krate| krate.bump)
        .max()
        .unwrap_or_default();
    match worst {
        None if feels == Bump::None => "nothing changed".to_owned(),
        None => "the contract did not change, but what is generated from it did".to_owned(),
        Some(Verdict::Breaking) => "breaking, and approved".to_owned(),
        Some(Verdict::Risky) => "risky: it depends on the clients".to_owned(),
        Some(Verdict::Unclassified) => "unclassified: a person must judge it".to_owned(),
        Some(Verdict::Compatible) if feels == Bump::Major => {
            "compatible on the wire, but callers of the crate must change their code".to_owned()
        }
        Some(Verdict::Compatible) => "compatible".to_owned(),
        Some(Verdict::Words) => "only words changed".to_owned(),
    }
}

fn crates(review: &Review) -> impl Iterator<Item = &CrateReview> {
    review
        .documents
        .iter()
        .filter_map(|document| document.krate.as_ref())
}

/// What was compared.
pub(super) fn compared(review: &Review) -> String {
    format!("{} → {}", review.base, review.head)
}

/// What became of a document, and how much of what.
pub(super) fn summary(document: &DocumentReview) -> String {
    let counts = SECTIONS.iter().filter_map(|verdict| {
        let count = document.of(*verdict).count();
        match (count, verdict) {
            (0, _) => None,
            (count, Verdict::Words) => Some(format!("{count} in words")),
            (count, verdict) => Some(format!("{count} {verdict}")),
        }
    });
    let counts: Vec<_> = counts.collect();
    let counts = match counts.is_empty() {
        true => "no change".to_owned(),
        false => counts.join(", "),
    };
    match &document.state {
        State::Added => format!("new document, {counts}"),
        State::Removed => format!("removed, {counts}"),
        State::Renamed => format!("renamed from `{}`, {counts}", document.base_name),
        State::Changed => counts,
    }
}

/// The order of the upgrade, and what `info.version` and the crate's version should
/// say.
pub(super) fn verdicts(document: &DocumentReview) -> Vec<String> {
    let mut lines = vec![
        match document.rollout {
            Rollout::AnyOrder => "servers and clients can be upgraded in any order",
            Rollout::ServerFirst => "upgrade the server first: new clients break on the old one",
            Rollout::ClientsFirst => "upgrade the clients first: old ones break on the new server",
            Rollout::NoOrder => "no order of upgrade is safe: old and new break each other",
        }
        .to_owned(),
    ];
    let contract = &document.contract_version;
    if let Some(says) = says(contract) {
        let asks = match &contract.wanted {
            None => String::new(),
            Some(_) if contract.is_enough => ", as the changes ask".to_owned(),
            Some(wanted) => format!("; the changes ask for {wanted}"),
        };
        lines.push(format!("`info.version` {says}{asks}"));
    }
    let Some(krate) = document
        .krate
        .as_ref()
        .filter(|krate| krate.refused.is_empty())
    else {
        return lines;
    };
    let needs = match krate.bump {
        Bump::None => "no new version",
        Bump::Patch => "a patch version",
        Bump::Minor => "a minor version",
        Bump::Major => "a major version",
    };
    let wanted = krate.version.wanted.as_ref();
    let wanted = wanted
        .map(|wanted| format!(", {wanted}"))
        .unwrap_or_default();
    let says = says(&krate.version)
        .map(|says| format!("; it {says}"))
        .unwrap_or_default();
    lines.push(format!("the crate needs {needs}{wanted}{says}"));
    lines
}

fn says(version: &Version) -> Option<String> {
    let (before, after) = (version.before.as_ref()?, version.after.as_ref()?);
    Some(match before == after {
        true => format!("stays at {after}"),
        false => format!("goes from {before} to {after}"),
    })
}

/// Why a change means what it means, direction by direction.
pub(super) fn reasons(reviewed: &ReviewedChange) -> Vec<String> {
    let several = reviewed.change.reasons.len() > 1;
    let line = |reason: &Reason| {
        let flow = match reason.flow {
            Some(Flow::Request) => "requests: ",
            Some(Flow::Response) => "responses: ",
            None => "",
        };
        let verdict = match several {
            true => format!("{}, ", reason.verdict),
            false => String::new(),
        };
        format!("{verdict}{flow}{}", reason.text)
    };
    reviewed.change.reasons.iter().map(line).collect()
}

/// `file:line:column`, or of what is nearest.
pub(super) fn place(name: &str, place: &Place) -> String {
    let (line, column) = (place.span.line.max(1), place.span.column.max(1));
    format!("{name}:{line}:{column}")
}

/// What a reader finds at the places of a change that one side does not have.
pub(super) fn absence(place: &Place) -> &'static str {
    match place.exists {
        true => "",
        false => " (not there; the nearest)",
    }
}

/// Other places of the same change, by name.
pub(super) fn also(reviewed: &ReviewedChange) -> Option<String> {
    let names = reviewed.change.also.iter().map(|pointer| name(pointer));
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The operations that a change reaches; none when its title names the only one.
pub(super) fn used_by(reviewed: &ReviewedChange) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for Use { operation, .. } in &reviewed.change.used_by {
        if !names.contains(&operation.as_str()) {
            names.push(operation);
        }
    }
    if let [only] = names[..]
        && reviewed.change.title.contains(only)
    {
        return None;
    }
    let shown: Vec<_> = names
        .iter()
        .take(OPERATIONS)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() {
        0 => None,
        n if n > OPERATIONS => Some(format!("{} and {} more", shown.join(", "), n - OPERATIONS)),
        _ => Some(shown.join(", ")),
    }
}

/// What happens to the crate, a line each.
pub(super) fn effects(reviewed: &ReviewedChange) -> Vec<String> {
    let effects: Vec<&Effect> = reviewed.effects.iter().collect();
    without_setters(&effects).into_iter().map(effect).collect()
}

/// The method that sets a field goes without saying.
pub(super) fn without_setters<'a>(effects: &[&'a Effect]) -> Vec<&'a Effect> {
    let is_setter = |method: &&&Effect| {
        let of = method.item.replace("::", ".");
        let is_its = |field: &&Effect| {
            field.kind == Kind::Field && field.item == of && field.what == method.what
        };
        method.kind == Kind::Method && effects.iter().any(is_its)
    };
    effects
        .iter()
        .filter(|method| !is_setter(method))
        .copied()
        .collect()
}

/// What happens to an item of the crate, on one line.
pub(super) fn effect(effect: &Effect) -> String {
    let item = &effect.item;
    match (effect.what, &effect.before, &effect.after) {
        (What::Removed, ..) => format!("`{item}` is gone"),
        (What::Added, _, Some(after)) if is_plain(after, item) => format!("`{item}` is new"),
        (What::Added, _, Some(after)) => format!("`{item}` is new: `{after}`"),
        (What::Changed, Some(before), Some(after)) => {
            let (before, after) = differing(before, after);
            format!("`{item}` was `{before}`, is `{after}`")
        }
        _ => format!("`{item}` changed"),
    }
}

/// What differs of two long signatures, from word to word.
fn differing(before: &str, after: &str) -> (String, String) {
    const LONG: usize = 60;
    let is_edge = |c: char| !c.is_alphanumeric() && c != '_';
    if before.len().max(after.len()) < LONG {
        return (before.to_owned(), after.to_owned());
    }
    let pairs = before.chars().zip(after.chars());
    let start: String = pairs
        .take_while(|(one, two)| one == two)
        .map(|(c, _)| c)
        .collect();
    let edge = start.char_indices().rev().find(|(_, c)| is_edge(*c));
    let start = edge.map_or(0, |(index, c)| index + c.len_utf8());
    let (old, new) = (&before[start..], &after[start..]);
    let end: String = same_end(old, new);
    let end = end.find(is_edge).map_or(0, |edge| end.len() - edge);
    let cut = |whole: &str, text: &str| {
        let text = &text[..text.len() - end];
        let (left, right) = (
            if start > 0 { "…" } else { "" },
            if end > 0 { "…" } else { "" },
        );
        match text.is_empty() {
            true => whole.to_owned(),
            false => format!("{left}{text}{right}"),
        }
    };
    (cut(before, old), cut(after, new))
}

fn same_end(one: &str, two: &str) -> String {
    let pairs = one.chars().rev().zip(two.chars().rev());
    let same: Vec<char> = pairs
        .take_while(|(one, two)| one == two)
        .map(|(c, _)| c)
        .collect();
    same.into_iter().rev().collect()
}

/// Whether the text says no more than the name.
fn is_plain(shown: &str, item: &str) -> bool {
    item.ends_with(shown) || ["enum", "struct"].contains(&shown)
}

/// What callers write now, each thing once.
pub(super) fn callers(reviewed: &ReviewedChange) -> Vec<String> {
    let effects = &reviewed.effects;
    let mut lines: Vec<String> = Vec::new();
    if reviewed.change.rename.is_some() {
        let gone = effects.iter().filter(|effect| effect.what == What::Removed);
        let came = effects.iter().filter(|effect| effect.what == What::Added);
        let gone: Vec<_> = gone.filter(|effect| is_whole(effect)).collect();
        let came: Vec<_> = came.filter(|effect| is_whole(effect)).collect();
        for (old, new) in gone.iter().zip(&came) {
            lines.push(format!("`{}` in place of `{}`", new.item, old.item));
        }
        if !lines.is_empty() {
            return lines;
        }
    }
    let setters = effects.iter().filter(|effect| effect.kind == Kind::Method);
    let setters: Vec<_> = setters
        .map(|effect| effect.item.replace("::", "."))
        .collect();
    for effect in effects {
        let Some(caller) = &effect.caller else {
            continue;
        };
        // Who sets a field does so by its method.
        let is_set = effect.kind == Kind::Field && setters.contains(&effect.item);
        if !is_set && !lines.contains(caller) {
            lines.push(caller.clone());
        }
    }
    lines
}

fn is_whole(effect: &Effect) -> bool {
    !matches!(effect.kind, Kind::Trait)
}

/// What to do next.
pub(super) fn next(review: &Review) -> String {
    if !review.generates() {
        return "correct the errors, then `cargo xtask review`".to_owned();
    }
    if review.unapproved().next().is_some() {
        return "change it so that nobody breaks, or agree and add to `openapi/approvals.yaml`:"
            .to_owned();
    }
    let feels = crates(review).any(|krate| krate.bump > Bump::None);
    match (review.documents.is_empty(), feels) {
        (true, _) => "nothing to do".to_owned(),
        (false, true) => "`cargo xtask generate`, then `cargo test --workspace` and \
                          `cargo insta review`"
            .to_owned(),
        (false, false) => "`cargo xtask review --changelog`, for CHANGELOG.md".to_owned(),
    }
}

/// The entry that would approve a change.
pub(super) fn approval(reviewed: &ReviewedChange) -> String {
    format!(
        "- fingerprint: {} # {}\n  reason: WHY\n  who: WHO\n  until: YYYY-MM-DD\n",
        reviewed.change.fingerprint, reviewed.change.title
    )
}

/// The snapshots that change with the contract.
pub(super) fn snapshots(document: &DocumentReview) -> Vec<String> {
    let outlines = document.krate.iter().flat_map(|krate| &krate.outlines);
    let outlines = outlines.map(|name| format!("outline/{name}"));
    let examples = document
        .examples
        .iter()
        .filter_map(|example| example.snapshot.clone());
    outlines
        .chain(examples)
        .map(|name| format!("tests/snapshots/{name}.snap"))
        .collect()
}

pub(super) fn plural(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}
