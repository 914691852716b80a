//! From a method and a path to the operation that is meant.

use std::collections::HashMap;

use contract::path::{Part, parts};
use percent_encoding::percent_decode_str;

/// The operations of a contract by their paths.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    root: Segment,
}

/// What may follow at a place in a path.
#[derive(Debug, Default)]
struct Segment {
    literal: HashMap<String, Segment>,
    /// Segments with variables, those with the most text first.
    templates: Vec<(Template, Segment)>,
    ends: Vec<End>,
}

/// A segment with variables: `{id}.json`.
#[derive(Debug, PartialEq, Eq)]
struct Template(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable,
}

/// An operation whose path ends here.
#[derive(Debug)]
struct End {
    method: String,
    /// What its path has behind a question mark, which some documents use to tell two apart.
    query: Vec<String>,
    operation: usize,
}

/// What a method and a path ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'p> {
    /// An operation, and what stands in its path for each variable, as it was sent; several where
    /// only what is sent tells them apart (`/files#copy`).
    Operations(Vec<usize>, Vec<&'p str>),
    /// The path exists, for these methods.
    OtherMethods(Vec<String>),
    Nothing,
}

impl Routes {
    /// Adds an operation by the number that it is found by.
    pub(crate) fn add(&mut self, method: &str, path: &str, operation: usize) {
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut at = &mut self.root;
        for segment in segments(path) {
            at = at.below(segment);
        }
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        at.ends.push(End {
            method: method.to_owned(),
            query: pairs.map(str::to_owned).collect(),
            operation,
        });
        // What asks for more of the query is meant where that is there.
        at.ends
            .sort_by_key(|end| std::cmp::Reverse(end.query.len()));
    }

    /// Finds what is meant: text before variables, as the specification says (`OpenAPI` 3.0.3,
    /// section 4.7.8.2).
    pub(crate) fn find<'p>(&self, method: &str, path: &'p str, query: &str) -> Found<'p> {
        let all: Vec<&str> = segments(path).collect();
        let mut others = Vec::new();
        let mut variables = Vec::new();
        let found = self
            .root
            .find(method, &all, query, &mut variables, &mut others);
        match found {
            Some(operations) => Found::Operations(operations, variables),
            None if others.is_empty() => Found::Nothing,
            None => Found::OtherMethods(others),
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

impl Segment {
    fn below(&mut self, segment: &str) -> &mut Self {
        if !segment.contains('{') {
            return self.literal.entry(segment.to_owned()).or_default();
        }
        let template = Template::of(segment);
        let known = self.templates.iter().position(|(one, _)| *one == template);
        let at = known.unwrap_or_else(|| {
            let text = template.text();
            let shorter = |(one, _): &(Template, Self)| one.text() >= text;
            let at = self.templates.partition_point(shorter);
            self.templates.insert(at, (template, Self::default()));
            at
        });
        &mut self.templates[at].1
    }

    fn find<'p>(
        &self,
        method: &str,
        path: &[&'p str],
        query: &str,
        variables: &mut Vec<&'p str>,
        others: &mut Vec<String>,
    ) -> Option<Vec<usize>> {
        let Some((first, rest)) = path.split_first() else {
            return self.end(method, query, others);
        };
        let literal = self.literal.get(*first).or_else(|| {
            let is_escaped = first.contains('%');
            let decoded = is_escaped.then(|| percent_decode_str(first).decode_utf8().ok());
            self.literal.get(decoded??.as_ref())
        });
        if let Some(next) = literal
            && let Some(found) = next.find(method, rest, query, variables, others)
        {
            return Some(found);
        }
        for (template, next) in &self.templates {
            let before = variables.len();
            if template.captures(first, variables)
                && let Some(found) = next.find(method, rest, query, variables, others)
            {
                return Some(found);
            }
            variables.truncate(before);
        }
        None
    }

    /// Of those whose paths end here, those that ask for most of the query.
    fn end(&self, method: &str, query: &str, others: &mut Vec<String>) -> Option<Vec<usize>> {
        let has = |pair: &String| query.split('&').any(|sent| sent == pair);
        let here = || self.ends.iter().filter(|end| end.query.iter().all(has));
        let meant = here().filter(|end| end.method == method);
        let most = meant.clone().map(|end| end.query.len()).max();
        let closest = meant.filter(|end| Some(end.query.len()) == most);
        let found: Vec<usize> = closest.map(|end| end.operation).collect();
        if found.is_empty() {
            others.extend(here().map(|end| end.method.clone()));
            return None;
        }
        Some(found)
    }
}

impl Template {
    fn of(segment: &str) -> Self {
        let pieces = parts(segment).map(|part| match part {
            Part::Text(text) => Piece::Text(text.to_owned()),
            Part::Variable(_) => Piece::Variable,
        });
        Self(pieces.collect())
    }

    /// How much of it is text.
    fn text(&self) -> usize {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Variable => 0,
        });
        texts.sum()
    }

    fn captures<'p>(&self, segment: &'p str, variables: &mut Vec<&'p str>) -> bool {
        take(&self.0, segment, variables)
    }
}

