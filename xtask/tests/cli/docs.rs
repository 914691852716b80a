//! Documentation is written whole, in every language, and takes nobody's files.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::review::{commit, git, renamed, repository, write};
use crate::{PING, files, run, workspace};

const SPANISH: &str = "\
overlay: 1.1.0
info: {title: Textos, version: 1.0.0}
actions:
  - target: $.info
    x-translates: {title: 71d8f8a6, description: 3b2f0b52}
    update: {title: Eco, description: Hace eco}
";

#[test]
fn a_site_is_written_whole_and_checked() {
    let folder = workspace(&[("ping.yaml", PING), ("ping.es.overlay.yaml", SPANISH)]);
    let (code, text) = run(&folder, &["docs"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("written   ") && text.contains(" files, en, es, in "),
        "{text}"
    );
    let site = folder.path().join("target/docs/ping");
    let spanish = fs::read_to_string(site.join("es/index.html")).unwrap();
    assert!(spanish.contains("<h1>Eco</h1>") && spanish.contains("<html lang=\"es\""));
    // The client that is generated is called so.
    let text = fs::read_to_string(site.join("es/index.md")).unwrap();
    assert!(text.contains("client.ping().await"), "{text}");

    let before = files(&site);
    let (code, text) = run(&folder, &["docs", "--check"]);
    assert_eq!((code, text.contains("unchanged ")), (0, true), "{text}");
    fs::write(
        folder.path().join("openapi/ping.yaml"),
        PING.replace("Pongs", "Pings").replace("Pings\n", "Asks\n"),
    )
    .unwrap();
    let (code, text) = run(&folder, &["docs", "--check"]);
    assert_eq!(code, 4, "{text}");
    assert!(
        text.contains("stale     ") && text.contains("next: `cargo xtask docs`"),
        "{text}"
    );
    assert_eq!(files(&site), before);
}

#[test]
fn files_of_somebody_else_are_not_replaced() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let site = folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(site.join("thesis.md"), "years of work").unwrap();
    let (code, text) = run(&folder, &["docs", "--out", "site"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("`site` has `thesis.md`, which `docs` did not write; move it away"),
        "{text}"
    );
    assert_eq!(files(&site).len(), 1);

    fs::remove_file(site.join("thesis.md")).unwrap();
    assert_eq!(run(&folder, &["docs", "--out", "site"]).0, 0);
    fs::write(site.join("en/notes.txt"), "mine").unwrap();
    fs::write(
        folder.path().join("openapi/ping.yaml"),
        PING.replace("Pings", "Asks"),
    )
    .unwrap();
    let before = files(&site);
    let (code, text) = run(&folder, &["docs", "--out", "site"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("`en/notes.txt`"), "{text}");
    assert_eq!(files(&site), before);

    fs::write(folder.path().join("file"), "a file").unwrap();
    let (code, text) = run(&folder, &["docs", "--out", "file"]);
    assert!(code == 1 && text.contains("`file` is no folder"), "{text}");
}

#[test]
fn what_is_wrong_with_a_translation_is_told_and_nothing_is_written() {
    for (name, overlay, message) in [
        (
            "ping.es.overlay.yaml",
            "- no\n- overlay\n",
            "an overlay is a mapping, and this is none",
        ),
        (
            "ping.not_a_tag.overlay.yaml",
            SPANISH,
            "`not_a_tag` is no tag of a language (BCP 47)",
        ),
        (
            "ping.es.overlay.yaml",
            "overlay: 1.0.0\ninfo: {title: A, version: '1'}\nactions: [{target: $.paths, update: {/pong: {}}}]\n",
            "`/pong` is no text that a translation changes",
        ),
        ("ping.es.overlay.yaml", "a: [", "overlay"),
    ] {
        let folder = workspace(&[("ping.yaml", PING), (name, overlay)]);
        let (code, text) = run(&folder, &["docs"]);
        assert_eq!(code, 3, "{text}");
        assert!(
            text.contains(message) && text.contains("nothing was written"),
            "{text}"
        );
        assert!(text.contains(&format!("openapi/{name}:")), "{text}");
        assert!(!folder.path().join("target/docs").exists());
        let (code, text) = run(&folder, &["lint"]);
        assert!(code == 3 && text.contains(message), "{text}");
        // A file alone is held against the document beside it.
        let (code, text) = run(&folder, &["lint", &format!("openapi/{name}")]);
        assert!(
            code == 3 && text.contains(message) && text.contains("(6 rules)"),
            "{text}"
        );
    }
    let folder = workspace(&[("ping.yaml", PING)]);
    let (code, text) = run(&folder, &["docs", "--language", "english please"]);
    assert!(
        code == 1 && text.contains("is no tag of a language (BCP 47)"),
        "{text}"
    );
    fs::write(folder.path().join("openapi/pong.es.overlay.yaml"), SPANISH).unwrap();
    let (code, text) = run(&folder, &["lint", "openapi/pong.es.overlay.yaml"]);
    assert!(
        code == 1 && text.contains("is an overlay of no document that is beside it"),
        "{text}"
    );
}

/// Two files of one language would be one page, and a translation into the document's own none.
#[test]
fn a_language_is_translated_into_once() {
    let folder = workspace(&[
        ("ping.yaml", PING),
        ("ping.es.overlay.yaml", SPANISH),
        ("ping.es.overlay.yml", SPANISH),
    ]);
    let message = "`openapi/ping.es.overlay.yaml` translates into `es`, too; put them together";
    for command in ["docs", "lint"] {
        let (code, text) = run(&folder, &[command]);
        assert!(code == 3 && text.contains(message), "{text}");
    }
    let folder = workspace(&[("ping.yaml", PING), ("ping.en.overlay.yaml", SPANISH)]);
    let (code, text) = run(&folder, &["docs"]);
    assert_eq!(code, 1, "{text}");
    let message = "`openapi/ping.en.overlay.yaml` translates into `en`, which `openapi/ping.yaml` is written in";
    assert!(text.contains(message), "{text}");
    assert_eq!(run(&folder, &["docs", "--language", "de"]).0, 0);
}

/// An overlay is about the document as it is written, which may be read as another one.
#[test]
fn what_stands_in_another_place_is_translated_where_it_stands() {
    let older = "openapi: 3.0.3\ninfo: {title: Ping, version: 1.0.0}\nservers: [{url: https://ping.example.com}]\npaths:\n  \
                 /ping: {get: {operationId: ping, responses: {'200': {description: A pong, content: {application/json: \
                 {schema: {$ref: '#/definitions/Pong'}}}}}}}\n\
                 definitions: {Pong: {type: object, description: What comes back}}\n";
    let spanish = "overlay: 1.0.0\ninfo: {title: A, version: '1'}\nactions: [{target: $.definitions.Pong, update: {description: Lo que vuelve}}]\n";
    let folder = workspace(&[("ping.yaml", older), ("ping.es.overlay.yaml", spanish)]);
    let (code, text) = run(&folder, &["docs"]);
    assert_eq!(code, 0, "{text}");
    let page = folder.path().join("target/docs/ping/es/index.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(
        page.contains("Lo que vuelve") && !page.contains("What comes back"),
        "{page}"
    );
}

/// The site is there while somebody writes, and is the last one that was right.
#[test]
fn a_site_is_served_and_made_again_when_a_file_changes() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder.path()).args(["docs", "--serve"]);
    let mut server = Ended(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next());
    let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    // What is drawn is read, so that nobody waits.
    std::thread::spawn(move || for _ in lines {});
    let get = |method: &str, path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = get("GET", "/en/");
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("Content-Type: text/html"),
        "{page}"
    );
    assert!(page.contains("<h2>Pings "), "{page}");
    assert!(get("GET", "/../Cargo.toml").starts_with("HTTP/1.1 404 "));
    assert!(get("POST", "/en/").starts_with("HTTP/1.1 405 "));

    let document = folder.path().join("openapi/ping.yaml");
    fs::write(
        &document,
        PING.replace("summary: Pings", "summary: Asks whether"),
    )
    .unwrap();
    assert!(get("GET", "/en/index.html").contains("Asks whether"));
    fs::write(&document, "openapi: [").unwrap();
    assert!(get("GET", "/en/index.html").contains("Asks whether"));
    // Editors put another file in the place of the one that was there.
    fs::remove_file(&document).unwrap();
    assert!(get("GET", "/en/index.html").contains("Asks whether"));
    fs::write(
        &document,
        PING.replace("summary: Pings", "summary: Is it there"),
    )
    .unwrap();
    assert!(get("GET", "/en/index.html").contains("Is it there"));
    let overlay = document.with_file_name("ping.es.overlay.yaml");
    fs::write(&overlay, b"\xff\xfe").unwrap();
    assert!(get("GET", "/en/index.html").contains("Is it there"));
    fs::rename(&overlay, overlay.with_file_name("ping.en.overlay.yaml")).unwrap();
    assert!(get("GET", "/en/index.html").contains("Is it there"));
    assert!(!folder.path().join("target/docs").exists());
}

