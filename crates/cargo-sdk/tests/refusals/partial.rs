//! Documents of which a part cannot be understood.

use std::fs;

use tempfile::TempDir;

use crate::{ROOT, refused, sdk, write};

/// One operation needs what is nowhere, by way of a component; one does not.
const DOCUMENT: &str = r##"openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'204': {description: None.}}
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Added.}}
components:
  schemas:
    Pet: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}}}
"##;

#[test]
fn what_cannot_be_understood_is_left_out_where_that_is_asked_for() {
    let folder = TempDir::new().unwrap();
    write(
        folder.path(),
        &[("Cargo.toml", ROOT), ("pets.yaml", DOCUMENT)],
    );
    let new = ["new", "pets", "pets.yaml"];
    let says = [
        "error[unresolved-ref]: `#/components/schemas/Owner` names nothing",
        "`cargo sdk new pets pets.yaml --partial`",
    ];
    refused(folder.path(), &new, 3, &says);

    let (code, text) = sdk(folder.path(), &["new", "pets", "pets.yaml", "--partial"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("`POST /pets` is left out"), "{text}");
    let reason = "`#/components/schemas/Owner` names nothing";
    assert!(text.contains(reason), "{text}");
    let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains("[workspace.metadata.sdk]\npartial = [\"openapi/pets.yaml\"]\n"),
        "{manifest}"
    );
    let client = folder.path().join("crates/pets/src/generated.rs");
    let client = fs::read_to_string(client).unwrap();
    assert!(
        client.contains("fn list_pets") && !client.contains("add_pet"),
        "{client}"
    );
    assert!(!client.contains("struct Pet "), "{client}");
    // So it stays, and the lint says so.
    let (code, text) = sdk(folder.path(), &["lint"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("warning[partial]: `POST /pets` is left out"),
        "{text}"
    );
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));

    // Another document is as strict as ever, until it is listed, too.
    write(folder.path(), &[("openapi/other.yaml", DOCUMENT)]);
    let says = ["`#/components/schemas/Owner` names nothing"];
    refused(folder.path(), &["generate"], 3, &says);
    fs::remove_file(folder.path().join("openapi/other.yaml")).unwrap();
    let (code, text) = sdk(folder.path(), &["new", "other", "pets.yaml", "--partial"]);
    assert_eq!(code, Some(0), "{text}");
    let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    let list = "partial = [\"openapi/pets.yaml\", \"openapi/other.yaml\"]\n";
    assert!(manifest.contains(list), "{manifest}");
    assert_eq!(sdk(folder.path(), &["generate", "--check"]).0, Some(0));

    // What no operation needs is left out, and named.
    let unused = DOCUMENT.replace(
        "'#/components/schemas/Pet'}}}}",
        "'#/components/schemas/Id'}}}}",
    );
    let unused = unused.replace("  schemas:\n", "  schemas:\n    Id: {type: string}\n");
    write(folder.path(), &[("unused.yaml", &unused)]);
    let (code, text) = sdk(
        folder.path(),
        &["new", "unused", "unused.yaml", "--partial"],
    );
    assert!(
        code == Some(0) && text.contains("`Pet` is left out"),
        "{text}"
    );

    // What is in no operation is an error all the same.
    let wrong = DOCUMENT.replace("info:", "x-info:");
    write(folder.path(), &[("wrong.yaml", &wrong)]);
    let new = ["new", "wrong", "wrong.yaml", "--partial"];
    refused(folder.path(), &new, 3, &["the document lacks `info`"]);
}
