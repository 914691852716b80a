use std::io::{self, Write};
use std::path::PathBuf;

use contract::lint::{RULES, lint};
use contract::report::{self, Style};
use contract::{Document, Finding, Findings, ReadError, Severity, inert};

use crate::environment::Environment;
use crate::settings::Settings;
use crate::{Exit, tell};

/// What to lint, and how.
#[derive(Debug)]
pub(crate) struct Lint {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) deny_warnings: bool,
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
    let mut exit = Exit::Fine;
    if lint.files.is_empty() {
        let environment = environment?;
        for document in environment.documents()? {
            let path = environment.at(&document.path);
            let read = Document::read_below(&environment.root, &path, document.path);
            exit = exit.worse(file(out, style, read, &settings, deny_warnings)?);
        }
    }
    for path in &lint.files {
        let read = Document::read(path, path.display().to_string());
        exit = exit.worse(file(out, style, read, &settings, deny_warnings)?);
    }
    if exit == Exit::ContractErrors {
        writeln!(out, "next: correct what is found, then `{command} lint`")?;
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

fn file(
    out: &mut dyn Write,
    style: Style,
    read: Result<Document, ReadError>,
    settings: &Settings,
    deny_warnings: bool,
) -> io::Result<Exit> {
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            tell(out, &error)?;
            return Ok(Exit::Failed);
        }
    };
    let findings = levelled(lint(&document), settings);
    let source = document.source();
    report::findings(out, style, source, &findings)?;
    let count = report::count(&findings);
    let name = inert::line(source.name());
    writeln!(out, "{name}: {count} ({} rules)", RULES.len())?;
    let fails = |finding: &Finding| match deny_warnings {
        true => finding.severity != Severity::Note,
        false => finding.severity == Severity::Error,
    };
    Ok(match findings.iter().any(fails) {
        true => Exit::ContractErrors,
        false => Exit::Fine,
    })
}

/// The findings with the levels that are configured for their rules.
fn levelled(findings: Findings, settings: &Settings) -> Findings {
    let levelled = |mut finding: Finding| match settings.lint.get(finding.rule) {
        None => Some(finding),
        Some(level) => {
            finding.severity = (*level)?;
            Some(finding)
        }
    };
    findings.into_iter().filter_map(levelled).collect()
}
