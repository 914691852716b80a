use std::collections::BTreeMap;
use std::io::{self, Write};

use super::block;
use crate::{Problem, Review, ReviewedChange, State};
use contract::Severity;
use contract::report::sarif::{SarifResult, log};
use diff::Verdict;

/// A review for code scanning.
///
/// # Errors
/// When the writer fails.
pub fn sarif(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let mut results = Vec::new();
    for document in &review.documents {
        let refused = document.package.iter().flat_map(|package| &package.refused);
        results.extend(refused.map(problem));
        for reviewed in &document.changes {
            let is_there = document.state != State::Removed;
            results.extend(change(reviewed, is_there.then_some(&document.name)));
        }
    }
    results.extend(review.approvals.iter().map(problem));
    log(out, &results, &BTreeMap::new())
}

fn change(reviewed: &ReviewedChange, document: Option<&String>) -> Option<SarifResult> {
    let change = &reviewed.change;
    let severity = match change.verdict {
        Verdict::Breaking => Severity::Error,
        Verdict::Risky | Verdict::Unclassified => Severity::Warning,
        Verdict::Compatible => Severity::Note,
        Verdict::Documentation => return None,
    };
    let mut text = vec![block::title(reviewed).into_owned()];
    text.extend(block::reasons(reviewed));
    let place = document.map(|document| {
        let file = change.new.file.as_ref().unwrap_or(document);
        (file.clone(), change.new.span)
    });
    Some(SarifResult {
        rule: change.kind.id(),
        severity,
        text: text.join("; "),
        place,
        fingerprint: Some(change.fingerprint.clone()),
        accepted: reviewed.approved.as_ref().map(|it| it.reason.clone()),
    })
}

fn problem(problem: &Problem) -> SarifResult {
    SarifResult {
        rule: problem.rule,
        severity: match problem.is_error {
            true => Severity::Error,
            false => Severity::Warning,
        },
        text: problem.message.clone(),
        place: Some((problem.document.clone(), problem.span)),
        fingerprint: None,
        accepted: None,
    }
}
