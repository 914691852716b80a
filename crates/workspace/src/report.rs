//! Findings as they are asked for: in which form, and where to.

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::{Arg, ArgMatches};
use contract::report::{self, Found, Style};

use crate::arguments::{self, FORMATS, Format, Written};
use crate::output;

/// How findings are written.
///
/// ```
/// use clap::Command;
/// use contract::report::Style;
/// use workspace::Report;
///
/// let command = Command::new("check").args(Report::arguments());
/// let report = Report::of(&command.get_matches_from(["check", "--format", "json"]));
/// let mut out = Vec::new();
/// report.write(&mut out, Style::Plain, &[], &Default::default())?;
/// assert!(out.starts_with(b"{"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) format: Format,
    pub(crate) write: Vec<Written>,
}

impl Report {
    /// The arguments `--format` and `--write`.
    #[must_use]
    pub fn arguments() -> [Arg; 2] {
        [arguments::format(), arguments::write(&FORMATS)]
    }

    /// What the arguments say.
    #[must_use]
    pub fn of(matches: &ArgMatches) -> Self {
        Self {
            format: arguments::chosen(matches, "format", &FORMATS).unwrap_or(Format::Terminal),
            write: arguments::all(matches, "write"),
        }
    }

    /// Whether a person reads what is written first.
    #[must_use]
    pub fn is_for_terminal(&self) -> bool {
        self.format == Format::Terminal
    }

    /// Writes findings, and the files beside them; SARIF has the summaries of their rules, too.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn write(
        &self,
        out: &mut dyn Write,
        style: Style,
        all: &[Found],
        rules: &BTreeMap<&str, &str>,
    ) -> io::Result<()> {
        in_form(out, self.format, style, all, rules)?;
        self.write_files(all, rules)
    }

    /// Writes the files only.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write_files(&self, all: &[Found], rules: &BTreeMap<&str, &str>) -> io::Result<()> {
        for (format, file) in &self.write {
            output::to_file(file, |out| in_form(out, *format, Style::Plain, all, rules))?;
        }
        Ok(())
    }
}

fn in_form(
    out: &mut dyn Write,
    format: Format,
    style: Style,
    all: &[Found],
    rules: &BTreeMap<&str, &str>,
) -> io::Result<()> {
    match format {
        Format::Json => report::json(out, all),
        Format::Github => report::github(out, all),
        Format::Markdown => report::markdown(out, all),
        Format::Sarif => report::sarif::findings(out, all, rules),
        Format::Terminal | Format::Outputs | Format::Changelog => all
            .iter()
            .try_for_each(|found| draw(out, style, found, rules.len())),
    }
}

/// Draws findings, and says of how many rules they are.
pub(crate) fn draw(
    out: &mut dyn Write,
    style: Style,
    found: &Found,
    rules: usize,
) -> io::Result<()> {
    let Found { source, findings } = found;
    report::findings(out, style, source, findings)?;
    let count = report::count(findings);
    let name = contract::inert::line(source.name());
    writeln!(out, "{name}: {count} ({rules} rules)")
}
