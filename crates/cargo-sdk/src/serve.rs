//! `cargo sdk serve`: a server of a contract, for whoever builds on it before it is there.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use contract::report::{self, Style};
use contract::{Checked, Document, Finding, Source, inert, lint};
use sandbox::{Builder, Error, Judge, Sandbox, Weather};
use tokio::signal;
use tokio::sync::mpsc;
use workspace::{Exit, Report};

use crate::{contracts, drift};

/// The rule about values that a server sends as they are.
const EXAMPLE: &str = "example";

/// Options of a server that answers itself.
const OF_SANDBOX: [&str; 6] = ["errors", "key", "latency", "seed", "state", "stateless"];

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
            contracts::argument(),
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
            option("play", "FILE.har")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("proxy")
                .help("Answer what was answered before: an HTTP Archive, such as browsers save"),
            option("save", "FILE.har")
                .value_parser(value_parser!(PathBuf))
                .help("Write the latest requests to a file at the end, without credentials"),
            option("proxy", "URL").conflicts_with_all(OF_SANDBOX).help(
                "Pass requests on to the API at this base URL, and hold it against the contract: \
                 at the end 5 says that something differs",
            ),
            drift::values().requires("proxy"),
            Arg::new("no-cors")
                .long("no-cors")
                .action(ArgAction::SetTrue)
                .help(
                    "Let no page of another origin read what it answers, not even of this machine",
                ),
            option("most", "NUMBER")
                .default_value("100000")
                .value_parser(value_parser!(usize))
                .help("How many members are remembered; above it a create is refused with 507"),
        ])
        .args(Report::arguments().map(|argument| argument.requires("proxy")))
        .mut_arg("format", |format| {
            format.help("How what differs is written")
        })
        .mut_arg("write", |write| {
            write.help("Write what differs to a file, too, in another form")
        })
}

pub(crate) fn run(matches: &ArgMatches, style: Style, out: &mut dyn Write) -> io::Result<Exit> {
    let Some(contract) = contracts::admitted(matches, style, out)? else {
        writeln!(out, "the contract has errors; nothing is served")?;
        return Ok(Exit::ContractErrors);
    };
    let again = contracts::document(matches)?;
    let host = matches.get_one::<IpAddr>("host").copied();
    if host.is_some_and(|host| !host.is_loopback()) {
        writeln!(
            out,
            "warning: whoever reaches this address can call the server"
        )?;
    }
    let title = inert::line(&contract.api().info.title).into_owned();
    let operations = contract.api().operations.len();
    if let Some(path) = matches.get_one::<PathBuf>("save") {
        // Who cannot save should know it before, not after.
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(path);
        file.map_err(to_save(path))?;
    }
    let (differs, mut differences) = mpsc::unbounded_channel();
    let mut builder = builder(matches, contract);
    if matches.contains_id("proxy") {
        // Nobody listens any more once the server ends.
        builder = builder.on_difference(move |source, finding| {
            _ = differs.send((source.clone(), finding.clone()))
        });
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sandbox = match builder.start().await {
            Ok(sandbox) => sandbox,
            Err(error) => return not_started(error, matches, style, out),
        };
        sandbox.weather(weather(matches));
        let plural = if operations == 1 { "" } else { "s" };
        let url = sandbox.url();
        let report = Report::of(matches);
        // What a program reads holds findings or nothing.
        let mut stderr = io::stderr();
        let aside: &mut dyn Write = match report.is_for_terminal() {
            true => out,
            false => &mut stderr,
        };
        writeln!(aside, "{title}: {operations} operation{plural} at {url}")?;
        writeln!(aside, "what it is asked: {}", sandbox.admin_url())?;
        if let Some(api) = matches.get_one::<String>("proxy") {
            writeln!(aside, "requests go on to {}\n", inert::line(api))?;
        }
        aside.flush()?;
        match matches.get_one::<String>("proxy") {
            Some(_) => {
                let is_shown = report.is_for_terminal();
                let mut show = |(source, finding): (Source, Finding)| match is_shown {
                    true => {
                        report::findings(out, style, &source, &[finding])?;
                        out.flush()
                    }
                    false => Ok(()),
                };
                let shown = async {
                    while let Some(difference) = differences.recv().await {
                        show(difference)?;
                    }
                    Ok(())
                };
                until_interrupted(shown).await?;
                while let Ok(difference) = differences.try_recv() {
                    show(difference)?;
                }
            }
            None => {
                // What is only shown takes the longest to check, and nobody waits for it.
                let found = tokio::task::spawn_blocking(move || shown(again)).await?;
                out.write_all(&found)?;
                // What each operation answers takes a while to see, too.
                let remembered = tokio::task::block_in_place(|| sandbox.remembered());
                tell(out, &remembered, operations)?;
                out.flush()?;
                until_interrupted(std::future::pending()).await?;
            }
        }
        let exit = match sandbox.judge() {
            Some(judge) => ended(judge, &report, style, out)?,
            None => Exit::Fine,
        };
        if let Some(path) = matches.get_one::<PathBuf>("save") {
            sandbox.save_traffic(path).map_err(to_save(path))?;
        }
        Ok(exit)
    })
}

