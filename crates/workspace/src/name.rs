//! The name of a document, which is that of its crate, of files and of folders.

use std::fmt;
use std::io;
use std::path::Path;

use codegen::is_keyword;
use contract::inert;

use crate::environment::Environment;
use crate::{client, packages};

/// So long may a name be on the registry (`MAX_NAME_LENGTH` of crates.io).
const LONGEST: usize = 64;

/// Crates that come with the compiler.
const BUILT_IN: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// Folders that cargo builds in (`is_conflicting_artifact_name` of cargo).
const BUILT: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// What is a device and no file on Windows, by itself or with a digit (Microsoft, "Naming
/// Files, Paths, and Namespaces").
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];
const PORTS: [&str; 2] = ["com", "lpt"];

/// A name that a crate can have, and so any file system and command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Checks a name; `shown` is what a reader knows it by, such as the document's path.
    pub(crate) fn new(name: &str, shown: &str) -> io::Result<Self> {
        match refusal(name) {
            None => Ok(Self(name.to_owned())),
            Some(reason) => Err(io::Error::other(format!(
                "`{}` cannot name a crate: {reason}; choose another name",
                inert::line(shown)
            ))),
        }
    }

    /// Whether two names are one to the compiler.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        identifier(&self.0) == identifier(&other.0)
    }
}

impl AsRef<Path> for Name {
    fn as_ref(&self) -> &Path {
        self.0.as_ref()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a name is none.
fn refusal(name: &str) -> Option<&'static str> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let is_in = |names: &[&str]| names.iter().any(|one| identifier(one) == identifier(name));
    let rules = [
        (
            !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(is_letter),
            "it is not made of `a` to `z`, digits, `-` and `_`, with a letter first",
        ),
        (name.len() > LONGEST, "it is longer than 64 characters"),
        (is_keyword(&identifier(name)), "it is a word of Rust"),
        (is_in(&BUILT_IN), "a crate of Rust's own has it"),
        (is_in(&BUILT), "cargo builds in a folder of this name"),
        (is_device(name), "it is a device on Windows"),
        (
            client::may_depend_on(&identifier(name)),
            "clients depend on that crate",
        ),
        (name == "approvals", "the list of approvals has it"),
    ];
    let broken = rules.into_iter().find(|(is_broken, _)| *is_broken);
    broken.map(|(_, reason)| reason)
}

/// What is wrong with the name of a new package: the workspace has it.
pub(crate) fn taken(environment: &Environment, name: Option<&Name>) -> io::Result<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    let packages = packages::of(environment)?;
    let known = packages
        .into_iter()
        .find(|known| identifier(known) == identifier(&name.0));
    Ok(known
        .map(|known| format!("the workspace has a package `{known}` already; choose another name")))
}

/// As code names the crate.
fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

fn is_device(name: &str) -> bool {
    let port = name.strip_suffix(|c: char| c.is_ascii_digit());
    DEVICES.contains(&name) || port.is_some_and(|port| PORTS.contains(&port))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::refusal;

    #[test]
    fn a_name_is_one_of_a_crate_everywhere() {
        let longest = "a".repeat(64);
        for name in ["a", "ping2", "a-b_c", "com", "com10", "kernel", &longest] {
            assert_eq!(refusal(name), None, "{name}");
        }
        let too_long = "a".repeat(65);
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "a/../../esc",
            "/a",
            "a.b",
            "a b",
            "a\n",
            "A",
            "1a",
            "-a",
            "_a",
            "é",
            "ａ",
            "a:b",
            "type",
            "gen",
            "std",
            "proc-macro",
            "build",
            "nul",
            "com1",
            "lpt9",
            "serde",
            "serde-json",
            "sdk_runtime",
            "sdk-runtime",
            "approvals",
            &too_long,
        ] {
            assert!(refusal(name).is_some(), "{name}");
        }
    }
}
