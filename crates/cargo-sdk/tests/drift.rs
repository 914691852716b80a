//! `cargo sdk drift` and `serve --proxy` hold an API against its contract.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

const CONTRACT: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: 'https://api.example'}]
paths:
  /pets:
    get:
      responses:
        '200':
          description: Pets.
          content:
            application/json:
              schema: {type: array, items: {type: string}}
";

fn archive(body: &str) -> String {
    let quoted = body.replace('"', "\\\"");
    format!(
        r#"{{"log": {{"entries": [
            {{"request": {{"method": "GET", "url": "https://api.example/pets"}},
              "response": {{"status": 200, "headers": [{{"name": "Content-Type", "value": "application/json"}}],
                "content": {{"text": "{quoted}"}}}}}},
            {{"request": {{"method": "GET", "url": "https://cdn.example/x.js"}},
              "response": {{"status": 200}}}}
        ]}}}}"#
    )
}

fn drift(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
    command.args(["sdk", "drift"]).args(arguments);
    let output = command.current_dir(folder).output().unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn traffic_is_held_against_a_contract() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("pets.yaml", CONTRACT);
    write("fine.har", &archive(r#"["Rex"]"#));
    write("other.har", &archive(r#"["Rex", 70707]"#));
    write("none.har", "{}");
    let (code, out, _) = drift(folder.path(), &["fine.har", "pets.yaml"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(
        out.contains("fine.har: 1 of 2 requests are of this API"),
        "{out}"
    );
    assert!(out.contains("pets.yaml: no findings (6 rules)"), "{out}");
    let files = ["other.har", "pets.yaml", "--write", "sarif=drift.sarif"];
    let (code, out, _) = drift(folder.path(), &files);
    assert_eq!(code, Some(5), "{out}");
    assert!(
        out.contains("error[drift-body]: `GET /pets` answers 200"),
        "{out}"
    );
    assert!(out.contains("pets.yaml:12:45"), "{out}");
    assert!(!out.contains("70707"), "{out}");
    let sarif = fs::read_to_string(folder.path().join("drift.sarif")).unwrap();
    assert!(
        sarif.contains("drift-body") && !sarif.contains("70707"),
        "{sarif}"
    );
    let (code, out, _) = drift(folder.path(), &["other.har", "pets.yaml", "--values"]);
    assert!(
        code == Some(5) && out.contains("`70707` is not of type"),
        "{out}"
    );
    let (code, out, _) = drift(
        folder.path(),
        &["other.har", "pets.yaml", "--format", "json"],
    );
    assert!(code == Some(5) && out.starts_with('{'), "{out}");
    let (code, _, told) = drift(folder.path(), &["none.har", "pets.yaml"]);
    assert!(
        code == Some(1) && told.contains("`none.har`: is no HTTP Archive"),
        "{told}"
    );
    let (code, _, told) = drift(folder.path(), &["nowhere.har", "pets.yaml"]);
    assert!(
        code == Some(1) && told.contains("`nowhere.har`: cannot be read"),
        "{told}"
    );
}

/// An API that answers one request with this body.
fn api(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    });
    format!("http://{address}")
}

#[cfg(unix)]
#[test]
fn a_proxy_says_what_differs_when_it_sees_it_and_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pets.yaml"), CONTRACT).unwrap();
    for (body, code, expected) in [
        (r#"["Rex"]"#, 0, "1 request, 0 differences"),
        (r#"[7]"#, 5, "1 request, 1 difference"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
        command
            .args([
                "sdk",
                "serve",
                "pets.yaml",
                "--port",
                "0",
                "--proxy",
                &api(body),
            ])
            .args(["--save", "traffic.har"])
            .current_dir(folder.path())
            .stdout(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.rsplit("http://").next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /pets HTTP/1.1\r\nhost: it\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with(body), "{answer}");
        let process = server.id().to_string();
        assert!(
            Command::new("kill")
                .arg(process)
                .status()
                .unwrap()
                .success()
        );
        let told: Vec<String> = lines.map_while(Result::ok).collect();
        let told = told.join("\n");
        assert_eq!(server.wait().unwrap().code(), Some(code), "{told}");
        assert!(told.ends_with(expected), "{told}");
        assert_eq!(
            told.matches("error[drift-body]").count(),
            usize::from(code == 5),
            "{told}"
        );
        let saved = fs::read_to_string(folder.path().join("traffic.har")).unwrap();
        assert!(saved.contains("\"version\": \"1.2\""), "{saved}");
    }
}

const EVENTS: &str = "openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
x-webhook-signature: {scheme: timestamped, header: X-Signature}
webhooks:
  born:
    post:
      requestBody: {content: {application/json: {example: {name: Rex}}}}
      responses: {'200': {description: Seen.}}
";

#[test]
fn an_event_is_sent_to_a_handler() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("events.yaml"), EVENTS).unwrap();
    let send = |url: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-sdk"));
        command
            .args(["sdk", "send", "born", url, "events.yaml"])
            .args(arguments);
        command
            .env("HOOK_SECRET", "not a secret")
            .current_dir(folder.path());
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(told).unwrap())
    };
    let secret = [
        "--secret-from",
        "HOOK_SECRET",
        "--late",
        "10m",
        "--signature",
        "wrong",
    ];
    let (code, told) = send(&api("{}"), &secret);
    assert_eq!(
        (code, told.as_str()),
        (Some(0), "born: 200\n  {\"name\":\"Rex\"}\n")
    );
    let (code, told) = send("http://127.0.0.1:1/", &[]);
    assert!(
        code == Some(1) && told.starts_with("born: no answer: "),
        "{told}"
    );
    let (code, told) = send(&api("{}"), &["--secret-from", "NOWHERE_SET"]);
    assert!(
        code == Some(1) && told.contains("`NOWHERE_SET` is no variable"),
        "{told}"
    );
    let (code, told) = send(&api("{}"), &["--late", "soon"]);
    assert!(
        code == Some(2) && told.contains("a time is written `50ms`"),
        "{told}"
    );
}
