//! `cargo sdk serve`: a server of a contract, for whoever builds on it before it is there.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use contract::report::{self, Style};
use contract::{Checked, Document, Finding, Severity, inert, lint};
use sandbox::{Error, Sandbox, Weather};

use crate::CALLED;

/// The rule about values that a server sends as they are.
const EXAMPLE: &str = "example";

pub(crate) fn command(called: &str) -> Command {
    let option =
        |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    Command::new("serve")
        .about("Serve a contract: check what is sent, and answer what it shows")
        .after_help(format!(
            "Answers on 127.0.0.1 until it is interrupted, with the contract's examples, and with \
             values made from its schemas. `Prefer: code=404` and `Prefer: example=NAME` choose \
             another answer.\n\nexample:\n  {called} serve shop --errors 5% --latency 50ms..200ms"
        ))
        .args([
            Arg::new("document")
                .value_name("NAME|FILE")
                .help("The document; the workspace's, where it has one"),
            option("port", "PORT")
                .default_value("4010")
                .value_parser(value_parser!(u16))
                .help("The port; 0 takes a free one"),
            option("host", "ADDRESS")
                .value_parser(value_parser!(IpAddr))
                .help("Another address than 127.0.0.1: whoever reaches it can call the server"),
            option("key", "KEY").action(ArgAction::Append).help(
                "A key, token or password that lets callers in; any does while none is named",
            ),
            option("errors", "RATE")
                .value_parser(rate)
                .help("How many requests fail: `5%` or `0.05`"),
            option("latency", "TIMES")
                .value_parser(latency)
                .help("How long a response takes: `50ms`, or `50ms..200ms`"),
            Arg::new("stateless")
                .long("stateless")
                .action(ArgAction::SetTrue)
                .help("Remember nothing: answer every request as if it were the first"),
            option("seed", "FILE")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("stateless")
                .help(
                    "What is there at the start: lists of members below the paths of collections",
                ),
            option("state", "FILE")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("stateless")
                .help("Remember in this file, which the next server goes on with"),
            option("most", "NUMBER")
                .default_value("100000")
                .value_parser(value_parser!(usize))
                .help("How many members are remembered; above it a create is refused with 507"),
        ])
}

pub(crate) fn run(matches: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let manifest = matches
        .get_one::<PathBuf>("manifest-path")
        .map(PathBuf::as_path);
    let named = matches.get_one::<String>("document").map(String::as_str);
    let read = || workspace::document(CALLED, manifest, named);
    let contract = admitted(&read, out)?;
    let again = read()?;
    let title = inert::line(&contract.api().info.title).into_owned();
    let operations = contract.api().operations.len();
    let host = matches.get_one::<IpAddr>("host").copied();
    if host.is_some_and(|host| !host.is_loopback()) {
        writeln!(
            out,
            "warning: whoever reaches this address can call the server"
        )?;
    }
    let mut builder = Sandbox::of(contract).host(host.unwrap_or(Ipv4Addr::LOCALHOST.into()));
    let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
    builder = builder.port(port);
    if matches.get_flag("stateless") {
        builder = builder.stateless();
    }
    if let Some(state) = matches.get_one::<PathBuf>("state") {
        builder = builder.state(state);
    }
    if let Some(seed) = matches.get_one::<PathBuf>("seed") {
        builder = builder.members_from(seed);
    }
    if let Some(most) = matches.get_one::<usize>("most") {
        builder = builder.most(*most);
    }
    for key in matches.get_many::<String>("key").into_iter().flatten() {
        builder = builder.key(key);
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sandbox = match builder.start().await {
            Ok(sandbox) => sandbox,
            Err(error) => return Err(not_started(error, port, out)?),
        };
        sandbox.weather(weather(matches));
        let plural = if operations == 1 { "" } else { "s" };
        writeln!(
            out,
            "{title}: {operations} operation{plural} at {}",
            sandbox.url()
        )?;
        out.flush()?;
        // What is only shown takes the longest to check, and nobody waits for it.
        let found = tokio::task::spawn_blocking(move || shown(again)).await?;
        out.write_all(&found)?;
        // What each operation answers takes a while to see, too.
        let remembered = tokio::task::block_in_place(|| sandbox.remembered());
        tell(out, &remembered, operations)?;
        out.flush()?;
        tokio::select! {
            () = sandbox.serve() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    })
}

