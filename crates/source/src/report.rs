//! Findings as a person reads them.

mod github;
mod json;
mod markdown;
pub mod sarif;

pub use github::github;
pub use json::json;
pub use markdown::markdown;

use std::collections::HashMap;
use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Finding, Severity, elsewhere};
use crate::inert;
use crate::{Source, Span};

/// How many findings of one document are drawn; the rest are counted.
const MOST: usize = 50;
/// Columns that a drawing may take, the same on every terminal.
const WIDTH: usize = 100;
/// Bytes of a line that is drawn; of a longer one only the place is named.
const LONGEST_LINE: usize = 2_000;

/// Whether to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With colour, for a terminal.
    Colour,
}

/// A document, and what was found in it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The document, with the files that it is made of.
    pub source: Source,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Found {
    /// The file that a finding is about.
    fn file(&self, span: Span) -> &str {
        self.source.of(span).name()
    }
}

/// Message and label, as one sentence.
fn sentence(finding: &Finding) -> String {
    match &finding.label {
        Some(label) => format!("{}: {label}", finding.message),
        None => finding.message.clone(),
    }
}

/// Draws the findings of one document, then says how many there are.
///
/// # Errors
/// When the writer fails.
pub fn findings(
    out: &mut dyn Write,
    style: Style,
    source: &Source,
    findings: &[Finding],
) -> io::Result<()> {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
    .decor_style(DecorStyle::Ascii)
    .term_width(WIDTH);
    let mut first = folded(findings);
    let count = first.len();
    if count > MOST {
        // No error is left out for a warning.
        first.sort_by_key(|finding| finding.severity);
    }
    for finding in first.iter().take(MOST) {
        let finding = shown(finding);
        let groups = [group(source, &finding)];
        writeln!(out, "{}\n", renderer.render(&groups))?;
    }
    if count > MOST {
        let more = count - MOST;
        writeln!(
            out,
            "… and {more} more in `{}`\n",
            inert::line(source.name())
        )?;
    }
    Ok(())
}

/// Notes of a rule that say the same in several places, as one that says so, at the first.
fn folded(findings: &[Finding]) -> Vec<Finding> {
    let mut folded: Vec<(Finding, usize)> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let words = (finding.rule, &finding.message, &finding.help);
        let place = match finding.severity {
            Severity::Note => *known.entry(words).or_insert(folded.len()),
            _ => folded.len(),
        };
        match folded.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => folded.push((finding.clone(), 1)),
        }
    }
    let told = |(mut finding, count): (Finding, usize)| {
        finding.message.push_str(&elsewhere(count));
        finding
    };
    folded.into_iter().map(told).collect()
}

/// How many of what, for a sentence: `2 errors, 1 warning`.
#[must_use]
pub fn count(findings: &[Finding]) -> String {
    let count = |severity, one: &str| {
        let n = findings.iter().filter(|f| f.severity == severity).count();
        match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {one}s")),
        }
    };
    let parts: Vec<_> = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.is_empty() {
        true => "no findings".to_owned(),
        false => parts.join(", "),
    }
}

/// The same finding with words that do nothing to a terminal.
fn shown(finding: &Finding) -> Finding {
    let text = |text: &String| inert::line(text).into_owned();
    Finding {
        message: text(&finding.message),
        label: finding.label.as_ref().map(text),
        help: finding.help.as_ref().map(text),
        related: finding
            .related
            .iter()
            .map(|(span, label)| (*span, text(label)))
            .collect(),
        ..*finding
    }
}

fn group<'a>(source: &'a Source, finding: &'a Finding) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level
        .primary_title(&finding.message)
        .id(finding.rule)
        .element(snippet(
            source,
            AnnotationKind::Primary,
            finding.span,
            finding.label.as_deref(),
        ));
    for (span, label) in &finding.related {
        let kind = AnnotationKind::Context;
        group = group.element(snippet(source, kind, *span, Some(label)));
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The line of a span with the span marked. Only that line is handed on, so that
/// drawing costs the same in a large document, and not even that of a line that
/// nobody could read.
fn snippet<'a>(
    source: &'a Source,
    kind: AnnotationKind,
    span: Span,
    label: Option<&'a str>,
) -> Element<'a> {
    let (source, span) = (source.of(span), span.first_line());
    let number = span.line.max(1) as usize;
    let name = inert::line(source.name());
    let line = source.text().lines().nth(number - 1).unwrap_or_default();
    if line.len() > LONGEST_LINE {
        return Origin::path(name)
            .line(number)
            .char_column(span.column as usize)
            .into();
    }
    let line = inert::columns(line);
    let start = byte(&line, span.column);
    let end = byte(&line, span.end_column).max(start);
    Snippet::source(line)
        .line_start(number)
        .path(name)
        .annotation(kind.span(start..end).label(label))
        .into()
}

/// The byte at which a column, counted in characters from 1, begins.
fn byte(line: &str, column: u32) -> usize {
    let skip = column.saturating_sub(1) as usize;
    line.char_indices()
        .nth(skip)
        .map_or(line.len(), |(index, _)| index)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Style, findings};
    use crate::Span;
    use crate::finding::dedup;
    use crate::{Finding, Severity, Source};

    fn drawn(all: &[Finding]) -> String {
        let mut out = Vec::new();
        let source = Source::new("a.yaml", "one\ntwo\nthree\n");
        findings(&mut out, Style::Plain, &source, all).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn at(line: u32, severity: Severity, message: &str) -> Finding {
        let span = Span {
            line,
            column: 1,
            end_line: line,
            end_column: 2,
            ..Span::default()
        };
        Finding::new("rule", severity, message, span)
    }

    #[test]
    fn a_place_is_told_once_and_the_same_words_once() {
        let mut all = vec![
            at(1, Severity::Note, "lost"),
            at(2, Severity::Note, "lost"),
            at(1, Severity::Note, "lost"),
            at(3, Severity::Note, "lost"),
            at(3, Severity::Note, "another"),
            at(1, Severity::Warning, "wrong"),
            at(2, Severity::Warning, "wrong"),
        ];
        dedup(&mut all);
        assert_eq!(all.len(), 6);
        let text = drawn(&all);
        let first = "note[rule]: lost, here and in 2 more places\n --> a.yaml:1:1";
        assert!(text.contains(first), "{text}");
        assert_eq!(text.matches("note[").count(), 2, "{text}");
        // What somebody should correct is told wherever it is.
        assert_eq!(text.matches("warning[rule]: wrong\n").count(), 2, "{text}");
    }
}
