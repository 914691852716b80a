//! The crate around generated code, written once when a document is new and
//! edited by hand from then on.

use codegen::Dependencies;

use crate::workspace::Document;

/// Crates that generated code may name, with what it needs of them.
const OPTIONAL: [(&str, &str); 8] = [
    ("bytes", "bytes = \"1\""),
    ("chrono", "chrono.workspace = true"),
    ("futures", "futures = \"0.3\""),
    ("regress", "regress.workspace = true"),
    ("reqwest", "reqwest.workspace = true"),
    ("serde", "serde.workspace = true"),
    ("serde_json", "serde_json.workspace = true"),
    ("uuid", "uuid = { version = \"1\", features = [\"serde\"] }"),
];

/// Crates that clients depend on, whatever their document says.
const ALWAYS: [&str; 2] = ["schemars", "sdk-runtime"];

/// Whether a client may depend on a crate, by the name that code has for it.
pub(crate) fn may_depend_on(identifier: &str) -> bool {
    let optional = OPTIONAL.iter().map(|(name, _)| *name);
    let mut all = optional.chain(ALWAYS);
    all.any(|name| name.replace('-', "_") == identifier)
}

/// The files of the crate, by their path in it.
pub(crate) fn files(document: &Document, code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Cargo.toml", manifest(document, code)),
        ("README.md", readme(document)),
        ("src/lib.rs", library(document)),
        ("src/generated.rs", code.to_owned()),
    ]
}

fn manifest(document: &Document, code: &str) -> String {
    let needs = Dependencies::of(code);
    let mut dependencies = vec![
        match needs.crates.contains("uuid") {
            true => "schemars = { workspace = true, features = [\"uuid1\"], optional = true }",
            false => "schemars = { workspace = true, optional = true }",
        },
        match needs.multipart {
            true => "sdk-runtime = { workspace = true, features = [\"multipart\"] }",
            false => "sdk-runtime.workspace = true",
        },
    ];
    let used = OPTIONAL
        .iter()
        .filter(|(name, _)| needs.crates.contains(name));
    dependencies.extend(used.map(|(_, dependency)| *dependency));
    dependencies.sort_unstable();
    format!(
        "[package]\n\
         name = \"{name}\"\n\
         description = \"Client generated from {document}\"\n\
         version.workspace = true\n\
         edition.workspace = true\n\
         rust-version.workspace = true\n\
         license.workspace = true\n\
         publish.workspace = true\n\
         \n\
         [features]\n\
         default = [\"rustls\"]\n\
         native-tls = [\"sdk-runtime/native-tls\"]\n\
         rustls = [\"sdk-runtime/rustls\"]\n\
         rustls-ring = [\"sdk-runtime/rustls-ring\"]\n\
         schemars = [\"dep:schemars\"]\n\
         \n\
         [dependencies]\n\
         {dependencies}\n\
         \n\
         [lints]\n\
         workspace = true\n",
        name = document.krate,
        document = document.name,
        dependencies = dependencies.join("\n"),
    )
}

fn readme(document: &Document) -> String {
    let Document { name, krate, .. } = document;
    format!(
        "# {krate}\n\n\
         Client generated from `{name}`. `src/generated.rs` is written by `cargo xtask generate`;\n\
         everything else in this crate is yours.\n"
    )
}

fn library(document: &Document) -> String {
    format!(
        "//! Client generated from `{}`.\n\
         \n\
         // The generator formats it; rustfmt would differ in a few places.\n\
         #[rustfmt::skip]\n\
         mod generated;\n\
         \n\
         pub use generated::*;\n",
        document.name
    )
}
