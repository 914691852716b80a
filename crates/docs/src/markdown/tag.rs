//! The HTML that descriptions have: what only shapes a text is kept, what lays it out becomes lines,
//! and anything else is text.

use super::leads;

/// A piece of what stands in a description as HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Tag(Tag<'t>),
}

/// A tag that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'t> {
    /// It shapes a text, until it is closed.
    Open(&'static str),
    Close(&'static str),
    /// A link to the web, until it is closed.
    Link(&'t str),
    /// A picture, of which a page shows no more than where it is.
    Image {
        address: &'t str,
        text: &'t str,
    },
    /// What follows stands on a line of its own.
    Break,
    Item,
    /// What follows stands beside.
    Cell,
    Nothing,
}

/// What shapes a text.
const SHAPES: [&str; 14] = [
    "b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "strong", "sub", "sup", "u",
];
/// What begins a line,
const LINES: [&str; 19] = [
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "table",
    "tr",
    "ul",
];
/// and what only holds others.
const HOLDERS: [&str; 9] = [
    "center", "font", "li", "span", "summary", "tbody", "td", "th", "thead",
];

/// The pieces of a text with HTML in it.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('<').map(|at| from + at) {
        let Some((tag, length)) = tag(&text[at..]) else {
            let next = text[at + 1..]
                .find('<')
                .map_or(text.len(), |next| at + 1 + next);
            pieces.push(Piece::Text(&text[from..next]));
            from = next;
            continue;
        };
        if at > from {
            pieces.push(Piece::Text(&text[from..at]));
        }
        pieces.push(Piece::Tag(tag));
        from = at + length;
    }
    if from < text.len() {
        pieces.push(Piece::Text(&text[from..]));
    }
    pieces
}

/// The tag with which a text begins, and how long it is.
fn tag(text: &str) -> Option<(Tag<'_>, usize)> {
    if text.starts_with("<!--") {
        return Some((Tag::Nothing, text.find("-->")? + 3));
    }
    let length = text.find('>')? + 1;
    let inner = text[1..length - 1].trim_end_matches('/');
    let (is_closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let end = inner
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(end);
    // What no space follows is a name of somebody's, such as `<user-id>`.
    if !attributes.is_empty() && !attributes.starts_with(char::is_whitespace) {
        return None;
    }
    let known = |names: &[&'static str]| {
        let mut names = names.iter();
        names
            .find(|known| known.eq_ignore_ascii_case(name))
            .copied()
    };
    let tag = match (known(&SHAPES), is_closing) {
        (Some(name), false) => Tag::Open(name),
        (Some(name), true) => Tag::Close(name),
        (None, true) if name.eq_ignore_ascii_case("a") => Tag::Close("a"),
        (None, false) if name.eq_ignore_ascii_case("a") => {
            match attribute(attributes, "href").filter(|address| leads(address)) {
                Some(address) => Tag::Link(address),
                None => Tag::Nothing,
            }
        }
        (None, false) if name.eq_ignore_ascii_case("img") => Tag::Image {
            address: attribute(attributes, "src").filter(|address| leads(address))?,
            text: attribute(attributes, "alt").unwrap_or_default(),
        },
        (None, is_closing) => match (known(&LINES), known(&HOLDERS)) {
            (Some("br" | "hr"), _) => Tag::Break,
            (Some(_), _) if is_closing => Tag::Nothing,
            (Some(_), _) => Tag::Break,
            (None, Some("li")) if !is_closing => Tag::Item,
            (None, Some("td" | "th")) if !is_closing => Tag::Cell,
            (None, Some(_)) => Tag::Nothing,
            (None, None) => return None,
        },
    };
    Some((tag, length))
}

/// The value of an attribute in quotes.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, next) = after[1..].split_once(quote)?;
        if before.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim());
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Piece, Tag, pieces};

    #[test]
    fn names_in_angles_are_no_tags() {
        for text in [
            "<id>",
            "<user-id>",
            "a < b > c",
            "<script>",
            "<img src=x onerror=y>",
            "<",
        ] {
            let all: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text,
                    Piece::Tag(_) => panic!("{text}"),
                })
                .collect();
            assert_eq!(all, text);
        }
        let link = Tag::Link("https://a.example/?a=b");
        let text = "<A class='x' HREF=\"https://a.example/?a=b\">";
        assert_eq!(pieces(text), [Piece::Tag(link)]);
        assert_eq!(
            pieces("<a href='javascript:alert(1)'>"),
            [Piece::Tag(Tag::Nothing)]
        );
    }
}
