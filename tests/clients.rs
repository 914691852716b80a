//! Clients that tests call: what is committed is what their documents generate.

use std::fs;

use codegen::Reads::{Leniently, Strictly};
use codegen::{Home, Reads, generate_at};
use contract::lint::gate;
use contract::{Document, Source};

use crate::pin;

/// A folder of tests, the document of its client, and how that reads.
const CLIENTS: [(&str, &str, Reads); 7] = [
    ("constructs", "tests/constructs/openapi.yaml", Leniently),
    (
        "constructs/matrix",
        "tests/constructs/matrix/openapi.yaml",
        Leniently,
    ),
    (
        "credentials",
        "tests/fixtures/generate/security.yaml",
        Leniently,
    ),
    ("events", "tests/events/openapi.yaml", Leniently),
    ("pages", "tests/pages/openapi.yaml", Leniently),
    ("strict", "tests/strict/openapi.yaml", Strictly),
    ("styles", "tests/styles/openapi.yaml", Leniently),
];

#[test]
fn clients_are_what_their_documents_generate() {
    for (folder, document, reads) in CLIENTS {
        let source = Source::read(&pin::path(document), document).unwrap();
        let checked = gate(Document::parse(source)).unwrap();
        let home = Home {
            reads,
            ..Home::default()
        };
        let generated = generate_at(&checked, &home).unwrap();
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
