use std::io::{self, Write};

use super::{block, summary};
use crate::{Review, State};
use contract::inert::line;
use contract::source::Span;
use diff::Verdict;

/// A review as workflow commands, which GitHub shows on the lines of the new
/// document (GitHub documentation, "Workflow commands for GitHub Actions").
///
/// # Errors
/// When the writer fails.
pub fn github(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    for document in &review.documents {
        for problem in document.krate.iter().flat_map(|krate| &krate.refused) {
            let title = format!("does not generate: {}", problem.rule);
            command(
                out,
                "error",
                &problem.document,
                problem.span,
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
                Verdict::Words => continue,
            };
            let mut text = vec![block::title(reviewed).into_owned()];
            text.extend(block::reasons(reviewed));
            text.extend(block::effects(reviewed));
            // A document that is gone has no lines to stand on.
            if document.state == State::Removed {
                writeln!(out, "::{level}::{}", data(&text.join("\n")))?;
                continue;
            }
            let title = format!("{}: {}", change.verdict, change.kind.id());
            command(
                out,
                level,
                change.new.file.as_ref().unwrap_or(&document.name),
                change.new.span,
                &title,
                &text.join("\n"),
            )?;
        }
    }
    for problem in &review.approvals {
        let (name, span) = (&problem.document, problem.span);
        let level = if problem.is_error { "error" } else { "warning" };
        command(
            out,
            level,
            name,
            span,
            problem.rule,
            &line(&problem.message),
        )?;
    }
    writeln!(out, "{}", summary::headline(review))
}

fn command(
    out: &mut dyn Write,
    level: &str,
    file: &str,
    span: Span,
    title: &str,
    text: &str,
) -> io::Result<()> {
    let (row, column) = (span.line.max(1), span.column.max(1));
    writeln!(
        out,
        "::{level} file={},line={row},col={column},title={}::{}",
        property(&line(file)),
        property(title),
        data(text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
