//! Symbolic links of documents: `review` follows them inside, in the work tree and in a revision
//! alike.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::review::{commit, repository};
use crate::revisions::initial;
use crate::{PING, run, workspace};

fn link(to: &str, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}

/// A document in a folder of its own that has a part.
fn with_part(folder: &TempDir, part: &str) {
    let own = folder.path().join("openapi/ping");
    fs::create_dir_all(&own).unwrap();
    let (head, path) = PING.split_once("  /ping:\n").unwrap();
    let document = format!("{head}  /ping: {{$ref: {part}}}\n");
    fs::write(own.join("openapi.yaml"), document).unwrap();
    let path = path.replace("\n    ", "\n");
    fs::write(own.join("real.yaml"), path.trim_start()).unwrap();
}

/// Edits the only file below a folder that says how the API answers, commits, and holds the
/// old against the new by revision and in the work tree.
fn is_seen_in_both(folder: &TempDir, file: &str) {
    initial(folder);
    let (code, text) = run(folder, &["review", "HEAD"]);
    assert!(code == 0 && text.starts_with("nothing changed"), "{text}");
    let file = folder.path().join(file);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("'204'"), "{text}");
    fs::write(&file, text.replace("'204'", "'200'")).unwrap();
    let (code, in_work_tree) = run(folder, &["review", "HEAD"]);
    assert_eq!(code, 5, "{in_work_tree}");
    commit(folder, "Answer");
    let (code, text) = run(folder, &["review", "HEAD~", "HEAD"]);
    assert_eq!(code, 5, "{text}");
    let without_places = |text: &str| text.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_places(&text), without_places(&in_work_tree));
}

#[test]
fn links_are_followed_in_a_revision_as_in_the_work_tree() {
    // A document.
    let folder = workspace(&[]);
    fs::create_dir(folder.path().join("specs")).unwrap();
    fs::write(folder.path().join("specs/ping.yaml"), PING).unwrap();
    link(
        "../specs/./ping.yaml",
        &folder.path().join("openapi/ping.yaml"),
    );
    is_seen_in_both(&folder, "specs/ping.yaml");

    // The folder of documents.
    let folder = workspace(&[("ping.yaml", PING)]);
    fs::rename(folder.path().join("openapi"), folder.path().join("specs")).unwrap();
    link("specs", &folder.path().join("openapi"));
    is_seen_in_both(&folder, "specs/ping.yaml");

    // A part, by way of a folder, and of a link that leads to a link.
    let folder = workspace(&[]);
    with_part(&folder, "here/there.yaml");
    let own = folder.path().join("openapi/ping");
    link(".", &own.join("here"));
    link("../ping/once.yaml", &own.join("there.yaml"));
    link("real.yaml", &own.join("once.yaml"));
    is_seen_in_both(&folder, "openapi/ping/real.yaml");

    // A document's own folder.
    let folder = workspace(&[]);
    with_part(&folder, "real.yaml");
    let own = folder.path().join("openapi/ping");
    fs::rename(&own, folder.path().join("elsewhere")).unwrap();
    link("../elsewhere", &own);
    is_seen_in_both(&folder, "elsewhere/real.yaml");
}

#[test]
fn links_lead_nowhere_else_in_a_revision_either() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.yaml");
    fs::write(&secret, "nobody-shows-this: [\n").unwrap();
    let absolute = secret.display().to_string();
    let up = format!("../../../../../../../..{absolute}");
    for (to, says) in [
        (absolute.as_str(), "a symbolic link leads outside"),
        (up.as_str(), "a symbolic link leads outside"),
        // Below the root, and beside the document's folder.
        ("../secret.txt", "a symbolic link leads outside"),
        ("../../secret.yaml", "a symbolic link leads outside"),
        ("nowhere.yaml", "cannot read `openapi/ping/part.yaml`"),
        ("part.yaml", "ymbolic link"),
    ] {
        let folder = workspace(&[]);
        with_part(&folder, "part.yaml");
        link(to, &folder.path().join("openapi/ping/part.yaml"));
        for beside in ["openapi/secret.txt", "secret.yaml"] {
            fs::copy(&secret, folder.path().join(beside)).unwrap();
        }
        initial(&folder);
        for arguments in [&["review", "HEAD"][..], &["review", "HEAD", "HEAD"]] {
            let (code, text) = run(&folder, arguments);
            assert_eq!(code, 3, "{to} {arguments:?}: {text}");
            // Once for each side.
            assert_eq!(text.matches(says).count(), 2, "{to} {arguments:?}: {text}");
            assert!(!text.contains("nobody-shows-this"), "{text}");
        }
    }
}

#[test]
fn approvals_are_read_below_the_root_only() {
    let folder = repository();
    let outside = tempfile::tempdir().unwrap();
    let list = outside.path().join("list.yaml");
    fs::write(&list, "- who: nobody-shows-this\n").unwrap();
    link(
        list.to_str().unwrap(),
        &folder.path().join("openapi/approvals.yaml"),
    );
    commit(&folder, "Approve");
    for arguments in [&["review", "HEAD"][..], &["review", "HEAD", "HEAD"]] {
        let (code, text) = run(&folder, arguments);
        assert_eq!(code, 1, "{text}");
        assert!(
            text.contains("`openapi/approvals.yaml`: a symbolic link"),
            "{text}"
        );
        assert!(!text.contains("nobody"), "{text}");
    }
}
