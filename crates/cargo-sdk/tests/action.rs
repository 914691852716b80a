//! The script of the GitHub action, with a stand-in for `gh` that keeps what it was asked.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.ci/action");

/// Lists the comments that are in `comments`, and keeps every other call with its body.
const GH: &str = r#"#!/bin/sh
folder=$(dirname "$0")
echo "$*" >> "$folder/calls"
case "$*" in
*--paginate*) cat "$folder/comments" ;;
*) for argument in "$@"; do
     case $argument in body=@*) cp "${argument#body=@}" "$folder/body" ;; esac
   done ;;
esac
"#;

const CONTRACT: &str = include_str!("../../workspace/src/init/contract.yaml");

struct Job {
    folder: TempDir,
}

impl Job {
    /// A repository whose last commit breaks callers.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let job = Self { folder };
        job.write("gh/gh", GH);
        let gh = job.path("gh/gh");
        fs::set_permissions(gh, fs::Permissions::from_mode(0o755)).unwrap();
        job.write("gh/comments", "");
        job.write("work/Cargo.toml", "[workspace]\nresolver = \"3\"\n");
        job.write("work/openapi/api.yaml", CONTRACT);
        job.git(&["init", "--quiet", "--initial-branch=main"]);
        job.commit();
        let gone = CONTRACT.replace("/notes/{id}", "/texts/{id}");
        job.write("work/openapi/api.yaml", &gone);
        job.commit();
        job
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What is in a file, which is gone then.
    fn taken(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path(name)).unwrap_or_default();
        let _ = fs::remove_file(self.path(name));
        text
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=T", "-c", "user.email=t@example.com"]);
        let output = command
            .current_dir(self.path("work"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Change"]);
    }

    fn run(&self, variables: &[(&str, &str)]) -> (i32, String) {
        let search = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .arg(SCRIPT)
            .current_dir(self.path("work"))
            .env("PATH", format!("{}:{search}", self.path("gh").display()))
            .env("SDK", env!("CARGO_BIN_EXE_cargo-sdk"))
            .env("RUNNER_TEMP", self.folder.path())
            .env("GITHUB_REPOSITORY", "acme/shop")
            .env("GITHUB_OUTPUT", self.path("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env_remove("GITHUB_BASE_REF")
            .env_remove("GITHUB_WORKFLOW")
            .envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(text).unwrap(),
        )
    }
}

const REVIEW: [(&str, &str); 3] = [
    ("SDK_COMMAND", "review"),
    ("SDK_BASE", "HEAD~"),
    ("SDK_PULL_REQUEST", "7"),
];

#[test]
fn a_review_is_shown_wherever_github_shows_it() {
    let job = Job::new();
    let (code, text) = job.run(&REVIEW);
    assert_eq!(code, 5, "{text}");
    // On the lines, in the summary, and for later steps.
    assert!(
        text.contains("::error file=openapi/api.yaml,line="),
        "{text}"
    );
    let summary = job.taken("summary");
    assert!(summary.starts_with("## Contract review: "), "{summary}");
    let outputs = job.taken("outputs");
    for line in [
        "verdict=breaking\n",
        "bump=patch\n",
        "unapproved=1\n",
        "breaking=1\n",
    ] {
        assert!(outputs.contains(line), "{outputs}");
    }
    let sarif = outputs
        .lines()
        .find_map(|line| line.strip_prefix("sarif="))
        .unwrap();
    let sarif = fs::read_to_string(sarif).unwrap();
    assert!(sarif.contains("\"version\": \"2.1.0\""), "{sarif}");
    // And in a comment, which is new.
    let calls = job.taken("gh/calls");
    let post = "api --silent --method POST repos/acme/shop/issues/7/comments";
    assert!(
        calls.contains(post) && calls.lines().count() == 2,
        "{calls}"
    );
    let body = job.taken("gh/body");
    assert!(body.starts_with("<!-- cargo sdk review: "), "{body}");
    assert!(body.ends_with(&summary), "{body}");
}

#[test]
fn a_comment_is_written_anew_and_not_again() {
    let job = Job::new();
    job.write("gh/comments", "41\n42\n");
    assert_eq!(job.run(&REVIEW).0, 5);
    let calls = job.taken("gh/calls");
    let patch = "api --silent --method PATCH repos/acme/shop/issues/comments/41 ";
    assert!(calls.contains(patch) && !calls.contains("POST"), "{calls}");
}

#[test]
fn what_is_configured_is_heeded() {
    let job = Job::new();
    let with = |more: &[(&'static str, &'static str)]| [&REVIEW[..], more].concat();
    let (code, text) = job.run(&with(&[("SDK_FAIL_ON", "never")]));
    assert_eq!(code, 0, "{text}");
    job.taken("gh/calls");
    // No comment is asked for, or there is no pull request.
    for more in [("SDK_COMMENT", "false"), ("SDK_PULL_REQUEST", "")] {
        assert_eq!(job.run(&with(&[more])).0, 5);
        assert_eq!(job.taken("gh/calls"), "");
    }
    // A fork may not write: the verdict stands all the same.
    job.write("gh/gh", "#!/bin/sh\nexit 1\n");
    let (code, text) = job.run(&REVIEW);
    assert_eq!(code, 5, "{text}");
    assert!(
        text.contains("::warning::the comments could not be read"),
        "{text}"
    );
    // An input is data.
    let (code, text) = job.run(&with(&[("SDK_BASE", "$(touch gone); --help")]));
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("is neither a file nor a revision"), "{text}");
    assert!(!job.path("work/gone").exists());
}

#[test]
fn lint_and_generate_are_checks() {
    let job = Job::new();
    let (code, text) = job.run(&[("SDK_COMMAND", "lint")]);
    assert_eq!((code, text.as_str()), (0, ""));
    assert!(
        job.taken("summary")
            .starts_with("## `openapi/api.yaml`: no findings")
    );
    assert!(job.taken("outputs").starts_with("sarif="));
    let (code, text) = job.run(&[("SDK_COMMAND", "generate")]);
    assert_eq!(code, 4, "{text}");
    assert!(
        text.contains("::error title=generated files are stale::"),
        "{text}"
    );
    assert!(!Path::new(&job.path("work/crates")).exists());
    let (code, text) = job.run(&[("SDK_COMMAND", "rm -rf .")]);
    assert_eq!(code, 2, "{text}");
}
