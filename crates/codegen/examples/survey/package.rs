//! A crate for each document, to be compiled.

use std::error::Error;
use std::fs;
use std::path::Path;

use codegen::Dependencies;

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

/// A crate of the workspace of all crates in `folder`.
pub(crate) fn write(folder: &Path, file: &str, code: &str) -> Result<(), Box<dyn Error>> {
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
    let name = format!("c-{}", words.join("-"));
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    let needs = Dependencies::of(code);
    let multipart = match needs.multipart {
        true => ", features = [\"multipart\"]",
        false => "",
    };
    let used = DEPENDENCIES
        .iter()
        .filter(|(name, _)| needs.crates.contains(name));
    let dependencies: Vec<&str> = used.map(|(_, dependency)| *dependency).collect();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[features]\nschemars = []\n\n\
         [dependencies]\nsdk-runtime = {{ path = \"{runtime}\"{multipart} }}\n{}\n",
        dependencies.join("\n")
    );
    let krate = folder.join(&name);
    fs::create_dir_all(krate.join("src"))?;
    fs::write(krate.join("Cargo.toml"), manifest)?;
    fs::write(krate.join("src/lib.rs"), code)?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"c-*\"]\n",
    )?;
    Ok(())
}
