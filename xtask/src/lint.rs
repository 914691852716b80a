use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contract::finding::has_errors;
use contract::lint::{RULES, lint};
use contract::report::{self, Style};
use contract::{Document, Source};

use crate::Exit;
use crate::workspace::Workspace;

/// Lints the files, or every document of the workspace.
pub(crate) fn run(out: &mut dyn Write, style: Style, files: &[PathBuf]) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    if files.is_empty() {
        for document in Workspace::find()?.documents()? {
            exit = exit.worse(file(out, style, &document.path, document.name)?);
        }
    }
    for path in files {
        exit = exit.worse(file(out, style, path, path.display().to_string())?);
    }
    if exit == Exit::ContractErrors {
        writeln!(out, "next: correct the errors, then `cargo xtask lint`")?;
    }
    Ok(exit)
}

fn file(out: &mut dyn Write, style: Style, path: &Path, name: String) -> io::Result<Exit> {
    let source = match Source::read(path, name) {
        Ok(source) => source,
        Err(error) => {
            writeln!(out, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let document = Document::parse(source);
    let findings = lint(&document);
    let source = document.source();
    report::findings(out, style, source, &findings)?;
    let count = report::count(&findings);
    writeln!(out, "{}: {count} ({} rules)", source.name(), RULES.len())?;
    Ok(match has_errors(&findings) {
        true => Exit::ContractErrors,
        false => Exit::Fine,
    })
}
