use std::io::{self, Write};

use super::block::{self, SECTIONS};
use crate::diff::Verdict;
use crate::review::{DocumentReview, Review, ReviewedChange};

/// So many changes of a section are open; a longer one is folded.
const OPEN: usize = 8;

/// A review as a comment on a pull request.
///
/// # Errors
/// When the writer fails.
pub fn markdown(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    writeln!(out, "## Contract review: {}\n", block::headline(review))?;
    writeln!(out, "{}", block::compared(review))?;
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
    writeln!(out, "\n**Next:** {}", block::next(review))?;
    let mut unapproved = review.unapproved().peekable();
    if review.generates() && unapproved.peek().is_some() {
        writeln!(out, "\n```yaml")?;
        for reviewed in unapproved {
            write!(out, "{}", block::approval(reviewed))?;
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
        block::summary(document)
    )?;
    if let Some(krate) = &document.krate {
        for (problems, says) in [
            (&krate.refused, "The new document does not generate"),
            (
                &krate.base_refused,
                "The old document does not generate with these tools",
            ),
        ] {
            for problem in problems {
                let (name, line) = (&problem.document, problem.span.line);
                writeln!(out, "- **{says}:** {} (`{name}:{line}`)", problem.message)?;
            }
        }
    }
    for line in block::verdicts(document) {
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
    if let Some(krate) = &document.krate {
        for (effects, says) in [
            (&krate.uncaused, "No change of the contract explains"),
            (&krate.generator, "The generator changed, not the contract"),
        ] {
            if !effects.is_empty() {
                writeln!(out, "\n#### {says}\n")?;
            }
            for effect in effects {
                writeln!(out, "- {}", block::effect(effect))?;
            }
        }
    }
    let snapshots = block::snapshots(document);
    if document.examples.is_empty() && snapshots.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary><b>Pinned shapes</b></summary>\n")?;
    for example in &document.examples {
        writeln!(out, "{}\n\n```diff", example.title)?;
        let (before, after) = (example.before.as_deref(), example.after.as_deref());
        write!(
            out,
            "{}",
            super::lines(before.unwrap_or_default(), after.unwrap_or_default())
        )?;
        writeln!(out, "```\n")?;
    }
    for snapshot in snapshots {
        writeln!(out, "- `{snapshot}`")?;
    }
    writeln!(out, "\n</details>")
}
