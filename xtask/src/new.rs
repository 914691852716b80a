//! Brings another API into the workspace: its document below `openapi/`, and a crate.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contract::report::{self, Style};
use contract::{Document, Source, lint};

use crate::staged::Staged;
use crate::workspace::{Document as Target, Workspace};
use crate::{Exit, barrier, generate as generate_all, tell};

/// Nothing is written unless the document generates.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    name: &str,
    document: &Path,
) -> io::Result<Exit> {
    let workspace = Workspace::find()?;
    let shown = document.display().to_string();
    let read = match Document::read(document, shown.as_str()) {
        Ok(read) => read,
        Err(error) => {
            // A name that cannot be is wrong whatever the document is.
            workspace.new_document(name, document, false)?;
            tell(out, &error)?;
            return Ok(Exit::Failed);
        }
    };
    let target = workspace.new_document(name, document, !read.source().parts().is_empty())?;
    let files = files(&target, read.source(), &shown)?;
    let refused = match lint::gate(read) {
        Err(rejected) => Some((rejected.document, rejected.findings)),
        Ok(checked) => match barrier::generate(&checked) {
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
    for (path, shown, text) in files {
        Staged::file(&path, &text)?.commit()?;
        writeln!(out, "created   {shown}")?;
    }
    generate_all::run(out, style, false)
}

/// Where the document and the files that it is made of will be, from the root too.
fn files(
    target: &Target,
    source: &Source,
    original: &str,
) -> io::Result<Vec<(PathBuf, String, String)>> {
    let shown = |path: &str| match target.name.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{path}"),
        None => path.to_owned(),
    };
    let main = (
        target.path.clone(),
        target.name.clone(),
        source.text().to_owned(),
    );
    let mut files = vec![main];
    let folder = original.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    for part in source.parts() {
        let path = &part.name()[folder..];
        if path.starts_with("..") {
            return Err(io::Error::other(format!(
                "`{}` is outside of the document's folder; bring it in, and `{original}` with it",
                part.name()
            )));
        }
        let text = part.text().to_owned();
        files.push((target.path.with_file_name(path), shown(path), text));
    }
    Ok(files)
}

fn nothing(out: &mut dyn Write) -> io::Result<Exit> {
    writeln!(
        out,
        "nothing was written\nnext: correct the errors in the document"
    )?;
    Ok(Exit::ContractErrors)
}
