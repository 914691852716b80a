//! Brings another API into the workspace: its document below `openapi/`, and a crate.

use std::io::{self, Write};
use std::path::Path;

use contract::generate::generate;
use contract::report::{self, Style};
use contract::{Document, Source, lint};

use crate::staged::Staged;
use crate::workspace::Workspace;
use crate::{Exit, generate as generate_all};

/// Nothing is written unless the document generates.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    name: &str,
    document: &Path,
) -> io::Result<Exit> {
    let workspace = Workspace::find()?;
    let target = workspace.new_document(name, document)?;
    let source = match Source::read(document, document.display().to_string()) {
        Ok(source) => source,
        Err(error) => {
            writeln!(out, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let text = source.text().to_owned();
    let refused = match lint::gate(Document::parse(source)) {
        Err(rejected) => Some((rejected.document, rejected.findings)),
        Ok(checked) => match generate(&checked) {
            Ok(_) => None,
            Err(finding) => {
                report::findings(out, style, checked.document().source(), &[*finding])?;
                return nothing(out);
            }
        },
    };
    if let Some((document, findings)) = refused {
        report::findings(out, style, document.source(), &findings)?;
        return nothing(out);
    }
    Staged::file(&target.path, &text)?.commit()?;
    writeln!(out, "created   {}", target.name)?;
    generate_all::run(out, style, false)
}

fn nothing(out: &mut dyn Write) -> io::Result<Exit> {
    writeln!(
        out,
        "nothing was written\nnext: correct the errors in the document"
    )?;
    Ok(Exit::ContractErrors)
}