/// A program that ends with its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_is_missing_is_written_ready_to_be_filled_in() {
    let folder = workspace(&[("ping.yaml", PING), ("ping.es.overlay.yaml", SPANISH)]);
    let (code, text) = run(&folder, &["docs", "--missing", "es"]);
    assert_eq!(code, 0);
    let expected = "  - target: $.paths['/ping'].get\n    x-translates: {summary: ";
    assert!(text.starts_with(expected), "{text}");
    let (_, french) = run(&folder, &["docs", "--missing", "fr"]);
    assert!(
        french.starts_with("overlay: 1.1.0\ninfo:\n  title: \"Ping (fr)\"\n"),
        "{french}"
    );

    // Filled in, all is there.
    let filled = french.replace("''", "'Un texte'");
    fs::write(folder.path().join("openapi/ping.fr.overlay.yaml"), filled).unwrap();
    let (code, text) = run(
        &folder,
        &["lint", "openapi/ping.fr.overlay.yaml", "--deny-warnings"],
    );
    assert_eq!(
        (code, text.as_str()),
        (0, "openapi/ping.fr.overlay.yaml: no findings (6 rules)\n")
    );
    assert_eq!(
        run(&folder, &["docs", "--missing", "fr"]),
        (0, String::new())
    );
}

/// The Markdown of the page of changes.
fn changelog(folder: &TempDir, language: &str) -> String {
    let (code, text) = run(folder, &["docs"]);
    assert_eq!(code, 0, "{text}");
    let page = format!("target/docs/ping/{language}/changelog.md");
    fs::read_to_string(folder.path().join(page)).unwrap_or_default()
}

