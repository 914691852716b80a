//! The crate verdict against the compiler: callers of the old client are compiled
//! against the new one. What the verdict calls breaking must not compile, and all
//! else must.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use contract::{Document, Source};
use review::Bump;
use review::{Approvals, Options, Side, State, review};

use crate::{ROOT, run, workspace};

const OLD: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: 'https://example.com'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, format: int32}}
      responses:
        '200':
          description: All pets.
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}
    post:
      operationId: createPet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '201':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Page: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    Kind: {type: string, enum: [cat, dog]}
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        motto: {type: string}
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        kind: {$ref: '#/components/schemas/Kind'}
        note: {type: string}
";

/// An edit of one line, a caller, and what the crate must say.
struct Case {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    caller: &'static str,
    bump: Bump,
}

const LIST: &str =
    "pub async fn call(c: &client::Client) { let _ = c.list_pets().limit(3).await; }";
const NEW: &str =
    "pub fn call() -> client::types::NewPet { client::types::NewPet::new(\"Rex\").motto(\"wow\") }";
const NOTE: &str = "pub fn call(pet: client::types::Pet) -> Option<String> { pet.note }";
const KIND: &str = "use client::types::Kind; pub fn call(kind: Kind) -> bool { match kind { Kind::Cat => true, Kind::Dog => false, _ => false } }";

const CASES: &[Case] = &[
    Case {
        name: "operation-renamed",
        from: "operationId: listPets",
        to: "operationId: allPets",
        caller: LIST,
        bump: Bump::Major,
    },
    Case {
        name: "component-renamed",
        from: "Kind",
        to: "Sort",
        caller: KIND,
        bump: Bump::Major,
    },
    Case {
        name: "optional-response-property",
        from: "        note: {type: string}\n",
        to: "        note: {type: string}\n        age: {type: integer}\n",
        caller: "pub fn call(pet: client::types::Pet) -> String { let client::types::Pet { name, .. } = pet; name }",
        bump: Bump::Minor,
    },
    Case {
        name: "max-length",
        from: "motto: {type: string}",
        to: "motto: {type: string, maxLength: 80}",
        caller: NEW,
        bump: Bump::Major,
    },
    Case {
        name: "date-time",
        from: "note: {type: string}",
        to: "note: {type: string, format: date-time}",
        caller: NOTE,
        bump: Bump::Major,
    },
    Case {
        name: "enum-value-added",
        from: "enum: [cat, dog]",
        to: "enum: [cat, dog, fish]",
        caller: KIND,
        bump: Bump::Minor,
    },
    Case {
        name: "enum-value-removed",
        from: "enum: [cat, dog]",
        to: "enum: [cat]",
        caller: KIND,
        bump: Bump::Major,
    },
    Case {
        name: "nullable",
        from: "note: {type: string}",
        to: "note: {type: string, nullable: true}",
        caller: NOTE,
        bump: Bump::None,
    },
    Case {
        name: "default",
        from: "schema: {type: integer, format: int32}",
        to: "schema: {type: integer, format: int32, default: 10}",
        caller: LIST,
        bump: Bump::None,
    },
    Case {
        name: "parameter-required",
        from: "in: query,",
        to: "in: query, required: true,",
        caller: LIST,
        bump: Bump::Major,
    },
    Case {
        name: "parameter-added",
        from: "int32}}\n",
        to: "int32}}\n        - {name: page, in: query, schema: {type: string}}\n",
        caller: LIST,
        bump: Bump::Minor,
    },
    Case {
        name: "response-property-required",
        from: "      required: [name]\n      properties:\n        name: {type: string}\n        kind",
        to: "      required: [name, note]\n      properties:\n        name: {type: string}\n        kind",
        caller: NOTE,
        bump: Bump::Major,
    },
    Case {
        name: "min-properties",
        from: "        motto: {type: string}\n",
        to: "        motto: {type: string}\n      minProperties: 1\n",
        caller: NEW,
        bump: Bump::None,
    },
    Case {
        name: "request-property-required",
        from: "required: [name]\n      properties:\n        name: {type: string}\n        motto",
        to: "required: [name, motto]\n      properties:\n        name: {type: string}\n        motto",
        caller: NEW,
        bump: Bump::Major,
    },
    Case {
        name: "required-property-added",
        from: "required: [name]\n      properties:\n        name: {type: string}\n        motto",
        to: "required: [name, age]\n      properties:\n        age: {type: integer}\n        name: {type: string}\n        motto",
        caller: NEW,
        bump: Bump::Major,
    },
    Case {
        name: "property-renamed",
        from: "note: {type: string}",
        to: "remark: {type: string}",
        caller: NOTE,
        bump: Bump::Major,
    },
    Case {
        name: "trait-lost",
        from: "Page: {type: object, properties",
        to: "Page: {type: object, required: [pets], properties",
        caller: "pub fn call() -> client::types::Page { client::types::Page::default() }",
        bump: Bump::Major,
    },
    Case {
        name: "operation-added",
        from: "    post:\n",
        to: "    delete: {operationId: deletePets, responses: {'204': {description: Gone}}}\n    post:\n",
        caller: LIST,
        bump: Bump::Minor,
    },
    Case {
        name: "words",
        from: "description: All pets.",
        to: "description: Every pet.",
        caller: LIST,
        bump: Bump::None,
    },
    Case {
        name: "documentation",
        from: "operationId: listPets\n",
        to: "operationId: listPets\n      summary: List pets\n",
        caller: LIST,
        bump: Bump::Patch,
    },
    Case {
        name: "server",
        from: "https://example.com",
        to: "https://example.org",
        caller: "pub fn call() -> &'static str { client::BASE_URL }",
        bump: Bump::Patch,
    },
];