/// Whether a segment is of the kind of a template; what stands for its variables is then among
/// them.
pub(crate) fn captures<'p>(template: &str, segment: &'p str, variables: &mut Vec<&'p str>) -> bool {
    Template::of(template).captures(segment, variables)
}

/// A variable is some text: no segment is empty (RFC 3986, section 3.3, allows more).
fn take<'p>(pieces: &[Piece], text: &'p str, variables: &mut Vec<&'p str>) -> bool {
    match pieces.split_first() {
        None => text.is_empty(),
        Some((Piece::Text(piece), rest)) => text
            .strip_prefix(piece.as_str())
            .is_some_and(|after| take(rest, after, variables)),
        Some((Piece::Variable, [])) => {
            variables.push(text);
            !text.is_empty()
        }
        Some((Piece::Variable, rest)) => {
            let ends = text.char_indices().skip(1).map(|(at, _)| at);
            // The first place where the text after it stands is enough, unless it ends the segment:
            // what is left to the next variable is then as much as can be.
            let is_here = |end: &usize| match rest {
                [Piece::Text(last)] => text[*end..] == **last,
                [Piece::Text(next), ..] => text[*end..].starts_with(next.as_str()),
                _ => true,
            };
            let Some(end) = ends
                .chain([text.len()])
                .find(is_here)
                .filter(|end| *end > 0)
            else {
                return false;
            };
            variables.push(&text[..end]);
            take(rest, &text[end..], variables)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Routes};

    #[test]
    fn text_goes_before_variables_and_more_text_before_less() {
        let paths = [
            "/pets/{id}",
            "/pets/mine",
            "/pets/{id}.json",
            "/pets/{id}/toys/{toy}",
            "/{kind}/mine/toys/{toy}",
            "/a b",
            "/x?beta=true",
            "/x",
            "/{a}-{b}",
            "/files#copy",
            "/files#move",
        ];
        let mut routes = Routes::default();
        for (number, path) in paths.iter().enumerate() {
            routes.add("GET", path, number);
        }
        routes.add("PUT", "/pets/{pet}", 100);
        for (path, query, expected) in [
            ("/pets/7", "", Found::Operations(vec![0], vec!["7"])),
            ("/pets/mine", "", Found::Operations(vec![1], vec![])),
            ("/pets/7.json", "", Found::Operations(vec![2], vec!["7"])),
            (
                "/pets/7/toys/b%2Fc",
                "",
                Found::Operations(vec![3], vec!["7", "b%2Fc"]),
            ),
            (
                "/cats/mine/toys/1",
                "",
                Found::Operations(vec![4], vec!["cats", "1"]),
            ),
            // What looked right at first is given up.
            (
                "/pets/mine/toys/1",
                "",
                Found::Operations(vec![3], vec!["mine", "1"]),
            ),
            ("/a%20b", "", Found::Operations(vec![5], vec![])),
            ("/x", "a=1&beta=true", Found::Operations(vec![6], vec![])),
            ("/x", "beta=false", Found::Operations(vec![7], vec![])),
            ("/a-b-c", "", Found::Operations(vec![8], vec!["a", "b-c"])),
            ("/files", "", Found::Operations(vec![9, 10], vec![])),
            ("/pets/", "", Found::Nothing),
            ("/pets/7/", "", Found::Nothing),
            ("", "", Found::Nothing),
        ] {
            assert_eq!(routes.find("GET", path, query), expected, "{path}");
        }
        assert_eq!(
            routes.find("PUT", "/pets/7", ""),
            Found::Operations(vec![100], vec!["7"])
        );
        let others = Found::OtherMethods(vec!["GET".to_owned(), "PUT".to_owned()]);
        assert_eq!(routes.find("DELETE", "/pets/7", ""), others);
    }
}
