//! What every release changed in the contract.

use contract::escape::sentence;
use diff::{Change, Verdict};

use crate::words::Words;

/// A state of the contract that was published, or will be.
#[derive(Clone, Debug)]
pub struct Release {
    /// What it is called: a version; nothing before it has one.
    pub name: Option<String>,
    /// The day, as `2026-11-21`.
    pub date: Option<String>,
    /// What changed since the one before, the worst first; nothing where it is the first.
    pub changes: Option<Vec<Change>>,
}

/// A line of a release.
pub(crate) struct Line {
    /// What it means for callers, and how a style sheet calls that.
    pub(crate) mark: Option<(&'static str, &'static str)>,
    /// As Markdown, in English where it is about one change.
    pub(crate) text: String,
    /// The language of the text, where it is not the page's.
    pub(crate) language: Option<&'static str>,
}

impl Release {
    pub(crate) fn name<'a>(&'a self, words: &'a Words) -> &'a str {
        self.name.as_deref().unwrap_or(words.unreleased)
    }

    /// What a reader is told: every change that callers may feel, and whether there are others.
    pub(crate) fn lines(&self, words: &'static Words) -> Vec<Line> {
        let own = |text: &str| Line {
            mark: None,
            text: text.to_owned(),
            language: None,
        };
        let Some(changes) = &self.changes else {
            return vec![own(words.first_release)];
        };
        let felt = changes.iter().filter_map(|change| {
            Some(Line {
                mark: mark(change.verdict, words)?,
                text: format!("{}.", sentence(&change.title)),
                language: Some("en"),
            })
        });
        let mut lines: Vec<Line> = felt.collect();
        if lines.len() < changes.len() {
            lines.push(own(words.only_words));
        }
        lines
    }
}

/// How a change is marked; nothing where nobody feels it.
fn mark(verdict: Verdict, words: &'static Words) -> Option<Option<(&'static str, &'static str)>> {
    match verdict {
        Verdict::Breaking => Some(Some(("breaking", words.breaking))),
        Verdict::Risky => Some(Some(("risky", words.risky))),
        Verdict::Unclassified => Some(Some(("risky", words.to_judge))),
        Verdict::Compatible => Some(None),
        Verdict::Documentation => None,
    }
}
