//! What settings may say.

use std::fs;

use crate::{CONTRACT, refused, sdk, workspace, write};

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
            "reads = \"exactly\"",
            &["`reads` says nothing that is known", "`\"strict\"`"],
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
