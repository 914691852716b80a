//! Names that somebody gives, as an argument or to a file: a name is checked before anything
//! is written under it.

use std::fs;
use std::path::Path;

use crate::{PING, files, run, workspace};

/// Names that cannot be, one of each kind.
const BAD: [&str; 26] = [
    "",
    ".",
    "..",
    "../esc",
    "a/../../esc",
    "a/b",
    "a/",
    "/tmp/esc",
    "a\\b",
    "a:b",
    "a b",
    "a\n::error::b",
    "\u{1b}[2J",
    "\u{202e}a",
    "é",
    "Ping",
    "1ping",
    "_ping",
    "type",
    "std",
    "build",
    "nul",
    "com1",
    "serde",
    "sdk_runtime",
    "approvals",
];

#[test]
fn no_name_leads_out_of_its_place() {
    let folder = workspace(&[("approvals.yaml", "# none\n")]);
    // What is written beside the workspace is seen, too.
    let outer = folder.path().join("outer");
    fs::create_dir(&outer).unwrap();
    for name in ["openapi", "crates", "Cargo.toml"] {
        fs::rename(folder.path().join(name), outer.join(name)).unwrap();
    }
    fs::write(outer.join("ping.yaml"), PING).unwrap();
    let before = files(folder.path());
    let too_long = "a".repeat(65);
    for name in BAD.into_iter().chain([too_long.as_str()]) {
        let output = crate::xtask(&outer, &["new", "--", name, "ping.yaml"]);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name:?}: {text}");
        assert!(text.contains("cannot name a crate: "), "{name:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{name:?}: {text}");
        let is_raw = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(is_raw), "{text:?}");
        assert_eq!(files(folder.path()), before, "{name:?}");
    }
}

#[test]
fn what_a_command_makes_every_command_finds() {
    let longest = "a".repeat(64);
    for name in ["a", "ping-2", "ping_2", "com", longest.as_str()] {
        let folder = workspace(&[]);
        fs::write(folder.path().join("ping.yaml"), PING).unwrap();
        let (code, text) = run(&folder, &["new", name, "ping.yaml"]);
        assert_eq!(code, 0, "{text}");
        let (code, text) = run(&folder, &["generate", "--check"]);
        assert!(code == 0 && text.contains(name), "{text}");
        let (code, text) = run(&folder, &["lint"]);
        assert!(code == 0 && text.contains(name), "{text}");
    }
}

#[test]
fn files_and_folders_have_the_names_that_new_allows() {
    // A file system takes most of these.
    for name in BAD.into_iter().filter(|name| !name.contains('/')) {
        let alone = workspace(&[]);
        let documents = alone.path().join("openapi");
        fs::write(documents.join(format!("{name}.yml")), PING).unwrap();
        let inside = workspace(&[]);
        let own = inside.path().join("openapi").join(name);
        let is_folder = !["", ".", ".."].contains(&name);
        if is_folder {
            fs::create_dir(&own).unwrap();
            fs::write(own.join("openapi.yaml"), PING).unwrap();
        }
        for folder in [Some(&alone), is_folder.then_some(&inside)]
            .into_iter()
            .flatten()
        {
            let (code, text) = run(folder, &["generate"]);
            assert_eq!(code, 1, "{name:?}: {text}");
            // What begins with a dot is no document.
            let says = match name.starts_with('.') || name.is_empty() {
                true => "no document in `openapi`",
                false => "cannot name a crate: ",
            };
            assert!(text.contains(says), "{name:?}: {text}");
        }
    }
}

#[test]
fn two_names_that_are_one_to_the_compiler_are_refused() {
    let folder = workspace(&[("a-b.yaml", PING)]);
    fs::write(folder.path().join("ping.yaml"), PING).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = run(&folder, &["new", "a_b", "ping.yaml"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("`openapi/a-b.yaml` is there already"),
        "{text}"
    );
    fs::write(folder.path().join("openapi/a_b.yaml"), PING).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("generate the same crate"), "{text}");
}

/// A document of two files in a folder `api`, of these names, which refer to each other.
fn pair(folder: &Path, main: &str, part: &str, back: &str) {
    let (head, path) = PING.split_once("  /ping:\n").unwrap();
    let api = folder.join("api");
    fs::create_dir_all(api.join(part).parent().unwrap()).unwrap();
    let schema = "components: {schemas: {Word: {type: string}}}\n";
    let document = format!("{head}  /ping: {{$ref: '{part}'}}\n{schema}");
    fs::write(api.join(main), document).unwrap();
    let content = format!("content: {{text/plain: {{schema: {{$ref: '{back}'}}}}}}");
    let path = path.replace("\n    ", "\n").replace(
        "{description: Pong}",
        &format!("{{description: Pong, {content}}}"),
    );
    let path = path.replace("204", "200");
    fs::write(api.join(part), path.trim_start()).unwrap();
}

#[test]
fn parts_stand_in_the_document_s_own_folder() {
    let back = |main: &str| format!("../{main}#/components/schemas/Word");
    // A part of the name that the document gets.
    let folder = workspace(&[]);
    pair(
        folder.path(),
        "ping.yaml",
        "./openapi.yaml",
        "ping.yaml#/components/schemas/Word",
    );
    let before = files(folder.path());
    let (code, text) = run(&folder, &["new", "ping", "api/ping.yaml"]);
    assert_eq!(code, 1, "{text}");
    let says = "`api/openapi.yaml` would take the place of `openapi/ping/openapi.yaml`";
    assert!(text.contains(says), "{text}");
    assert_eq!(files(folder.path()), before);

    // A way back by the name that the document loses.
    let folder = workspace(&[]);
    pair(
        folder.path(),
        "ping.yaml",
        "paths/ping.yaml",
        &back("ping.yaml"),
    );
    let before = files(folder.path());
    let (code, text) = run(&folder, &["new", "ping", "api/ping.yaml"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("name it `openapi.yaml` now"), "{text}");
    assert_eq!(files(folder.path()), before);

    // By the name that it gets.
    let folder = workspace(&[]);
    pair(
        folder.path(),
        "openapi.yaml",
        "paths/ping.yaml",
        &back("openapi.yaml"),
    );
    let (code, text) = run(&folder, &["new", "ping", "api/openapi.yaml"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(run(&folder, &["generate", "--check"]).0, 0);

    // A folder that is there.
    let folder = workspace(&[]);
    pair(
        folder.path(),
        "openapi.yaml",
        "paths/ping.yaml",
        &back("openapi.yaml"),
    );
    fs::create_dir(folder.path().join("openapi/ping")).unwrap();
    fs::write(folder.path().join("openapi/ping/notes.yaml"), "mine").unwrap();
    let before = files(folder.path());
    let (code, text) = run(&folder, &["new", "ping", "api/openapi.yaml"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("`openapi/ping` is there already"), "{text}");
    assert_eq!(files(folder.path()), before);
}
