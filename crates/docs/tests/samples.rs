//! Every sample of every example is run against a sandbox of the contract, in each language whose
//! tools are there, and what arrives is what the contract shows.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use codegen::Home;
use contract::lint::gate;
use contract::{Document, Source};
use docs::sample::{LANGUAGES, Language};
use docs::{Sample, Site};
use sandbox::Sandbox;
use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
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

fn samples(contract: &Value) -> Vec<Sample> {
    let document = Document::parse(Source::new("callbell.json", contract.to_string()));
    let checked = gate(document).unwrap();
    let home = Home {
        path: "callbell".to_owned(),
        ..Home::default()
    };
    let site = Site::new("callbell", "en", checked.written().clone());
    let calls = codegen::calls(&checked, &home, site.prefix()).into_iter();
    let calls = calls.map(|call| ((call.operation, call.example), call.code));
    site.rust(calls).samples()
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

/// A crate with a program for each sample, built beside the workspace with what that has built.
fn rust(folder: &Path, codes: &[String]) -> PathBuf {
    let root = Path::new(ROOT).canonicalize().unwrap();
    let manifest = format!(
        "[package]\nname = \"samples\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         callbell = {{ path = {:?} }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n",
        root.join("crates/callbell")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for (number, code) in codes.iter().enumerate() {
        fs::write(folder.join(format!("src/bin/sample{number}.rs")), code).unwrap();
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
    target.join("debug")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_sends_what_the_contract_shows() {
    let contract = contract();
    let document = Document::parse(Source::new("callbell.json", contract.to_string()));
    let sandbox = Sandbox::of(gate(document).unwrap()).start().await.unwrap();
    let url = sandbox.url();
    let examples = contract.pointer(EXAMPLES).unwrap().as_object().unwrap();
    let samples = samples(&contract);
    let mut run: BTreeMap<&str, usize> = BTreeMap::new();
    for language in LANGUAGES {
        let own: Vec<&Sample> = samples
            .iter()
            .filter(|one| one.language == language)
            .collect();
        assert_eq!(own.len(), examples.len(), "{}", language.name());
        if !has_tools(language) {
            eprintln!(
                "SKIPPED: the samples in {} are not run, its tools are missing",
                language.name()
            );
            continue;
        }
        let folder = folder(&format!("samples-{}", language.tag()));
        let moved = |sample: &&Sample| match language {
            Language::Rust => sample
                .code
                .replace(".build()?", &format!(".base_url({url:?}).build()?")),
            _ => sample.code.replace("https://api.callbell.eu/v1", url),
        };
        let codes: Vec<String> = own.iter().map(moved).collect();
        let built = (language == Language::Rust).then(|| rust(&folder, &codes));
        for (number, (sample, code)) in own.iter().zip(&codes).enumerate() {
            let mut command = match &built {
                Some(built) => Command::new(built.join(format!("sample{number}"))),
                None => program(&folder, language, code),
            };
            command
                .env("CALLBELL_API_KEY", "YOUR_API_KEY")
                .stdin(Stdio::null());
            let output = tokio::task::block_in_place(|| command.output()).unwrap();
            let what = format!("{} of {}", sample.example, language.name());
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{what}: {told}\n{code}");
            let requests = sandbox.take_requests();
            let [request] = requests.as_slice() else {
                panic!("{what} sent {} requests", requests.len());
            };
            assert_eq!(request.status, Some(200), "{what}: {:?}", request.refusal);
            let sent: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(sent, examples[&sample.example]["value"], "{what}: {code}");
            let header = |name: &str| {
                let found = request.headers.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.as_str())
            };
            assert_eq!(
                header("authorization"),
                Some("Bearer YOUR_API_KEY"),
                "{what}"
            );
            let content_type = header("content-type").unwrap_or_default();
            assert!(
                content_type.starts_with("application/json"),
                "{what}: {content_type}"
            );
            *run.entry(language.name()).or_default() += 1;
        }
    }
    eprintln!("samples that were run: {run:?}");
    assert!(run["Rust"] == examples.len() && run.len() > 1, "{run:?}");
}

/// C# has no tools in Debian: what it is written in is held against a grammar.
#[test]
fn samples_in_c_sharp_are_c_sharp() {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_c_sharp::LANGUAGE.into())
        .unwrap();
    let samples = samples(&contract());
    let own: Vec<&Sample> = samples
        .iter()
        .filter(|one| one.language == Language::CSharp)
        .collect();
    assert_eq!(own.len(), 8);
    for sample in own {
        let tree = parser.parse(&sample.code, None).unwrap();
        assert!(!tree.root_node().has_error(), "{}", sample.code);
    }
    let broken = parser
        .parse("var a = \"unterminated;\nvar b = ;", None)
        .unwrap();
    assert!(broken.root_node().has_error());
}
