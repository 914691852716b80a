use std::io::{self, Write};
use std::path::PathBuf;

use contract::lint::{RULES, lint};
use contract::report::{self, Style};
use contract::{Document, Finding, ReadError, Severity, inert};

use crate::workspace::Workspace;
use crate::{Exit, tell};

/// Lints the files, or every document of the workspace.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    files: &[PathBuf],
    deny_warnings: bool,
) -> io::Result<Exit> {
    let lowest = match deny_warnings {
        true => Severity::Warning,
        false => Severity::Error,
    };
    let mut exit = Exit::Fine;
    if files.is_empty() {
        let workspace = Workspace::find()?;
        for document in workspace.documents()? {
            let read = Document::read_below(&workspace.root, &document.path, document.name);
            exit = exit.worse(file(out, style, read, lowest)?);
        }
    }
    for path in files {
        let read = Document::read(path, path.display().to_string());
        exit = exit.worse(file(out, style, read, lowest)?);
    }
    if exit == Exit::ContractErrors {
        writeln!(out, "next: correct what is found, then `cargo xtask lint`")?;
    }
    Ok(exit)
}

/// Lists the rules with their levels.
pub(crate) fn rules(out: &mut dyn Write) -> io::Result<Exit> {
    let longest = RULES.iter().map(|rule| rule.name.len()).max();
    let width = longest.unwrap_or_default();
    for rule in RULES {
        let level = rule.severity.word();
        writeln!(out, "{:width$}  {level:7}  {}", rule.name, rule.summary)?;
    }
    Ok(Exit::Fine)
}

/// `lowest` is the least severity that fails.
fn file(
    out: &mut dyn Write,
    style: Style,
    read: Result<Document, ReadError>,
    lowest: Severity,
) -> io::Result<Exit> {
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            tell(out, &error)?;
            return Ok(Exit::Failed);
        }
    };
    let findings = lint(&document);
    let source = document.source();
    report::findings(out, style, source, &findings)?;
    let count = report::count(&findings);
    let name = inert::line(source.name());
    writeln!(out, "{name}: {count} ({} rules)", RULES.len())?;
    let fails = |finding: &Finding| match lowest {
        Severity::Warning => finding.severity != Severity::Note,
        _ => finding.severity == Severity::Error,
    };
    Ok(match findings.iter().any(fails) {
        true => Exit::ContractErrors,
        false => Exit::Fine,
    })
}