#[test]
fn the_changelog_tells_what_every_tag_changed_in_the_contract() {
    let folder = repository();
    assert_eq!(changelog(&folder, "en"), "");
    let tag = |name: &str| git(folder.path(), &["tag", name]);
    // The second is about something else.
    tag("v1");
    tag("v1-of-something-else");
    write(&folder, "ping.yaml", &renamed());
    commit(&folder, "Move");
    git(folder.path(), &["tag", "--annotate", "--message=Two", "v2"]);
    write(&folder, "ping.yaml", &renamed().replace("Pings", "Asks"));
    fs::write(folder.path().join("CHANGELOG.md"), "# Ours\n").unwrap();

    let text = changelog(&folder, "en");
    let day = git(
        folder.path(),
        &[
            "for-each-ref",
            "--format=%(creatordate:short)",
            "refs/tags/v2",
        ],
    );
    let day = String::from_utf8(day.stdout).unwrap();
    let day = day.trim();
    assert_eq!(
        text,
        format!(
            "# Changes of the API\n\n\
             ## Unreleased\n\n- Descriptions or examples changed.\n\n\
             ## v2 ({day})\n\n\
             - **Breaking:** `GET /ping` moved to `GET /pong`.\n\n\
             ## v1 ({day})\n\n- First release.\n\n\
             # Ours\n"
        )
    );
    write(&folder, "ping.es.overlay.yaml", SPANISH);
    let text = changelog(&folder, "es");
    assert!(
        text.contains("- **Incompatible:** `GET /ping` moved"),
        "{text}"
    );

    // What is not known is not called the first.
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", &url, "."]);
    assert_eq!(changelog(&clone, "en"), "");
    let (_, text) = run(&clone, &["docs"]);
    assert!(
        text.contains("note: ") && text.contains("this clone is shallow"),
        "{text}"
    );
}

