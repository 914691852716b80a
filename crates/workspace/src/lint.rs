use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contract::lint::RULES;
use contract::report::{Found, Style};
use contract::{Document, Finding, Findings, Severity, inert};
use overlay::is_overlay;
use overlay::rules::RULES as TRANSLATIONS;

use crate::documents;
use crate::environment::Environment;
use crate::pipe::Pipe;
use crate::report::{Report, draw};
use crate::settings::Settings;
use crate::{Exit, failure, progress, tell, translations};

/// What to lint, and how.
#[derive(Debug)]
pub(crate) struct Lint {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) deny_warnings: bool,
    pub(crate) report: Report,
}

/// Lints the files, or every document of the workspace. A file needs no workspace, and takes
/// its settings where there is one.
pub(crate) fn run(
    out: &mut dyn Write,
    style: Style,
    environment: io::Result<Environment>,
    command: &str,
    lint: &Lint,
) -> io::Result<Exit> {
    let settings = match &environment {
        Ok(environment) => environment.settings.clone(),
        Err(_) => Settings::default(),
    };
    let deny_warnings = lint.deny_warnings || settings.deny_warnings;
    let mut read = Vec::new();
    let mut orphans = Vec::new();
    if lint.files.is_empty() {
        let environment = environment?;
        let documents = environment.documents()?;
        orphans = without_documents(&environment, &documents)?;
        for document in documents {
            let path = environment.at(&document.path);
            let document = document.read(&environment).map_err(io::Error::other);
            read.push(document.map(|document| Linted {
                document,
                path,
                only: None,
            }));
        }
    }
    for path in &lint.files {
        read.push(Linted::of_file(path));
    }
    // What a program reads holds findings or nothing.
    let mut stderr = Pipe(io::stderr());
    let mut exit = Exit::Fine;
    let mut all = Vec::new();
    for document in read {
        let told: &mut dyn Write = match lint.report.is_for_terminal() {
            true => out,
            false => &mut stderr,
        };
        let found = match document.and_then(|document| document.found(&settings)) {
            Ok(mut found) => {
                found.append(&mut orphans);
                found
            }
            Err(error) => {
                tell(told, &error)?;
                exit = exit.worse(Exit::Failed);
                continue;
            }
        };
        for (found, rules) in found {
            if fails(&found, deny_warnings) {
                exit = exit.worse(Exit::ContractErrors);
            }
            if lint.report.is_for_terminal() {
                draw(out, style, &found, rules)?;
            }
            all.push(found);
        }
    }
    match lint.report.is_for_terminal() {
        true => lint.report.write_files(&all, &summaries())?,
        false => lint.report.write(out, style, &all, &summaries())?,
    }
    if lint.report.is_for_terminal() && exit == Exit::ContractErrors {
        writeln!(out, "next: correct what is found, then `{command} lint`")?;
    }
    Ok(exit)
}

/// A document that is linted with its translations, or one of those alone.
struct Linted {
    document: Document,
    path: PathBuf,
    only: Option<PathBuf>,
}

impl Linted {
    /// A file that somebody names: a document, or an overlay beside its document.
    fn of_file(path: &Path) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (path, only) = match is_overlay(&name) {
            false => (path.to_owned(), None),
            true => {
                path.metadata().map_err(failure::to("read", path))?;
                let original = translations::document(path).ok_or_else(|| {
                    let shown = path.display().to_string();
                    io::Error::other(format!(
                        "`{}` is an overlay of no document that is beside it",
                        inert::line(&shown)
                    ))
                })?;
                (original, Some(path.to_owned()))
            }
        };
        let document = Document::read(&path, path.display().to_string());
        Ok(Self {
            document: document.map_err(io::Error::other)?,
            path,
            only,
        })
    }

    /// What is found in each file, and of how many rules.
    fn found(self, settings: &Settings) -> io::Result<Vec<(Found, usize)>> {
        let mut all = Vec::new();
        let source = self.document.source().clone();
        let translations = translations::all(&self.path, source.name(), self.document.root())?;
        let mut translations: Vec<Found> = translations.into_iter().map(|one| one.found).collect();
        match &self.only {
            Some(only) => {
                let name = only.file_name();
                let is_it = |found: &Found| Path::new(found.source.name()).file_name() == name;
                translations.retain(is_it);
            }
            None => {
                let findings = settings.levelled(linted(self.document, settings));
                all.push((Found { findings, source }, RULES.len()));
            }
        }
        all.extend(translations.into_iter().map(|mut found| {
            found.findings = settings.levelled(found.findings);
            (found, TRANSLATIONS.len())
        }));
        Ok(all)
    }
}

/// What is found of overlays that are beside none of the documents that they could be of.
fn without_documents(
    environment: &Environment,
    documents: &[documents::Document],
) -> io::Result<Vec<(Found, usize)>> {
    let folders = documents.iter().map(|document| {
        let folder = document.path.rsplit_once('/');
        folder.map_or("", |(folder, _)| folder)
    });
    let folders: BTreeSet<&str> = folders.collect();
    let mut all = Vec::new();
    for folder in folders {
        let orphans = translations::orphans(&environment.at(folder), folder)?;
        all.extend(orphans.into_iter().map(|mut found| {
            found.findings = environment.settings.levelled(found.findings);
            (found, TRANSLATIONS.len())
        }));
    }
    Ok(all)
}

fn fails(found: &Found, deny_warnings: bool) -> bool {
    let fails = |finding: &Finding| match deny_warnings {
        true => finding.severity != Severity::Note,
        false => finding.severity == Severity::Error,
    };
    found.findings.iter().any(fails)
}

/// Lists the rules with their levels.
pub(crate) fn rules(out: &mut dyn Write) -> io::Result<Exit> {
    let all: Vec<_> = all_rules().collect();
    let longest = all.iter().map(|(name, ..)| name.len()).max();
    let width = longest.unwrap_or_default();
    for (name, level, summary) in all {
        writeln!(out, "{name:width$}  {:7}  {summary}", level.word())?;
    }
    Ok(Exit::Fine)
}

/// Every rule with its level and what it asks for: those of documents, then those of translations.
pub(crate) fn all_rules() -> impl Iterator<Item = (&'static str, Severity, &'static str)> {
    let documents = RULES
        .iter()
        .map(|rule| (rule.name, rule.severity, rule.summary));
    let translations = TRANSLATIONS.iter();
    documents.chain(translations.map(|rule| (rule.name, rule.severity, rule.summary)))
}

fn summaries() -> BTreeMap<&'static str, &'static str> {
    all_rules()
        .map(|(name, _, summary)| (name, summary))
        .collect()
}

/// What is wrong with a document, with what the settings let be left out of it.
fn linted(document: Document, settings: &Settings) -> Findings {
    let what = format!("checking {}", document.source().name());
    let is_partial = settings.is_partial(document.source().name());
    progress::during(&what, || match is_partial {
        false => contract::lint::lint(&document),
        true => match settings.gate(document) {
            Ok(checked) => checked.findings().to_vec(),
            Err(rejected) => rejected.findings,
        },
    })
}
