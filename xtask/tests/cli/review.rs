//! `review` as a process, on repositories made for it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::{PING, run, workspace, xtask};

/// No configuration of whoever runs the tests takes part.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    output
}

pub(crate) fn commit(folder: &TempDir, message: &str) {
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", message]);
}

/// A repository with `ping.yaml` and its client on `main`.
pub(crate) fn repository() -> TempDir {
    let folder = workspace(&[("ping.yaml", PING)]);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder, "First");
    folder
}

pub(crate) fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join("openapi").join(name), text).unwrap();
}

pub(crate) fn renamed() -> String {
    PING.replace("/ping:", "/pong:")
}

#[test]
fn without_arguments_the_work_tree_is_held_against_the_merge_base() {
    let folder = repository();
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with("nothing changed\nmerge-base with main ("),
        "{text}"
    );
    assert!(
        text.ends_with("→ work tree\n\nnext: nothing to do\n"),
        "{text}"
    );

    // What came to main since does not count.
    git(folder.path(), &["checkout", "--quiet", "-b", "topic"]);
    write(&folder, "ping.yaml", &renamed());
    commit(&folder, "Move");
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "ping.yaml", &PING.replace("Pong", "Word"));
    commit(&folder, "Reword");
    git(folder.path(), &["checkout", "--quiet", "topic"]);
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 5, "{text}");
    assert!(
        text.contains("breaking: `GET /ping` moved to `GET /pong`"),
        "{text}"
    );
    assert!(text.contains("openapi/ping.yaml: 1 breaking\n"), "{text}");
    let (code, text) = run(&folder, &["review", "main", "topic"]);
    assert_eq!(code, 5);
    assert!(text.contains("main ("), "{text}");
    assert!(text.contains("in documentation"), "{text}");
}

#[test]
fn a_revision_that_is_not_here_fails_and_says_what_to_do() {
    let folder = repository();
    let (code, text) = run(&folder, &["review", "v1.2.3"]);
    assert_eq!(code, 1);
    assert!(
        text.contains("`v1.2.3` is neither a file nor a revision of this repository; name a file"),
        "{text}"
    );
    let (code, text) = run(&folder, &["review", "openapi"]);
    assert_eq!(code, 1);
    assert!(text.contains("`openapi` is a folder"), "{text}");
    let (code, text) = run(&folder, &["review", "openapi/ping.yaml"]);
    assert_eq!(code, 1);
    assert!(text.contains("name the one to compare it with"), "{text}");
}

#[test]
fn a_shallow_clone_fails_and_says_so() {
    let origin = repository();
    git(origin.path(), &["checkout", "--quiet", "-b", "topic"]);
    write(&origin, "ping.yaml", &renamed());
    commit(&origin, "Move");
    git(origin.path(), &["checkout", "--quiet", "main"]);
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    let arguments = [
        "clone",
        "--quiet",
        "--depth=1",
        "--branch=topic",
        &url,
        "clone",
    ];
    git(clone.path(), &arguments);
    let folder = clone.path().join("clone");
    for arguments in [&["review"][..], &["review", "main"]] {
        let output = xtask(&folder, arguments);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("this clone is shallow"), "{text}");
    }
}

