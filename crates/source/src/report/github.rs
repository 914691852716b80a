use std::io::{self, Write};

use super::{Found, sentence};
use crate::escape::annotation;
use crate::finding::Severity;
use crate::inert::line;

/// Findings as workflow commands, which GitHub shows on the lines of the documents.
///
/// # Errors
/// When the writer fails.
pub fn github(out: &mut dyn Write, all: &[Found]) -> io::Result<()> {
    for found in all {
        for finding in &found.findings {
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let place = (found.file(finding.span), finding.span);
            let mut text = line(&sentence(finding)).into_owned();
            if let Some(help) = &finding.help {
                text.push('\n');
                text.push_str(&line(help));
            }
            annotation(out, level, place, finding.rule, &text)?;
        }
    }
    Ok(())
}
