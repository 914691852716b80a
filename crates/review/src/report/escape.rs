//! Text of a contract in Markdown: it is read, and does nothing.

use contract::inert;

/// A sentence whose names stand in backticks. What stands between them is no Markdown,
/// no HTML, names nobody and leads nowhere, wherever a name's own backticks may put it.
pub(super) fn sentence(text: &str) -> String {
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
pub(super) fn code(text: &str) -> String {
    let text = inert::line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A space beside a backtick of the text is no part of it (CommonMark, section 6.1).
    let space = if ticks.len() > 1 { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Lines as a block of code, without a line break at its end.
pub(super) fn block(language: &str, lines: &str) -> String {
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
