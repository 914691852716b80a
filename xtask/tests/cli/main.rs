//! The commands as a process: exit codes, output, and what becomes of files.
//! Here and not in `tests/`, because cargo names the binary only to its own
//! package's tests.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

mod additive;
mod callers;
mod closed;
mod docs;
mod files;
mod hostile;
mod links;
mod msrv;
mod names;
mod neighbours;
mod review;
mod revisions;
mod strangers;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const PING: &str = "\
openapi: 3.0.3
info: {title: Ping, version: 1.0.0, description: Pings}
servers: [{url: https://ping.example.com}]
security: []
paths:
  /ping:
    get:
      operationId: ping
      summary: Pings
      responses: {'204': {description: Pong}, default: {description: No pong}}
";

/// A workspace with nothing but documents.
fn workspace(documents: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let members = "members = [\"crates/*\", \"tests\", \"xtask\"]";
    assert!(root.contains(members));
    let root = root.replace(members, "members = [\"crates/*\"]");
    let runtime = "sdk-runtime = { path = \"";
    assert!(root.contains(runtime));
    let root = root.replace(runtime, &format!("{runtime}{ROOT}/"));
    fs::write(folder.path().join("Cargo.toml"), root).unwrap();
    fs::create_dir(folder.path().join("openapi")).unwrap();
    fs::create_dir(folder.path().join("crates")).unwrap();
    for (name, text) in documents {
        fs::write(folder.path().join("openapi").join(name), text).unwrap();
    }
    folder
}

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder).args(arguments);
    // As it is where a pull request is checked.
    command.env_remove("GITHUB_BASE_REF");
    command.output().unwrap()
}

/// Exit code and output.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let output = xtask(folder.path(), arguments);
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

/// Every file below a folder, with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => found.push((path.clone(), fs::read(&path).unwrap())),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn generate_creates_then_leaves_alone_then_updates() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with("created   crates/ping/src/generated.rs: "),
        "{text}"
    );
    assert!(text.contains("next: `cargo test --workspace`"), "{text}");

    let before = files(folder.path());
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0);
    assert!(
        text.starts_with("unchanged crates/ping/src/generated.rs: "),
        "{text}"
    );
    assert_eq!(files(folder.path()), before);

    let library = folder.path().join("crates/ping/src/lib.rs");
    fs::write(&library, "// by hand").unwrap();
    fs::write(
        folder.path().join("openapi/ping.yaml"),
        PING.replace("ping\n", "pong\n"),
    )
    .unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0);
    assert!(
        text.starts_with("written   crates/ping/src/generated.rs: "),
        "{text}"
    );
    assert_eq!(fs::read_to_string(library).unwrap(), "// by hand");
}

#[test]
fn check_shows_what_is_stale_and_writes_nothing() {
    let folder = workspace(&[("ping.yaml", PING)]);
    run(&folder, &["generate"]);
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);

    fs::write(
        folder.path().join("openapi/ping.yaml"),
        PING.replace("ping\n", "pong\n"),
    )
    .unwrap();
    let before = files(folder.path());
    let (code, text) = run(&folder, &["generate", "--check"]);
    assert_eq!(code, 4);
    assert!(text.contains("-    pub fn ping(&self)"), "{text}");
    assert!(text.contains("+    pub fn pong(&self)"), "{text}");
    assert!(text.ends_with("next: `cargo xtask generate`\n"), "{text}");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn one_bad_document_keeps_all_from_being_written() {
    let folder = workspace(&[
        ("bad.yaml", &PING.replace("paths", "pahts")),
        ("ping.yaml", PING),
    ]);
    let before = files(folder.path());
    for arguments in [&["generate"][..], &["generate", "--check"]] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 3, "{text}");
        assert!(text.contains("did you mean `paths`?"), "{text}");
        assert_eq!(
            text.contains("nothing was written"),
            arguments.len() == 1,
            "{text}"
        );
        assert_eq!(files(folder.path()), before);
    }
}

