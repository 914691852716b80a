//! SARIF, which code scanning reads (OASIS, "Static Analysis Results Interchange Format" 2.1.0).

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{Found, sentence};
use crate::Span;
use crate::finding::Severity;
use crate::inert::line;

/// What stands in a path as it is (RFC 3986, section 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

/// One result.
#[derive(Clone, Debug)]
pub struct SarifResult {
    /// A stable name of what was found.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What a reader should know.
    pub text: String,
    /// The file, by its path, and where in it; none of what is gone.
    pub place: Option<(String, Span)>,
    /// What names it across edits elsewhere.
    pub fingerprint: Option<String>,
    /// Why somebody agreed to it.
    pub accepted: Option<String>,
}

/// Findings as SARIF.
///
/// # Errors
/// When the writer fails.
pub fn findings(
    out: &mut dyn Write,
    all: &[Found],
    summaries: &BTreeMap<&str, &str>,
) -> io::Result<()> {
    let results = all.iter().flat_map(|found| {
        found.findings.iter().map(|finding| SarifResult {
            rule: finding.rule,
            severity: finding.severity,
            text: match &finding.help {
                Some(help) => format!("{}; {help}", sentence(finding)),
                None => sentence(finding),
            },
            place: Some((found.file(finding.span).to_owned(), finding.span)),
            fingerprint: None,
            accepted: None,
        })
    });
    log(out, &results.collect::<Vec<_>>(), summaries)
}

/// A log of one run, with what is known of the rules.
///
/// # Errors
/// When the writer fails.
pub fn log(
    out: &mut dyn Write,
    results: &[SarifResult],
    summaries: &BTreeMap<&str, &str>,
) -> io::Result<()> {
    let mut rules: Vec<&str> = results.iter().map(|result| result.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let described = rules.iter().map(|rule| match summaries.get(rule) {
        Some(summary) => json!({"id": rule, "shortDescription": {"text": summary}}),
        None => json!({"id": rule}),
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cargo-sdk",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.iter().map(|it| result(it, &rules)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn result(result: &SarifResult, rules: &[&str]) -> Value {
    let mut shown = Map::new();
    shown.insert("ruleId".to_owned(), result.rule.into());
    let index = rules.binary_search(&result.rule).unwrap_or_default();
    shown.insert("ruleIndex".to_owned(), index.into());
    let level = match result.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    shown.insert("level".to_owned(), level.into());
    let text = json!({"text": line(&result.text)});
    shown.insert("message".to_owned(), text);
    if let Some((file, span)) = &result.place {
        let location = json!({"physicalLocation": {
            "artifactLocation": {"uri": utf8_percent_encode(file, PATH).to_string()},
            "region": region(*span),
        }});
        shown.insert("locations".to_owned(), json!([location]));
    }
    if let Some(fingerprint) = &result.fingerprint {
        let fingerprints = json!({"change/v1": fingerprint});
        shown.insert("partialFingerprints".to_owned(), fingerprints);
    }
    if let Some(reason) = &result.accepted {
        let suppression = json!({"kind": "external", "justification": line(reason)});
        shown.insert("suppressions".to_owned(), json!([suppression]));
    }
    shown.into()
}

/// Lines and columns count from 1. The last line is left out where it is not known how long it
/// is, as of a mapping that is pointed at.
fn region(span: Span) -> Value {
    let (row, column) = (span.line.max(1), span.column.max(1));
    match span.end_line >= row && span.end_column != u32::MAX {
        true if (span.end_line, span.end_column) >= (row, column) => json!({
            "startLine": row,
            "startColumn": column,
            "endLine": span.end_line,
            "endColumn": span.end_column.max(1),
        }),
        _ => json!({"startLine": row, "startColumn": column}),
    }
}
