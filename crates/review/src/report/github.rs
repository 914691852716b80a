use std::io::{self, Write};

use super::{block, summary};
use crate::{Review, State};
use contract::escape::{annotation, message};
use contract::inert::line;
use diff::Verdict;

/// A review as workflow commands, which GitHub shows on the lines of the new
/// document (GitHub documentation, "Workflow commands for GitHub Actions").
///
/// # Errors
/// When the writer fails.
pub fn github(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    for document in &review.documents {
        for problem in document.package.iter().flat_map(|package| &package.refused) {
            let title = format!("does not generate: {}", problem.rule);
            annotation(
                out,
                "error",
                (&problem.document, problem.span),
                &title,
                &line(&problem.message),
            )?;
        }
        for reviewed in &document.changes {
            let change = &reviewed.change;
            let level = match change.verdict {
                Verdict::Breaking if reviewed.is_unapproved() => "error",
                Verdict::Breaking | Verdict::Risky | Verdict::Unclassified => "warning",
                Verdict::Compatible => "notice",
                Verdict::Documentation => continue,
            };
            let mut text = vec![block::title(reviewed).into_owned()];
            text.extend(block::reasons(reviewed));
            text.extend(block::effects(reviewed));
            // A document that is gone has no lines to stand on.
            if document.state == State::Removed {
                message(out, level, &text.join("\n"))?;
                continue;
            }
            let title = format!("{}: {}", change.verdict, change.kind.id());
            let file = change.new.file.as_ref().unwrap_or(&document.name);
            annotation(
                out,
                level,
                (file, change.new.span),
                &title,
                &text.join("\n"),
            )?;
        }
    }
    for problem in &review.approvals {
        let level = if problem.is_error { "error" } else { "warning" };
        annotation(
            out,
            level,
            (&problem.document, problem.span),
            problem.rule,
            &line(&problem.message),
        )?;
    }
    writeln!(out, "{}", summary::headline(review))
}
