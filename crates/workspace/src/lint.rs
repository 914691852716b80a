use std::io::{self, Write};
use std::path::PathBuf;

use contract::lint::{RULES, summaries};
use contract::report::{Found, Style};
use contract::{Document, Finding, Findings, Severity};

use crate::environment::Environment;
use crate::pipe::Pipe;
use crate::report::{Report, draw};
use crate::settings::Settings;
use crate::{Exit, progress, tell};

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
    if lint.files.is_empty() {
        let environment = environment?;
        for document in environment.documents()? {
            let path = environment.at(&document.path);
            read.push(Document::read_below(
                &environment.root,
                &path,
                document.path,
            ));
        }
    }
    for path in &lint.files {
        read.push(Document::read(path, path.display().to_string()));
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
        match document {
            Ok(document) => {
                let source = document.source().clone();
                let findings = settings.levelled(linted(document, &settings));
                let found = Found { findings, source };
                if fails(&found, deny_warnings) {
                    exit = exit.worse(Exit::ContractErrors);
                }
                if lint.report.is_for_terminal() {
                    draw(out, style, &found, RULES.len())?;
                }
                all.push(found);
            }
            Err(error) => {
                tell(told, &error)?;
                exit = exit.worse(Exit::Failed);
            }
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

fn fails(found: &Found, deny_warnings: bool) -> bool {
    let fails = |finding: &Finding| match deny_warnings {
        true => finding.severity != Severity::Note,
        false => finding.severity == Severity::Error,
    };
    found.findings.iter().any(fails)
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
