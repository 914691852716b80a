//! The Rust version that the SDK states, against what its dependencies state. Our own
//! code is held against it by clippy's `incompatible_msrv`, and a job of the workflow
//! compiles with it.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Command;

use semver::Version;
use serde_json::Value;

use crate::ROOT;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .current_dir(Path::new(ROOT))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args([
            "--features=callbell/rustls,callbell/schemars",
            "--manifest-path=crates/callbell/Cargo.toml",
        ])
        .args(["--filter-platform=x86_64-unknown-linux-gnu"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `1.88` is `1.88.0`.
fn version(text: &str) -> Version {
    let full = match text.split('.').count() {
        2 => format!("{text}.0"),
        _ => text.to_owned(),
    };
    Version::parse(&full).unwrap()
}

#[test]
fn no_dependency_of_the_sdk_asks_for_a_newer_rust() {
    let metadata = metadata();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: HashMap<String, &Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (text(&package["id"]), package))
        .collect();
    let nodes: HashMap<String, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let root = packages.values().find(|p| p["name"] == "callbell").unwrap();
    let stated = version(root["rust_version"].as_str().unwrap());

    let (mut open, mut seen) = (vec![text(&root["id"])], HashSet::new());
    let mut newer = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        if let Some(asked) = packages[&id]["rust_version"].as_str()
            && version(asked) > stated
        {
            newer.push(format!("{id} asks for {asked}"));
        }
        for dependency in nodes[&id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                open.push(text(&dependency["pkg"]));
            }
        }
    }
    assert!(seen.len() > 80, "{} packages", seen.len());
    assert_eq!(newer, Vec::<String>::new(), "the SDK states {stated}");
}
