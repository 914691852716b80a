//! What every form of a review says of the whole: verdict, versions, what to do.

use super::{Hints, block};
use crate::surface::Bump;
use crate::{
    Behind, CrateReview, DocumentReview, ExampleChange, Problem, Review, ReviewedChange, Rollout,
    State, Version,
};
use contract::inert::line;
use diff::Verdict;

/// The verdicts that a report has a section for, in order.
pub(super) const SECTIONS: [Verdict; 5] = [
    Verdict::Breaking,
    Verdict::Risky,
    Verdict::Unclassified,
    Verdict::Compatible,
    Verdict::Documentation,
];

/// The first line of a report.
pub(super) fn headline(review: &Review) -> String {
    let refused: usize = crates(review).map(|package| package.errors).sum();
    if refused > 0 {
        let errors = plural(refused, "error");
        return format!("the new contract does not generate: {errors}");
    }
    if review.has_bad_approvals() {
        return "the list of approvals has errors".to_owned();
    }
    let unapproved: Vec<_> = review.unapproved().map(|it| it.change.verdict).collect();
    if !unapproved.is_empty() {
        let all_break = unapproved.iter().all(|it| *it == Verdict::Breaking);
        let what = match all_break {
            true => "breaking change",
            false => "change",
        };
        let changes = plural(unapproved.len(), what);
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
        .map(|package| package.bump)
        .max()
        .unwrap_or_default();
    match worst {
        None if feels == Bump::None => "nothing changed".to_owned(),
        None => "the contract did not change, but what is generated from it did".to_owned(),
        Some(Verdict::Breaking) if all().any(|it| it.approved.is_some()) => {
            "breaking, and approved".to_owned()
        }
        Some(Verdict::Breaking) => "breaking, and nobody has to approve".to_owned(),
        Some(Verdict::Risky) => "risky: it depends on the clients".to_owned(),
        Some(Verdict::Unclassified) => "unclassified: a person must judge it".to_owned(),
        Some(Verdict::Compatible) if feels == Bump::Major => {
            "compatible on the wire, but callers of the crate must change their code".to_owned()
        }
        Some(Verdict::Compatible) => "compatible".to_owned(),
        Some(Verdict::Documentation) => "only documentation changed".to_owned(),
    }
}

fn crates(review: &Review) -> impl Iterator<Item = &CrateReview> {
    review
        .documents
        .iter()
        .filter_map(|document| document.package.as_ref())
}

/// What was compared.
pub(super) fn compared(review: &Review) -> String {
    format!("{} → {}", line(&review.base), line(&review.head))
}

/// What became of a document, and how much of what.
pub(super) fn summary(document: &DocumentReview) -> String {
    let counts = SECTIONS.iter().filter_map(|verdict| {
        let count = document.of(*verdict).count();
        match (count, verdict) {
            (0, _) => None,
            (count, Verdict::Documentation) => Some(format!("{count} in documentation")),
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
        State::Renamed => format!("renamed from `{}`, {counts}", line(&document.base_name)),
        State::Changed => counts,
    }
}

/// So many places of a translation are named.
const MOST_PLACES: usize = 3;

/// What a translation lacks, a sentence for what is stale and one for what is missing.
fn behind(behind: &Behind) -> Vec<String> {
    let Behind {
        language,
        stale,
        missing,
        ..
    } = behind;
    let sentence = |places: &[String], says: &str| {
        let shown: Vec<String> = places
            .iter()
            .take(MOST_PLACES)
            .map(|place| format!("`{place}`"))
            .collect();
        let more = match places.len().saturating_sub(MOST_PLACES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let list = shown.join(", ");
        (!places.is_empty()).then(|| format!("`{language}` {says} {list}{more}"))
    };
    [
        sentence(stale, "translates what was there before:"),
        sentence(missing, "lacks a translation of"),
    ]
    .into_iter()
    .flatten()
    .collect()
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
    lines.extend(document.translations.iter().flat_map(behind));
    let Some(package) = document
        .package
        .as_ref()
        .filter(|package| package.refused.is_empty())
    else {
        return lines;
    };
    let is_known = package.base_refused.is_empty() || package.bump > Bump::None;
    if !is_known {
        lines.push("what the crate needs is not known: the old one cannot be generated".to_owned());
        return lines;
    }
    let needs = match package.bump {
        Bump::None => "no new version",
        Bump::Patch => "a patch version",
        Bump::Minor => "a minor version",
        Bump::Major => "a major version",
    };
    let wanted = package.version.wanted.as_ref();
    let wanted = wanted
        .map(|wanted| format!(", {wanted}"))
        .unwrap_or_default();
    let says = says(&package.version)
        .map(|says| format!("; it {says}"))
        .unwrap_or_default();
    lines.push(format!("the crate needs {needs}{wanted}{says}"));
    lines
}

fn says(version: &Version) -> Option<String> {
    let (before, after) = (version.before.as_ref()?, version.after.as_ref()?);
    let (shown, now) = (line(before), line(after));
    Some(match before == after {
        true => format!("stays at {now}"),
        false => format!("goes from {shown} to {now}"),
    })
}

/// Why a document does not generate, a line each with its place.
pub(super) fn refusals(document: &DocumentReview) -> Vec<(String, String)> {
    let Some(package) = &document.package else {
        return Vec::new();
    };
    let told = |says: &str, problem: &Problem| {
        (
            format!("{says}: {}", line(&problem.message)),
            place(problem),
        )
    };
    let more = package.errors.saturating_sub(package.refused.len());
    let more = (more > 0).then(|| (format!("and {} more", plural(more, "error")), String::new()));
    let new = package.refused.iter();
    let new = new.map(|problem| told("the new document does not generate", problem));
    let old = package.base_refused.iter();
    let old = old.map(|problem| {
        told(
            "the old document does not generate with these tools",
            problem,
        )
    });
    new.chain(more).chain(old).collect()
}

/// So many changes of a verdict are told to people; programs are told all.
pub(super) const MOST: usize = 200;

/// What is said of the changes that are not told.
pub(super) fn more(changes: usize) -> Option<String> {
    let more = changes.saturating_sub(MOST);
    (more > 0).then(|| format!("… and {more} more; `--format json` has all"))
}

/// `file:line:column` of a problem.
pub(super) fn place(problem: &Problem) -> String {
    let span = problem.span;
    format!("{}:{}:{}", line(&problem.document), span.line, span.column)
}

/// What the crate does without the contract, under what it is.
pub(super) fn unexplained(document: &DocumentReview) -> Vec<(&'static str, Vec<String>)> {
    let Some(package) = &document.package else {
        return Vec::new();
    };
    let lists = [
        ("no change of the contract explains", &package.uncaused),
        (
            "the generator changed, not the contract",
            &package.generator,
        ),
    ];
    let lists = lists.into_iter().filter(|(_, effects)| !effects.is_empty());
    lists
        .map(|(says, effects)| (says, effects.iter().map(block::effect).collect()))
        .collect()
}

/// An example before and after, as the lines that differ.
pub(super) fn example(example: &ExampleChange) -> String {
    let text = |side: &Option<String>| side.clone().unwrap_or_default();
    let lines = similar::TextDiff::from_lines(text(&example.before), text(&example.after))
        .unified_diff()
        .context_radius(2)
        .missing_newline_hint(false)
        .to_string();
    lines
        .lines()
        .map(|text| format!("{}\n", line(text)))
        .collect()
}

/// What to do next.
pub(super) fn next(review: &Review, hints: &Hints) -> String {
    let command = &hints.command;
    if !review.generates() {
        return format!("correct the errors, then `{command} review`");
    }
    if review.has_bad_approvals() {
        return format!("correct the list of approvals, then `{command} review`");
    }
    if review.unapproved().next().is_some() {
        let approvals = line(&hints.approvals);
        return format!("change it so that nobody breaks, or agree and add to `{approvals}`:");
    }
    let feels = crates(review).any(|package| package.bump > Bump::None);
    match (review.documents.is_empty(), feels) {
        (true, _) => "nothing to do".to_owned(),
        (false, true) => {
            let pins = match hints.snapshots {
                Some(_) => " and `cargo insta review`",
                None => "",
            };
            format!("`{command} generate`, then `cargo test --workspace`{pins}")
        }
        (false, false) => format!("`{command} review --changelog`, for CHANGELOG.md"),
    }
}

/// Whether approving is what is left to do.
pub(super) fn asks_to_approve(review: &Review) -> bool {
    review.generates() && !review.has_bad_approvals() && review.unapproved().next().is_some()
}

/// The entry that would approve a change.
pub(super) fn approval(reviewed: &ReviewedChange) -> String {
    format!(
        "- fingerprint: {} # {}\n  reason: WHY\n  who: WHO\n  until: YYYY-MM-DD\n",
        reviewed.change.fingerprint,
        block::title(reviewed)
    )
}

/// The snapshots that change with the contract.
pub(super) fn snapshots(document: &DocumentReview, hints: &Hints) -> Vec<String> {
    let Some(folder) = &hints.snapshots else {
        return Vec::new();
    };
    let outlines = document
        .package
        .iter()
        .flat_map(|package| &package.outlines);
    let outlines = outlines.map(|name| format!("outline/{name}"));
    let examples = document
        .examples
        .iter()
        .filter_map(|example| example.snapshot.clone());
    outlines
        .chain(examples)
        .map(|name| format!("{}/{}.snap", line(folder), line(&name)))
        .collect()
}

pub(super) fn plural(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}
