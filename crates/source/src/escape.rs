//! Text of a contract in Markdown and in workflow commands: it is read, and does nothing. In a
//! terminal, [`inert`] sees to it.

use std::io::{self, Write};

use crate::Span;
use crate::inert;

/// A sentence whose names stand in backticks. What stands between them is no Markdown,
/// no HTML, names nobody and leads nowhere, wherever a name's own backticks may put it.
///
/// ```
/// use source::escape::sentence;
/// assert_eq!(sentence("`a*b` is *new*"), r"`a*b` is \*new\*");
/// ```
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = inert::line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut shown = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && index + 1 < parts.len();
        if is_code && !part.trim().is_empty() {
            // Two spans side by side would be one.
            if shown.ends_with('`') {
                shown.push(' ');
            }
            shown.push_str(&format!("`{part}`"));
        } else {
            shown.push_str(&plain(part));
        }
    }
    shown
}

/// Text as a span of code.
#[must_use]
pub fn code(text: &str) -> String {
    let text = inert::line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A space beside a backtick of the text is no part of it (CommonMark, section 6.1).
    let space = if ticks.len() > 1 { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Text as it stands in HTML, between tags or in an attribute in quotes.
///
/// ```
/// use source::escape::html;
/// assert_eq!(html("<b> & \"c\""), "&lt;b&gt; &amp; &quot;c&quot;");
/// ```
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Lines as a block of code, without a line break at its end.
#[must_use]
pub fn block(language: &str, lines: &str) -> String {
    let fence = "`".repeat(longest_run(lines).max(2) + 1);
    format!("{fence}{language}\n{lines}{fence}")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}

fn plain(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() && "\\`*_[]<>~|!#&$".contains(c) {
            shown.push('\\');
        }
        shown.push(c);
        // GitHub makes links of names, numbers and addresses even where they are escaped.
        if "@#".contains(c) {
            shown.push('\u{200b}');
        }
    }
    shown
        .replace("://", ":\u{200b}//")
        .replace("www.", "www\u{200b}.")
}

/// Writes a workflow command that GitHub shows on a line of a file (GitHub documentation,
/// "Workflow commands for GitHub Actions"). `level` is `error`, `warning` or `notice`.
///
/// # Errors
/// When the writer fails.
pub fn annotation(
    out: &mut dyn Write,
    level: &str,
    (file, span): (&str, Span),
    title: &str,
    text: &str,
) -> io::Result<()> {
    let (row, column) = (span.line.max(1), span.column.max(1));
    writeln!(
        out,
        "::{level} file={},line={row},col={column},title={}::{}",
        property(&inert::line(file)),
        property(title),
        data(text)
    )
}

/// The same of what has no lines to stand on.
///
/// # Errors
/// When the writer fails.
pub fn message(out: &mut dyn Write, level: &str, text: &str) -> io::Result<()> {
    writeln!(out, "::{level}::{}", data(text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
