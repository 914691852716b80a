//! Every sample of every example is run against a sandbox of the contract, in each language whose
//! tools are there, and what arrives is what the contract shows.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use codegen::{Asked, Given, Home};
use contract::lint::gate;
use contract::{Checked, Document, Source};
use docs::sample::{LANGUAGES, Language};
use docs::{Sample, Site};
use sandbox::{Request as Recorded, Sandbox};
use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// What a file has that is no text.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0--\xff";
const NOTES: &str = "/paths/~1notes/post/requestBody/content/text~1plain/examples";
const EXAMPLES: &str = "/paths/~1contacts/post/requestBody/content/application~1json/examples";

/// What a careless writer of code would get wrong.
fn hostile() -> Value {
    let signs = "quotes \" ' ` and \\ \\n \\\\ $HOME ${x} #{y} {z} %s $(date) `date`";
    json!({
        "identifier": signs,
        "source": "what's\"app\u{202e}\u{200b}",
        "name": "line\nbreak\r\n\ttab \u{0} \u{1} \u{7f} \u{2028} \u{feff} 𝄞 日本 é ß 🤷\u{200d}♀️",
        "tags": ["", "'''", "\"\"\"", "```", "</script>", "a,b", "null", "7", "\\", "\\\"", "$", "EOF", "?>"],
        "custom_fields": {
            "": "empty", "__proto__": "x", "constructor": "y", "0": "zero", "1": "one",
            "a'b\"c": "d`e", "$key": "#{v}", "k\\": "v\\", "line\nbreak": "\n", "été": "à",
        },
    })
}

/// The contract of this repository with one example more.
fn contract() -> Value {
    let document = Document::read(
        &Path::new(ROOT).join("openapi/callbell.yaml"),
        "callbell.yaml",
    );
    let mut contract = document.unwrap().to_json();
    let examples = contract.pointer_mut(EXAMPLES).unwrap();
    examples["hostile"] = json!({ "value": hostile() });
    contract
}

/// A contract of files, whose callers say who they are by name and password.
fn files() -> Value {
    let title = format!(
        "{} 𝄞 日本 é; type=text/plain",
        hostile()["identifier"].as_str().unwrap()
    );
    let binary = json!({ "type": "string", "format": "binary" });
    let done = json!({ "204": { "description": "Done" } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Files", "version": "1.0.0" },
        "servers": [{ "url": "https://files.example/v1" }],
        "security": [{ "login": [] }],
        "components": { "securitySchemes": { "login": { "type": "http", "scheme": "basic" } } },
        "paths": {
            "/photos": { "post": {
                "operationId": "addPhoto",
                "requestBody": { "required": true, "content": { "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["title", "photo", "place"],
                        "properties": {
                            "title": { "type": "string" },
                            "photo": binary,
                            "place": { "type": "object", "required": ["x"], "properties": { "x": { "type": "integer" } } },
                        },
                    },
                    "encoding": { "photo": { "contentType": "image/png" } },
                    "examples": { "one": { "value": { "title": title, "photo": "PNG", "place": { "x": 7 } } } },
                } } },
                "responses": done,
            } },
            "/notes": { "post": {
                "operationId": "addNote",
                "requestBody": { "required": true, "content": { "text/plain": {
                    "schema": { "type": "string" },
                    "examples": {
                        "quoted": { "value": "say\n\"hi\"" },
                        "quotes": { "value": "\"\"\"\n\"\"\"\"\" `${x}` $y #{z} \\n\nEOF" },
                        "spaces": { "value": "  a,b  \n  1,2\t\n\n" },
                        "line": { "value": "a \\ b\n" },
                    },
                } } },
                "responses": done,
            } },
            "/logins": { "post": {
                "operationId": "logIn",
                "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": {
                    "schema": { "type": "object", "properties": {
                        "name": { "type": "string" }, "tags": { "type": "array", "items": { "type": "string" } },
                    } },
                    "examples": { "pairs": { "value": { "name": title, "tags": ["a b", "c&d=é"] } } },
                } } },
                "responses": done,
            } },
            "/photos/{id}/file": { "get": {
                "operationId": "getPhoto",
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
                "responses": { "200": { "description": "It", "content": { "image/png": {
                    "schema": binary, "example": "PNG",
                } } } },
            } },
            "/photos/7": { "put": {
                "operationId": "putPhoto",
                "requestBody": { "required": true, "content": { "image/png": { "schema": binary } } },
                "responses": done,
            } },
        },
    })
}

