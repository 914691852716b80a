//! What is wrong is said with its place, and nothing is half written.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

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

#[test]
fn settings_that_mean_nothing_are_named() {
    for (settings, says) in [
        (
            "clents = \"crates/{name}\"",
            &[
                "there is no setting `clents`",
                "did you mean `clients`?",
                "Cargo.toml:5:1",
            ][..],
        ),
        (
            "documents = 1",
            &["`documents` is no text", "Cargo.toml:5:13"],
        ),
        (
            "documents = \"../specs\"",
            &["no path below the folder of this manifest"],
        ),
        ("clients = \"/tmp/{name}\"", &["no path below"]),
        ("deny-warnings = \"yes\"", &["neither `true` nor `false`"]),
        (
            "lint = { tag-undeclard = \"off\" }",
            &["no rule `tag-undeclard`", "`tag-undeclared`"],
        ),
        (
            "lint = { tag-undeclared = \"of\" }",
            &["`tag-undeclared` has no such value", "`\"off\"`"],
        ),
        (
            "lint = { structure = \"off\" }",
            &["`structure` cannot be lowered"],
        ),
        (
            "runtime = \"vendord\"",
            &["`runtime` says nothing that is known", "`\"vendored\"`"],
        ),
        (
            "runtime = { rev = \"1\" }",
            &["does not say where the crate is"],
        ),
        (
            "runtime = { paht = \"a\" }",
            &["there is no key of `runtime` `paht`", "`path`"],
        ),
        (
            "fail-on = { wire = \"breaks\" }",
            &["`fail-on.wire` has no such value"],
        ),
        ("modules = \"src\"", &["names no file of Rust"]),
        (
            "modules = \"src/{name}.rs\"\nclients = \"crates/{name}\"",
            &["`clients` says nothing beside `modules`", "Cargo.toml:6:11"],
        ),
        ("documents = ", &["the manifest is no TOML", "Cargo.toml:5"]),
    ] {
        let folder = workspace(settings);
        for arguments in [&["init"][..], &["generate"], &["lint"], &["review"]] {
            refused(folder.path(), arguments, 2, says);
        }
    }
}

#[test]
fn all_that_is_wrong_with_settings_is_said_at_once() {
    let folder = workspace("documents = 1\nclents = 2\nsnapshots = 3");
    let (_, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(text.matches("error[configuration]").count(), 3, "{text}");
    assert!(text.ends_with("next: correct `Cargo.toml`\n"), "{text}");
}

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

#[test]
fn what_is_there_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join(".cargo/config.toml");
    fs::create_dir(folder.path().join(".cargo")).unwrap();
    fs::write(&config, "[alias] # ours\nb = \"build\"\n").unwrap();
    let arguments = ["init", "--alias", "--workflow", "acme/sdk@v1"];
    let (code, text) = sdk(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{text}");
    let aliases = "[alias] # ours\nxtask = \"sdk\"\nb = \"build\"\n";
    assert_eq!(fs::read_to_string(&config).unwrap(), aliases);
    let workflow = folder.path().join(".github/workflows/contract.yml");
    let text = fs::read_to_string(&workflow).unwrap();
    assert_eq!(text.matches("uses: acme/sdk@v1\n").count(), 3, "{text}");

    // Another first contract, beside what is there of the one before.
    fs::remove_dir_all(folder.path().join("openapi")).unwrap();
    fs::write(&workflow, "mine").unwrap();
    let arguments = ["init", "other", "--alias", "--workflow", "acme/sdk@v1"];
    let (code, text) = sdk(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.matches("unchanged ").count(), 2, "{text}");
    assert_eq!(fs::read_to_string(&config).unwrap(), aliases);
    assert_eq!(fs::read_to_string(&workflow).unwrap(), "mine");
}

#[test]
fn what_a_client_lacks_is_named() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let manifest = folder.path().join("crates/api/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    for (line, says) in [
        (
            "serde_json = \"1\"\n",
            "add to its dependencies: `serde_json = \"1\"`",
        ),
        (
            "rustls = [\"reqwest/rustls\"]\n",
            "add to its features: `rustls = [\"reqwest/rustls\"]`",
        ),
        (
            "[package.metadata.sdk-client]\n",
            "is no client of `openapi/api.yaml`",
        ),
    ] {
        assert!(text.contains(line), "{text}");
        fs::write(&manifest, text.replacen(line, "", 1)).unwrap();
        refused(
            folder.path(),
            &["generate"],
            1,
            &[says, "nothing was written"],
        );
    }
    fs::write(&manifest, "[package").unwrap();
    refused(
        folder.path(),
        &["generate"],
        1,
        &["`crates/api/Cargo.toml`:1:9: the manifest is no TOML"],
    );
}

#[test]
fn what_was_edited_by_hand_is_stale() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let runtime = folder.path().join("crates/api/src/runtime");
    fs::write(runtime.join("retry.rs"), "// mine\n").unwrap();
    refused(folder.path(), &["generate", "--check"], 4, &["-// mine"]);
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("written   crates/api/src/runtime"), "{text}");
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));
}

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

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let folder = TempDir::new().unwrap();
    let open = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    open(0o555);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
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

const CONTRACT: &str = include_str!("../../workspace/src/init/contract.yaml");
const ROOT: &str = "[workspace]\nresolver = \"3\"\n";
const PACKAGE: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

