//! Workspaces that know nothing of this repository: the program alone makes their clients, and
//! each client calls a server.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A contract of one file, and one that has its schema in another.
const NOTES: &str = include_str!("../../workspace/src/init/contract.yaml");
/// What both the code and the runtime need of a crate, each of it something else.
const TRACE: &str = "        trace: {type: string, format: uuid}\n";
const NOTE: &str = "#/components/schemas/Note";

/// Calls a client called `$client` against a server that answers once.
const CALLER: &str = r##"
use std::io::{Read, Write};
use std::net::TcpListener;

macro_rules! call {
    ($client:path) => {{
        use $client as api;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let body = r#"{"id":7,"text":"Buy milk"}"#;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
            write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let client = api::Builder::new().base_url(&url).build().unwrap();
        let note = client.get_note(7).await.unwrap();
        assert_eq!(note.text, "Buy milk");
        let request = server.join().unwrap();
        assert!(request.starts_with("GET /notes/7 HTTP/1.1\r\n"), "{request}");
        println!("called {}", stringify!($client));
    }};
}
"##;

const MAIN: &str = "#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {";

fn sdk(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
    let output = command
        .current_dir(folder)
        .arg("sdk")
        .args(arguments)
        .output()
        .unwrap();
    said(&output, 0)
}

fn said(output: &Output, code: i32) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Runs a package of the workspace, and allows no warning in any.
fn called(folder: &Path, package: &str) -> String {
    let lock = Path::new(ROOT).join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign");
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .current_dir(folder)
            .args(arguments)
            .args(["--offline", "--quiet"])
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", "-Dwarnings")
            .output()
            .unwrap();
        said(&output, 0)
    };
    cargo(&["clippy", "--workspace"]);
    cargo(&["run", "--package", package])
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Nothing is stale, and no file names a path of this repository.
fn stands_alone(folder: &Path) {
    sdk(folder, &["generate", "--check"]);
    sdk(folder, &["lint"]);
    // A formatter with another taste leaves alone what is generated.
    fs::write(folder.join("rustfmt.toml"), "max_width = 50\n").unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(folder)
        .args(["fmt", "--all"])
        .output();
    said(&output.unwrap(), 0);
    sdk(folder, &["generate", "--check"]);
    let root = Path::new(ROOT).canonicalize().unwrap();
    // Documents are what they were.
    let documents = folder.join("openapi");
    let made = files(folder).into_iter();
    for file in made.filter(|file| !file.starts_with(&documents)) {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        for named in [ROOT, root.to_str().unwrap(), "xtask", "crates/runtime"] {
            assert!(!text.contains(named), "{}: {named}", file.display());
        }
    }
}

fn tokio() -> &'static str {
    "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n"
}

#[test]
fn a_client_is_a_module_of_a_package() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{}",
        tokio().replace("\"rt\"", "\"fs\", \"rt\", \"sync\", \"time\"")
    );
    write(
        folder,
        &[
            ("Cargo.toml", &manifest),
            (
                "src/main.rs",
                &format!("mod shop;\n{CALLER}\n{MAIN}\ncall!(crate::shop);\n}}\n"),
            ),
        ],
    );
    let text = sdk(folder, &["init", "shop", "--module"]);
    assert!(text.contains("created   src/shop.rs"), "{text}");
    assert!(called(folder, "app").contains("called crate::shop"));
    stands_alone(folder);
}

#[test]
fn clients_stand_where_a_workspace_has_them() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let app = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         shop-client = {{ path = \"../clients/shop\" }}\n{}",
        tokio()
    );
    write(
        folder,
        &[
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\n    \"app\",\n]\n\n\
                 [workspace.metadata.sdk]\nclients = \"clients/{name}\"\n\
                 packages = \"{name}-client\"\nreads = \"strict\"\n",
            ),
            ("app/Cargo.toml", &app),
            (
                "app/src/main.rs",
                &format!("{CALLER}\n{MAIN}\ncall!(shop_client);\n}}\n"),
            ),
            ("notes.yaml", &format!("{NOTES}{TRACE}")),
        ],
    );
    // Before there is a client, cargo knows nothing of the workspace.
    let text = sdk(folder, &["init", "shop", "--from", "notes.yaml"]);
    assert!(
        text.contains("created   clients/shop/src/generated.rs"),
        "{text}"
    );
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains("    \"app\",\n    \"clients/*\",\n]"),
        "{manifest}"
    );
    let code = fs::read_to_string(folder.join("clients/shop/src/generated.rs")).unwrap();
    assert!(code.contains(".exact()"), "{code}");
    assert!(called(folder, "app").contains("called shop_client"));
    stands_alone(folder);
}

#[test]
fn a_workspace_has_several_contracts() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let app = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         one = {{ path = \"crates/one\" }}\ntwo = {{ path = \"crates/two\" }}\n{}\n[workspace]\n",
        tokio()
    );
    let (head, _) = NOTES.split_once("components:\n").unwrap();
    let several = head
        .replace(NOTE, "parts.yaml#/Note")
        .replace("#/components/schemas/Problem", "parts.yaml#/Problem");
    let (_, parts) = NOTES.split_once("  schemas:\n").unwrap();
    let parts = parts.replace("\n    ", "\n");
    write(
        folder,
        &[
            ("Cargo.toml", &app),
            (
                "src/main.rs",
                &format!("{CALLER}\n{MAIN}\ncall!(one);\ncall!(two);\n}}\n"),
            ),
            ("openapi/one.yaml", NOTES),
            ("openapi/two/openapi.yaml", &several),
            ("openapi/two/parts.yaml", parts.trim_start()),
        ],
    );
    let text = sdk(folder, &["generate"]);
    assert!(
        text.contains("created   crates/two/src/generated.rs"),
        "{text}"
    );
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("members = [\"crates/*\"]"), "{manifest}");
    // Types and forms of refusals find what clients share, too.
    for (name, document) in [
        ("choices", "tests/constructs/openapi.yaml"),
        ("callbell", "openapi/callbell.yaml"),
    ] {
        let document = Path::new(ROOT).join(document);
        sdk(folder, &["new", name, document.to_str().unwrap()]);
    }
    let text = called(folder, "app");
    assert!(text.contains("called one\ncalled two"), "{text}");
    stands_alone(folder);
}
