//! The schema that is published for the account of a `callbell-sandbox`.

use std::path::Path;

use callbell_sandbox::Account;

/// `INSTA_UPDATE=always` writes it.
#[test]
fn the_published_schema_is_that_of_the_type() {
    let settings = schemars::generate::SchemaSettings::default().with(|settings| {
        settings.inline_subschemas = true;
    });
    let schema = settings.into_generator().into_root_schema_for::<Account>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/callbell-sandbox/account.schema.json");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
}
