//! `callbell-sandbox [--port PORT]`: the Callbell API on loopback.

use std::process::ExitCode;

use callbell_sandbox::Sandbox;
use lexopt::{Arg, Error, Parser, ValueExt as _};

const HELP: &str = "\
usage: callbell-sandbox [--port PORT]

Stands in for the Callbell API on 127.0.0.1, answering from the contract.
PORT is 4010 unless told; 0 takes a free one.
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let port = match port() {
        Ok(Some(port)) => port,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n\n{HELP}");
            return 2.into();
        }
    };
    match Sandbox::start_on(port).await {
        Ok(sandbox) => {
            let url = sandbox.url();
            println!("listening on {url}\n\ntry:\n  curl -X POST {url}/contacts \\");
            println!(
                "    -H 'Authorization: Bearer YOUR_API_KEY' -H 'Content-Type: application/json' \\"
            );
            println!(
                "    -d '{{\"identifier\": \"123456789\", \"source\": \"whatsapp\", \"name\": \"John Doe\"}}'"
            );
            sandbox.serve().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: cannot listen on port {port}: {error}; choose another with `--port`");
            ExitCode::FAILURE
        }
    }
}

/// The port, or nothing when help is asked for.
fn port() -> Result<Option<u16>, Error> {
    let mut parser = Parser::from_env();
    let mut port = 4010;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long("port") => port = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(port))
}