fn builder(matches: &ArgMatches, contract: Checked) -> Builder {
    let path = |name: &str| matches.get_one::<PathBuf>(name);
    let host = matches.get_one::<IpAddr>("host").copied();
    let mut builder = Sandbox::of(contract).host(host.unwrap_or(Ipv4Addr::LOCALHOST.into()));
    builder = builder.port(port(matches));
    if matches.get_flag("stateless") {
        builder = builder.stateless();
    }
    if matches.get_flag("no-cors") {
        builder = builder.without_cors();
    }
    if matches.get_flag("values") {
        builder = builder.with_values();
    }
    if let Some(state) = path("state") {
        builder = builder.state(state);
    }
    if let Some(seed) = path("seed") {
        builder = builder.members_from(seed);
    }
    if let Some(archive) = path("play") {
        builder = builder.play(archive);
    }
    if let Some(api) = matches.get_one::<String>("proxy") {
        builder = builder.proxy(api);
    }
    if let Some(most) = matches.get_one::<usize>("most") {
        builder = builder.most(*most);
    }
    for key in matches.get_many::<String>("key").into_iter().flatten() {
        builder = builder.key(key);
    }
    builder
}

fn to_save(path: &Path) -> impl Fn(io::Error) -> io::Error {
    let name = inert::line(&path.display().to_string()).into_owned();
    move |error| {
        io::Error::new(
            error.kind(),
            format!("cannot save traffic to `{name}`: {error}"),
        )
    }
}

fn port(matches: &ArgMatches) -> u16 {
    matches.get_one::<u16>("port").copied().unwrap_or_default()
}

/// Works until somebody interrupts it, or the system wants it to end.
async fn until_interrupted(work: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    #[cfg(unix)]
    let mut ended = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let ended = ended.recv();
    #[cfg(not(unix))]
    let ended = std::future::pending::<Option<()>>();
    tokio::select! {
        done = work => done,
        interrupted = signal::ctrl_c() => interrupted,
        _ = ended => Ok(()),
    }
}

/// Says what differed, as far as it was not said when it was seen.
fn ended(judge: &Judge, report: &Report, style: Style, out: &mut dyn Write) -> io::Result<Exit> {
    let differences = [judge.differences()];
    if report.is_for_terminal() {
        let (requests, count) = (judge.exchanges(), differences[0].findings.len());
        let plural = |count| if count == 1 { "" } else { "s" };
        writeln!(
            out,
            "{requests} request{}, {count} difference{}",
            plural(requests),
            plural(count)
        )?;
        report.write_files(&differences, &drift::rules())?;
    } else {
        report.write(out, style, &differences, &drift::rules())?;
    }
    Ok(drift::exit(judge))
}

/// Why nothing is served, told where it has places.
fn not_started(
    error: Error,
    matches: &ArgMatches,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<Exit> {
    match error {
        Error::Seed(found) => {
            report::findings(out, style, &found.source, &found.findings)?;
            writeln!(
                out,
                "what is there at the start does not fit; nothing is served"
            )?;
            Ok(Exit::Usage)
        }
        Error::Io(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let port = port(matches);
            let told =
                format!("cannot listen on port {port}: {error}; choose another with `--port`");
            Err(io::Error::new(error.kind(), told))
        }
        Error::Io(error) => Err(error),
        error => Err(io::Error::other(error)),
    }
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
        (Ok(least), Ok(most)) if least <= most => Ok(least..=most),
        _ => Err("times are written `50ms`, `1s`, or `50ms..1s`".to_owned()),
    }
}

/// A time as it is written: `50ms`, `1.5s`, `10m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0)];
    let mut units = units.into_iter();
    let found = units.find_map(|(unit, seconds)| {
        let number = text.strip_suffix(unit)?.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(number * seconds).ok()
    });
    found.ok_or_else(|| "a time is written `50ms`, `1s` or `10m`".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, latency, rate};

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
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        for wrong in ["", "50", "1s..50ms", "-1s", "..", "1e30s"] {
            assert!(latency(wrong).is_err(), "{wrong}");
        }
    }
}
