//! `cargo sdk send`: an event of the contract, to a handler of one's own.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use contract::inert;
use contract::report::Style;
use sandbox::{Delivery, Sandbox, Webhook};
use workspace::Exit;

use crate::{contracts, serve};

/// The longest body that is read from a file, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

pub(crate) fn command(called: &str) -> Command {
    let option =
        |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    Command::new("send")
        .about("Send an event of a contract to a handler, as the API would")
        .after_help(format!(
            "Webhooks and callbacks are events; what is sent is what the contract shows of them. The \
             contract's `x-webhook-signature` says how they are signed.\n\nexample:\n  {called} \
             send pet.born http://127.0.0.1:3000/events --secret-from WEBHOOK_SECRET --late 10m"
        ))
        .args([
            Arg::new("event").value_name("EVENT").required(true).help("What the contract calls it"),
            Arg::new("url").value_name("URL").required(true).help("The address of the handler"),
            contracts::argument(),
            option("body", "FILE")
                .value_parser(value_parser!(PathBuf))
                .help("JSON to send, instead of what the contract shows"),
            option("example", "NAME").help("The contract's example to send, instead of the first one"),
            option("secret-from", "VARIABLE").help("The environment variable that has the secret"),
            option("signature", "WHICH")
                .value_parser(["right", "wrong", "none"])
                .default_value("right")
                .help("How it is signed; `wrong` is by another secret"),
            option("times", "NUMBER")
                .value_parser(value_parser!(u32).range(1..=1000))
                .default_value("1")
                .help("How often it is sent"),
            option("late", "TIME")
                .value_parser(serve::duration)
                .help("Sign it as if it had been sent so long ago: `90s`, `10m`"),
        ])
}

pub(crate) fn run(matches: &ArgMatches, style: Style, out: &mut dyn Write) -> io::Result<Exit> {
    let Some(contract) = contracts::admitted(matches, style, out)? else {
        return Ok(Exit::ContractErrors);
    };
    let webhook = webhook(matches)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let deliveries = runtime.block_on(async {
        let sandbox = Sandbox::of(contract).stateless().start().await;
        let sandbox = sandbox.map_err(io::Error::other)?;
        sandbox.send([webhook]).await.map_err(io::Error::other)
    })?;
    for delivery in &deliveries {
        tell(out, delivery)?;
    }
    Ok(match deliveries.iter().all(|one| one.status.is_some()) {
        true => Exit::Fine,
        false => Exit::Failed,
    })
}

fn webhook(matches: &ArgMatches) -> io::Result<Webhook> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let event = text("event").unwrap_or_default();
    let mut webhook = Webhook::new(event, text("url").unwrap_or_default());
    if let Some(path) = matches.get_one::<PathBuf>("body") {
        webhook = webhook.body(body(path)?);
    }
    if let Some(example) = text("example") {
        webhook = webhook.example(example);
    }
    if let Some(variable) = text("secret-from") {
        let secret = std::env::var(&variable).map_err(|_| {
            let variable = inert::line(&variable);
            io::Error::other(format!(
                "`{variable}` is no variable of the environment; export it"
            ))
        })?;
        webhook = webhook.secret(secret);
    }
    if let Some(times) = matches.get_one::<u32>("times") {
        webhook = webhook.times(*times);
    }
    if let Some(late) = matches.get_one::<Duration>("late") {
        webhook = webhook.late(*late);
    }
    Ok(match text("signature").as_deref() {
        Some("wrong") => webhook.wrongly_signed(),
        Some("none") => webhook.unsigned(),
        _ => webhook,
    })
}

fn body(path: &PathBuf) -> io::Result<serde_json::Value> {
    let name = path.display().to_string();
    let told = |why: String| io::Error::other(format!("`{}`: {why}", inert::line(&name)));
    let size = std::fs::metadata(path)
        .map_err(|error| told(error.to_string()))?
        .len();
    if size > LARGEST {
        return Err(told(format!("it is larger than {LARGEST} bytes")));
    }
    let text = std::fs::read(path).map_err(|error| told(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| told(format!("it is no JSON: {error}")))
}

fn tell(out: &mut dyn Write, delivery: &Delivery) -> io::Result<()> {
    let name = inert::line(&delivery.name);
    let body = String::from_utf8_lossy(&delivery.body);
    match (delivery.status, &delivery.error) {
        (Some(status), _) if delivery.is_described => writeln!(out, "{name}: {status}")?,
        (Some(status), _) => writeln!(out, "{name}: {status}, which the contract does not have")?,
        (None, Some(error)) => writeln!(out, "{name}: no answer: {}", inert::line(error))?,
        (None, None) => writeln!(out, "{name}: no answer")?,
    }
    writeln!(out, "  {}", inert::line(&body))
}
