//! How the program is called.

use tempfile::TempDir;

use crate::{refused, sdk};

#[test]
fn a_misspelt_command_or_option_is_suggested() {
    let folder = TempDir::new().unwrap();
    refused(folder.path(), &["generat"], 2, &["generate"]);
    refused(folder.path(), &["generate", "--chek"], 2, &["--check"]);
    refused(folder.path(), &[], 2, &["Usage: cargo sdk"]);
    let (code, text) = sdk(folder.path(), &["review", "--help"]);
    assert!(
        code == Some(0) && text.contains("--wire-only") && text.contains("example:"),
        "{text}"
    );
    assert!(!text.contains("--deny-warnings"), "{text}");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["completions", "bash"][..],
        &["completions", "zsh"],
        &["man"],
    ] {
        let (code, text) = sdk(folder.path(), arguments);
        assert_eq!(code, Some(0), "{text}");
        for command in ["init", "generate", "lint", "new", "review"] {
            assert!(text.contains(command), "{arguments:?}: {command}");
        }
        assert!(!text.contains("generator "), "{arguments:?}");
    }
}
