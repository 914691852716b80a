use std::io::{self, Write};

use crate::Review;

/// What later steps of a job may ask, a line `name=value` each (GitHub documentation, "Setting an
/// output parameter"): `verdict`, the worst, or `none`; `bump`, what the crates need; and how many
/// changes are `unapproved`, `breaking` and `risky`.
///
/// # Errors
/// When the writer fails.
pub fn outputs(out: &mut dyn Write, review: &Review) -> io::Result<()> {
    let verdicts = || {
        let documents = review.documents.iter();
        let changes = documents.flat_map(|document| &document.changes);
        changes.map(|reviewed| reviewed.change.verdict)
    };
    let verdict = verdicts()
        .min()
        .map_or_else(|| "none".to_owned(), |verdict| verdict.to_string());
    let crates = review.documents.iter().filter_map(|it| it.package.as_ref());
    let bump = crates.map(|package| package.bump).max().unwrap_or_default();
    let count = |wanted| verdicts().filter(|verdict| *verdict == wanted).count();
    writeln!(out, "verdict={verdict}")?;
    writeln!(out, "bump={}", bump.word())?;
    writeln!(out, "unapproved={}", review.unapproved().count())?;
    writeln!(out, "breaking={}", count(diff::Verdict::Breaking))?;
    writeln!(out, "risky={}", count(diff::Verdict::Risky))
}
