//! The generated client: its bytes, its outline, and fixtures of one shape each.

use std::fs;
use std::path::{Path, PathBuf};

use codegen::outline::{Piece, outline};
use codegen::{Generated, Home, generate, generate_at, generate_behind};
use contract::lint::gate;
use contract::{Checked, Document, Source};

use crate::pin::{self, drawn};

fn checked(path: &Path, name: &str) -> Checked {
    gate(Document::parse(Source::read(path, name).unwrap())).unwrap()
}

pub(crate) fn contract() -> Checked {
    checked(&pin::path("openapi/callbell.yaml"), "openapi/callbell.yaml")
}

fn client() -> Generated {
    generate_at(&contract(), &home("callbell")).unwrap()
}

/// Where the client of a document stands that is a crate.
fn home(krate: &str) -> Home {
    Home {
        path: krate.to_owned(),
        ..Home::default()
    }
}

#[test]
fn generated_rs_is_what_the_contract_generates() {
    let committed = fs::read_to_string(pin::path("crates/callbell/src/generated.rs")).unwrap();
    assert!(
        committed == client().file("cargo xtask generate", &[]),
        "`crates/callbell/src/generated.rs` is stale: run `cargo xtask generate`"
    );
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(client().code, client().code);
}

/// The documents in a folder: the crate of each, and the file, which is `openapi.yaml` or
/// `.json` in a folder where a document is made of several.
fn documents(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut documents = Vec::new();
    for path in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        let krate = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let main = ["openapi.yaml", "openapi.yml", "openapi.json"].map(|file| path.join(file));
        let main = main.into_iter().find(|main| main.is_file());
        match main {
            Some(main) => documents.push((krate, main)),
            None if path.is_file() && krate != "approvals" && !krate.ends_with(".overlay") => {
                documents.push((krate, path));
            }
            None => {}
        }
    }
    documents
}

fn pieces(document: &Path, krate: &str) -> Vec<Piece> {
    let name = document.file_name().unwrap().to_str().unwrap();
    let checked = gate(Document::read(document, name).unwrap()).unwrap();
    outline(&generate_at(&checked, &home(krate)).unwrap().code).unwrap()
}

#[test]
fn the_outline_of_every_client_is_as_pinned() {
    for (krate, document) in documents(&pin::path("openapi")) {
        let folder = match krate.as_str() {
            "callbell" => "outline".to_owned(),
            other => format!("outline/{other}"),
        };
        let pieces = pieces(&document, &krate).into_iter();
        pin::all(
            &folder,
            pieces.map(|piece| (format!("{}.{}", piece.kind, piece.name), piece.text)),
        );
    }
}

#[test]
fn documents_of_several_files_have_outlines() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("ping/parts")).unwrap();
    let write = |path: &str, text: &str| fs::write(folder.join(path), text).unwrap();
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:";
    write("approvals.yaml", "[]");
    write("single.es.overlay.yaml", "{}");
    write("pong.yaml", &format!("{head} {{}}"));
    write(
        "ping/openapi.yaml",
        &format!("{head} {{$ref: parts/a.yaml}}"),
    );
    let item = "get: {operationId: inAPart, responses: {'204': {description: A}}}";
    write("ping/parts/a.yaml", item);

    let mut documents = documents(&folder);
    documents.sort();
    let crates: Vec<_> = documents.iter().map(|(krate, _)| krate.as_str()).collect();
    assert_eq!(crates, ["ping", "pong"]);
    let pieces = pieces(&documents[0].1, "ping");
    assert!(pieces.iter().any(|piece| piece.name == "in_a_part"));
}

#[test]
fn fixtures_generate_as_pinned() {
    let fixtures = pin::fixtures("generate").into_iter();
    pin::all(
        "generate",
        fixtures.map(|(name, path)| {
            let checked = checked(&path, &format!("{name}.yaml"));
            let generated = generate_at(&checked, &home(&name)).unwrap();
            let notes = match generated.findings.as_slice() {
                [] => String::new(),
                notes => drawn(checked.document(), notes),
            };
            let code = match name.as_str() {
                "calls" | "security" => generated.code,
                "shown" => calls(&generated.code),
                _ => without_common(&generated.code),
            };
            (name, format!("{code}{notes}"))
        }),
    );
}

/// The code without what every client has, which two fixtures pin.
fn without_common(code: &str) -> String {
    let mut code = code.to_owned();
    for (from, to) in [
        (
            "/// What a request has, whatever",
            "/// A type for each operation",
        ),
        (
            "/// Sets up a [`Client`].\n",
            "#[allow(clippy::all)]\nimpl Client {",
        ),
    ] {
        if let (Some(start), Some(end)) = (code.find(from), code.rfind(to)) {
            code.replace_range(start..end.max(start), "");
        }
    }
    code
}

/// The examples in the documentation of methods, and the methods.
fn calls(code: &str) -> String {
    let mut calls = String::new();
    let mut is_within = false;
    for line in code.lines().map(str::trim_start) {
        let doc = line
            .strip_prefix("/// ")
            .filter(|line| line.starts_with("```"));
        let is_method = calls.ends_with("```\n") && line.starts_with("pub fn ");
        if is_within || doc.is_some() || is_method {
            calls.push_str(line);
            calls.push('\n');
        }
        is_within = is_within != doc.is_some();
    }
    calls
}

