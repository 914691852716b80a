//! The translations of a document: overlays beside it, one for each language.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use contract::report::Found;
use contract::source::Node;
use contract::{ReadError, Severity, Source, inert};
use overlay::{ENDINGS, Overlay, has_errors, is_overlay, language, rules, translation};

use crate::failure;

/// A translation of a document.
#[derive(Debug)]
pub(crate) struct Translation {
    /// Its language, a tag of BCP 47.
    pub(crate) language: String,
    pub(crate) overlay: Overlay,
    /// What is wrong with it.
    pub(crate) found: Found,
}

/// The files of a document's overlays, by name: `pets.es.overlay.yaml` beside `pets.yaml`.
pub(crate) fn files(document: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = match document.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let list = failure::to("list", folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(&list)? {
        let path = entry.map_err(&list)?.path();
        if is_of(&path, document) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The overlays in a folder that are of no document there, with a finding for each.
pub(crate) fn orphans(folder: &Path, shown: &str) -> io::Result<Vec<Found>> {
    let list = failure::to("list", folder);
    let mut orphans = Vec::new();
    for entry in fs::read_dir(folder).map_err(&list)? {
        let path = entry.map_err(&list)?.path();
        if let Some(stem) = original(&path).filter(|_| document(&path).is_none()) {
            let message = format!(
                "`{}` is not beside it",
                inert::line(&format!("{stem}.yaml"))
            );
            let mut finding = rules::form(message);
            finding.severity = Severity::Warning;
            let help = "call it as the document that it translates, with the language: `pets.es.overlay.yaml`";
            let source = Source::read_below(folder, &path, beside(shown, &path));
            orphans.push(Found {
                source: source.map_err(io::Error::other)?,
                findings: vec![finding.help(help)],
            });
        }
    }
    orphans.sort_by(|one, other| one.source.name().cmp(other.source.name()));
    Ok(orphans)
}

/// How findings call a file of a folder that they call `folder`.
fn beside(folder: &str, path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match folder {
        "" => name.into_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Whether a file is an overlay for a document that it is beside.
pub(crate) fn is_of(overlay: &Path, document: &Path) -> bool {
    original(overlay).is_some_and(|stem| Some(stem) == stem_of(document))
}

/// The name, without ending, of the document that an overlay is for.
fn original(overlay: &Path) -> Option<&str> {
    let name = overlay.file_name()?.to_str()?;
    if !is_overlay(name) || name.starts_with('.') {
        return None;
    }
    let (stem, _) = name.rsplit_once(".overlay.")?;
    Some(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem))
}

fn stem_of(document: &Path) -> Option<&str> {
    document.file_stem()?.to_str()
}

/// The document that an overlay is for, if it is beside it.
pub(crate) fn document(overlay: &Path) -> Option<PathBuf> {
    let stem = original(overlay)?;
    let mut candidates = ENDINGS
        .iter()
        .map(|ending| overlay.with_file_name(format!("{stem}.{ending}")));
    candidates.find(|candidate| candidate.is_file())
}

/// The overlays of a document, whose path findings name as `shown`.
pub(crate) fn sources(document: &Path, shown: &str) -> io::Result<Vec<Result<Source, ReadError>>> {
    let folder = shown.rsplit_once('/').map_or("", |(folder, _)| folder);
    let read = |path: PathBuf| {
        let name = beside(folder, &path);
        let beside = document.parent().filter(|folder| *folder != Path::new(""));
        Source::read_below(beside.unwrap_or(Path::new(".")), &path, name)
    };
    Ok(files(document)?.into_iter().map(read).collect())
}

/// The translations of a document with this tree, each held against it.
///
/// # Errors
/// When a file of them cannot be read.
pub(crate) fn all(document: &Path, shown: &str, root: &Node) -> io::Result<Vec<Translation>> {
    let mut all: Vec<Translation> = Vec::new();
    for source in sources(document, shown)? {
        let mut translation = held(source.map_err(io::Error::other)?, root);
        let is_same = |other: &&Translation| {
            !other.language.is_empty() && other.language.eq_ignore_ascii_case(&translation.language)
        };
        if let Some(other) = all.iter().find(is_same) {
            let message = format!(
                "`{}` translates into `{}`, too; put them together",
                inert::line(other.found.source.name()),
                other.language
            );
            translation.found.findings.insert(0, rules::form(message));
        }
        all.push(translation);
    }
    Ok(all)
}

fn held(source: Source, root: &Node) -> Translation {
    let (overlay, mut findings) = Overlay::read(source.clone());
    let language = match language(source.name()) {
        Ok(language) => language,
        Err(why) => {
            findings.insert(0, rules::form(inert::line(&why)));
            String::new()
        }
    };
    // What is no overlay translates nothing, and one finding for that is enough.
    if !has_errors(&findings) {
        findings.extend(translation::hold(root, &overlay, &language).findings);
    }
    Translation {
        language,
        overlay,
        found: Found { source, findings },
    }
}
