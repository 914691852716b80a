use std::io::{self, Write};

use super::block;
use super::summary::{self, SECTIONS};
use crate::diff::Verdict;
use crate::review::{DocumentReview, Review, ReviewedChange};

/// So many changes of a section are open; a longer one is folded.
const OPEN: usize = 8;

/// A review as a comment on a pull request.
///
/// # Errors
/// When the writer fails.
pub fn markdown(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    writeln!(out, "## Contract review: {}\n", summary::headline(review))?;
    writeln!(out, "{}", summary::compared(review))?;
    for document in &review.documents {
        self::document(out, document)?;
    }
    if !review.approvals.is_empty() {
        writeln!(out, "\n### Approvals\n")?;
    }
    for problem in &review.approvals {
        let help = problem.help.as_deref().unwrap_or_default();
        let (name, line) = (&problem.document, problem.span.line);
        writeln!(out, "- {} (`{name}:{line}`); {help}", problem.message)?;
    }
    writeln!(out, "\n**Next:** {}", summary::next(review))?;
    let mut unapproved = review.unapproved().peekable();
    if summary::asks_to_approve(review) && unapproved.peek().is_some() {
        writeln!(out, "\n```yaml")?;
        for reviewed in unapproved {
            write!(out, "{}", summary::approval(reviewed))?;
        }
        writeln!(out, "```")?;
    }
    Ok(())
}

fn document(out: &mut dyn Write, document: &DocumentReview) -> io::Result<()> {
    writeln!(
        out,
        "\n### `{}`: {}\n",
        document.name,
        summary::summary(document)
    )?;
    for (says, place) in summary::refusals(document) {
        writeln!(out, "- **{says}** (`{place}`)")?;
    }
    for line in summary::verdicts(document) {
        writeln!(out, "- {line}")?;
    }
    for verdict in SECTIONS {
        section(out, document, verdict)?;
    }
    rest(out, document)
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
        Verdict::Words => "Words",
    };
    let folded = verdict == Verdict::Words || changes.len() > OPEN;
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
    for reviewed in changes {
        change(out, document, reviewed)?;
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
    let new = block::place(&document.name, &change.new);
    if change.verdict == Verdict::Words {
        return writeln!(out, "- {} (`{new}`)", change.title);
    }
    writeln!(out, "- **{}**", change.title)?;
    for reason in block::reasons(reviewed) {
        writeln!(out, "  - {reason}")?;
    }
    let old = block::place(&document.base_name, &change.old);
    let (before, now) = (block::absence(&change.old), block::absence(&change.new));
    writeln!(out, "  - before `{old}`{before}, now `{new}`{now}")?;
    if let Some(also) = block::also(reviewed) {
        writeln!(out, "  - also {also}")?;
    }
    if let Some(used_by) = block::used_by(reviewed) {
        writeln!(out, "  - used by {used_by}")?;
    }
    for effect in block::effects(reviewed) {
        writeln!(out, "  - crate: {effect}")?;
    }
    let callers = block::callers(reviewed);
    if !callers.is_empty() {
        writeln!(out, "  - callers: {}", callers.join("; "))?;
    }
    if let Some(approved) = &reviewed.approved {
        let (who, until) = (&approved.who, &approved.until);
        writeln!(
            out,
            "  - approved by {who} until {until}: {}",
            approved.reason
        )?;
    }
    Ok(())
}

fn rest(out: &mut dyn Write, document: &DocumentReview) -> io::Result<()> {
    for (says, effects) in summary::unexplained(document) {
        writeln!(out, "\n#### {says}\n")?;
        for effect in effects {
            writeln!(out, "- {effect}")?;
        }
    }
    let snapshots = summary::snapshots(document);
    if document.examples.is_empty() && snapshots.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary><b>Pinned shapes</b></summary>\n")?;
    for example in &document.examples {
        let lines = summary::example(example);
        writeln!(out, "{}\n\n```diff\n{lines}```\n", example.title)?;
    }
    for snapshot in snapshots {
        writeln!(out, "- `{snapshot}`")?;
    }
    writeln!(out, "\n</details>")
}
