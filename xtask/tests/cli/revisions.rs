//! `review` on what a repository can be: each kind of history and of file that git has.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::review::{commit, git, renamed, repository, write};
use crate::{PING, run, workspace, xtask};

/// Exit code and output of a command with variables of its own.
fn with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder).args(arguments);
    command.env_remove("GITHUB_BASE_REF");
    command.envs(variables.iter().copied());
    said(command.output().unwrap())
}

fn said(output: Output) -> (Option<i32>, String) {
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), text)
}

/// Makes a repository of a folder.
pub(crate) fn initial(folder: &TempDir) {
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(folder, "First");
}

/// Another repository as a submodule at a path.
fn add_submodule(folder: &Path, of: &Path, at: &str) {
    let url = format!("file://{}", of.display());
    let allow = ["-c", "protocol.file.allow=always"];
    let add = ["submodule", "--quiet", "add", &url, at];
    git(folder, &[&allow[..], &add].concat());
}

/// A repository with a document in a file of this name.
fn documents(file: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(file), PING).unwrap();
    initial(&folder);
    folder
}

#[test]
fn a_submodule_is_compared_at_its_commit() {
    for (file, at) in [("ping.yaml", "openapi"), ("openapi.yaml", "openapi/ping")] {
        let documents = documents(file);
        let folder = workspace(&[]);
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        if at == "openapi" {
            fs::remove_dir(folder.path().join("openapi")).unwrap();
        }
        add_submodule(folder.path(), documents.path(), at);
        assert_eq!(run(&folder, &["generate"]).0, 0);
        commit(&folder, "First");
        let (code, text) = run(&folder, &["review"]);
        assert!(code == 0 && text.starts_with("nothing changed"), "{text}");

        // In the work tree, and in a commit of the submodule and of the whole.
        fs::write(folder.path().join(at).join(file), renamed()).unwrap();
        let (code, text) = run(&folder, &["review", "HEAD"]);
        assert_eq!(code, 5, "{text}");
        let says = "breaking: `GET /ping` moved to `GET /pong`";
        assert!(text.contains(says), "{text}");
        git(
            &folder.path().join(at),
            &["commit", "--quiet", "--all", "--message=Move"],
        );
        commit(&folder, "Move");
        let (code, text) = run(&folder, &["review", "HEAD~", "HEAD"]);
        assert!(code == 5 && text.contains(says), "{text}");
    }
}

#[test]
fn a_submodule_that_is_not_here_is_no_new_document() {
    let documents = documents("ping.yaml");
    let folder = workspace(&[]);
    fs::remove_dir(folder.path().join("openapi")).unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    add_submodule(folder.path(), documents.path(), "openapi");
    commit(&folder, "First");

    // Its commit is that of nobody.
    let head = String::from_utf8(git(folder.path(), &["rev-parse", "HEAD"]).stdout).unwrap();
    let nobodys = format!("160000,{},openapi", head.trim());
    git(folder.path(), &["update-index", "--cacheinfo", &nobodys]);
    git(folder.path(), &["commit", "--quiet", "--message=Nobody's"]);
    let (code, text) = run(&folder, &["review", "HEAD"]);
    assert_eq!(code, 1, "{text}");
    let says = format!("is not here: `git -C openapi fetch origin {}`", head.trim());
    assert!(text.contains(&says), "{text}");

    // A clone without its submodules.
    git(folder.path(), &["reset", "--quiet", "--hard", "HEAD~"]);
    let clone = tempfile::tempdir().unwrap();
    let url = folder.path().display().to_string();
    git(clone.path(), &["clone", "--quiet", &url, "clone"]);
    let (code, text) = with(&clone.path().join("clone"), &[], &["review", "HEAD"]);
    assert_eq!(code, Some(1), "{text}");
    let says = "is not checked out here: `git submodule update --init openapi`";
    assert!(text.contains(says), "{text}");
}

