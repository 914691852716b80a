//! Brings another API into the workspace: its document, and a client.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Component, Path};
use std::time::Instant;

use contract::report::{self, Style};
use contract::{Checked, Document, Finding, Findings, ReadError, Severity, Source, inert, lint};

use crate::documents::Document as Target;
use crate::environment::{Environment, MANIFEST};
use crate::generate::{self, Output};
use crate::name::Name;
use crate::settings::Settings;
use crate::staged::{Staged, sweep};
use crate::{Exit, barrier, client, progress, tell};

/// Nothing is written unless the document generates, and nothing but it and its client.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    name: &str,
    document: &Path,
    partial: bool,
) -> io::Result<Exit> {
    let name = Name::new(name, name)?;
    environment.check_free(&name)?;
    let read = match Document::read(document, document.display().to_string()) {
        Ok(read) => read,
        Err(error) => {
            tell(out, &error)?;
            return Ok(Exit::Failed);
        }
    };
    match gated(out, style, read, partial)? {
        Some(checked) => bring(out, style, environment, &name, checked),
        None => {
            let (name, command) = (&name, &environment.command);
            let document = inert::line(&document.display().to_string()).into_owned();
            match partial {
                true => nothing(out),
                false => {
                    writeln!(
                        out,
                        "nothing was written\nnext: correct the errors in the document, or leave \
                         out the operations that need what is wrong: `{command} new {name} \
                         {document} --partial`"
                    )?;
                    Ok(Exit::ContractErrors)
                }
            }
        }
    }
}

/// The document, if it has no errors; says what they are, and nothing of what whoever brings it
/// in need not know.
pub(crate) fn gated(
    out: &mut dyn Write,
    style: Style,
    document: Document,
    partial: bool,
) -> io::Result<Option<Checked>> {
    let gated = match partial {
        true => lint::gate_partially(document),
        false => lint::gate(document),
    };
    match gated {
        Ok(checked) => Ok(Some(checked)),
        Err(mut rejected) => {
            let is_error = |finding: &Finding| finding.severity == Severity::Error;
            rejected.findings.retain(is_error);
            let source = rejected.document.source();
            report::findings(out, style, source, &rejected.findings)?;
            Ok(None)
        }
    }
}

/// Brings in a checked document, under a name that is free.
pub(crate) fn bring(
    out: &mut dyn Write,
    style: Style,
    environment: &Environment,
    name: &Name,
    checked: Checked,
) -> io::Result<Exit> {
    let start = Instant::now();
    let original = checked.document().source();
    let target = environment.new_document(name, original.name(), !original.parts().is_empty())?;
    let files = files(&target, original)?;
    let Some(moved) = moved(out, style, is_partial(&checked), &target, &files)? else {
        return nothing(out);
    };
    let home = client::home(&environment.settings, &target.client);
    let what = format!("generating from {}", target.path);
    let generated = match progress::during(&what, || barrier::generate(&moved, &home)) {
        Ok(generated) => generated,
        Err(finding) => {
            report::findings(out, style, original, &[*finding])?;
            return nothing(out);
        }
    };
    let output = Output::new(environment, target, &generated, start.elapsed())?;
    let problems = match output.document.client.package {
        Some(_) => output.problems(environment)?,
        // What the package lacks is added, but not to what it has.
        None => output.module_problems(environment)?,
    };
    if !problems.is_empty() {
        problems.iter().try_for_each(|problem| tell(out, problem))?;
        writeln!(out, "nothing was written")?;
        return Ok(Exit::Failed);
    }
    write(environment, &output, &files, is_partial(&moved))?;
    for path in files.keys() {
        writeln!(
            out,
            "created   {}",
            inert::line(&output.document.beside(path))
        )?;
    }
    let mut findings = readings(&moved);
    findings.extend(generated.findings);
    report::findings(out, style, moved.document().source(), &findings)?;
    output.tell(out, false)?;
    writeln!(out, "{}", generate::next(&environment.settings))?;
    Ok(Exit::Fine)
}

/// Whether operations of the document were left out.
fn is_partial(checked: &Checked) -> bool {
    let mut findings = checked.findings().iter();
    findings.any(|finding| finding.rule == lint::PARTIAL)
}

