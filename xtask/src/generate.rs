use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use contract::lint;
use contract::report::{self, Style};
use similar::TextDiff;

use crate::staged::{Staged, sweep};
use crate::workspace::{DOCUMENTS, Document, Workspace};
use crate::{Exit, barrier, failure, member, tell};

/// What to do with code that is new.
pub(crate) const NEXT: &str =
    "next: `cargo test --workspace`, then `cargo insta review` for the shapes that changed";

/// What became of one document.
pub(crate) struct Output {
    pub(crate) document: Document,
    code: String,
    took: Duration,
    /// The generated file, and its path as a reader knows it.
    path: PathBuf,
    name: String,
    /// What stands there now.
    old: Option<Vec<u8>>,
}

impl Output {
    pub(crate) fn new(
        workspace: &Workspace,
        document: Document,
        code: String,
        took: Duration,
    ) -> io::Result<Self> {
        let name = format!("crates/{}/src/generated.rs", document.krate);
        let path = workspace.root.join(&name);
        Ok(Self {
            old: old(&path, &name)?,
            document,
            code,
            took,
            path,
            name,
        })
    }

    fn is_stale(&self) -> bool {
        self.old.as_deref() != Some(self.code.as_bytes())
    }

    /// The code in its place, in the crate that is around it from then on.
    pub(crate) fn staged(&self, workspace: &Workspace) -> io::Result<Staged> {
        let folder = workspace.root.join("crates").join(&self.document.krate);
        match folder.exists() {
            true => Staged::file(&self.path, &self.code),
            false => {
                let files = member::files(&self.document, &self.code);
                Staged::folder(&folder, &workspace.root, &files)
            }
        }
    }
}

/// The file that the code takes the place of.
fn old(path: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    let kind = match fs::metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failure::to("read", Path::new(name))(error)),
    };
    if !kind.is_file() {
        return Err(io::Error::other(format!(
            "`{name}` is no file; remove it, and it is generated"
        )));
    }
    let bytes = fs::read(path).map_err(failure::to("read", Path::new(name)))?;
    Ok(Some(bytes))
}

/// Regenerates every client, or shows which are stale. Nothing is written unless
/// every document generates.
pub(crate) fn run(out: &mut dyn Write, style: Style, check: bool) -> io::Result<Exit> {
    let workspace = Workspace::find()?;
    let mut outputs = Vec::new();
    let mut exit = Exit::Fine;
    for document in workspace.documents()? {
        match output(out, style, &workspace, document)? {
            Ok(output) => outputs.push(output),
            Err(failure) => exit = exit.worse(failure),
        }
    }
    if exit != Exit::Fine {
        if !check {
            writeln!(out, "nothing was written")?;
        }
        writeln!(out, "next: correct the errors, then `cargo xtask generate`")?;
        return Ok(exit);
    }
    match check {
        true => compare(out, &outputs),
        false => write(out, &workspace, outputs),
    }
}

fn output(
    out: &mut dyn Write,
    style: Style,
    workspace: &Workspace,
    document: Document,
) -> io::Result<Result<Output, Exit>> {
    let start = Instant::now();
    let read = match contract::Document::read_below(&workspace.root, &document.path, &document.name)
    {
        Ok(read) => read,
        Err(error) => {
            tell(out, &error)?;
            return Ok(Err(Exit::Failed));
        }
    };
    let checked = match lint::gate(read) {
        Ok(checked) => checked,
        Err(rejected) => {
            let source = rejected.document.source();
            report::findings(out, style, source, &rejected.findings)?;
            return Ok(Err(Exit::ContractErrors));
        }
    };
    let source = checked.document().source();
    if !checked.findings().is_empty() {
        let count = report::count(checked.findings());
        writeln!(out, "{}: {count}, see `cargo xtask lint`", document.name)?;
    }
    let generated = match barrier::generate(&checked) {
        Ok(generated) => generated,
        Err(finding) => {
            report::findings(out, style, source, &[*finding])?;
            return Ok(Err(Exit::ContractErrors));
        }
    };
    let output = Output::new(workspace, document, generated.code, start.elapsed())?;
    // Notes are on new code; whoever regenerates the same has read them.
    if output.is_stale() {
        report::findings(out, style, source, &generated.findings)?;
    }
    Ok(Ok(output))
}

fn compare(out: &mut dyn Write, outputs: &[Output]) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    for output in outputs {
        if output.is_stale() {
            let old = String::from_utf8_lossy(output.old.as_deref().unwrap_or_default());
            let diff = TextDiff::from_lines(old.as_ref(), &output.code);
            let mut diff = diff.unified_diff();
            diff.header(&output.name, &format!("{} (generated now)", output.name));
            write!(out, "{diff}")?;
            exit = Exit::Stale;
        }
        line(
            out,
            output,
            if output.is_stale() { "stale" } else { "fresh" },
        )?;
    }
    match exit {
        Exit::Fine => writeln!(out, "generated files are as their documents say")?,
        _ => writeln!(out, "next: `cargo xtask generate`")?,
    }
    Ok(exit)
}

/// Stages everything, then puts it in place: what can fail has failed before the
/// first file changes.
fn write(out: &mut dyn Write, workspace: &Workspace, outputs: Vec<Output>) -> io::Result<Exit> {
    sweep(&workspace.root);
    sweep(&workspace.root.join(DOCUMENTS));
    for folder in outputs.iter().filter_map(|output| output.path.parent()) {
        sweep(folder);
    }
    let stale = outputs.iter().filter(|output| output.is_stale());
    let staged = stale.map(|output| output.staged(workspace));
    let staged = staged.collect::<io::Result<Vec<_>>>()?;
    let any = !staged.is_empty();
    for staged in staged {
        staged.commit()?;
    }
    for output in &outputs {
        let is_new = output.old.is_none();
        line(
            out,
            output,
            match output.is_stale() {
                true if is_new => "created",
                true => "written",
                false => "unchanged",
            },
        )?;
    }
    match any {
        true => writeln!(out, "{NEXT}")?,
        false => writeln!(
            out,
            "nothing to do: generated files are as their documents say"
        )?,
    }
    Ok(Exit::Fine)
}

pub(crate) fn line(out: &mut dyn Write, output: &Output, state: &str) -> io::Result<()> {
    let lines = output.code.lines().count();
    let took = output.took.as_millis();
    writeln!(
        out,
        "{state:<9} {}: {lines} lines in {took} ms",
        output.name
    )
}
