use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::Style;
use super::block::{self, SECTIONS};
use crate::diff::Verdict;
use crate::review::{DocumentReview, Review, ReviewedChange};

/// A review as a person reads it in a terminal.
///
/// # Errors
/// When the writer fails.
pub fn terminal(out: &mut dyn Write, style: Style, review: &Review) -> io::Result<()> {
    let headline = block::headline(review);
    writeln!(out, "{}", painted(style, bold(), &headline))?;
    writeln!(out, "{}", block::compared(review))?;
    for document in &review.documents {
        self::document(out, style, document)?;
    }
    for problem in &review.approvals {
        let span = problem.span;
        writeln!(out, "\n{}: {}", problem.rule, problem.message)?;
        writeln!(
            out,
            "  at     {}:{}:{}",
            problem.document, span.line, span.column
        )?;
        if let Some(help) = &problem.help {
            writeln!(out, "  help   {help}")?;
        }
    }
    writeln!(out, "\nnext: {}", block::next(review))?;
    if review.generates() {
        for reviewed in review.unapproved() {
            write!(out, "{}", block::approval(reviewed))?;
        }
    }
    Ok(())
}

fn document(out: &mut dyn Write, style: Style, document: &DocumentReview) -> io::Result<()> {
    let name = painted(style, bold(), &document.name);
    writeln!(out, "\n{name}: {}", block::summary(document))?;
    if let Some(krate) = &document.krate {
        for (problems, says) in [
            (&krate.refused, "the new document does not generate"),
            (
                &krate.base_refused,
                "the old document does not generate with these tools",
            ),
        ] {
            for problem in problems {
                let span = problem.span;
                writeln!(out, "  {says}: {}", problem.message)?;
                writeln!(
                    out,
                    "    {}:{}:{}",
                    problem.document, span.line, span.column
                )?;
            }
        }
    }
    for line in block::verdicts(document) {
        writeln!(out, "  {line}")?;
    }
    let judged = SECTIONS
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Words);
    for reviewed in judged.flat_map(|verdict| document.of(verdict)) {
        change(out, style, document, reviewed)?;
    }
    words(out, style, document)?;
    rest(out, document)
}

/// What only people read, a line each.
fn words(out: &mut dyn Write, style: Style, document: &DocumentReview) -> io::Result<()> {
    let mut words = document.of(Verdict::Words).peekable();
    if words.peek().is_some() {
        let name = painted(style, paint(Verdict::Words), "words");
        writeln!(out, "\n{name}:")?;
    }
    for reviewed in words {
        let change = &reviewed.change;
        let place = block::place(&document.name, &change.new);
        writeln!(out, "  {} ({place})", change.title)?;
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
    writeln!(out, "\n{verdict}: {}", change.title)?;
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
            let (who, until) = (&approved.who, &approved.until);
            line(
                "agreed",
                &format!("by {who} until {until}: {}", approved.reason),
            )
        }
        None if change.verdict == Verdict::Breaking => line("id", &change.fingerprint),
        None => Ok(()),
    }
}

/// What the crate does without the contract, and what is pinned.
fn rest(out: &mut dyn Write, document: &DocumentReview) -> io::Result<()> {
    if let Some(krate) = &document.krate {
        for (effects, says) in [
            (&krate.uncaused, "no change of the contract explains"),
            (&krate.generator, "the generator changed, not the contract"),
        ] {
            if !effects.is_empty() {
                writeln!(out, "\n{says}:")?;
            }
            for effect in effects {
                writeln!(out, "  {}", block::effect(effect))?;
            }
        }
    }
    for example in &document.examples {
        writeln!(out, "\n{}:", example.title)?;
        let (before, after) = (example.before.as_deref(), example.after.as_deref());
        write!(
            out,
            "{}",
            super::lines(before.unwrap_or_default(), after.unwrap_or_default())
        )?;
    }
    let snapshots = block::snapshots(document);
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
        Verdict::Words => AnsiColor::Cyan,
    };
    bold().fg_color(Some(colour.into()))
}

fn painted(style: Style, paint: Paint, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Colour => format!("{paint}{text}{paint:#}"),
    }
}
