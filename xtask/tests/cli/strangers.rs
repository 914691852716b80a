//! Documents of strangers, as a pull request brings them: they open nothing outside of their
//! folder, wait for nobody, and what they say does nothing to a terminal.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{PING, run, workspace};

/// A line that nobody who may not read its file should see.
const PRIVATE: &str = "nobody-shows-this";

/// A document that refers to a file.
fn referring(to: &str) -> String {
    format!("{PING}components: {{schemas: {{A: {{$ref: '{to}'}}}}}}\n")
}

/// What a command says; it ends by itself.
pub(crate) fn ends(folder: &Path, arguments: &[&str]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{arguments:?} does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[cfg(unix)]
#[test]
fn a_reference_opens_nothing_outside_of_the_folder() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let root = folder.path();
    fs::write(root.join("outside.yaml"), format!("type: {PRIVATE}\n")).unwrap();
    fs::write(root.join("openapi/notes.txt"), format!("a: b: {PRIVATE}\n")).unwrap();
    fs::create_dir(root.join("secret")).unwrap();
    fs::write(root.join("secret/config.yaml"), format!("{PRIVATE}: [\n")).unwrap();
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, root.join("openapi").join(name)).unwrap();
    };
    link("../outside.yaml", "link.yaml");
    link("../secret", "folder");
    link("/dev/zero", "endless.yaml");
    let pipe = root.join("openapi/pipe.yaml");
    let made = Command::new("mkfifo").arg(pipe).status().unwrap();
    assert!(made.success());
    let absolute = root.join("outside.yaml").display().to_string();
    for (reference, reason) in [
        ("../outside.yaml", "outside of the document's folder"),
        ("a/../../outside.yaml", "outside of the document's folder"),
        ("%2e%2e/outside.yaml", "outside of the document's folder"),
        ("..\\outside.yaml", "outside of the document's folder"),
        (absolute.as_str(), "absolute path"),
        ("/etc/passwd", "absolute path"),
        ("../.git/config", "outside of the document's folder"),
        ("notes.txt", "is no document"),
        ("link.yaml", "a symbolic link leads outside"),
        ("folder/config.yaml", "a symbolic link leads outside"),
        ("endless.yaml", "leads outside"),
        ("pipe.yaml", "a pipe or a device"),
    ] {
        let base = root.join("base.yaml");
        fs::write(&base, PING).unwrap();
        let document = root.join("openapi/ping.yaml");
        fs::write(&document, referring(reference)).unwrap();
        // Only what is a document of its own is read by every command.
        for arguments in [
            &["lint", "openapi/ping.yaml"][..],
            &["review", "base.yaml", "openapi/ping.yaml"],
            &["new", "other", "openapi/ping.yaml"],
        ] {
            let text = ends(root, arguments);
            assert!(text.contains(reason), "{reference} {arguments:?}: {text}");
            assert!(!text.contains(PRIVATE), "{reference}: {text}");
            assert!(!text.contains("root:"), "{reference}: {text}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_document_leads_nowhere_else() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("file.yaml");
    fs::write(&file, format!("{PRIVATE}: [\n")).unwrap();
    let document = folder.path().join("openapi/other.yaml");
    std::os::unix::fs::symlink(&file, &document).unwrap();
    for arguments in [&["lint"][..], &["generate"], &["generate", "--check"]] {
        let text = ends(folder.path(), arguments);
        assert!(text.contains("leads outside"), "{arguments:?}: {text}");
        assert!(!text.contains(PRIVATE), "{arguments:?}: {text}");
    }
}

#[test]
fn what_a_contract_says_does_nothing_to_a_terminal() {
    let bad = "\\e[2J\\n::error::x\\r\\u202Eevil\\u2066`<img src=x>`";
    let document = format!(
        "{PING}components:\n  schemas:\n    A: {{type: object, \"{bad}\": 1, properties: {{\"{bad}\": {{type: \"{bad}\"}}}}, required: [\"{bad}\", \"{bad}\"]}}\n"
    );
    let folder = workspace(&[
        ("ping.yaml", document.as_str()),
        ("raw.yaml", "a: [\u{1b}[2J\u{202e}\n"),
    ]);
    for arguments in [&["lint"][..], &["generate"], &["lint", "openapi/raw.yaml"]] {
        let (_, text) = run(&folder, arguments);
        let is_bad = |c: char| c != '\n' && c.is_control() || "\u{202e}\u{2066}".contains(c);
        assert!(!text.contains(is_bad), "{arguments:?}: {text:?}");
        let is_command = |line: &str| line.trim_start().starts_with("::");
        assert!(!text.lines().any(is_command), "{text}");
    }
}