#[test]
fn what_the_generator_cannot_take_is_a_finding() {
    let text = PING.replace("  /ping:", "  '/ping/{a':");
    let folder = workspace(&[("ping.yaml", &text)]);
    let before = files(folder.path());
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("error[generator]"), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn another_api_comes_in_whole_or_not_at_all() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let other = folder.path().join("other.yml");
    fs::write(
        &other,
        PING.replace("3.0.3", "3.1.0").replace("/ping", "/pong"),
    )
    .unwrap();
    let bad = folder.path().join("bad.yaml");
    fs::write(&bad, PING.replace("  /ping", "  /{ping")).unwrap();
    assert_eq!(run(&folder, &["generate"]).0, 0);

    let before = files(folder.path());
    for (arguments, code, says) in [
        (
            ["new", "ping", "other.yml"],
            1,
            "`openapi/ping.yaml` is there already",
        ),
        (["new", "reqwest", "other.yml"], 1, "cannot name a crate"),
        (["new", "Other", "other.yml"], 1, "cannot name a crate"),
        (["new", "other", "nothing.yaml"], 1, "`nothing.yaml`"),
        (["new", "other", "bad.yaml"], 3, "cannot take `GET /{ping`"),
    ] {
        let (exit, text) = run(&folder, &arguments);
        assert_eq!(exit, code, "{text}");
        assert!(text.contains(says), "{text}");
        assert_eq!(files(folder.path()), before);
    }
    assert_eq!(run(&folder, &["new", "other"]).0, 2);

    let (code, text) = run(&folder, &["new", "other", "other.yml"]);
    assert_eq!(code, 0, "{text}");
    let created = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert_eq!(
        created("openapi/other.yaml"),
        fs::read_to_string(&other).unwrap()
    );
    assert!(created("crates/other/README.md").contains("`openapi/other.yaml`"));
    // Only what the code names.
    let manifest = created("crates/other/Cargo.toml");
    assert!(
        manifest.contains("sdk-runtime") && !manifest.contains("chrono"),
        "{manifest}"
    );
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);
    let (code, text) = run(&folder, &["lint"]);
    assert!(code == 0 && text.contains("openapi/other.yaml"), "{text}");
}

#[test]
fn a_document_of_several_files_has_a_folder() {
    let folder = workspace(&[]);
    let api = folder.path().join("api");
    fs::create_dir_all(api.join("paths")).unwrap();
    let (head, path) = PING.split_once("  /ping:\n").unwrap();
    let document = format!("{head}  /ping: {{$ref: paths/ping.yaml}}\n");
    fs::write(api.join("ping.yaml"), document).unwrap();
    let path = path.replace("\n    ", "\n");
    fs::write(api.join("paths/ping.yaml"), path.trim_start()).unwrap();

    let (code, text) = run(&folder, &["new", "ping", "api/ping.yaml"]);
    assert_eq!(code, 0, "{text}");
    let created = "created   openapi/ping/openapi.yaml\n\
        created   openapi/ping/paths/ping.yaml\n\
        created   crates/ping/src/generated.rs";
    assert!(text.starts_with(created), "{text}");
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);

    let part = folder.path().join("openapi/ping/paths/ping.yaml");
    let bad = fs::read_to_string(&part)
        .unwrap()
        .replace("responses", "respnses");
    fs::write(&part, bad).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("--> openapi/ping/paths/ping.yaml:4:3"),
        "{text}"
    );

    let outside = "paths: {/a: {$ref: ../paths.yaml}}";
    fs::write(api.join("ping.yaml"), outside).unwrap();
    fs::write(folder.path().join("paths.yaml"), "{}").unwrap();
    let (code, text) = run(&folder, &["new", "pong", "api/ping.yaml"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("is outside of the document's folder"),
        "{text}"
    );
}

#[test]
fn lint_exits_by_what_it_finds() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let (code, text) = run(&folder, &["lint"]);
    assert_eq!(
        (code, text.as_str()),
        (0, "openapi/ping.yaml: no findings (38 rules)\n")
    );
    let nameless = PING.replace("      operationId: ping\n", "");
    fs::write(folder.path().join("openapi/ping.yaml"), nameless).unwrap();
    let (code, text) = run(&folder, &["lint"]);
    assert!(code == 0 && text.contains("1 warning"), "{text}");
    let (code, text) = run(&folder, &["lint", "--deny-warnings"]);
    assert!(code == 3 && text.contains("1 warning"), "{text}");

    let bad = folder.path().join("bad.yaml");
    fs::write(&bad, "openapi: 3.0.3\n").unwrap();
    let (code, text) = run(&folder, &["lint", "bad.yaml"]);
    assert_eq!(code, 3);
    assert!(text.contains("--> bad.yaml:1:1"), "{text}");
    let (code, text) = run(&folder, &["lint", "nothing.yaml", "bad.yaml", "openapi"]);
    assert_eq!(code, 1);
    for part in [
        "`nothing.yaml`",
        "bad.yaml:1:1",
        "`openapi`: it is a folder",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_rules_are_listed() {
    let (code, text) = run(&workspace(&[]), &["lint", "--rules"]);
    assert!(code == 0 && text.lines().count() == 44, "{text}");
    let line = "format-unknown          warning  every `format` is a known one";
    assert!(text.contains(line), "{text}");
}

#[test]
fn usage_errors_say_what_there_is() {
    let folder = workspace(&[("ping.yaml", PING)]);
    for arguments in [
        &[][..],
        &["review?"],
        &["generate", "--chekc"],
        &["--x"],
        &["generate", "--check", "--check"],
    ] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(text.contains("Usage: cargo xtask"), "{text}");
        assert!(!text.contains("generator"), "{text}");
    }
    assert_eq!(run(&folder, &["--help"]).0, 0);
}