fn checked(contract: &Value) -> Checked {
    gate(Document::parse(Source::new(
        "api.json",
        contract.to_string(),
    )))
    .unwrap()
}

fn samples(name: &str, contract: &Value) -> Vec<Sample> {
    let checked = checked(contract);
    let site = Site::new(name, "en", checked.written().clone());
    let asked = Asked {
        prefix: site.prefix().to_owned(),
        given: given(&site),
    };
    let calls = codegen::calls(&checked, &home(), asked).into_iter();
    let calls = calls.map(|call| ((call.operation, call.example), call.code));
    site.rust(calls).samples()
}

/// What operations are given in samples of the generated client.
fn given(site: &Site) -> BTreeMap<String, Given> {
    let given = site.given().into_iter().map(|(title, given)| {
        let (parameters, bodies) = (given.parameters, given.bodies);
        (title, Given { parameters, bodies })
    });
    given.collect()
}

/// Where the client stands that samples in Rust are of.
fn home() -> Home {
    Home {
        path: "samples".to_owned(),
        ..Home::default()
    }
}

/// A folder of its own, kept for whoever looks.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether a command runs and succeeds.
fn is_there(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Whether a language has what its samples need.
fn has_tools(language: Language) -> bool {
    match language {
        Language::Curl => is_there("curl", &["--version"]),
        Language::Node => is_there("node", &["-e", "fetch"]),
        Language::Ruby => is_there("ruby", &["-e", "require 'net/http'"]),
        Language::Go => is_there("go", &["version"]),
        Language::Php => is_there(
            "php",
            &["-r", "exit(function_exists('curl_init') ? 0 : 1);"],
        ),
        Language::Python => is_there("python3", &["-c", "import requests"]),
        Language::CSharp => is_there("dotnet", &["--version"]),
        Language::Java => is_there("java", &["--version"]),
        Language::Rust => true,
    }
}

/// Writes a sample as its users would, and the command that runs it.
fn program(folder: &Path, language: Language, code: &str) -> Command {
    let file = |name: &str| {
        let path = folder.join(name);
        fs::write(&path, code).unwrap();
        path
    };
    let run = |program: &str, arguments: &[&str], path: PathBuf| {
        let mut command = Command::new(program);
        command.args(arguments).arg(path).current_dir(folder);
        command
    };
    match language {
        Language::Curl => run("sh", &[], file("sample.sh")),
        Language::Node => run("node", &[], file("sample.mjs")),
        Language::Ruby => run("ruby", &[], file("sample.rb")),
        Language::Go => run("go", &["run"], file("sample.go")),
        Language::Php => run("php", &[], file("sample.php")),
        Language::Python => run("python3", &[], file("sample.py")),
        Language::Java => run("java", &["-Dfile.encoding=UTF-8"], file("Main.java")),
        Language::CSharp => {
            let project = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType>\
                           <TargetFramework>net8.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>\
                           </PropertyGroup></Project>";
            fs::write(folder.join("sample.csproj"), project).unwrap();
            file("Program.cs");
            run(
                "dotnet",
                &["run", "--project"],
                folder.join("sample.csproj"),
            )
        }
        Language::Rust => unreachable!("its samples are run together"),
    }
}

/// A crate with the client and a program for each sample, built with the versions of the workspace:
/// where those programs are, up to their numbers.
fn rust(folder: &Path, name: &str, contract: &Value, codes: &[String]) -> String {
    let root = Path::new(ROOT).canonicalize().unwrap();
    let manifest = format!(
        r#"
[package]
name = "samples-of-{name}"
version = "0.0.0"
edition = "2024"
[workspace]
[lib]
name = "samples"
[dependencies]
sdk-runtime = {{ path = {:?}, features = ["rustls"] }}
chrono = {{ version = "*", default-features = false, features = ["serde"] }}
reqwest = {{ version = "*", default-features = false }}
secrecy = "*"
serde = {{ version = "*", features = ["derive"] }}
serde_json = "*"
thiserror = "*"
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
"#,
        root.join("crates/runtime")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    let client = codegen::generate(&checked(contract)).unwrap();
    fs::write(folder.join("src/lib.rs"), client.code).unwrap();
    for (number, code) in codes.iter().enumerate() {
        fs::write(folder.join(format!("src/bin/{name}{number}.rs")), code).unwrap();
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("samples-target");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{told}");
    format!("{}/debug/{name}", target.display())
}

/// Runs all samples of a contract whose tools are there, and holds what each sends.
async fn run(
    name: &str,
    server: &str,
    contract: &Value,
    wanted: usize,
    hold: &dyn Fn(&Sample, &Recorded),
) {
    let sandbox = Sandbox::of(checked(contract)).start().await.unwrap();
    let url = sandbox.url();
    let samples = samples(name, contract);
    let mut run: BTreeMap<&str, usize> = BTreeMap::new();
    for language in LANGUAGES {
        let own: Vec<&Sample> = samples
            .iter()
            .filter(|one| one.language == language)
            .collect();
        assert_eq!(own.len(), wanted, "{}", language.name());
        if !has_tools(language) {
            eprintln!(
                "SKIPPED: the samples in {} are not run, its tools are missing",
                language.name()
            );
            continue;
        }
        let folder = folder(&format!("samples-{name}-{}", language.tag()));
        for file in ["photo.png", "body.png"] {
            fs::write(folder.join(file), PHOTO).unwrap();
        }
        let moved = |sample: &&Sample| match language {
            Language::Rust => sample
                .code
                .replace(".build()?", &format!(".base_url({url:?}).build()?")),
            _ => sample.code.replace(server, url),
        };
        let codes: Vec<String> = own.iter().map(moved).collect();
        let built = (language == Language::Rust).then(|| rust(&folder, name, contract, &codes));
        for (number, (sample, code)) in own.iter().zip(&codes).enumerate() {
            let mut command = match &built {
                Some(built) => Command::new(format!("{built}{number}")),
                None => program(&folder, language, code),
            };
            command
                .current_dir(&folder)
                .env("CALLBELL_API_KEY", "YOUR_API_KEY")
                .env("FILES_USERNAME", "Anna")
                .env("FILES_PASSWORD", "a:b $c")
                .stdin(Stdio::null());
            let output = tokio::task::block_in_place(|| command.output()).unwrap();
            let what = format!("{} of {}", sample.example, language.name());
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{what}: {told}\n{code}");
            let requests = sandbox.take_requests();
            let [request] = requests.as_slice() else {
                panic!("{what} sent {} requests", requests.len());
            };
            let status = request.status.unwrap_or_default();
            assert!(
                status / 100 == 2,
                "{what}: {status} {:?}\n{code}",
                request.refusal
            );
            hold(sample, request);
            let is_kept = sample.operation == "GET /photos/{id}/file" && language != Language::Rust;
            let kept = fs::read(folder.join("answer.png")).ok();
            assert_eq!(kept, is_kept.then(|| b"PNG".to_vec()), "{what}\n{code}");
            let _ = fs::remove_file(folder.join("answer.png"));
            *run.entry(language.name()).or_default() += 1;
        }
    }
    eprintln!("samples that were run: {run:?}");
    assert!(run["Rust"] == wanted && run.len() > 1, "{run:?}");
}

fn header<'r>(request: &'r Recorded, name: &str) -> &'r str {
    let found = request.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_sends_what_the_contract_shows() {
    let contract = contract();
    let examples = contract.pointer(EXAMPLES).unwrap().as_object().unwrap();
    let hold = |sample: &Sample, request: &Recorded| {
        let (what, code) = (&sample.example, &sample.code);
        let sent: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(sent, examples[what]["value"], "{what}: {code}");
        assert_eq!(
            header(request, "authorization"),
            "Bearer YOUR_API_KEY",
            "{code}"
        );
        let content_type = header(request, "content-type");
        assert!(
            content_type.starts_with("application/json"),
            "{content_type}: {code}"
        );
    };
    let server = "https://api.callbell.eu/v1";
    run("callbell", server, &contract, examples.len(), &hold).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_sends_files_and_who_calls() {
    let contract = files();
    let shown = contract.pointer(
        "/paths/~1photos/post/requestBody/content/multipart~1form-data/examples/one/value/title",
    );
    let title = shown.unwrap().as_str().unwrap();
    let hold = |sample: &Sample, request: &Recorded| {
        let code = &sample.code;
        assert_eq!(
            header(request, "authorization"),
            "Basic QW5uYTphOmIgJGM=",
            "{code}"
        );
        let content_type = header(request, "content-type");
        if sample.operation == "POST /notes" {
            let pointer = format!("{NOTES}/{}/value", sample.example);
            let shown = contract.pointer(&pointer).unwrap().as_str().unwrap();
            assert_eq!(String::from_utf8_lossy(&request.body), shown, "{code}");
            return;
        }
        if sample.operation == "POST /logins" {
            let content_type = header(request, "content-type");
            assert!(
                content_type.starts_with("application/x-www-form-urlencoded"),
                "{code}"
            );
            let body = std::str::from_utf8(&request.body)
                .unwrap()
                .replace('+', "%20");
            let pairs = body.split('&').map(|pair| {
                let (name, value) = pair.split_once('=').unwrap();
                let value = percent_encoding::percent_decode_str(value)
                    .decode_utf8()
                    .unwrap();
                (name.to_owned(), value.into_owned())
            });
            let mut pairs: Vec<_> = pairs.collect();
            pairs.sort();
            let shown = [("name", title), ("tags", "a b"), ("tags", "c&d=é")];
            assert_eq!(
                pairs,
                shown.map(|(name, value)| (name.to_owned(), value.to_owned())),
                "{code}"
            );
            return;
        }
        if sample.operation == "GET /photos/{id}/file" {
            // The client takes what is said of errors, too.
            let accept = header(request, "accept");
            let is_client = sample.language == Language::Rust;
            return assert!(is_client || accept == "image/png", "{accept}: {code}");
        }
        if sample.operation == "PUT /photos/7" {
            assert_eq!(content_type, "image/png", "{code}");
            assert_eq!(request.body, PHOTO, "{code}");
            return;
        }
        let (_, boundary) = content_type.split_once("boundary=").unwrap();
        let delimiter = format!("--{}", boundary.trim_matches('"'));
        let body: String = request.body.iter().map(|byte| char::from(*byte)).collect();
        let parts: Vec<&str> = body.split(&delimiter).collect();
        let held = |name: &str| {
            let quoted = [format!("name=\"{name}\""), format!("name={name}\r")];
            let mut parts = parts.iter();
            let part = parts.find(|part| quoted.iter().any(|name| part.contains(name)));
            let (head, held) = part.unwrap().split_once("\r\n\r\n").unwrap();
            let held: Vec<u8> = held.chars().filter_map(|c| u8::try_from(c).ok()).collect();
            let held = held.strip_suffix(b"\r\n").unwrap().to_vec();
            (head.to_ascii_lowercase(), held)
        };
        assert_eq!(String::from_utf8(held("title").1).unwrap(), title, "{code}");
        let (head, photo) = held("photo");
        assert!(
            head.contains("photo.png") && head.contains("content-type: image/png"),
            "{head}"
        );
        assert_eq!(photo, PHOTO, "{code}");
        let place: Value = serde_json::from_slice(&held("place").1).unwrap();
        assert_eq!(place, json!({ "x": 7 }), "{code}");
    };
    run("files", "https://files.example/v1", &contract, 8, &hold).await;
}

/// C# has no tools in Debian: what it is written in is held against a grammar.
#[test]
fn samples_in_c_sharp_are_c_sharp() {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_c_sharp::LANGUAGE.into())
        .unwrap();
    let mut samples = samples("callbell", &contract());
    samples.extend(self::samples("files", &files()));
    let own: Vec<&Sample> = samples
        .iter()
        .filter(|one| one.language == Language::CSharp)
        .collect();
    assert_eq!(own.len(), 16);
    for sample in own {
        let tree = parser.parse(&sample.code, None).unwrap();
        assert!(!tree.root_node().has_error(), "{}", sample.code);
    }
    let broken = parser
        .parse("var a = \"unterminated;\nvar b = ;", None)
        .unwrap();
    assert!(broken.root_node().has_error());
}