/// Why nothing is served, told where it has places.
fn not_started(error: Error, port: u16, out: &mut dyn Write) -> io::Result<io::Error> {
    Ok(match error {
        Error::Seed(found) => {
            report::findings(out, Style::Plain, &found.source, &found.findings)?;
            io::Error::other("what is there at the start does not fit; nothing is served")
        }
        Error::Io(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let told =
                format!("cannot listen on port {port}: {error}; choose another with `--port`");
            io::Error::new(error.kind(), told)
        }
        Error::Io(error) => error,
        error => io::Error::other(error),
    })
}

/// So many operations are told one by one.
const FEW: usize = 20;

/// Says which operations remember.
fn tell(out: &mut dyn Write, remembered: &[String], of: usize) -> io::Result<()> {
    let count = remembered.len();
    writeln!(
        out,
        "{count} of {of} remember what they are told; the others answer what the contract shows"
    )?;
    for title in remembered.iter().take(FEW) {
        writeln!(out, "  {}", inert::line(title))?;
    }
    match count.saturating_sub(FEW) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// The contract without what has errors, which is told.
fn admitted(read: &dyn Fn() -> io::Result<Document>, out: &mut dyn Write) -> io::Result<Checked> {
    if let Ok(contract) = lint::admit(read()?) {
        return Ok(contract);
    }
    let document = read()?;
    let source = document.source().clone();
    let (findings, contract) = match lint::gate_partially(document) {
        Ok(contract) => (contract.findings().to_vec(), Some(contract)),
        Err(rejected) => (rejected.findings, None),
    };
    let is_told =
        |finding: &Finding| finding.rule == lint::PARTIAL || finding.severity == Severity::Error;
    let told: Vec<_> = findings.into_iter().filter(is_told).collect();
    report::findings(out, Style::Plain, &source, &told)?;
    contract.ok_or_else(|| io::Error::other("the contract has errors; nothing is served"))
}

/// The examples that do not fit, as they are drawn.
fn shown(document: Document) -> Vec<u8> {
    let source = document.source().clone();
    let mut findings = lint::lint(&document);
    findings.retain(|finding| finding.rule == EXAMPLE);
    let mut drawn = Vec::new();
    // Nothing fails that is written to memory.
    let _ = report::findings(&mut drawn, Style::Plain, &source, &findings);
    drawn
}

fn weather(matches: &ArgMatches) -> Weather {
    let mut weather = Weather::new(0);
    if let Some(rate) = matches.get_one::<f64>("errors") {
        weather = weather.errors(*rate);
    }
    if let Some(latency) = matches.get_one::<RangeInclusive<Duration>>("latency") {
        weather = weather.latency(latency.clone());
    }
    weather
}

fn rate(text: &str) -> Result<f64, String> {
    let (number, of) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let rate = number.trim().parse::<f64>().map(|number| number / of).ok();
    let rate = rate.filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "a rate is from `0%` to `100%`".to_owned())
}

fn latency(text: &str) -> Result<RangeInclusive<Duration>, String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    match (duration(least), duration(most)) {
        (Some(least), Some(most)) if least <= most => Ok(least..=most),
        _ => Err("times are written `50ms`, `1s`, or `50ms..1s`".to_owned()),
    }
}

fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{latency, rate};

    #[test]
    fn rates_and_times_are_read_as_they_are_written() {
        assert_eq!(rate("5%"), Ok(0.05));
        assert_eq!(rate("0.05"), Ok(0.05));
        for wrong in ["", "%", "-1%", "101%", "2", "NaN"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
        let [short, long] = [50, 1500].map(Duration::from_millis);
        assert_eq!(latency("50ms"), Ok(short..=short));
        assert_eq!(latency("50ms..1.5s"), Ok(short..=long));
        for wrong in ["", "50", "1s..50ms", "-1s", "..", "1e30s"] {
            assert!(latency(wrong).is_err(), "{wrong}");
        }
    }
}
