use std::io::{self, Write};

use super::Hints;
use super::block as words;
use super::summary::{self, SECTIONS};
use crate::{DocumentReview, Review, ReviewedChange};
use contract::escape::{block, code, sentence};
use diff::Verdict;

/// So many changes of a section are open; a longer one is folded.
const OPEN: usize = 8;

/// A review as a comment on a pull request.
///
/// # Errors
/// When the writer fails.
pub fn markdown(out: &mut dyn Write, review: &Review, hints: &Hints) -> io::Result<()> {
    writeln!(out, "## Contract review: {}\n", summary::headline(review))?;
    writeln!(out, "{}", sentence(&summary::compared(review)))?;
    for document in &review.documents {
        self::document(out, document, hints)?;
    }
    if !review.approvals.is_empty() {
        writeln!(out, "\n### Approvals\n")?;
    }
    for problem in &review.approvals {
        let help = problem.help.as_deref().unwrap_or_default();
        let place = code(&summary::place(problem));
        let (says, help) = (sentence(&problem.message), sentence(help));
        writeln!(out, "- {says} ({place}); {help}")?;
    }
    writeln!(out, "\n**Next:** {}", summary::next(review, hints))?;
    let mut unapproved = review.unapproved().peekable();
    if summary::asks_to_approve(review) && unapproved.peek().is_some() {
        let entries: String = unapproved
            .take(summary::MOST)
            .map(summary::approval)
            .collect();
        writeln!(out, "\n{}", block("yaml", &entries))?;
    }
    Ok(())
}

fn document(out: &mut dyn Write, document: &DocumentReview, hints: &Hints) -> io::Result<()> {
    writeln!(
        out,
        "\n### {}: {}\n",
        code(&document.name),
        sentence(&summary::summary(document))
    )?;
    for (says, place) in summary::refusals(document) {
        let place = match place.is_empty() {
            true => String::new(),
            false => format!(" ({})", code(&place)),
        };
        writeln!(out, "- **{}**{place}", sentence(&says))?;
    }
    for line in summary::verdicts(document) {
        writeln!(out, "- {}", sentence(&line))?;
    }
    for verdict in SECTIONS {
        section(out, document, verdict)?;
    }
    rest(out, document, hints)
}

fn section(out: &mut dyn Write, document: &DocumentReview, verdict: Verdict) -> io::Result<()> {
    let changes: Vec<_> = document.of(verdict).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let title = match verdict {
        Verdict::Breaking => "Breaking",
        Verdict::Risky => "Risky",
        Verdict::Unclassified => "Unclassified",
        Verdict::Compatible => "Compatible",
        Verdict::Documentation => "Documentation",
    };
    let folded = verdict == Verdict::Documentation || changes.len() > OPEN;
    match folded {
        true => {
            let count = changes.len();
            writeln!(
                out,
                "\n<details><summary><b>{title}</b> ({count})</summary>\n"
            )?;
        }
        false => writeln!(out, "\n#### {title}\n")?,
    }
    for reviewed in changes.iter().take(summary::MOST) {
        change(out, document, reviewed)?;
    }
    if let Some(more) = summary::more(changes.len()) {
        writeln!(out, "\n{}", sentence(&more))?;
    }
    if folded {
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

fn change(
    out: &mut dyn Write,
    document: &DocumentReview,
    reviewed: &ReviewedChange,
) -> io::Result<()> {
    let change = &reviewed.change;
    let title = sentence(&change.title);
    let new = code(&words::place(&document.name, &change.new));
    if change.verdict == Verdict::Documentation {
        return writeln!(out, "- {title} ({new})");
    }
    writeln!(out, "- **{title}**")?;
    for reason in words::reasons(reviewed) {
        writeln!(out, "  - {}", sentence(&reason))?;
    }
    let old = code(&words::place(&document.base_name, &change.old));
    let (before, now) = (words::absence(&change.old), words::absence(&change.new));
    writeln!(out, "  - before {old}{before}, now {new}{now}")?;
    if let Some(also) = words::also(reviewed) {
        writeln!(out, "  - also {}", sentence(&also))?;
    }
    if let Some(used_by) = words::used_by(reviewed) {
        writeln!(out, "  - used by {}", sentence(&used_by))?;
    }
    for effect in words::effects(reviewed) {
        writeln!(out, "  - crate: {}", sentence(&effect))?;
    }
    let callers = words::callers(reviewed);
    if !callers.is_empty() {
        writeln!(out, "  - callers: {}", sentence(&callers.join("; ")))?;
    }
    if let Some(approved) = &reviewed.approved {
        let [who, until, reason] = words::approved(approved);
        let approved = format!("approved by {who} until {until}: {reason}");
        writeln!(out, "  - {}", sentence(&approved))?;
    }
    Ok(())
}

fn rest(out: &mut dyn Write, document: &DocumentReview, hints: &Hints) -> io::Result<()> {
    for (says, effects) in summary::unexplained(document) {
        writeln!(out, "\n#### {says}\n")?;
        for effect in effects {
            writeln!(out, "- {}", sentence(&effect))?;
        }
    }
    let snapshots = summary::snapshots(document, hints);
    if document.examples.is_empty() && snapshots.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary><b>Pinned shapes</b></summary>\n")?;
    for example in &document.examples {
        let lines = summary::example(example);
        let title = sentence(&example.title);
        writeln!(out, "{title}\n\n{}\n", block("diff", &lines))?;
    }
    for snapshot in snapshots {
        writeln!(out, "- {}", code(&snapshot))?;
    }
    writeln!(out, "\n</details>")
}
