//! Code in a description: rustdoc would run what names no other language.

use std::ops::Range;

use super::Edit;
use contract::inert::line;

/// Text as a span of code, whatever stands in it (CommonMark 0.31, section 6.1).
pub(in crate::polish) fn span(text: &str) -> String {
    let shown = line(text);
    let ticks = "`".repeat(longest(&shown, '`') + 1);
    let is_padded = shown.starts_with('`') || shown.ends_with('`');
    match (shown.trim().is_empty(), is_padded) {
        (true, _) => format!("{ticks}\"{shown}\"{ticks}"),
        (false, true) => format!("{ticks} {shown} {ticks}"),
        (false, false) => format!("{ticks}{shown}{ticks}"),
    }
}

/// Text as a block of code, whatever stands in it.
pub(super) fn block(text: &str) -> String {
    let fence = "`".repeat(longest(text, '`').max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

/// The most of a character in a row.
fn longest(text: &str, wanted: char) -> usize {
    let runs = text.split(|c| c != wanted).map(|run| run.chars().count());
    runs.max().unwrap_or_default()
}

/// A language for a fenced block, where rustdoc would take it for Rust or not know it.
pub(super) fn language(text: &str, block: &Range<usize>) -> Option<Edit> {
    let first = text[block.clone()].lines().next()?;
    let marks = fence(first);
    let info = &first[marks.len()..];
    let word = info.trim().split([' ', ',']).next().unwrap_or_default();
    let kept = match is_other_language(word) {
        true => word,
        false => "text",
    };
    let start = block.start + marks.len();
    (info != kept).then(|| (start..start + info.len(), kept.to_owned()))
}

/// The mark that fences a block, as often as it stands there.
fn fence(line: &str) -> &str {
    let mark = line.chars().next().unwrap_or_default();
    &line[..line.len() - line.trim_start_matches(mark).len()]
}

/// Whether rustdoc knows that a word is no attribute of Rust.
fn is_other_language(word: &str) -> bool {
    const RUST: [&str; 9] = [
        "compilefail",
        "custom",
        "edition",
        "ignore",
        "norun",
        "rust",
        "shouldpanic",
        "standalone",
        "testharness",
    ];
    let plain: String = word.chars().filter(|c| !"-_".contains(*c)).collect();
    let plain = plain.to_ascii_lowercase();
    let is_error = plain
        .strip_prefix('e')
        .is_some_and(|rest| rest.parse::<u32>().is_ok());
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(is_name)
        && !is_error
        && !RUST.iter().any(|own| plain.starts_with(own))
}

/// The end of a block that has none, which would take in what follows the text.
pub(super) fn closing(text: &str, block: &Range<usize>) -> Option<Edit> {
    let whole = &text[block.clone()];
    let opening = fence(whole);
    let last = whole.lines().skip(1).last().unwrap_or_default();
    let last = last.trim_matches([' ', '>']);
    let is_closed = last.starts_with(opening) && fence(last) == last;
    let at_end = text[block.end..].trim().is_empty();
    let end = block.start + whole.trim_end().len();
    (!is_closed && at_end).then(|| {
        let before = text[..block.start].rsplit('\n').next().unwrap_or_default();
        // Below a list's mark the block is indented; below a quotation's it is quoted.
        let prefix: String = before
            .chars()
            .map(|c| if c == '>' { '>' } else { ' ' })
            .collect();
        (end..end, format!("\n{prefix}{opening}"))
    })
}

/// A block that is indented by four columns.
#[derive(Default)]
pub(super) struct Indented {
    /// Where the code of each line stands.
    pub(super) lines: Vec<Range<usize>>,
}

impl Indented {
    /// The same with fences, and without the four columns.
    pub(super) fn fenced(&self, text: &str) -> Vec<Edit> {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return Vec::new();
        };
        let around = |at: usize| {
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            &text[start..at]
        };
        let code = &text[first.start..last.end];
        let fence = "`".repeat(longest(code, '`').max(2) + 1);
        let prefix = around(first.start);
        let prefix = prefix.strip_suffix("    ").unwrap_or(prefix);
        let below: String = prefix
            .chars()
            .map(|c| if c == '>' { '>' } else { ' ' })
            .collect();
        let mut edits = Vec::new();
        for line in &self.lines {
            let before = around(line.start);
            let spaces = before.len() - before.trim_end_matches(' ').len();
            let indent = line.start - spaces.min(4)..line.start;
            edits.push((indent, String::new()));
        }
        if let Some((_, opening)) = edits.first_mut() {
            *opening = format!("{fence}text\n{below}");
        }
        let end = first.start + code.trim_end().len();
        edits.push((end..end, format!("\n{below}{fence}")));
        edits
    }
}
