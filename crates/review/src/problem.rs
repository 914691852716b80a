use serde::Serialize;

use contract::source::Span;
use contract::{Finding, Severity};

/// Something wrong with a document, for a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The rule that found it.
    pub rule: &'static str,
    /// Whether it must be corrected; else it is only worth knowing.
    pub is_error: bool,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The document in which it stands.
    pub document: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
}

impl Problem {
    pub(super) fn new(document: &str, finding: &Finding) -> Self {
        let label = finding.label.as_ref();
        Self {
            rule: finding.rule,
            is_error: finding.severity == Severity::Error,
            message: match label {
                Some(label) => format!("{}: {label}", finding.message),
                None => finding.message.clone(),
            },
            help: finding.help.clone(),
            document: document.to_owned(),
            span: finding.span,
        }
    }
}
