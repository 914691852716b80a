//! `callbell-sandbox [--port PORT] [--account FILE] [--state FILE]`: the Callbell API on loopback.

use std::path::PathBuf;
use std::process::ExitCode;

use callbell_sandbox::{Account, Builder, Error, Sandbox};
use contract::report::{self, Style};
use lexopt::{Arg, Parser, ValueExt as _};

const HELP: &str = "\
usage: callbell-sandbox [--port PORT] [--account FILE] [--state FILE]

Stands in for the Callbell API on 127.0.0.1, answering from the contract.
PORT is 4010 unless told; 0 takes a free one.
The account has whatever is named, unless a file says what it has.
Contacts are forgotten at the end, unless a file keeps them.
";

/// What is asked for.
#[derive(Default)]
struct Asked {
    port: u16,
    account: Option<PathBuf>,
    state: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let asked = match asked() {
        Ok(Some(asked)) => asked,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n\n{HELP}");
            return 2.into();
        }
    };
    let port = asked.port;
    let started = match builder(asked) {
        Ok(builder) => builder.start().await,
        Err(error) => Err(error),
    };
    match started {
        Ok(sandbox) => {
            tell(sandbox.url());
            sandbox.serve().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            fail(&error, port);
            ExitCode::FAILURE
        }
    }
}

fn builder(asked: Asked) -> Result<Builder, Error> {
    let mut builder = Sandbox::builder().port(asked.port);
    if let Some(path) = &asked.account {
        builder = builder.account(Account::read(path)?);
    }
    if let Some(path) = asked.state {
        builder = builder.state(path);
    }
    Ok(builder)
}

fn tell(url: &str) {
    println!("listening on {url}\n\ntry:\n  curl -X POST {url}/contacts \\");
    println!("    -H 'Authorization: Bearer YOUR_API_KEY' -H 'Content-Type: application/json' \\");
    println!(
        "    -d '{{\"identifier\": \"123456789\", \"source\": \"whatsapp\", \"name\": \"John Doe\"}}'"
    );
}

fn fail(error: &Error, port: u16) {
    match error {
        Error::Seed(found) => {
            // Where nothing can be written, nothing can be told.
            let mut out = std::io::stderr().lock();
            let _ = report::findings(&mut out, Style::Plain, &found.source, &found.findings);
        }
        Error::Io(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            eprintln!("error: cannot listen on port {port}: {error}; choose another with `--port`");
        }
        error => eprintln!("error: {error}"),
    }
}

/// What is asked for, or nothing when it is help.
fn asked() -> Result<Option<Asked>, lexopt::Error> {
    let mut parser = Parser::from_env();
    let mut asked = Asked {
        port: 4010,
        ..Asked::default()
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long("port") => asked.port = parser.value()?.parse()?,
            Arg::Long("account") => asked.account = Some(parser.value()?.into()),
            Arg::Long("state") => asked.state = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(asked))
}