impl Case {
    fn new_text(&self) -> String {
        let new = OLD.replace(self.from, self.to);
        assert_ne!(new, OLD, "{}", self.name);
        new
    }
}

/// The bump that the review asks for, and the items that nothing explains.
fn verdict(new: &str) -> (Bump, Vec<String>, bool) {
    compared(OLD, new)
}

pub(crate) fn compared(old: &str, new: &str) -> (Bump, Vec<String>, bool) {
    let side = |text: &str| Side {
        document: Document::parse(Source::new("openapi/pets.yaml", text)),
        crate_version: None,
        committed: None,
        translations: Vec::new(),
    };
    let options = Options {
        gate: &contract::lint::gate,
        today: "2026-11-21",
        wire_only: false,
        needs_approval: Some(diff::Verdict::Breaking),
        generate: &codegen::generate,
    };
    let document = review(
        side(old),
        side(new),
        State::Changed,
        &mut Approvals::default(),
        options,
    );
    let package = document.package.unwrap();
    let uncaused = package.uncaused.iter().map(|effect| effect.item.clone());
    (package.bump, uncaused.collect(), package.refused.is_empty())
}

#[test]
fn the_compiler_agrees_with_the_verdict_of_the_crate() {
    let mut documents = vec![("old.yaml".to_owned(), OLD.to_owned())];
    for case in CASES {
        documents.push((format!("{}.yaml", case.name), case.new_text()));
    }
    let documents: Vec<(&str, &str)> = documents
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = workspace(&documents);
    let lock = Path::new(ROOT).join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    let (code, text) = run(&folder, &["generate"]);
    assert_eq!(code, 0, "{text}");

    let mut old_callers = String::new();
    for case in CASES {
        let module = case.name.replace('-', "_");
        old_callers.push_str(&format!("pub mod {module} {{ {} }}\n", case.caller));
        caller(folder.path(), case.name, case.caller);
    }
    caller(folder.path(), "old", &old_callers);

    let failed = failing(folder.path());
    assert!(!failed.contains("caller_old"), "{failed:?}");
    for case in CASES {
        let (bump, uncaused, _) = verdict(&case.new_text());
        assert_eq!(bump, case.bump, "{}", case.name);
        assert!(uncaused.is_empty(), "{}: {uncaused:?}", case.name);
        let name = format!("caller_{}", case.name.replace('-', "_"));
        assert_eq!(
            failed.contains(&name),
            bump == Bump::Major,
            "{}: the compiler says otherwise",
            case.name
        );
    }
}

/// A crate that calls a client.
pub(crate) fn caller(folder: &Path, client: &str, code: &str) {
    let krate = folder.join("crates").join(format!("caller-{client}"));
    fs::create_dir_all(krate.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"caller-{client}\"\nedition = \"2024\"\n\n[dependencies]\nclient = {{ path = \"../{client}\", package = \"{client}\" }}\n"
    );
    fs::write(krate.join("Cargo.toml"), manifest).unwrap();
    fs::write(krate.join("src/lib.rs"), code).unwrap();
}

/// The crates of a workspace that do not compile.
pub(crate) fn failing(folder: &Path) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(folder)
        .args(["check", "--workspace", "--offline", "--keep-going"])
        .args(["--quiet", "--message-format=json"])
        // What the fixtures of the generator have built is built.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures"),
        )
        .env("RUSTFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    let mut failed = BTreeSet::new();
    let mut checked = 0;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        checked += u32::from(message["reason"] == "compiler-artifact");
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            failed.insert(message["target"]["name"].as_str().unwrap().to_owned());
        }
    }
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(checked > 20, "{error}");
    failed
}

#[test]
fn a_path_that_is_none_is_said_not_to_generate() {
    let new = OLD.replace("  /pets:", "  '/pets/{a':");
    assert_ne!(new, OLD);
    assert!(!verdict(&new).2);
}