#[test]
fn what_somebody_wrote_is_replaced_by_nothing() {
    let modules = format!("{PACKAGE}\n[package.metadata.sdk]\nmodules = \"src/{{name}}.rs\"\n");
    let hand = "// by hand\n";
    let cases: [Case<'_>; 6] = [
        // A folder that looks like a client's.
        (
            &[
                ("Cargo.toml", ROOT),
                ("openapi/a.yaml", CONTRACT),
                ("crates/a/notes.md", hand),
            ],
            &["generate"],
            1,
            "`crates/a` is there without a `Cargo.toml`",
        ),
        (
            &[
                (
                    "Cargo.toml",
                    "[workspace]\n[workspace.metadata.sdk]\nclients = \"{name}\"\n",
                ),
                ("openapi/openapi.yaml", CONTRACT),
            ],
            &["generate"],
            1,
            "`openapi` is there without a `Cargo.toml`",
        ),
        // Modules.
        (
            &[
                ("Cargo.toml", &modules),
                ("openapi/a.yaml", CONTRACT),
                ("src/a.rs", hand),
            ],
            &["generate"],
            1,
            "`src/a.rs` was not generated",
        ),
        (
            &[
                ("Cargo.toml", &modules),
                ("openapi/lib.yaml", CONTRACT),
                ("src/lib.rs", hand),
            ],
            &["generate"],
            1,
            "`src/lib.rs`, which is the package's own",
        ),
        (
            &[
                ("Cargo.toml", &modules),
                ("src/a/runtime/mod.rs", hand),
                ("src/a/runtime/x.rs", hand),
            ],
            &["init", "a"],
            1,
            "`src/a/runtime` was not generated",
        ),
        // A manifest whose tables have no heads.
        (
            &[("Cargo.toml", "workspace.resolver = \"3\"\n")],
            &["init"],
            1,
            "has no head `[workspace]`",
        ),
    ];
    for (files, arguments, code, says) in cases {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        refused(folder.path(), arguments, code, &[says]);
    }
}

#[test]
fn a_stranger_among_generated_files_is_named() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    write(
        folder.path(),
        &[("crates/api/src/runtime/mine.rs", "// by hand\n")],
    );
    let says = ["`crates/api/src/runtime/mine.rs` stands among generated files"];
    refused(folder.path(), &["generate"], 1, &says);
    // Not one that an older version of ours had.
    let root = folder.path().join("crates/api/src/runtime/mod.rs");
    let text = fs::read_to_string(&root).unwrap();
    fs::write(&root, format!("{text}mod mine;\n")).unwrap();
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        !folder
            .path()
            .join("crates/api/src/runtime/mine.rs")
            .exists()
    );
    // A manifest that was lost is missed, too.
    fs::remove_file(folder.path().join("crates/api/Cargo.toml")).unwrap();
    let says = ["`crates/api` is there without a `Cargo.toml`"];
    refused(folder.path(), &["generate", "--check"], 1, &says);
}

#[test]
fn what_new_code_needs_of_a_crate_is_asked_for() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let form = "post:\n      operationId: addNote\n      requestBody:\n        content:\n          \
                multipart/form-data:\n            schema: {type: object, properties: {a: {type: \
                string}}}\n      responses: {'204': {description: Added}}\n    get:\n";
    let text = CONTRACT.replace("get:\n", form);
    let document = folder.path().join("openapi/api.yaml");
    fs::write(document, text).unwrap();
    let says = ["needs more of the crate `reqwest`", "\"multipart\""];
    refused(folder.path(), &["generate"], 1, &says);
    let manifest = folder.path().join("crates/api/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("\"json\", ", "\"json\", \"multipart\", "),
    )
    .unwrap();
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");

    let folder = TempDir::new().unwrap();
    let manifest = format!("{PACKAGE}\n[dependencies]\ntokio = \"1\"\n");
    write(
        folder.path(),
        &[("Cargo.toml", &manifest), ("src/lib.rs", "")],
    );
    let (code, text) = sdk(folder.path(), &["init", "a", "--module"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("needs more of the crate `tokio`"), "{text}");
}

#[test]
fn every_runtime_is_replaced() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init", "a"]).0, Some(0));
    assert_eq!(
        sdk(folder.path(), &["new", "b", "openapi/a.yaml"]).0,
        Some(0)
    );
    for client in ["a", "b"] {
        let old = format!("crates/{client}/src/runtime/retry.rs");
        write(folder.path(), &[(&old, "// old\n")]);
    }
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));
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

#[test]
fn levels_hold_for_generation_and_strays_are_no_documents() {
    let folder = workspace("lint = { security-missing = \"error\" }");
    let contract = CONTRACT.replace("security: []\n", "");
    write(
        folder.path(),
        &[
            ("openapi/a.yaml", &contract),
            ("openapi/.#a.yaml", "x"),
            ("openapi/.x.yaml", "x"),
        ],
    );
    refused(
        folder.path(),
        &["generate"],
        3,
        &["error[security-missing]"],
    );
    let text = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    write(
        folder.path(),
        &[("Cargo.toml", &text.replace("\"error\"", "\"off\""))],
    );
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert!(
        code == Some(0) && !text.contains("see `cargo sdk lint`"),
        "{text}"
    );
}
