//! Where a command begins, and what it writes to.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{CONTRACT, Case, PACKAGE, ROOT, files, refused, sdk, write};

#[test]
fn outside_of_a_workspace_it_is_said_how_to_begin() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["generate"][..],
        &["lint"],
        &["review"],
        &["new", "a", "a.yaml"],
    ] {
        refused(
            folder.path(),
            arguments,
            1,
            &["no `Cargo.toml`", "`cargo sdk init`"],
        );
    }
    refused(
        folder.path(),
        &["init", "a", "--module"],
        1,
        &["`cargo init` makes one"],
    );
    refused(
        folder.path(),
        &["init", "A"],
        1,
        &["`A` cannot name a crate"],
    );
    refused(
        folder.path(),
        &["init", "--from", "no.yaml"],
        1,
        &["`no.yaml`"],
    );
    let elsewhere = ["--manifest-path", "no/Cargo.toml", "generate"];
    refused(
        folder.path(),
        &elsewhere,
        1,
        &["`no/Cargo.toml` is no file"],
    );
}

#[test]
fn a_first_contract_is_begun_once() {
    let folder = TempDir::new().unwrap();
    let (code, text) = sdk(folder.path(), &["init"]);
    assert_eq!(code, Some(0), "{text}");
    refused(
        folder.path(),
        &["init", "other"],
        1,
        &["`openapi/api.yaml` is here already"],
    );
    // From anywhere, by the manifest.
    let manifest = folder.path().join("Cargo.toml");
    let manifest = [
        "generate",
        "--check",
        "--manifest-path",
        manifest.to_str().unwrap(),
    ];
    let (code, text) = sdk(Path::new("/"), &manifest);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(
        sdk(folder.path(), &["--quiet", "lint"]),
        (Some(0), String::new())
    );
    refused(
        folder.path(),
        &["generate", "ap"],
        1,
        &["no document is called `ap`; there are `api`"],
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let folder = TempDir::new().unwrap();
    let open = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    open(0o555);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
    command.current_dir(folder.path()).arg("init");
    // Nothing stops the superuser, so nobody is asked, who may not run cargo.
    command.env("CARGO", "false");
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(65_534);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("error: cannot create `/"), "{text}");
    assert!(text.contains("ermission denied"), "{text}");
    open(0o755);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn nothing_is_begun_that_cannot_be_ended() {
    let bad = CONTRACT.replace("paths:", "pahts:");
    let member = format!("{PACKAGE}\n[dependencies]\n");
    let cases: [Case<'_>; 5] = [
        (
            &[("bad.yaml", &bad)],
            &["init", "--from", "bad.yaml"],
            3,
            "nothing was written",
        ),
        (
            &[],
            &["init", "--workflow", "foo"],
            1,
            "`foo` names no action",
        ),
        (
            &[("Cargo.toml", ROOT)],
            &["init", "--module"],
            1,
            "is of a workspace only",
        ),
        (
            &[(
                "Cargo.toml",
                &format!("{PACKAGE}[package.metadata.sdk]\ndeny-warnings = true\n"),
            )],
            &["init", "--module"],
            1,
            "has settings already; add to them by hand",
        ),
        (
            &[
                ("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n"),
                ("app/Cargo.toml", &member),
                ("app/src/lib.rs", ""),
                ("app/openapi/a.yaml", CONTRACT),
            ],
            &["generate", "--manifest-path", "app/Cargo.toml"],
            1,
            "is of a member of a workspace",
        ),
    ];
    for (files, arguments, code, says) in cases {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        refused(folder.path(), arguments, code, &[says]);
    }
}

#[test]
fn a_report_replaces_files_only() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let says = ["`openapi` is a folder; name a file to write"];
    refused(
        folder.path(),
        &["lint", "--write", "json=openapi"],
        1,
        &says,
    );
    let json = [
        "lint",
        "--quiet",
        "--format",
        "json",
        "--write",
        "markdown=report.md",
    ];
    let (code, text) = sdk(folder.path(), &json);
    assert!(code == Some(0) && text.starts_with('{'), "{text}");
    assert!(folder.path().join("report.md").is_file());
    #[cfg(unix)]
    {
        let link = folder.path().join("link.md");
        std::os::unix::fs::symlink("report.md", &link).unwrap();
        assert_eq!(
            sdk(folder.path(), &["lint", "--write", "json=link.md"]).0,
            Some(0)
        );
        assert!(link.symlink_metadata().unwrap().is_symlink());
        let text = fs::read_to_string(folder.path().join("report.md")).unwrap();
        assert!(text.starts_with('{'), "{text}");
    }
}
