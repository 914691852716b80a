//! The packages of the workspace, as cargo knows them.

use std::env;
use std::io;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Environment, MANIFEST};

/// The names of all packages; none where cargo cannot tell, as in a workspace whose first member
/// is about to be made.
pub(crate) fn of(environment: &Environment) -> io::Result<Vec<String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .arg("--manifest-path")
        .arg(environment.root.join(MANIFEST))
        .output()
        .map_err(|error| io::Error::other(format!("cannot run `cargo metadata`: {error}")))?;
    if !output.status.success() {
        return Ok(Vec::new());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let names = packages.filter_map(|package| package["name"].as_str());
    Ok(names.map(str::to_owned).collect())
}
