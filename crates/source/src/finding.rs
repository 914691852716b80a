//! What is wrong with a document, as a value.

use std::collections::HashSet;

use crate::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated until it is gone.
    Error,
    /// Something is probably not as meant.
    Warning,
    /// Something to know.
    Note,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that a reader of the document should know.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it, a stable name.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: one sentence in lower case.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A few words at the place.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}

/// Findings in the order in which they were found.
pub type Findings = Vec<Finding>;

impl Finding {
    /// A finding with nothing but the essentials.
    pub fn new(
        rule: &'static str,
        severity: Severity,
        message: impl Into<String>,
        span: Span,
    ) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            span,
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// Adds a few words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding on the heap, for the error of a `Result`.
    #[must_use]
    pub fn boxed(self) -> Box<Self> {
        Box::new(self)
    }
}

/// Whether any of the findings is an error.
#[must_use]
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == Severity::Error)
}

/// Leaves each finding once for a place: what several others lead to is found again on each way.
pub fn dedup(findings: &mut Findings) {
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert((finding.rule, finding.span, finding.message.clone())));
}

/// How often the same holds beside the first place, for the end of a sentence.
#[must_use]
pub fn elsewhere(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => ", here and in one more place".to_owned(),
        _ => format!(", here and in {} more places", count - 1),
    }
}
