//! A crate for each document, to be compiled, with the calls that its documentation shows.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use codegen::Dependencies;

use crate::answers::Shown;

/// Crates that generated code may name, with what it needs of them.
const DEPENDENCIES: [(&str, &str); 8] = [
    ("bytes", "bytes = \"1\""),
    (
        "chrono",
        "chrono = { version = \"0.4\", default-features = false, features = [\"serde\"] }",
    ),
    ("futures", "futures = \"0.3\""),
    ("regress", "regress = \"0.12\""),
    (
        "reqwest",
        "reqwest = { version = \"0.13\", default-features = false }",
    ),
    (
        "serde",
        "serde = { version = \"1\", features = [\"derive\"] }",
    ),
    ("serde_json", "serde_json = \"1\""),
    ("uuid", "uuid = { version = \"1\", features = [\"serde\"] }"),
];

/// What the crate of a document is called.
pub(crate) fn name(file: &str) -> String {
    let name: String = file
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    format!("c-{}", words.join("-"))
}

/// A crate of the workspace of all crates in `folder`.
pub(crate) fn write(
    folder: &Path,
    file: &str,
    code: &str,
    shown: &[Shown],
) -> Result<(), Box<dyn Error>> {
    let name = name(file);
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    let needs = Dependencies::of(code);
    let used = DEPENDENCIES
        .iter()
        .filter(|(name, _)| needs.crates.contains(name));
    let dependencies: Vec<&str> = used.map(|(_, dependency)| *dependency).collect();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[features]\nschemars = []\n\n\
         [dependencies]\nsdk-runtime = {{ path = \"{runtime}\" }}\n{}\n\n\
         [dev-dependencies]\nserde = \"1\"\nserde_json = \"1\"\n",
        dependencies.join("\n")
    );
    let krate = folder.join(&name);
    fs::create_dir_all(krate.join("src"))?;
    fs::write(krate.join("Cargo.toml"), manifest)?;
    fs::write(krate.join("src/lib.rs"), code)?;
    fs::create_dir_all(krate.join("examples"))?;
    fs::write(krate.join("examples/calls.rs"), calls(code)?)?;
    let module = name.replace('-', "_");
    fs::write(krate.join("examples/answers.rs"), answers(&module, shown))?;
    fs::write(krate.join("answers.json"), serde_json::to_vec(shown)?)?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"c-*\"]\n",
    )?;
    Ok(())
}

/// The examples in the documentation of methods, each as a module.
fn calls(code: &str) -> Result<String, Box<dyn Error>> {
    let mut program = "#![allow(deprecated, unused)]\nfn main() {}\n".to_owned();
    let mut is_within = false;
    let mut count = 0;
    for line in code.lines().map(str::trim_start) {
        let line = line.strip_prefix("///").unwrap_or(line);
        let line = line.strip_prefix(' ').unwrap_or(line);
        match (line, is_within) {
            ("```no_run", false) => {
                count += 1;
                writeln!(program, "mod call_{count} {{")?;
                is_within = true;
            }
            ("```", true) => {
                writeln!(program, "}}")?;
                is_within = false;
            }
            (line, true) => writeln!(program, "{}", line.strip_prefix("# ").unwrap_or(line))?,
            _ => {}
        }
    }
    Ok(program)
}

/// Reads what the document shows of responses.
const ANSWERS: &str = include_str!("answers.txt");

fn answers(krate: &str, shown: &[Shown]) -> String {
    let types: BTreeSet<&str> = shown.iter().map(|one| one.ty.as_str()).collect();
    let arms = types
        .iter()
        .map(|ty| format!("{ty:?} => read::<{ty}>(value),\n"));
    ANSWERS
        .replace("KRATE", krate)
        .replace("ARMS", &arms.collect::<String>())
}
