//! The commands of this workspace: parse arguments, call `contract`, write
//! files, choose the exit code.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;

use contract::inert;
use contract::report::Style;

mod arguments;
mod barrier;
mod failure;
mod generate;
mod git;
mod lint;
mod manifest;
mod member;
mod name;
mod new;
mod pipe;
mod review;
mod staged;
mod today;
mod tree;
mod workspace;

use arguments::Command;
use pipe::Pipe;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Exit {
    Fine = 0,
    Failed = 1,
    Usage = 2,
    ContractErrors = 3,
    Stale = 4,
    Unapproved = 5,
}

impl Exit {
    /// A tool that failed outweighs a contract with errors: what it did not see
    /// may be worse.
    fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed, _) | (_, Self::Failed) => Self::Failed,
            (one, two) => one.max(two),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        (exit as u8).into()
    }
}

fn main() -> ExitCode {
    let command = match arguments::parse() {
        Ok(command) => command,
        Err(error) => {
            let mut stderr = Pipe(io::stderr());
            let told = tell(&mut stderr, &error);
            return match told.and_then(|()| write!(stderr, "\n{}", arguments::HELP)) {
                Ok(()) => Exit::Usage.into(),
                Err(_) => Exit::Failed.into(),
            };
        }
    };
    if matches!(command, Command::Generator) {
        return ended(barrier::run());
    }
    let mut out = Pipe(io::stdout().lock());
    let done = match command {
        Command::Generator => Ok(Exit::Fine),
        Command::Help => write!(out, "{}", arguments::HELP).map(|()| Exit::Fine),
        Command::Lint {
            files,
            deny_warnings,
        } => lint::run(&mut out, style(), &files, deny_warnings),
        Command::Rules => lint::rules(&mut out),
        Command::Generate { check } => generate::run(&mut out, style(), check),
        Command::New { name, document } => new::run(&mut out, style(), &name, &document),
        Command::Review(arguments) => review::run(&mut out, style(), &arguments),
    };
    ended(done.and_then(|exit| out.flush().map(|()| exit)))
}

/// Says what went wrong, on one line whatever a name in it holds.
fn tell(out: &mut dyn Write, error: &dyn Display) -> io::Result<()> {
    writeln!(out, "error: {}", inert::line(&error.to_string()))
}

fn ended(done: io::Result<Exit>) -> ExitCode {
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            // Nobody is left to tell where this fails, too.
            let _ = tell(&mut io::stderr(), &error);
            Exit::Failed.into()
        }
    }
}

fn style() -> Style {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match wanted && io::stdout().is_terminal() {
        true => Style::Colour,
        false => Style::Plain,
    }
}
