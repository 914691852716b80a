//! `cargo sdk`: the commands of `workspace`, for any workspace.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use contract::report::Style;
use workspace::{Exit, OwnCommand};

mod contracts;
mod drift;
mod send;
mod serve;

/// How cargo's users call it.
const CALLED: &str = "cargo sdk";
/// How the program itself is called.
const PROGRAM: &str = "cargo-sdk";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).peekable();
    // cargo passes on the name of the command.
    arguments.next_if(|first| first == "sdk");
    let own = [
        OwnCommand {
            command: Command::new("completions")
                .about("Write what completes the commands in a shell")
                .after_help("example:\n  cargo sdk completions zsh > ~/.zfunc/_cargo-sdk")
                .arg(
                    Arg::new("shell")
                        .required(true)
                        .value_parser(value_parser!(Shell))
                        .help("The shell"),
                ),
            run: completions,
        },
        OwnCommand {
            command: drift::command(CALLED),
            run: drift::run,
        },
        OwnCommand {
            command: send::command(CALLED),
            run: send::run,
        },
        OwnCommand {
            command: serve::command(CALLED),
            run: serve::run,
        },
        OwnCommand {
            command: Command::new("man")
                .about("Write the manual page")
                .after_help("example:\n  cargo sdk man | man -l -"),
            run: man,
        },
    ];
    workspace::main_with(CALLED, arguments, &own)
}

fn completions(matches: &ArgMatches, _: Style, out: &mut dyn Write) -> io::Result<Exit> {
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        let mut text = Vec::new();
        let mut command = workspace::command(PROGRAM);
        clap_complete::generate(*shell, &mut command, PROGRAM, &mut text);
        out.write_all(&text)?;
    }
    Ok(Exit::Fine)
}

fn man(_: &ArgMatches, _: Style, mut out: &mut dyn Write) -> io::Result<Exit> {
    let command = workspace::command(CALLED).name(PROGRAM);
    clap_mangen::Man::new(command).render(&mut out)?;
    Ok(Exit::Fine)
}