#[test]
fn a_changed_property_changes_one_outline() {
    let text = fs::read_to_string(pin::path("openapi/callbell.yaml")).unwrap();
    let changed = text.replace("        team_uuid:\n", "        group_uuid:\n");
    let changed = changed.replace("team_uuid: 0123", "group_uuid: 0123");
    assert_ne!(text, changed);
    let changed = gate(Document::parse(Source::new(
        "openapi/callbell.yaml",
        changed,
    )))
    .unwrap();
    let (old, new) = (
        client().code,
        generate_at(&changed, &home("callbell")).unwrap().code,
    );
    let (old, new) = (outline(&old).unwrap(), outline(&new).unwrap());
    let different: Vec<_> = old.iter().filter(|piece| !new.contains(piece)).collect();
    assert_eq!(different.len(), 1);
    assert_eq!(different[0].name, "CreateContactRequest");
}

#[test]
fn what_does_not_generate_is_named_or_given_up() {
    let paths = "
  /a:
    get: {operationId: a, responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}
  '/c/{d':
    get: {operationId: c, responses: {'204': {description: C}}}
components:
  schemas:
    B: {type: object, properties: {e: {type: string}}}
    $ref: '#/components/schemas/B'
";
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:";
    let read = |text: String| gate(Document::parse(Source::new("t.yaml", text))).unwrap();
    let refused = generate(&read(format!("{head}{paths}"))).unwrap_err();
    assert_eq!(refused.message, "the generator cannot take `GET /c/{d`");
    assert_eq!((refused.span.line, refused.span.column), (7, 5));

    let given_up = read(format!("{head}{paths}").replace("/c/{d", "/c"));
    let generated = generate(&given_up).unwrap();
    let warning = &generated.findings[0];
    assert!(
        warning.message.starts_with("`$ref` is any JSON"),
        "{}",
        warning.message
    );
    assert_eq!(warning.span.line, 11);
    assert!(
        generated.code.contains("pub e: Option<String>"),
        "the rest has its types"
    );
}

#[test]
fn an_alternative_that_lists_null_among_others_stays() {
    let text = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get: {operationId: a, responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}
components:
  schemas:
    B: {type: object, properties: {e: {anyOf: [{type: string, enum: [x, null]}, {type: integer}]}, f: {anyOf: [{enum: [null]}, {type: integer}]}}}
";
    let first = text.replace("[x, null]", "[null, x]");
    for text in [text, &first] {
        let checked = gate(Document::parse(Source::new("t.yaml", text))).unwrap();
        let code = generate(&checked).unwrap().code;
        assert!(code.contains("pub e: Option<BE>"), "{code}");
        assert!(code.contains("pub f: Option<i64>"), "{code}");
    }
}

/// A process that dies on a document which says `Endless`, and has code for any other.
#[cfg(unix)]
fn dies() -> std::process::Command {
    let mut command = std::process::Command::new("sh");
    let script = "if grep -q Endless; then kill -ABRT $$; else printf 'code\\nfn main() {}'; fi";
    command.args(["-c", script]);
    command
}

#[cfg(unix)]
#[test]
fn a_generator_that_dies_is_told_with_what_it_died_of() {
    let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n";
    let read = |text: &str| {
        let text = format!("{head}{text}");
        gate(Document::parse(Source::new("t.yaml", text))).unwrap()
    };
    let operation = "  /a:
    get: {operationId: getA, responses: {'204': {description: A}}}
    put: {operationId: putA, summary: Endless, responses: {'204': {description: A}}}
";
    let refused = generate_behind(&read(operation), &Home::default(), &dies).unwrap_err();
    assert_eq!(refused.message, "the generator cannot take `PUT /a`");
    assert_eq!((refused.span.line, refused.span.column), (6, 5));
    let label = refused.label.unwrap();
    assert!(label.contains("uses up its stack"), "{label}");

    let schemas = "  /a: {get: {operationId: getA, responses: {'204': {description: A}}}}
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}}
    B: {type: object, properties: {b: {type: string, description: Endless}}}
";
    let generated = generate_behind(&read(schemas), &Home::default(), &dies).unwrap();
    assert!(
        generated.code.ends_with("fn main() {}"),
        "{}",
        generated.code
    );
    let warning = &generated.findings[0];
    assert!(
        warning.message.starts_with("`b` of `B` is any JSON"),
        "{}",
        warning.message
    );
    assert_eq!((warning.span.line, warning.span.column), (8, 36));
}

#[test]
fn a_parameter_that_stands_twice_is_one() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      \
                operationId: getA\n      parameters:\n        \
                - {name: id, in: path, required: true, schema: {type: string}}\n        \
                - {name: id, in: path, required: true, schema: {type: string}}\n        \
                - {name: id, in: query, schema: {type: string}}\n      \
                responses: {'204': {description: Done.}}\n";
    let document = Document::parse(Source::new("a.yaml", text));
    let code = generate(&gate(document).unwrap()).unwrap().code;
    assert!(code.contains("pub fn query_id(mut self"), "{code}");
    assert_eq!(code.matches("id: &str").count(), 1, "{code}");
}

#[test]
fn alternatives_are_called_after_what_they_hold() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    \
                Pet: {type: object, required: [name], properties: {name: {type: string}}}\n    \
                Mixed:\n      oneOf:\n        - {$ref: '#/components/schemas/Pet'}\n        \
                - {type: boolean}\n        - {type: number}\n        - {type: string}\n        \
                - {type: array, items: {type: string}}\n        - {type: array, items: {type: string}}\n    \
                Level: {type: integer, oneOf: [{title: LOW, const: 1}, {title: HIGH, const: 2}]}\n";
    let document = Document::parse(Source::new("a.yaml", text));
    let code = generate(&gate(document).unwrap()).unwrap().code;
    for variant in [
        "Pet(Pet)",
        "Boolean(bool)",
        "Number(f64)",
        "Text(String)",
        "TextList(Vec<String>)",
        "TextList2(Vec<String>)",
    ] {
        assert!(
            code.contains(&format!("        {variant},")),
            "{variant}: {code}"
        );
    }
    assert!(code.contains("pub struct Level(i64)"), "{code}");
}
