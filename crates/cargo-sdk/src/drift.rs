//! `cargo sdk drift`: what somebody saw of an API, held against its contract.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use contract::finding::has_errors;
use contract::inert;
use contract::report::Style;
use sandbox::Judge;
use workspace::{Exit, Report};

use crate::contracts;

pub(crate) fn command(called: &str) -> Command {
    Command::new("drift")
        .about("Hold the traffic of an API against its contract")
        .after_help(format!(
            "Traffic is an HTTP Archive (HAR), such as browsers save. Requests to the contract's \
             servers count, or all where none is to one of them. Neither credentials nor values are \
             told. `serve --proxy` does the same as requests pass.\n\nexample:\n  {called} drift \
             traffic.har shop --write sarif=drift.sarif"
        ))
        .args([
            Arg::new("archive")
                .value_name("FILE.har")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The traffic"),
            contracts::argument(),
            values(),
        ])
        .args(Report::arguments())
}

/// Whether values are told.
pub(crate) fn values() -> Arg {
    Arg::new("values")
        .long("values")
        .action(ArgAction::SetTrue)
        .help("Tell the values that do not fit, too, which may be anybody's")
}

pub(crate) fn run(matches: &ArgMatches, style: Style, out: &mut dyn Write) -> io::Result<Exit> {
    let report = Report::of(matches);
    let mut aside = Vec::new();
    let contract = contracts::admitted(matches, style, &mut aside)?;
    // What a program reads holds findings or nothing.
    match report.is_for_terminal() {
        true => out.write_all(&aside)?,
        false => io::stderr().write_all(&aside)?,
    }
    let Some(contract) = contract else {
        return Ok(Exit::ContractErrors);
    };
    let mut judge = Judge::of(contract);
    if matches.get_flag("values") {
        judge = judge.with_values();
    }
    let archive = matches.get_one::<PathBuf>("archive");
    let (count, of) = judge.judge_archive(archive.map_or("".as_ref(), PathBuf::as_path))?;
    if report.is_for_terminal() {
        let name = archive.map(|path| path.display().to_string());
        let name = name.unwrap_or_default();
        writeln!(
            out,
            "{}: {count} of {of} requests are of this API\n",
            inert::line(&name)
        )?;
    }
    report.write(out, style, &[judge.differences()], &rules())?;
    Ok(exit(&judge))
}

/// The rules of differences, with what each is about.
pub(crate) fn rules() -> BTreeMap<&'static str, &'static str> {
    Judge::RULES.into_iter().collect()
}

/// Whether something differs.
pub(crate) fn exit(judge: &Judge) -> Exit {
    match has_errors(&judge.differences().findings) {
        true => Exit::Unapproved,
        false => Exit::Fine,
    }
}
