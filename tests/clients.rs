//! Clients that tests call: what is committed is what their documents generate.

use std::fs;

use codegen::generate;
use contract::lint::gate;
use contract::{Document, Source};

use crate::pin;

/// A folder of tests, and the document of its client.
const CLIENTS: [(&str, &str); 5] = [
    ("constructs", "tests/constructs/openapi.yaml"),
    ("credentials", "tests/fixtures/generate/security.yaml"),
    ("events", "tests/events/openapi.yaml"),
    ("pages", "tests/pages/openapi.yaml"),
    ("styles", "tests/styles/openapi.yaml"),
];

#[test]
fn clients_are_what_their_documents_generate() {
    for (folder, document) in CLIENTS {
        let source = Source::read(&pin::path(document), document).unwrap();
        let checked = gate(Document::parse(source)).unwrap();
        let generated = generate(&checked).unwrap();
        let code = generated.file("cargo xtask generate", &[]);
        let path = pin::path(&format!("tests/{folder}/generated.rs"));
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&path, &code).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap();
        assert!(
            committed == code,
            "`{}` is stale: `INSTA_UPDATE=always cargo test -p workspace-tests clients`",
            path.display()
        );
        if folder == "constructs" {
            let notes = pin::drawn(checked.document(), &generated.findings);
            pin::one("constructs", "notes", &notes);
        }
    }
}
