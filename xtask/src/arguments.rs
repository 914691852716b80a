use std::path::PathBuf;

use lexopt::{Arg, Error, Parser, ValueExt as _};

pub(crate) const HELP: &str = "\
usage: cargo xtask <command>

commands:
  generate          regenerate every client from its document in `openapi/`
  generate --check  write nothing; show what is stale
  lint [FILE…]      check documents; without FILE every document in `openapi/`

exit codes:
  0 fine   1 the tool failed   2 usage   3 the contract has errors
  4 generated files are stale: run `cargo xtask generate`
";

/// What to do.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Lint { files: Vec<PathBuf> },
    Generate { check: bool },
}

pub(crate) fn parse() -> Result<Command, Error> {
    let mut parser = Parser::from_env();
    let Some(first) = parser.next()? else {
        return Err("a command is missing".into());
    };
    match first {
        Arg::Short('h') | Arg::Long("help") => Ok(Command::Help),
        Arg::Value(name) => match name.string()?.as_str() {
            "help" => Ok(Command::Help),
            "lint" => lint(parser),
            "generate" => generate(parser),
            other => Err(format!("there is no command `{other}`").into()),
        },
        other => Err(other.unexpected()),
    }
}

fn lint(mut parser: Parser) -> Result<Command, Error> {
    let mut files = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Value(file) => files.push(file.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Lint { files })
}

fn generate(mut parser: Parser) -> Result<Command, Error> {
    let mut check = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("check") => check = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Generate { check })
}