/// How the document is read where it is not as it should be. Whose it is cannot correct it, so
/// that it is a note.
fn readings(checked: &Checked) -> Findings {
    let findings = checked.findings().iter().cloned();
    let is_reading = |rule| lint::READINGS.contains(&rule) || rule == lint::PARTIAL;
    let readings = findings.filter(|finding| is_reading(finding.rule));
    let noted = readings.map(|finding| Finding {
        severity: Severity::Note,
        ..finding
    });
    noted.collect()
}

/// The document and the files that it is made of, by their paths in the folder where it will
/// be; that folder is its own.
fn files(target: &Target, original: &Source) -> io::Result<BTreeMap<String, String>> {
    let main = target.file().to_owned();
    let mut files = BTreeMap::from([(main.clone(), original.text().to_owned())]);
    let name = original.name();
    let folder = name.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    for part in original.parts() {
        let path = part.name()[folder..].replace('\\', "/");
        let shown = inert::line(part.name());
        let is_below = Path::new(&path)
            .components()
            .all(|step| matches!(step, Component::Normal(_)));
        if !is_below {
            return Err(io::Error::other(format!(
                "`{shown}` is outside of the document's folder; bring it in, and the document \
                 with it"
            )));
        }
        if path.eq_ignore_ascii_case(&main) {
            return Err(io::Error::other(format!(
                "`{shown}` would take the place of `{}`, which the document will be; rename it",
                target.path
            )));
        }
        files.insert(path, part.text().to_owned());
    }
    Ok(files)
}

/// The document as it will be read from its new place, where what refers to it by its old
/// name leads nowhere.
fn moved(
    out: &mut dyn Write,
    style: Style,
    partial: bool,
    target: &Target,
    files: &BTreeMap<String, String>,
) -> io::Result<Option<Checked>> {
    let main = files.get(target.file()).cloned().unwrap_or_default();
    let source = Source::new(&target.path, main);
    let document = Document::parse_with(source, &mut |path| match files.get(path) {
        Some(text) => Ok(Source::new(target.beside(path), text)),
        None => Err(ReadError::Io {
            name: target.beside(path),
            error: io::ErrorKind::NotFound.into(),
        }),
    });
    let gated = match partial {
        true => lint::gate_partially(document),
        false => lint::gate(document),
    };
    match gated {
        Ok(checked) => Ok(Some(checked)),
        Err(rejected) => {
            let source = rejected.document.source();
            report::findings(out, style, source, &rejected.findings)?;
            let (file, name) = (target.file(), &target.path);
            let help = format!("it will be `{name}`: name it `{file}` now, and refer to it so");
            tell(
                out,
                &format!("the document refers to itself by name; {help}"),
            )?;
            Ok(None)
        }
    }
}

/// The document, then its client: killed between the two, `generate` goes on.
fn write(
    environment: &Environment,
    output: &Output,
    files: &BTreeMap<String, String>,
    is_partial: bool,
) -> io::Result<()> {
    let (root, document) = (&environment.root, &output.document);
    sweep(root);
    sweep(&environment.at(&environment.settings.documents));
    // Before the client is there, so that the next run understands the document as this one.
    let manifest = environment.manifest()?;
    if is_partial && !environment.settings.is_partial(&document.path) {
        let text = Settings::with_partial(MANIFEST, &manifest, &document.path)?;
        Staged::file(&environment.at(MANIFEST), &text)?.commit()?;
    }
    let staged = match document.folder(&environment.settings) {
        Some(folder) => {
            let files: Vec<_> = files.clone().into_iter().collect();
            Staged::folder(&environment.to_write(folder)?, root, &files)?
        }
        None => {
            let path = environment.to_write(&document.path)?;
            Staged::file(&path, &files[document.file()])?
        }
    };
    let needs = output.needs(environment)?;
    let client = output.staged(environment)?;
    staged.commit()?;
    for staged in needs.into_iter().chain(client) {
        staged.commit()?;
    }
    match output.members(environment)? {
        Some(manifest) => manifest.commit(),
        None => Ok(()),
    }
}

/// What is said where the document has errors.
pub(crate) fn nothing(out: &mut dyn Write) -> io::Result<Exit> {
    writeln!(
        out,
        "nothing was written\nnext: correct the errors in the document"
    )?;
    Ok(Exit::ContractErrors)
}
