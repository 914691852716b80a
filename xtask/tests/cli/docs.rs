//! Documentation is written whole, in every language, and takes nobody's files.

use std::fs;

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
