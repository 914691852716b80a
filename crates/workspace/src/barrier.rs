//! The generator in a process of its own: this program, called with another name.

use std::env;
use std::io;
use std::process::Command;

use codegen::{Asked, Call, Generated, Home, answer, calls_behind, generate_behind};
use contract::{Checked, Finding};

use crate::Exit;

/// The command of the other process, which nobody calls by hand.
pub(crate) const COMMAND: &str = "generator";

/// Generates in another process.
pub(crate) fn generate(checked: &Checked, home: &Home) -> Result<Generated, Box<Finding>> {
    generate_behind(checked, home, &process)
}

/// How the client of a contract is called, made in another process.
pub(crate) fn calls(checked: &Checked, home: &Home, asked: Asked) -> Vec<Call> {
    calls_behind(checked, home, asked, &process)
}

fn process() -> Command {
    // Where a program cannot find itself, its name has to do.
    let program = env::current_exe().unwrap_or_else(|_| "cargo-sdk".into());
    let mut command = Command::new(program);
    command.arg(COMMAND);
    command
}

/// The other process.
pub(crate) fn run() -> io::Result<Exit> {
    answer(&mut io::stdin().lock(), &mut io::stdout().lock())?;
    Ok(Exit::Fine)
}
