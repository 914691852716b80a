//! Templates of paths (`OpenAPI` 3.0.3, section 4.7.8.2): what stands in braces is a variable.

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that a path has as it is.
    Text(&'a str),
    /// The name of a variable.
    Variable(&'a str),
}

/// The pieces of a template, in order. A brace that nothing closes is text.
///
/// ```
/// use contract::path::{Part, parts};
/// let pieces: Vec<_> = parts("/pets/{id}.json").collect();
/// assert_eq!(pieces, [Part::Text("/pets/"), Part::Variable("id"), Part::Text(".json")]);
/// ```
pub fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let variable = |text: &str| {
            let inner = text.strip_prefix('{')?;
            inner.find('}')
        };
        if let Some(end) = variable(rest) {
            let name = &rest[1..=end];
            rest = &rest[end + 2..];
            return Some(Part::Variable(name));
        }
        // Up to the next brace that is closed.
        let braces = rest.match_indices('{').map(|(at, _)| at);
        let mut closed = braces.filter(|at| variable(&rest[*at..]).is_some());
        let end = closed.next().unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        rest = after;
        (!text.is_empty()).then_some(Part::Text(text))
    })
}

/// The names of the variables, in order.
pub fn variables(template: &str) -> impl Iterator<Item = &str> {
    parts(template).filter_map(|part| match part {
        Part::Variable(name) => Some(name),
        Part::Text(_) => None,
    })
}

/// The template without the names of its variables: templates of one shape are the same path.
///
/// ```
/// assert_eq!(contract::path::shape("/pets/{id}"), contract::path::shape("/pets/{petId}"));
/// ```
#[must_use]
pub fn shape(template: &str) -> String {
    let shown = parts(template).map(|part| match part {
        Part::Text(text) => text,
        Part::Variable(_) => "{}",
    });
    shown.collect()
}

/// Whether a path is one of the template's. A variable stands for some text of one segment.
///
/// ```
/// use contract::path::matches;
/// assert!(matches("/pets/{id}.json", "/pets/7.json"));
/// assert!(!matches("/pets/{id}", "/pets/") && !matches("/pets/{id}", "/pets/7/toys"));
/// ```
#[must_use]
pub fn matches(template: &str, path: &str) -> bool {
    let parts: Vec<_> = parts(template).collect();
    is_one_of(&parts, path)
}

fn is_one_of(parts: &[Part<'_>], path: &str) -> bool {
    match parts.split_first() {
        None => path.is_empty(),
        Some((Part::Text(text), rest)) => path
            .strip_prefix(text)
            .is_some_and(|path| is_one_of(rest, path)),
        Some((Part::Variable(_), rest)) => {
            let segment = path.find('/').unwrap_or(path.len());
            let ends = path[..segment].char_indices().skip(1).map(|(at, _)| at);
            let mut ends = ends.chain((segment > 0).then_some(segment));
            ends.any(|end| is_one_of(rest, &path[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, matches, parts, shape, variables};

    #[test]
    fn braces_that_nothing_closes_are_text() {
        for text in ["/a{b", "/a}b", "{", "/{/{"] {
            assert_eq!(
                parts(text).collect::<Vec<_>>(),
                [Part::Text(text)],
                "{text}"
            );
        }
        assert_eq!(parts("").count(), 0);
        assert_eq!(variables("/{a}{b}/{}").collect::<Vec<_>>(), ["a", "b", ""]);
        assert_eq!(shape("/{a}/x{b}"), "/{}/x{}");
    }

    #[test]
    fn a_variable_is_text_of_one_segment() {
        for (template, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/a/{b}", "/a/b", true),
            ("/a/{b}", "/a/é", true),
            ("/a/{b}", "/a/", false),
            ("/a/{b}/c", "/a/x/c", true),
            ("/a/{b}/c", "/a/x/y/c", false),
            ("/{a}.{b}", "/x.y.z", true),
            ("/{a}.{b}", "/x.", false),
            ("/{a}{b}", "/xy", true),
            ("/{a}{b}", "/x", false),
        ] {
            assert_eq!(matches(template, path), expected, "{template} {path}");
        }
    }
}
