//! Text of strangers, made to show what it is and do nothing where it is shown: names and
//! words of a contract may hold what moves a terminal's cursor, turns the direction of what
//! follows, or begins a line that a machine reads.

use std::borrow::Cow;

/// Text on one line: what has no shape of its own is written as Rust writes it, `\u{1b}`.
///
/// ```
/// let name = "\u{1b}[2J\n::error::";
/// assert_eq!(source::inert::line(name), r"\u{1b}[2J\n::error::");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        match is_unseen(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// A line of a document with a sign for each character that would not stay in its column.
pub fn columns(line: &str) -> Cow<'_, str> {
    let is_moving = |c: char| is_unseen(c) && c != '\t';
    match line.contains(is_moving) {
        true => Cow::Owned(line.replace(is_moving, "\u{fffd}")),
        false => Cow::Borrowed(line),
    }
}

/// Whether a character is a control or turns round the direction of others (Unicode Standard
/// Annex 9, section 2).
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character shows nothing: controls, and what joins, parts or marks others.
pub fn is_unseen(c: char) -> bool {
    is_control(c)
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        )
        || matches!(c, '\u{2028}'..='\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{columns, line};

    #[test]
    fn what_is_not_seen_is_written_out() {
        assert_eq!(line("name"), "name");
        assert_eq!(line("\u{1b}[2J\n::error::"), "\\u{1b}[2J\\n::error::");
        assert_eq!(line("a\u{202e}b\u{200b}"), "a\\u{202e}b\\u{200b}");
    }

    #[test]
    fn a_line_keeps_its_columns() {
        assert_eq!(columns("\ta\u{1b}[31mé"), "\ta\u{fffd}[31mé");
    }
}
