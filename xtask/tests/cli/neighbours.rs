//! Applications that use the SDK beside a `reqwest` and a `rustls` of their own. cargo builds
//! each crate once, with the features that all ask for, so what the SDK asks for is what its
//! neighbours get.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::ROOT;

/// What works in every application: clients of its own, of the SDK's `reqwest`, and the SDK.
const CLIENTS: &str = r#"
use std::io::{Read, Write};
use std::net::TcpListener;

use callbell::types::{CreateContactRequest, Source};
use callbell::{ApiKey, Client, ErrorKind};

async fn clients() {
    let _ = (reqwest::Client::new(), callbell::reqwest::Client::new());
    let key = ApiKey::new("YOUR_API_KEY").unwrap();
    Client::new(&key).unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n").unwrap();
    });
    let client = Client::builder(&key).base_url(&url).build().unwrap();
    let request = CreateContactRequest::new("1", "John Doe", Source::Whatsapp);
    let error = client.create_contact(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}
"#;

/// A workspace of one application.
fn application(callbell: &str, rustls: &str, main: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        "[package]\nname = \"application\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         callbell = {{ path = \"{ROOT}/crates/callbell\"{callbell} }}\n\
         reqwest = {{ version = \"0.13\", default-features = false }}\n\
         rustls = {{ version = \"0.23\", default-features = false{rustls} }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\n\
         [profile.dev]\ndebug = false\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let lock = Path::new(ROOT).join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let main = format!(
        "{CLIENTS}\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {{\n{main}\n}}\n"
    );
    fs::write(folder.path().join("src/main.rs"), main).unwrap();
    folder
}

fn cargo(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder.path());
    command.args(arguments).args(["--offline", "--quiet"]);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("neighbours");
    command.env("CARGO_TARGET_DIR", target);
    command.output().unwrap()
}

fn runs(folder: &TempDir) {
    let output = cargo(folder, &["run"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

#[test]
fn an_application_keeps_its_own_clients() {
    // The process has no provider of cryptography by itself, and the features leave no doubt
    // which it is when `rustls` is asked for one.
    let main = "clients().await;
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
        let _ = rustls::ClientConfig::builder();";
    runs(&application("", "", main));
}

#[test]
fn an_application_that_chooses_ring_has_nothing_else() {
    let ring = ", default-features = false, features = [\"rustls-ring\"]";
    // As the README says.
    let main = "rustls::crypto::ring::default_provider().install_default().unwrap();
        clients().await;";
    let folder = application(ring, ", features = [\"ring\"]", main);
    runs(&folder);
    let output = cargo(&folder, &["tree", "--prefix=none", "--edges=normal,build"]);
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(
        tree.contains("ring v") && !tree.contains("aws-lc"),
        "{tree}"
    );
}
