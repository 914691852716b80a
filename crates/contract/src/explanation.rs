//! What rules, notes and kinds of change mean, for whoever asks: books of sections, each with a
//! name at its head.

/// The sections of a book, by name: what stands between one line `# NAME` and the next.
///
/// ```
/// let book = "# one\n\n## What\n\nFirst\n\n# two\n\nSecond\n";
/// let sections: Vec<_> = contract::explanation::sections(book).collect();
/// assert_eq!(sections, [("one", "## What\n\nFirst"), ("two", "Second")]);
/// ```
pub fn sections(book: &str) -> impl Iterator<Item = (&str, &str)> {
    let book = book.strip_prefix("# ").unwrap_or(book);
    book.split("\n# ").filter_map(|section| {
        let (name, text) = section.split_once('\n')?;
        Some((name.trim(), text.trim()))
    })
}

/// A part of a section, by the words of its heading `## WORDS`.
///
/// ```
/// let text = "## What\n\nFirst.\nMore.\n\n## Why\n\nSecond.";
/// assert_eq!(contract::explanation::part(text, "What"), Some("First.\nMore."));
/// assert_eq!(contract::explanation::part(text, "Wh"), None);
/// ```
#[must_use]
pub fn part<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let text = text.strip_prefix("## ").unwrap_or(text);
    let mut parts = text.split("\n## ");
    parts.find_map(|part| {
        let (words, text) = part.split_once('\n')?;
        (words.trim() == heading).then(|| text.trim())
    })
}
