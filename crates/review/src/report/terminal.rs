use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::summary::{self, SECTIONS};
use super::{Hints, block};
use crate::{DocumentReview, Review, ReviewedChange};
use contract::inert::line as inert;
use contract::report::Style;
use diff::Verdict;

/// A review as a person reads it in a terminal.
///
/// # Errors
/// When the writer fails.
pub fn terminal(
    out: &mut dyn Write,
    style: Style,
    review: &Review,
    hints: &Hints,
) -> io::Result<()> {
    let headline = summary::headline(review);
    writeln!(out, "{}", painted(style, bold(), &headline))?;
    writeln!(out, "{}", summary::compared(review))?;
    for document in &review.documents {
        self::document(out, style, document, hints)?;
    }
    for problem in &review.approvals {
        writeln!(out, "\n{}: {}", problem.rule, inert(&problem.message))?;
        writeln!(out, "  at     {}", summary::place(problem))?;
        if let Some(help) = &problem.help {
            writeln!(out, "  help   {}", inert(help))?;
        }
    }
    writeln!(out, "\nnext: {}", summary::next(review, hints))?;
    if summary::asks_to_approve(review) {
        for reviewed in review.unapproved() {
            write!(out, "{}", summary::approval(reviewed))?;
        }
    }
    Ok(())
}

fn document(
    out: &mut dyn Write,
    style: Style,
    document: &DocumentReview,
    hints: &Hints,
) -> io::Result<()> {
    let name = painted(style, bold(), &inert(&document.name));
    writeln!(out, "\n{name}: {}", summary::summary(document))?;
    for (says, place) in summary::refusals(document) {
        writeln!(out, "  {says}")?;
        if !place.is_empty() {
            writeln!(out, "    {place}")?;
        }
    }
    for line in summary::verdicts(document) {
        writeln!(out, "  {line}")?;
    }
    let judged = SECTIONS
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Documentation);
    for verdict in judged {
        for reviewed in document.of(verdict).take(summary::MOST) {
            change(out, style, document, reviewed)?;
        }
        if let Some(more) = summary::more(document.of(verdict).count()) {
            writeln!(out, "\n{more}")?;
        }
    }
    words(out, style, document)?;
    rest(out, document, hints)
}

/// What only people read, a line each.
fn words(out: &mut dyn Write, style: Style, document: &DocumentReview) -> io::Result<()> {
    let mut words = document.of(Verdict::Documentation).peekable();
    if words.peek().is_some() {
        let name = painted(style, paint(Verdict::Documentation), "documentation");
        writeln!(out, "\n{name}:")?;
    }
    for reviewed in words.take(summary::MOST) {
        let place = block::place(&document.name, &reviewed.change.new);
        writeln!(out, "  {} ({place})", block::title(reviewed))?;
    }
    if let Some(more) = summary::more(document.of(Verdict::Documentation).count()) {
        writeln!(out, "  {more}")?;
    }
    Ok(())
}

fn change(
    out: &mut dyn Write,
    style: Style,
    document: &DocumentReview,
    reviewed: &ReviewedChange,
) -> io::Result<()> {
    let change = &reviewed.change;
    let verdict = painted(style, paint(change.verdict), &change.verdict.to_string());
    writeln!(out, "\n{verdict}: {}", block::title(reviewed))?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {name:<7}{text}");
    for (index, reason) in block::reasons(reviewed).iter().enumerate() {
        line(if index == 0 { "why" } else { "" }, reason)?;
    }
    for (label, name, place) in [
        ("old", &document.base_name, &change.old),
        ("new", &document.name, &change.new),
    ] {
        let place = format!("{}{}", block::place(name, place), block::absence(place));
        line(label, &place)?;
    }
    if let Some(also) = block::also(reviewed) {
        line("also", &also)?;
    }
    if let Some(used_by) = block::used_by(reviewed) {
        line("used by", &format!(" {used_by}"))?;
    }
    for (index, effect) in block::effects(reviewed).iter().enumerate() {
        line(if index == 0 { "crate" } else { "" }, effect)?;
    }
    for (index, caller) in block::callers(reviewed).iter().enumerate() {
        line(if index == 0 { "write" } else { "" }, caller)?;
    }
    match &reviewed.approved {
        Some(approved) => {
            let [who, until, reason] = block::approved(approved);
            line("agreed", &format!("by {who} until {until}: {reason}"))
        }
        None if change.verdict == Verdict::Breaking => line("id", &change.fingerprint),
        None => Ok(()),
    }
}

/// What the crate does without the contract, and what is pinned.
fn rest(out: &mut dyn Write, document: &DocumentReview, hints: &Hints) -> io::Result<()> {
    for (says, effects) in summary::unexplained(document) {
        writeln!(out, "\n{says}:\n  {}", effects.join("\n  "))?;
    }
    for example in &document.examples {
        let lines = summary::example(example);
        write!(out, "\n{}:\n{lines}", inert(&example.title))?;
    }
    let snapshots = summary::snapshots(document, hints);
    if !snapshots.is_empty() {
        writeln!(out, "\nsnapshots that change:")?;
    }
    for snapshot in snapshots {
        writeln!(out, "  {snapshot}")?;
    }
    Ok(())
}

fn bold() -> Paint {
    Paint::new().bold()
}

fn paint(verdict: Verdict) -> Paint {
    let colour = match verdict {
        Verdict::Breaking => AnsiColor::Red,
        Verdict::Risky | Verdict::Unclassified => AnsiColor::Yellow,
        Verdict::Compatible => AnsiColor::Green,
        Verdict::Documentation => AnsiColor::Cyan,
    };
    bold().fg_color(Some(colour.into()))
}

fn painted(style: Style, paint: Paint, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Colour => format!("{paint}{text}{paint:#}"),
    }
}
