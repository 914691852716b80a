//! The contract that a command is about.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Arg, ArgMatches};
use contract::report::{self, Style};
use contract::{Checked, Document, Finding, Severity, lint};

use crate::CALLED;

pub(crate) fn argument() -> Arg {
    Arg::new("document")
        .value_name("NAME|FILE")
        .help("The document; the workspace's, where it has one")
}

/// The document that is meant.
pub(crate) fn document(matches: &ArgMatches) -> io::Result<Document> {
    let manifest = matches.get_one::<PathBuf>("manifest-path");
    let named = matches.get_one::<String>("document");
    workspace::document(
        CALLED,
        manifest.map(PathBuf::as_path),
        named.map(String::as_str),
    )
}

/// The contract without what has errors, which is told; nothing where nothing is left.
pub(crate) fn admitted(
    matches: &ArgMatches,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<Option<Checked>> {
    if let Ok(contract) = lint::admit(document(matches)?) {
        return Ok(Some(contract));
    }
    let document = document(matches)?;
    let source = document.source().clone();
    let (findings, contract) = match lint::gate_partially(document) {
        Ok(contract) => (contract.findings().to_vec(), Some(contract)),
        Err(rejected) => (rejected.findings, None),
    };
    let is_told =
        |finding: &Finding| finding.rule == lint::PARTIAL || finding.severity == Severity::Error;
    let told: Vec<_> = findings.into_iter().filter(is_told).collect();
    report::findings(out, style, &source, &told)?;
    Ok(contract)
}
