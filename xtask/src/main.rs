//! `cargo xtask`: the commands of `workspace`, here.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    workspace::main("cargo xtask", env::args_os().skip(1))
}