#[test]
fn outside_of_a_repository_two_files_can_be_compared() {
    let folder = workspace(&[("ping.yaml", PING), ("pong.yaml", &renamed())]);
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 1);
    assert!(
        text.contains("two files need no git: `cargo xtask review OLD NEW`"),
        "{text}"
    );
    let files = ["review", "openapi/ping.yaml", "openapi/pong.yaml"];
    let (code, text) = run(&folder, &files);
    assert_eq!(code, 5, "{text}");
    assert!(
        text.contains("  old    openapi/ping.yaml:7:5\n  new    openapi/pong.yaml:7:5\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_read_is_never_green() {
    let folder = repository();
    for (bad, says) in [
        ("", "the document is empty"),
        ("just words", "error"),
        (
            "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "OpenAPI",
        ),
        ("openapi: 3.0.3\ninfo: [", "openapi/ping.yaml:2:8"),
        ("openapi: 3.0.3\n\tinfo: {}\n", "found a tab"),
    ] {
        write(&folder, "ping.yaml", bad);
        let (code, text) = run(&folder, &["review"]);
        assert_eq!(code, 3, "{bad}: {text}");
        assert!(text.contains(says), "{bad}: {text}");
        assert!(
            text.contains("error: `openapi/ping.yaml` cannot be compared"),
            "{text}"
        );
    }
    // No report of an earlier run is taken for this one's.
    let report = folder.path().join("report.json");
    fs::write(&report, "{}").unwrap();
    write(&folder, "ping.yaml", "just words");
    let (code, text) = run(&folder, &["review", "--write", "json=report.json"]);
    assert!(code == 3 && !report.exists(), "{text}");

    fs::write(folder.path().join("openapi/ping.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("not UTF-8"), "{text}");

    // The base, too.
    commit(&folder, "Break");
    write(&folder, "ping.yaml", PING);
    assert_eq!(run(&folder, &["review", "HEAD"]).0, 1);
}

#[test]
fn a_contract_that_does_not_generate_is_said_first() {
    let folder = repository();
    write(
        &folder,
        "ping.yaml",
        &format!("{PING}components: {{schemas: {{A: {{$ref: '#/components/schemas/B'}}}}}}\n"),
    );
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.starts_with("the new contract does not generate: 1 error\n"),
        "{text}"
    );
    // On the wire alone it is none of that.
    let (code, text) = run(&folder, &["review", "--wire-only"]);
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("crate"), "{text}");
}

#[test]
fn documents_that_come_go_or_are_renamed_are_told() {
    let folder = repository();
    write(
        &folder,
        "other.yaml",
        &PING.replace("ping", "tick").replace("Ping", "Tick"),
    );
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("openapi/other.yaml: new document, 1 compatible"),
        "{text}"
    );
    commit(&folder, "Tick");

    fs::remove_file(folder.path().join("openapi/other.yaml")).unwrap();
    let (code, text) = run(&folder, &["review", "HEAD"]);
    assert_eq!(code, 5, "{text}");
    assert!(
        text.contains("openapi/other.yaml: removed, 1 breaking"),
        "{text}"
    );
    assert!(text.contains("breaking: `GET /tick` was removed"), "{text}");

    fs::rename(
        folder.path().join("openapi/ping.yaml"),
        folder.path().join("openapi/pinger.yaml"),
    )
    .unwrap();
    let (_, text) = run(&folder, &["review", "HEAD"]);
    assert!(
        text.contains("openapi/pinger.yaml: renamed from `openapi/ping.yaml`"),
        "{text}"
    );
    assert!(text.contains("the crate needs a major version"), "{text}");
}

#[test]
fn an_approval_turns_red_into_green_until_its_date() {
    let folder = repository();
    write(&folder, "ping.yaml", &renamed());
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 5, "{text}");
    let (_, entry) = text.split_once("`openapi/approvals.yaml`:\n").unwrap();
    let entry = entry
        .replace("WHY", "agreed with all")
        .replace("WHO", "maria");

    write(
        &folder,
        "approvals.yaml",
        &entry.replace("YYYY-MM-DD", "2999-12-31"),
    );
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("agreed by maria until 2999-12-31: agreed with all"),
        "{text}"
    );
    // The list is no document.
    assert_eq!(run(&folder, &["lint"]).0, 0);

    write(
        &folder,
        "approvals.yaml",
        &entry.replace("YYYY-MM-DD", "2001-12-31"),
    );
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 5, "{text}");
    assert!(text.contains("ran out on 2001-12-31"), "{text}");

    write(&folder, "approvals.yaml", "- who: maria\n");
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("this approval lacks"), "{text}");
}

#[test]
fn another_generator_is_not_blamed_on_the_contract() {
    let folder = repository();
    let generated = folder.path().join("crates/ping/src/generated.rs");
    let code = fs::read_to_string(&generated).unwrap();
    fs::write(&generated, code.replace("pub fn ping", "pub fn old_ping")).unwrap();
    commit(&folder, "As an older generator wrote it");
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("the generator changed, not the contract:\n"),
        "{text}"
    );
    assert!(text.contains("`Client::old_ping` was removed"), "{text}");
}

