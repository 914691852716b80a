//! What git leaves where two sides changed the same lines (gitglossary, "conflict"; git-merge,
//! "How conflicts are presented"). YAML reads the markers as text, as half of a key or not at
//! all, and says so in its own words, if it says anything.

use super::Span;
use crate::finding::{Finding, Findings, Severity};

const BEGIN: &str = "<<<<<<<";
const BASE: &str = "|||||||";
const MIDDLE: &str = "=======";
const END: &str = ">>>>>>>";

/// A finding for each conflict that nobody resolved. A line that only may be a marker, such as
/// the middle one, counts between the two others alone.
pub(super) fn conflicts(text: &str) -> Findings {
    let mut found: Vec<Finding> = Vec::new();
    let mut is_open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let Some(marker) = marker(line) else { continue };
        let at = Span {
            file: 0,
            line: number,
            column: 1,
            end_line: number,
            end_column: u32::try_from(line.chars().count() + 1).unwrap_or(u32::MAX),
        };
        match (marker, found.last_mut().filter(|_| is_open)) {
            (BEGIN, _) => {
                found.push(conflict(at).label("one side begins here"));
                is_open = true;
            }
            (END, None) => found.push(conflict(at).label("a side ends here")),
            (END, Some(open)) => {
                open.related.push((at, "the other side ends here".into()));
                is_open = false;
            }
            (MIDDLE, Some(open)) => open.related.push((at, "the other side begins here".into())),
            (BASE, Some(open)) => open
                .related
                .push((at, "what both changed begins here".into())),
            _ => {}
        }
    }
    found
}

/// The marker that a line is: alone, or with words after a space.
fn marker(line: &str) -> Option<&'static str> {
    let markers = [BEGIN, BASE, MIDDLE, END];
    markers.into_iter().find(|marker| {
        let rest = line.strip_prefix(marker);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

fn conflict(at: Span) -> Finding {
    let message = "a merge conflict is not resolved";
    Finding::new("syntax", Severity::Error, message, at)
        .help("keep one side, or what is right of both, and remove the lines of the markers")
}