#[test]
fn an_overlay_that_is_not_there_or_of_nothing_is_told() {
    let folder = workspace(&[("ping.yaml", PING), ("pong.es.overlay.yaml", SPANISH)]);
    let (code, text) = run(&folder, &["lint"]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("warning[overlay]: `pong.yaml` is not beside it"),
        "{text}"
    );
    let (code, text) = run(&folder, &["lint", "openapi/ping.fr.overlay.yaml"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("cannot read `openapi/ping.fr.overlay.yaml`"),
        "{text}"
    );
    // What editors leave behind is none.
    write(&folder, "ping.es.overlay.yaml", SPANISH);
    write(&folder, "ping.es.overlay.yaml~", SPANISH);
    let (code, text) = run(&folder, &["docs"]);
    assert_eq!(code, 0, "{text}");
    for (language, why) in [("en", "is the language of the document"), ("ES", "")] {
        let (code, text) = run(&folder, &["docs", "--missing", language]);
        assert_eq!(
            (code, text.contains("info:")),
            (i32::from(!why.is_empty()), false),
            "{text}"
        );
        assert!(text.contains(why), "{text}");
    }
}

#[test]
fn an_address_that_is_none_is_told() {
    let folder = workspace(&[("ping.yaml", PING)]);
    for url in [
        "javascript:alert(1)",
        "",
        "https://",
        "https://a b",
        "https://a/\"><b",
    ] {
        let (code, text) = run(&folder, &["docs", "--url", url]);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains("is no address of a site"), "{text}");
    }
    assert!(!folder.path().join("target/docs").exists());
}

#[cfg(unix)]
#[test]
fn a_site_is_written_where_its_folder_leads() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = workspace(&[("ping.yaml", PING)]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    fs::set_permissions(at("real"), fs::Permissions::from_mode(0o750)).unwrap();
    symlink("real", at("link")).unwrap();
    for _ in 0..2 {
        assert_eq!(run(&folder, &["docs", "--out", "link"]).0, 0);
        assert!(at("link").is_symlink() && at("real/en/index.html").is_file());
        let mode = at("real").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o750);
        write(&folder, "ping.yaml", &PING.replace("Pings", "Asks"));
    }
    // A folder that cannot be moved is filled.
    let inner = at("inner");
    fs::create_dir(&inner).unwrap();
    for text in ["Pings", "Asks"] {
        write(&folder, "ping.yaml", &PING.replace("Pings", text));
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["docs", "--out", "."])
            .current_dir(&inner)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let page = fs::read_to_string(inner.join("en/index.md")).unwrap();
        assert!(page.contains(text), "{page}");
        let left = fs::read_dir(&inner).unwrap().flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert!(
            left.iter()
                .all(|name| !name.to_string_lossy().starts_with('.')),
            "{left:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn what_people_wrote_of_changes_is_in_the_workspace() {
    let folder = workspace(&[("ping.yaml", PING)]);
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("CHANGELOG.md")).unwrap();
    let (code, text) = run(&folder, &["docs"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("CHANGELOG.md") && text.contains("outside"),
        "{text}"
    );
}
