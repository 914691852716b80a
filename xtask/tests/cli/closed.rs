//! Readers who have seen enough: a verdict is the same whether anybody reads it.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{PING, workspace};

/// The exit code with nobody at the other end of what is written.
fn unread(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let closed = || {
        let (_, writer) = io::pipe().unwrap();
        Stdio::from(writer)
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder).args(arguments);
    command.stdout(closed()).stderr(closed());
    command.status().unwrap().code()
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let bad = PING.replace("paths", "pahts");
    std::fs::write(folder.path().join("bad.yaml"), bad).unwrap();
    let moved = PING.replace("/ping:", "/pong:");
    std::fs::write(folder.path().join("moved.yaml"), moved).unwrap();
    let against = |format| {
        [
            "review",
            "openapi/ping.yaml",
            "moved.yaml",
            "--format",
            format,
        ]
    };
    for (arguments, code) in [
        (&["lint"][..], 0),
        (&["lint", "bad.yaml"], 3),
        (&["lint", "nothing.yaml"], 1),
        (&["lint", "bad.yaml", "nothing.yaml"], 1),
        (&["--help"], 0),
        (&["generate", "--check"], 4),
        (&["no-command"], 2),
        (&["new", "other", "bad.yaml"], 3),
        (&against("terminal"), 5),
        (&against("json"), 5),
        (&["review", "moved.yaml", "bad.yaml", "--format", "json"], 3),
        (&["review", "nothing"], 1),
    ] {
        assert_eq!(
            unread(folder.path(), arguments),
            Some(code),
            "{arguments:?}"
        );
    }
    // A command does all of its work, too.
    assert_eq!(unread(folder.path(), &["generate"]), Some(0));
    assert_eq!(unread(folder.path(), &["generate", "--check"]), Some(0));
}