#[test]
fn documents_that_cannot_be_crates_are_refused() {
    for name in ["serde.yaml", "Ping.yaml", "1.yaml"] {
        let (code, text) = run(&workspace(&[(name, PING)]), &["generate"]);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains("cannot name a crate"), "{text}");
    }
    // Code that somebody wrote is no client, whatever it is called.
    for (package, says) in [
        (
            "ping",
            "`crates/ping` is there, and is no client of `openapi/ping.yaml`",
        ),
        ("other", "the workspace has a package `ping` already"),
    ] {
        let folder = workspace(&[("ping.yaml", PING)]);
        let at = folder.path().join("crates").join(package);
        fs::create_dir_all(at.join("src")).unwrap();
        fs::write(at.join("src/lib.rs"), "").unwrap();
        let manifest = "[package]\nname = \"ping\"\nversion = \"1.0.0\"\n";
        fs::write(at.join("Cargo.toml"), manifest).unwrap();
        let before = files(folder.path());
        let (code, text) = run(&folder, &["generate"]);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains(says), "{text}");
        assert!(text.contains("nothing was written"), "{text}");
        assert_eq!(files(folder.path()), before);
    }
    let twice = workspace(&[("ping.yaml", PING), ("ping.json", "{}")]);
    let (code, text) = run(&twice, &["generate"]);
    assert_eq!(code, 1);
    assert!(text.contains("generate the same crate"), "{text}");
    assert_eq!(run(&workspace(&[]), &["generate"]).0, 1);
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_or_the_new() {
    let large = |operation: &str| {
        let mut text = PING.replace("ping\n", &format!("{operation}\n"));
        for n in 0..150 {
            text.push_str(&format!(
                "  /ping{n}: {{get: {{operationId: {operation}{n}, responses: {{'204': {{description: Pong}}}}}}}}\n"
            ));
        }
        text
    };
    let (old, new) = (large("ping"), large("pong"));
    let folder = workspace(&[("ping.yaml", &old)]);
    let document = folder.path().join("openapi/ping.yaml");
    let generated = folder.path().join("crates/ping/src/generated.rs");
    let read = |text: &str| {
        fs::write(&document, text).unwrap();
        assert_eq!(run(&folder, &["generate"]).0, 0);
        fs::read(&generated).unwrap()
    };
    let (new_bytes, old_bytes) = (read(&new), read(&old));
    assert_ne!(new_bytes, old_bytes);

    let started = std::time::Instant::now();
    run(&folder, &["generate"]);
    let whole = started.elapsed();
    let (mut killed, mut replaced) = (0, 0);
    for step in 0..40 {
        fs::write(&document, &new).unwrap();
        fs::write(&generated, &old_bytes).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .current_dir(folder.path())
            .arg("generate")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(whole * step / 32 + Duration::from_micros(200));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let found = fs::read(&generated).unwrap();
        assert!(
            found == old_bytes || found == new_bytes,
            "a half after {step} steps"
        );
        replaced += u32::from(found == new_bytes);
    }
    // Otherwise nothing was tried.
    assert!(killed > 0, "no run was interrupted");
    assert!(
        replaced < 40,
        "every run was done before it was interrupted"
    );
}

/// Documents of one shape each and the contract, every one its own crate.
#[test]
fn every_fixture_is_a_crate_without_warnings() {
    let folder = workspace(&[]);
    for entry in fs::read_dir(Path::new(ROOT).join("tests/fixtures/generate")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(
            &path,
            folder
                .path()
                .join("openapi")
                .join(path.file_name().unwrap()),
        )
        .unwrap();
    }
    let contract = Path::new(ROOT).join("openapi/callbell.yaml");
    fs::copy(contract, folder.path().join("openapi/callbell.yaml")).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");
    build(folder.path(), "fixtures");
}

/// Builds every crate of a workspace and its documentation, and allows no warning.
fn build(folder: &Path, name: &str) {
    let lock = Path::new(ROOT).join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    // A folder of its own, so that the outer build is not made anew.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let clippy = ["clippy", "--features=schemars", "--keep-going"];
    let commands = [
        &clippy[..],
        &["doc", "--no-deps", "--keep-going"],
        &["test", "--doc"],
    ];
    for arguments in commands {
        let output = Command::new(env!("CARGO"))
            .current_dir(folder)
            .args(arguments)
            .args(["--workspace", "--offline", "--quiet"])
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", "-Dwarnings")
            .env("RUSTDOCFLAGS", "-Dwarnings")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {text}");
    }
}
