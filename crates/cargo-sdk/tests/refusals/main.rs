//! What is wrong is said with its place, and nothing is half written.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

mod beginning;
mod ownership;
mod partial;
mod settings;
mod usage;

fn sdk(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
    let output = command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(&path).unwrap())),
        }
    }
    found
}

fn workspace(settings: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let manifest =
        format!("[workspace]\nresolver = \"3\"\n\n[workspace.metadata.sdk]\n{settings}\n");
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    folder
}

/// The command fails so, says this, and changes nothing.
fn refused(folder: &Path, arguments: &[&str], code: i32, says: &[&str]) {
    let before = files(folder);
    let (exit, text) = sdk(folder, arguments);
    assert_eq!(exit, Some(code), "{arguments:?}: {text}");
    for part in says {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(files(folder), before, "{text}");
}

/// Writes files below a folder.
fn write(folder: &Path, all: &[(&str, &str)]) {
    for (name, text) in all {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Files, arguments, the exit code, and what is said.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], i32, &'a str);

const CONTRACT: &str = include_str!("../../../workspace/src/init/contract.yaml");
const ROOT: &str = "[workspace]\nresolver = \"3\"\n";
const PACKAGE: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
