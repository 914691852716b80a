//! Snapshots by folder and name. Tests of single crates take this file, too: what the workspace
//! pins stands in one place.
#![allow(dead_code)]

use std::collections::BTreeSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use contract::report::{self, Style};
use contract::{Document, Finding};

/// A file of this repository.
pub(crate) fn path(from_root: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut above = package.ancestors();
    let root = above.find(|folder| folder.join("Cargo.lock").exists());
    root.unwrap().join(from_root)
}

/// The files of a folder of fixtures: name without ending, and path.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(path("tests/fixtures").join(folder)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.into_iter().map(|path| (name(&path), path)).collect()
}

/// Pins every text under its name in a folder that holds nothing else. Compares
/// all before it fails, so that one run shows everything that changed.
pub(crate) fn all(folder: &str, texts: impl IntoIterator<Item = (String, String)>) {
    let mut names = BTreeSet::new();
    let mut failed = Vec::new();
    for (name, text) in texts {
        let pinned = panic::catch_unwind(AssertUnwindSafe(|| one(folder, &name, &text)));
        if pinned.is_err() {
            failed.push(name.clone());
        }
        assert!(
            names.insert(format!("{name}.snap")),
            "`{name}` is pinned twice"
        );
    }
    fs::create_dir_all(snapshots(folder)).unwrap();
    let left = fs::read_dir(snapshots(folder)).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stale: Vec<_> = left
        .filter(|name| name.ends_with(".snap") && !names.contains(name))
        .collect();
    assert!(
        failed.is_empty(),
        "changed in `snapshots/{folder}`: {failed:?}"
    );
    assert!(
        stale.is_empty(),
        "nothing pins these in `snapshots/{folder}` any more; delete them: {stale:?}"
    );
}

/// Pins one text.
pub(crate) fn one(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(snapshots(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn snapshots(folder: &str) -> PathBuf {
    path("tests/snapshots").join(folder)
}

/// Findings as a reader meets them.
pub(crate) fn drawn(document: &Document, findings: &[Finding]) -> String {
    let mut out = Vec::new();
    report::findings(&mut out, Style::Plain, document.source(), findings).unwrap();
    let drawn = String::from_utf8(out).unwrap();
    format!("{drawn}{}\n", report::count(findings))
}
