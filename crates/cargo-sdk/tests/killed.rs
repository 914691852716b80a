//! Killed at any moment, a command leaves what was, what will be, or what the next run makes good.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Instant;

use tempfile::TempDir;

const CONTRACT: &str = include_str!("../../workspace/src/init/contract.yaml");

/// Moments at which each command is killed.
const MOMENTS: u32 = 30;

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
    command.current_dir(folder).args(arguments);
    command
}

fn sdk(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) {
    let output = sdk(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// Every file by its path in a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().to_owned();
                    found.insert(name, fs::read(path).unwrap());
                }
            }
        }
    }
    found
}

/// Runs a command to its end, and then kills it at many moments, each in a folder that `before`
/// has prepared. Whatever is left then, `after` goes on from there, and ends where the command
/// ends by itself.
fn killed(arguments: &[&str], before: fn(&Path), after: fn(&Path)) {
    let whole = TempDir::new().unwrap();
    before(whole.path());
    let old = files(whole.path());
    let start = Instant::now();
    done(whole.path(), arguments);
    let took = start.elapsed();
    let new = files(whole.path());
    assert_ne!(old, new);
    let (mut early, mut late, mut between) = (0, 0, 0);
    for moment in 0..MOMENTS {
        let folder = TempDir::new().unwrap();
        before(folder.path());
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Most of the moments are in the second half, in which files are written.
        let half = took / 2;
        thread::sleep(match moment % 3 {
            0 => took * moment / MOMENTS,
            _ => half + half * moment / MOMENTS,
        });
        child.kill().unwrap();
        child.wait().unwrap();
        match files(folder.path()) {
            left if left == old => early += 1,
            left if left == new => late += 1,
            _ => between += 1,
        }
        after(folder.path());
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        let ended = files(folder.path());
        assert_eq!(names(&ended), names(&new), "moment {moment}");
        assert!(ended == new, "moment {moment}");
    }
    eprintln!("{arguments:?}: {early} early, {between} between, {late} late, {took:?}");
    assert!(early + between > 0, "no run was interrupted");
}

/// The document is there, so its client is made; else all is begun again.
fn go_on(folder: &Path, document: &str, arguments: &[&str]) {
    match folder.join(document).exists() {
        true => done(folder, &["generate"]),
        false => done(folder, arguments),
    }
    done(folder, &["generate", "--check"]);
}

#[test]
fn init_goes_on() {
    killed(
        &["init"],
        |_| {},
        |folder| go_on(folder, "openapi/api.yaml", &["init"]),
    );
}

#[test]
fn new_goes_on() {
    killed(
        &["new", "other", "other.yaml"],
        |folder| {
            done(folder, &["init"]);
            fs::write(folder.join("other.yaml"), CONTRACT).unwrap();
        },
        |folder| {
            go_on(
                folder,
                "openapi/other.yaml",
                &["new", "other", "other.yaml"],
            )
        },
    );
}

#[test]
fn generate_goes_on() {
    killed(
        &["generate"],
        |folder| {
            done(folder, &["init"]);
            let other = CONTRACT.replace("getNote", "readNote");
            fs::write(folder.join("openapi/api.yaml"), other).unwrap();
            // The runtime is one of another version.
            let runtime = folder.join("crates/api/src/runtime");
            fs::write(runtime.join("retry.rs"), "// old\n").unwrap();
            fs::write(runtime.join("gone.rs"), "// old\n").unwrap();
            let root = runtime.join("mod.rs");
            let text = fs::read_to_string(&root).unwrap();
            fs::write(root, format!("{text}mod gone;\n")).unwrap();
        },
        |folder| go_on(folder, "openapi/api.yaml", &[]),
    );
}