#[test]
fn a_renamed_document_keeps_its_version() {
    let folder = repository();
    let (old, new) = ("openapi/ping.yaml", "openapi/pinger.yaml");
    fs::rename(folder.path().join(old), folder.path().join(new)).unwrap();
    for (says, manifest) in [
        ("the crate needs a major version, 0.2.0\n", None),
        (
            "a major version, 0.2.0; it stays at 0.1.0\n",
            Some("version.workspace = true"),
        ),
        (
            "a major version, 0.2.0; it goes from 0.1.0 to 0.2.0\n",
            Some("version = '0.2.0' # the new name"),
        ),
    ] {
        if let Some(version) = manifest {
            let krate = folder.path().join("crates/pinger");
            fs::create_dir_all(&krate).unwrap();
            let manifest = format!("[package] # renamed\nname = \"pinger\"\n{version}\n");
            fs::write(krate.join("Cargo.toml"), manifest).unwrap();
        }
        let (_, text) = run(&folder, &["review"]);
        assert!(text.contains("renamed from `openapi/ping.yaml`"), "{text}");
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn without_a_head_of_its_own_a_branch_is_compared() {
    let folder = repository();
    write(&folder, "ping.yaml", &renamed());
    git(folder.path(), &["checkout", "--quiet", "--detach"]);
    commit(&folder, "Move");
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 5, "{text}");
    assert!(text.contains("merge-base with main ("), "{text}");
    assert!(text.contains("`GET /ping` moved to `GET /pong`"), "{text}");
}

#[test]
fn histories_that_parted_are_held_against_where_they_did() {
    let folder = repository();
    git(folder.path(), &["checkout", "--quiet", "-b", "topic"]);
    write(&folder, "ping.yaml", &PING.replace("Pong", "Word"));
    commit(&folder, "Reword");
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "ping.yaml", &renamed());
    commit(&folder, "Move");
    git(folder.path(), &["checkout", "--quiet", "topic"]);
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("only documentation changed"), "{text}");
    // What main did since is undone only for whoever asks.
    assert_eq!(run(&folder, &["review", "main"]).0, 5);

    git(folder.path(), &["checkout", "--quiet", "--orphan", "other"]);
    commit(&folder, "Other");
    let (code, text) = run(&folder, &["review"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("`HEAD` and `main` have no commit in common; name"),
        "{text}"
    );
}

#[test]
fn the_base_of_a_pull_request_is_taken_or_refused() {
    let origin = repository();
    git(origin.path(), &["checkout", "--quiet", "-b", "release"]);
    write(&origin, "ping.yaml", &renamed());
    commit(&origin, "Move");
    git(origin.path(), &["checkout", "--quiet", "main"]);
    let outer = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    git(
        outer.path(),
        &["clone", "--quiet", "--single-branch", &url, "clone"],
    );
    let clone = outer.path().join("clone");
    let base = |base: &str| with(&clone, &[("GITHUB_BASE_REF", base)], &["review"]);
    let fetch = "git fetch origin +refs/heads/release:refs/remotes/origin/release";

    let (code, text) = base("release");
    assert_eq!(code, Some(1), "{text}");
    let says = format!(
        "`GITHUB_BASE_REF` asks for `release`, and `origin/release` is not here: `{fetch}`"
    );
    assert!(text.contains(&says), "{text}");
    // A local branch, or a tag of that name, is not what was asked for.
    git(&clone, &["branch", "release"]);
    git(&clone, &["tag", "origin/release"]);
    assert_eq!(base("release").0, Some(1));
    for strange in ["-x", "a b", "\u{1b}[2J", "../main", "main^{tree}"] {
        let (code, text) = base(strange);
        assert_eq!(code, Some(1), "{text}");
        assert!(
            text.contains("is not here") && !text.contains('\u{1b}'),
            "{text}"
        );
    }

    let fetch: Vec<&str> = fetch.split(' ').skip(1).collect();
    git(&clone, &fetch);
    let (code, text) = base("release");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("merge-base with origin/release ("), "{text}");
    let (code, text) = base("");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("merge-base with origin/main ("), "{text}");

    git(
        outer.path(),
        &["clone", "--quiet", "--depth=1", &url, "shallow"],
    );
    let shallow = outer.path().join("shallow");
    let (code, text) = with(&shallow, &[("GITHUB_BASE_REF", "release")], &["review"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("`git fetch --unshallow origin +refs/heads/release:"),
        "{text}"
    );
}

