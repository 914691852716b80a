use std::io::{self, Write};

use super::{Found, count, sentence};
use crate::escape;

/// Findings for a comment or a job's summary, a line each.
///
/// # Errors
/// When the writer fails.
pub fn markdown(out: &mut dyn Write, all: &[Found]) -> io::Result<()> {
    for found in all {
        let name = escape::code(found.source.name());
        writeln!(out, "## {name}: {}\n", count(&found.findings))?;
        for finding in &found.findings {
            let span = finding.span;
            let place = format!("{}:{}:{}", found.file(span), span.line, span.column);
            let (level, rule) = (finding.severity.word(), escape::code(finding.rule));
            let says = escape::sentence(&sentence(finding));
            write!(
                out,
                "- **{level}** {rule} {says} ({})",
                escape::code(&place)
            )?;
            match &finding.help {
                Some(help) => writeln!(out, "; {}", escape::sentence(help))?,
                None => writeln!(out)?,
            }
        }
        if !found.findings.is_empty() {
            writeln!(out)?;
        }
    }
    Ok(())
}