#[test]
fn every_format_is_what_it_says() {
    let folder = repository();
    write(&folder, "ping.yaml", &renamed());
    for (format, start) in [
        ("terminal", "1 breaking change"),
        ("markdown", "## Contract review: 1 breaking change"),
        ("json", "{\n  \"base\": "),
        ("github", "::error file=openapi/ping.yaml,line=7,col=5,"),
    ] {
        let (code, text) = run(&folder, &["review", "--format", format]);
        assert_eq!(code, 5, "{format}");
        assert!(text.starts_with(start), "{text}");
    }
    let (code, text) = run(&folder, &["review", "--changelog"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("### Contract\n"), "{text}");
    let (code, text) = run(&folder, &["review", "--format", "html"]);
    assert_eq!(code, 2);
    assert!(
        text.contains("possible values: terminal, markdown, json, github"),
        "{text}"
    );
    assert_eq!(run(&folder, &["review", "a", "b", "c"]).0, 2);
}

#[test]
fn a_change_stands_in_the_file_of_a_document_that_has_it() {
    let folder = workspace(&[]);
    let documents = folder.path().join("openapi/ping");
    fs::create_dir(&documents).unwrap();
    let (head, path) = PING.split_once("  /ping:\n").unwrap();
    let document = format!("{head}  /ping: {{$ref: ping.yaml}}\n");
    fs::write(documents.join("openapi.yaml"), document).unwrap();
    let path = path.replace("\n    ", "\n");
    fs::write(documents.join("ping.yaml"), path.trim_start()).unwrap();
    assert_eq!(run(&folder, &["generate"]).0, 0);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder, "First");

    let gone = path.replace("'204'", "'200'");
    fs::write(documents.join("ping.yaml"), gone.trim_start()).unwrap();
    let (code, text) = run(&folder, &["review", "main"]);
    assert_eq!(code, 5, "{text}");
    let places = "old    openapi/ping/ping.yaml:4:15\n  new    openapi/ping/ping.yaml:4:3";
    assert!(text.contains(places), "{text}");
    assert!(
        text.contains("openapi/ping/openapi.yaml: 1 breaking, 1 risky"),
        "{text}"
    );
}

#[test]
fn a_date_that_is_none_is_an_error() {
    let folder = repository();
    for (date, code) in [("nonsense", 1), ("", 1), ("-1", 1), ("1700000000", 0)] {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .current_dir(folder.path())
            .arg("review")
            .env("SOURCE_DATE_EPOCH", date)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{date}: {text}");
        let says = format!("`SOURCE_DATE_EPOCH` is `{date}`; set it to seconds");
        assert_eq!(text.contains(&says), code == 1, "{text}");
    }
}

#[test]
fn a_change_of_words_says_which_translations_it_leaves_behind() {
    let folder = repository();
    let (_, skeleton) = run(&folder, &["docs", "--missing", "fr"]);
    write(
        &folder,
        "ping.fr.overlay.yaml",
        &skeleton.replace("''", "'Un texte'"),
    );
    commit(&folder, "Translate");
    let new = PING.replace("summary: Pings", "summary: Asks").replace(
        "default: {description: No pong}",
        "default: {description: No pong}, '429': {description: Later}",
    );
    write(&folder, "ping.yaml", &new);
    assert_eq!(run(&folder, &["generate"]).0, 0);
    let behind = [
        "`fr` translates what was there before: `/paths/~1ping/get/summary`",
        "`fr` lacks a translation of `/paths/~1ping/get/responses/429/description`",
    ];
    let told = |text: &str| behind.iter().all(|line| text.contains(line));
    let (_, text) = run(&folder, &["review"]);
    assert!(told(&text), "{text}");
    let (_, text) = run(&folder, &["review", "--format", "markdown"]);
    assert!(text.contains("translates what was there before"), "{text}");
    let (_, text) = run(&folder, &["review", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    let found = &json["documents"][0]["translations"][0];
    assert_eq!(found["name"], "openapi/ping.fr.overlay.yaml");
    assert_eq!(
        found["stale"],
        serde_json::json!(["/paths/~1ping/get/summary"])
    );

    // Between two revisions it is the same.
    commit(&folder, "Change words");
    let (_, text) = run(&folder, &["review", "HEAD~1", "HEAD"]);
    assert!(told(&text), "{text}");
    // What is translated again is behind no more.
    let (_, added) = run(&folder, &["docs", "--missing", "fr"]);
    let overlay = folder.path().join("openapi/ping.fr.overlay.yaml");
    let old = fs::read_to_string(&overlay).unwrap();
    let (_, lint) = run(&folder, &["lint", "openapi/ping.fr.overlay.yaml"]);
    // The last one is what the finding asks for; the source is drawn before it.
    let mut prints = lint.rsplit("x-translates: {summary: ");
    let print = prints.next().and_then(|rest| rest.split('}').next());
    let print = print.unwrap();
    let at = old.find("x-translates: {summary: ").unwrap() + "x-translates: {summary: ".len();
    let end = at + old[at..].find('}').unwrap();
    let new = format!(
        "{}{print}{}{}",
        &old[..at],
        &old[end..],
        added.replace("''", "'Un autre'")
    );
    fs::write(&overlay, new).unwrap();
    let (_, text) = run(&folder, &["review", "HEAD~1"]);
    assert!(!text.contains("`fr`"), "{text}");
}