#[test]
fn another_owner_s_repository_says_what_git_says() {
    let folder = repository();
    let other = [
        ("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ];
    for arguments in [
        &["review"][..],
        &["review", "HEAD"],
        &["review", "main", "HEAD"],
    ] {
        let (code, text) = with(folder.path(), &other, arguments);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("dubious ownership"), "{text}");
        assert!(
            text.contains("git config --global --add safe.directory"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_damaged_repository_says_what_git_says() {
    let folder = repository();
    git(folder.path(), &["gc", "--quiet"]);
    let packs = fs::read_dir(folder.path().join(".git/objects/pack")).unwrap();
    let mut packs = packs.map(|entry| entry.unwrap().path());
    let pack = packs.find(|path| path.extension().is_some_and(|it| it == "pack"));
    let pack = pack.unwrap();
    let whole = fs::read(&pack).unwrap();
    let mut damaged = whole.clone();
    let end = damaged.len() - 20;
    damaged[12..end].iter_mut().for_each(|byte| *byte ^= 0x55);
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, damaged).unwrap();
    for arguments in [&["review"][..], &["review", "HEAD"]] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains("inflate: data stream error"), "{text}");
    }

    // A document that is lost.
    fs::write(&pack, whole).unwrap();
    write(&folder, "ping.yaml", &renamed());
    commit(&folder, "Move");
    let object = git(folder.path(), &["rev-parse", "HEAD:openapi/ping.yaml"]).stdout;
    let object = String::from_utf8(object).unwrap();
    let (start, end) = object.trim().split_at(2);
    fs::remove_file(folder.path().join(".git/objects").join(start).join(end)).unwrap();
    let (code, text) = run(&folder, &["review", "HEAD~", "HEAD"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("`openapi/ping.yaml`") && text.contains("git cat-file"),
        "{text}"
    );
    assert!(text.contains("fatal: "), "{text}");
}

#[test]
fn the_last_document_can_go() {
    let folder = repository();
    fs::remove_file(folder.path().join("openapi/ping.yaml")).unwrap();
    let is_removed = |arguments: &[&str]| {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 5, "{text}");
        assert!(
            text.contains("openapi/ping.yaml: removed, 1 breaking"),
            "{text}"
        );
    };
    is_removed(&["review"]);
    fs::remove_dir(folder.path().join("openapi")).unwrap();
    is_removed(&["review"]);
    commit(&folder, "Remove");
    is_removed(&["review", "HEAD~", "HEAD"]);
    // Deeper in the workspace, too.
    let (code, text) = with(
        &folder.path().join("crates/ping/src"),
        &[],
        &["review", "HEAD~"],
    );
    assert_eq!(code, Some(5), "{text}");
    // From nothing to nothing is no review.
    let (code, text) = run(&folder, &["review", "HEAD"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("no document in `openapi`, neither in HEAD"),
        "{text}"
    );
    for arguments in [&["lint"][..], &["generate"]] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 1, "{text}");
        assert!(
            text.contains("no document in `openapi`; put one there"),
            "{text}"
        );
    }
}

#[test]
fn revisions_may_be_called_like_files_folders_and_options() {
    let folder = repository();
    let refs = [
        "refs/heads/openapi",
        "refs/heads/-x",
        "refs/heads/--all",
        "refs/heads/notes",
    ];
    for name in refs {
        git(folder.path(), &["update-ref", name, "HEAD"]);
    }
    write(&folder, "ping.yaml", &renamed());
    for name in ["openapi", "-x", "--all", "refs/heads/openapi"] {
        let (code, text) = run(&folder, &["review", "--", name]);
        assert_eq!(code, 5, "{text}");
        assert!(text.contains(&format!("{name} (")), "{text}");
    }
    let (code, text) = run(&folder, &["review", "crates"]);
    assert!(code == 1 && text.contains("`crates` is a folder"), "{text}");

    fs::write(folder.path().join("notes"), PING).unwrap();
    let (code, text) = run(&folder, &["review", "notes"]);
    assert_eq!(code, 1, "{text}");
    let says = "`notes` is a file and a revision; write `./notes` for the file";
    assert!(text.contains(says), "{text}");
    assert_eq!(run(&folder, &["review", "refs/heads/notes"]).0, 5);
    assert_eq!(
        run(&folder, &["review", "./notes", "openapi/ping.yaml"]).0,
        5
    );

    // A file that a command could take for an option, or for something else of git's.
    for name in ["-ping.yaml", "a:b.yaml", "*.yaml", ":(top)a.yaml"] {
        fs::write(folder.path().join(name), PING).unwrap();
        commit(&folder, "Add");
        fs::write(folder.path().join(name), renamed()).unwrap();
        let (code, text) = run(&folder, &["review", "--", "HEAD", name]);
        assert_eq!(code, 5, "{name}: {text}");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}

#[test]
fn a_file_is_found_in_a_revision_from_anywhere() {
    // The workspace is a folder of the repository.
    let outer = tempfile::tempdir().unwrap();
    let folder = workspace(&[("ping.yaml", PING)]);
    let inner = outer.path().join("inner");
    fs::create_dir(&inner).unwrap();
    for name in ["openapi", "crates", "Cargo.toml"] {
        fs::rename(folder.path().join(name), inner.join(name)).unwrap();
    }
    fs::write(outer.path().join("other.yaml"), PING).unwrap();
    initial(&outer);
    fs::write(inner.join("openapi/ping.yaml"), renamed()).unwrap();
    let crates = inner.join("crates");
    for (here, file) in [
        (&inner, "openapi/ping.yaml"),
        (&inner, "./crates/../openapi/ping.yaml"),
        (&crates, "../openapi/ping.yaml"),
    ] {
        let (code, text) = with(here, &[], &["review", "HEAD", file]);
        assert_eq!(code, Some(5), "{file}: {text}");
    }
    assert_eq!(with(&crates, &[], &["review"]).0, Some(5));
    let (code, text) = with(&inner, &[], &["review", "HEAD", "../other.yaml"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("`../other.yaml` is not below `"), "{text}");
    let (code, text) = with(&inner, &[], &["review", "HEAD", "Cargo.toml"]);
    assert_ne!(code, Some(0), "{text}");
}

#[test]
fn a_hook_of_another_repository_changes_nothing() {
    let (folder, other) = (repository(), repository());
    write(&other, "ping.yaml", "nothing");
    commit(&other, "Break");
    let git_dir = other.path().join(".git").display().to_string();
    for variable in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"] {
        let (code, text) = with(folder.path(), &[(variable, &git_dir)], &["review"]);
        assert_eq!(code, Some(0), "{variable}: {text}");
        assert!(text.starts_with("nothing changed"), "{text}");
    }
}

#[test]
fn a_changelog_says_what_it_is_about() {
    let folder = repository();
    let (code, text) = run(&folder, &["review", "--changelog"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with("nothing changed: merge-base with main ("),
        "{text}"
    );
    // It is no section to be written.
    let output = xtask(folder.path(), &["review", "--changelog"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");

    let own = folder.path().join("openapi/tick");
    fs::create_dir(&own).unwrap();
    let tick = PING.replace("ping", "tick");
    fs::write(own.join("openapi.yaml"), &tick).unwrap();
    assert_eq!(run(&folder, &["generate"]).0, 0);
    commit(&folder, "Tick");
    fs::write(
        own.join("openapi.yaml"),
        tick.replace("operationId: tick", "operationId: tock"),
    )
    .unwrap();
    write(
        &folder,
        "ping.yaml",
        &PING.replace("operationId: ping", "operationId: pong"),
    );
    let (code, text) = run(&folder, &["review", "HEAD", "--changelog"]);
    assert_eq!(code, 0, "{text}");
    let headings: Vec<_> = text.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings, ["### Contract", "### `ping`", "### `tick`"]);
}
