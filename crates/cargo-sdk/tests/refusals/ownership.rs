//! What somebody wrote, and what is generated.

use std::fs;

use tempfile::TempDir;

use crate::{CONTRACT, Case, PACKAGE, ROOT, files, refused, sdk, write};

#[test]
fn what_is_there_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join(".cargo/config.toml");
    fs::create_dir(folder.path().join(".cargo")).unwrap();
    fs::write(&config, "[alias] # ours\nb = \"build\"\n").unwrap();
    let arguments = ["init", "--alias", "--workflow", "acme/sdk@v1"];
    let (code, text) = sdk(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{text}");
    let aliases = "[alias] # ours\nxtask = \"sdk\"\nb = \"build\"\n";
    assert_eq!(fs::read_to_string(&config).unwrap(), aliases);
    let workflow = folder.path().join(".github/workflows/contract.yml");
    let text = fs::read_to_string(&workflow).unwrap();
    assert_eq!(text.matches("uses: acme/sdk@v1\n").count(), 3, "{text}");

    // Another first contract, beside what is there of the one before.
    fs::remove_dir_all(folder.path().join("openapi")).unwrap();
    fs::write(&workflow, "mine").unwrap();
    let arguments = ["init", "other", "--alias", "--workflow", "acme/sdk@v1"];
    let (code, text) = sdk(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.matches("unchanged ").count(), 2, "{text}");
    assert_eq!(fs::read_to_string(&config).unwrap(), aliases);
    assert_eq!(fs::read_to_string(&workflow).unwrap(), "mine");
}

#[test]
fn what_a_client_lacks_is_named() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let manifest = folder.path().join("crates/api/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    for (line, says) in [
        (
            "thiserror = \"2\"\n",
            "add to its dependencies: `thiserror = \"2\"`",
        ),
        (
            "rustls = [\"reqwest/rustls\"]\n",
            "add to its features: `rustls = [\"reqwest/rustls\"]`",
        ),
        (
            "[package.metadata.sdk-client]\n",
            "is no client of `openapi/api.yaml`",
        ),
    ] {
        assert!(text.contains(line), "{text}");
        fs::write(&manifest, text.replacen(line, "", 1)).unwrap();
        refused(
            folder.path(),
            &["generate"],
            1,
            &[says, "nothing was written"],
        );
    }
    fs::write(&manifest, "[package").unwrap();
    refused(
        folder.path(),
        &["generate"],
        1,
        &["`crates/api/Cargo.toml`:1:9: the manifest is no TOML"],
    );
}

#[test]
fn what_was_edited_by_hand_is_stale() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let runtime = folder.path().join("crates/api/src/runtime");
    fs::write(runtime.join("retry.rs"), "// mine\n").unwrap();
    refused(folder.path(), &["generate", "--check"], 4, &["-// mine"]);
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("written   crates/api/src/runtime"), "{text}");
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));
}

#[test]
fn what_somebody_wrote_is_replaced_by_nothing() {
    let modules = format!("{PACKAGE}\n[package.metadata.sdk]\nmodules = \"src/{{name}}.rs\"\n");
    let hand = "// by hand\n";
    let cases: [Case<'_>; 6] = [
        // A folder that looks like a client's.
        (
            &[
                ("Cargo.toml", ROOT),
                ("openapi/a.yaml", CONTRACT),
                ("crates/a/notes.md", hand),
            ],
            &["generate"],
            1,
            "`crates/a` is there without a `Cargo.toml`",
        ),
        (
            &[
                (
                    "Cargo.toml",
                    "[workspace]\n[workspace.metadata.sdk]\nclients = \"{name}\"\n",
                ),
                ("openapi/openapi.yaml", CONTRACT),
            ],
            &["generate"],
            1,
            "`openapi` is there without a `Cargo.toml`",
        ),
        // Modules.
        (
            &[
                ("Cargo.toml", &modules),
                ("openapi/a.yaml", CONTRACT),
                ("src/a.rs", hand),
            ],
            &["generate"],
            1,
            "`src/a.rs` was not generated",
        ),
        (
            &[
                ("Cargo.toml", &modules),
                ("openapi/lib.yaml", CONTRACT),
                ("src/lib.rs", hand),
            ],
            &["generate"],
            1,
            "`src/lib.rs`, which is the package's own",
        ),
        (
            &[
                ("Cargo.toml", &modules),
                ("src/a/runtime/mod.rs", hand),
                ("src/a/runtime/x.rs", hand),
            ],
            &["init", "a"],
            1,
            "`src/a/runtime` was not generated",
        ),
        // A manifest whose tables have no heads.
        (
            &[("Cargo.toml", "workspace.resolver = \"3\"\n")],
            &["init"],
            1,
            "has no head `[workspace]`",
        ),
    ];
    for (files, arguments, code, says) in cases {
        let folder = TempDir::new().unwrap();
        write(folder.path(), files);
        refused(folder.path(), arguments, code, &[says]);
    }
}

