use std::io::{self, Write};

use serde::Serialize;

use super::Found;
use crate::Span;
use crate::finding::Finding;

#[derive(Serialize)]
struct Report<'a> {
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    findings: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    document: &'a str,
    #[serde(flatten)]
    span: Span,
}

#[derive(Serialize)]
struct Related<'a> {
    label: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// Findings for programs: `documents`, each with `name` and `findings`; of a finding `rule`,
/// `severity`, `message`, where it stands, and what else is known of it.
///
/// # Errors
/// When the writer fails.
pub fn json(out: &mut dyn Write, all: &[Found]) -> io::Result<()> {
    let documents = all.iter().map(|found| Document {
        name: found.source.name(),
        findings: found.findings.iter().map(|it| shown(found, it)).collect(),
    });
    let report = Report {
        documents: documents.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn shown<'a>(found: &'a Found, finding: &'a Finding) -> Shown<'a> {
    let place = |span| Place {
        document: found.file(span),
        span,
    };
    let related = finding.related.iter().map(|(span, label)| Related {
        label,
        place: place(*span),
    });
    Shown {
        rule: finding.rule,
        severity: finding.severity.word(),
        message: &finding.message,
        label: finding.label.as_deref(),
        help: finding.help.as_deref(),
        place: place(finding.span),
        related: related.collect(),
    }
}
