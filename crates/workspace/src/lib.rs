//! The commands over a tree of contracts and their clients.
//!
//! A program is a `main` of a few lines that calls [`main`] with the name by which its users
//! call it. Whatever is said to a reader names that program, and everything else that a command
//! must know of its surroundings is in an [`Environment`].
#![warn(missing_docs)]

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;

use contract::inert;
use contract::report::Style;

mod arguments;
mod barrier;
mod client;
mod docs;
mod documents;
mod environment;
mod explain;
mod failure;
mod generate;
mod git;
mod init;
mod lint;
mod manifest;
mod members;
mod name;
mod new;
mod output;
mod packages;
mod pipe;
mod progress;
mod report;
mod review;
mod runtime;
mod settings;
mod staged;
mod today;
mod translations;
mod tree;

pub use arguments::{OwnCommand, command};
pub use documents::document;
pub use environment::Environment;
pub use report::Report;
pub use settings::{Clients, FailOn, RuntimeSource, Settings, Wire};

use arguments::{Arguments, Colour, Task};
use pipe::Pipe;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// The tool failed.
    Failed = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// A contract has errors.
    ContractErrors = 3,
    /// Generated files are not as their documents say.
    Stale = 4,
    /// A change breaks callers, and nobody approved; or an API does not do what its contract says.
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

/// Runs the command that the arguments ask for, those after the program's name. `called` is how
/// users call the program, as in `cargo sdk`.
pub fn main(called: &str, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    main_with(called, arguments, &[])
}

/// The same of a program that has commands of its own, too.
pub fn main_with(
    called: &str,
    arguments: impl IntoIterator<Item = OsString>,
    own: &[OwnCommand],
) -> ExitCode {
    let mut arguments = arguments.into_iter().peekable();
    if arguments
        .peek()
        .is_some_and(|first| first == barrier::COMMAND)
    {
        return ended(barrier::run());
    }
    let arguments = match arguments::parse(called, arguments, own) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let style = style(arguments.colour);
    let mut out = Pipe(io::stdout().lock());
    let done = match arguments.quiet && arguments.task.is_told() {
        false => run(&mut out, style, called, &arguments, own),
        true => {
            let mut said = Vec::new();
            run(&mut said, style, called, &arguments, own).and_then(|exit| {
                if exit != Exit::Fine {
                    out.write_all(&said)?;
                }
                Ok(exit)
            })
        }
    };
    ended(done.and_then(|exit| out.flush().map(|()| exit)))
}

fn run(
    out: &mut dyn Write,
    style: Style,
    called: &str,
    Arguments {
        task,
        manifest_path,
        ..
    }: &Arguments,
    own: &[OwnCommand],
) -> io::Result<Exit> {
    let start = environment::start(manifest_path.as_deref())?;
    match task {
        Task::Own(place, matches) => return (own[*place].run)(matches, style, out),
        Task::Rules => return lint::rules(out),
        Task::Explain(name) => return explain::run(out, style, called, name.as_deref()),
        Task::Init(init) => return init::run(out, style, called, &start, init),
        _ => {}
    }
    let found = match Environment::find(out, style, called, &start) {
        Ok(Ok(environment)) => Ok(environment),
        Ok(Err(exit)) => return Ok(exit),
        Err(error) => Err(error),
    };
    match task {
        Task::Lint(lint) => lint::run(out, style, found, called, lint),
        Task::Generate { names, check } => generate::run(out, style, &found?, names, *check),
        Task::New {
            name,
            document,
            partial,
        } => new::run(out, style, &found?, name, document, *partial),
        Task::Docs(docs) => docs::run(out, style, &found?, docs),
        Task::Review(arguments) => review::run(out, style, &found?, arguments),
        Task::Own(..) | Task::Rules | Task::Explain(_) | Task::Init(_) => Ok(Exit::Fine),
    }
}

/// Help is what was asked for; anything else is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let (told, exit) = match error.use_stderr() {
        true => (Pipe(io::stderr()).write_all(text.as_bytes()), Exit::Usage),
        false => (Pipe(io::stdout()).write_all(text.as_bytes()), Exit::Fine),
    };
    match told {
        Ok(()) => exit.into(),
        Err(_) => Exit::Failed.into(),
    }
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

fn style(colour: Colour) -> Style {
    let is_wanted = || {
        let is_unset = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        is_unset && io::stdout().is_terminal()
    };
    match colour {
        Colour::Always => Style::Colour,
        Colour::Auto if is_wanted() => Style::Colour,
        Colour::Auto | Colour::Never => Style::Plain,
    }
}