#[test]
fn a_stranger_among_generated_files_is_named() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    write(
        folder.path(),
        &[("crates/api/src/runtime/mine.rs", "// by hand\n")],
    );
    let says = ["`crates/api/src/runtime/mine.rs` stands among generated files"];
    refused(folder.path(), &["generate"], 1, &says);
    // Not one that an older version of ours had.
    let root = folder.path().join("crates/api/src/runtime/mod.rs");
    let text = fs::read_to_string(&root).unwrap();
    fs::write(&root, format!("{text}mod mine;\n")).unwrap();
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        !folder
            .path()
            .join("crates/api/src/runtime/mine.rs")
            .exists()
    );
    // A manifest that was lost is missed, too.
    fs::remove_file(folder.path().join("crates/api/Cargo.toml")).unwrap();
    let says = ["`crates/api` is there without a `Cargo.toml`"];
    refused(folder.path(), &["generate", "--check"], 1, &says);
}

#[test]
fn what_new_code_needs_of_a_crate_is_asked_for() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init"]).0, Some(0));
    let identified = "post:\n      operationId: addNote\n      requestBody:\n        content:\n          \
                      application/json:\n            schema: {type: object, properties: {a: {type: \
                      string, format: uuid}}}\n      responses: {'204': {description: Added}}\n    get:\n";
    let text = CONTRACT.replace("get:\n", identified);
    let document = folder.path().join("openapi/api.yaml");
    fs::write(document, text).unwrap();
    let says = ["needs more of the crate `uuid`", "\"serde\""];
    // The workspace's features are not those of who asks for the crate by itself.
    let root = folder.path().join("Cargo.toml");
    let text = fs::read_to_string(&root).unwrap();
    let shared = "\n[workspace.dependencies]\nuuid = { version = \"1\", features = [\"serde\"] }\n";
    fs::write(&root, format!("{text}{shared}")).unwrap();
    refused(folder.path(), &["generate"], 1, &says);
    let manifest = folder.path().join("crates/api/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("[\"std\", \"v4\"]", "[\"serde\", \"std\", \"v4\"]")
            .replace("[\"chrono04\"]", "[\"chrono04\", \"uuid1\"]"),
    )
    .unwrap();
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");

    let folder = TempDir::new().unwrap();
    let manifest = format!("{PACKAGE}\n[dependencies]\ntokio = \"1\"\n");
    write(
        folder.path(),
        &[("Cargo.toml", &manifest), ("src/lib.rs", "")],
    );
    let (code, text) = sdk(folder.path(), &["init", "a", "--module"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("needs more of the crate `tokio`"), "{text}");
}

#[test]
fn every_runtime_is_replaced() {
    let folder = TempDir::new().unwrap();
    assert_eq!(sdk(folder.path(), &["init", "a"]).0, Some(0));
    assert_eq!(
        sdk(folder.path(), &["new", "b", "openapi/a.yaml"]).0,
        Some(0)
    );
    for client in ["a", "b"] {
        let old = format!("crates/{client}/src/runtime/retry.rs");
        write(folder.path(), &[(&old, "// old\n")]);
    }
    let (code, text) = sdk(folder.path(), &["generate"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leads_out() {
    for (link, arguments) in [
        ("crates", &["generate"][..]),
        ("crates", &["new", "b", "openapi/api.yaml"]),
        ("openapi", &["new", "b", "api.yaml"]),
        (".cargo", &["init", "--alias"]),
        (".github", &["init", "--workflow", "acme/sdk@v1"]),
    ] {
        let (folder, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        write(
            folder.path(),
            &[("Cargo.toml", ROOT), ("api.yaml", CONTRACT)],
        );
        if link == "crates" {
            write(folder.path(), &[("openapi/api.yaml", CONTRACT)]);
        }
        std::os::unix::fs::symlink(outside.path(), folder.path().join(link)).unwrap();
        let (code, text) = sdk(folder.path(), arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {text}");
        let says = format!("{link}` is a link that leads out of `");
        assert!(text.contains(&says), "{arguments:?}: {text}");
        assert!(files(outside.path()).is_empty(), "{arguments:?}");
    }
}
