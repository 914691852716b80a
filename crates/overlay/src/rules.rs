//! What is asked of overlays, and of translations.

use source::{Finding, Severity, Span};

/// One thing to look for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// A stable name, shown with every finding.
    pub name: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it asks for, in one sentence.
    pub summary: &'static str,
    /// What and why, with an example before and after, as Markdown.
    pub explanation: &'static str,
}

/// Every rule, in the order in which they run and are listed.
pub const RULES: [&Rule; 6] = [&FORM, &TARGET, &WORDS, &NAMES, &STALE, &MISSING];

pub(crate) const FORM: Rule = Rule {
    name: "overlay",
    severity: Severity::Error,
    summary: "an overlay has the form of one, and its file says the language",
    explanation: include_str!("rules/overlay.md"),
};

pub(crate) const TARGET: Rule = Rule {
    name: "overlay-target",
    severity: Severity::Error,
    summary: "the target of an action is there, and one where one is meant",
    explanation: include_str!("rules/overlay_target.md"),
};

pub(crate) const WORDS: Rule = Rule {
    name: "translation-words",
    severity: Severity::Error,
    summary: "a translation changes words, and no names",
    explanation: include_str!("rules/translation_words.md"),
};

pub(crate) const NAMES: Rule = Rule {
    name: "translation-names",
    severity: Severity::Error,
    summary: "a translation has the names that its original has in backticks",
    explanation: include_str!("rules/translation_names.md"),
};

pub(crate) const STALE: Rule = Rule {
    name: "translation-stale",
    severity: Severity::Warning,
    summary: "a translation is one of what is written now",
    explanation: include_str!("rules/translation_stale.md"),
};

pub(crate) const MISSING: Rule = Rule {
    name: "translation-missing",
    severity: Severity::Warning,
    summary: "every text of the document is translated",
    explanation: include_str!("rules/translation_missing.md"),
};

/// What is wrong with an overlay's file as a whole.
#[must_use]
pub fn form(message: impl Into<String>) -> Finding {
    let start = Span {
        line: 1,
        column: 1,
        ..Span::default()
    };
    finding(&FORM, message, start)
}

pub(crate) fn finding(rule: &Rule, message: impl Into<String>, span: Span) -> Finding {
    Finding::new(rule.name, rule.severity, message, span)
}
